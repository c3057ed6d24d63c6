//! The log as the auditor looks through it: by time, kind of event, register, record and account, from either end.

use super::{READ_LOG, end, names};
use crate::{caller::Caller, core::App, core::Inner, error::Error, limits};
use domain::{AccountId, EntryId, RecordId, Text, Timestamp};
use ledger::Entry;
use serde_json::Value;
use std::collections::BTreeMap;
use store::{EntryQuery, EntryRow, Tx};

/// Entries read in one step.
const STEP: i64 = 500;

/// Entries before and after a time that are looked at as well: several writers may commit in another order than that in
/// which they looked at the clock.
const MARGIN: i64 = 1_000;

/// How the log is looked through.
#[derive(Clone, Debug, Default)]
pub struct LogInput {
    /// Goes on after this entry, in the order that was asked for.
    pub after: Option<i64>,
    /// At most so many.
    pub limit: Option<i64>,
    /// The newest first.
    pub newest: bool,
    /// Only what happened at this time or later.
    pub from: Option<Timestamp>,
    /// Only what happened before this time.
    pub until: Option<Timestamp>,
    /// Only this event (`copy.lend`), or all that begin so (`session.`).
    pub action: Option<String>,
    /// Only about records of this register.
    pub register: Option<String>,
    /// Only about this record.
    pub record: Option<RecordId>,
    /// Only what this account did.
    pub account: Option<AccountId>,
}

/// A page of the log.
#[derive(Debug)]
pub struct EntryPage {
    /// Its entries.
    pub items: Vec<EntryView>,
    /// Where to go on; none at the end. A page may be short although there is more: it ends where enough was looked at.
    pub next: Option<i64>,
}

/// A log entry as the auditor reads it.
#[derive(Debug, serde::Serialize)]
pub struct EntryView {
    /// Order of insertion, the cursor.
    pub n: i64,
    /// Its index in the tree; none while pending.
    pub index: Option<u64>,
    /// Its content.
    pub entry: Value,
    /// What happened, in words; none for an act of a definition that is gone.
    pub name: Option<Text>,
    /// The login name of whose account did it.
    pub account: Option<String>,
}

impl LogInput {
    fn takes(&self, entry: &Entry) -> bool {
        let action = entry.action.as_str();
        let is_action = |asked: &String| {
            action == asked || (asked.ends_with('.') && action.starts_with(asked.as_str()))
        };
        let register = entry.register.as_ref().map(ledger::Token::as_str);
        self.action.as_ref().is_none_or(is_action)
            && self.from.is_none_or(|from| entry.at >= from)
            && self.until.is_none_or(|until| entry.at < until)
            && self.record.is_none_or(|one| entry.record == Some(one))
            && self
                .register
                .as_deref()
                .is_none_or(|key| register == Some(key))
            && self
                .account
                .is_none_or(|one| entry.actor.account() == Some(one))
    }

    /// Where in the order of insertion it may be at all.
    fn range(&self, tx: &mut Tx<'_>) -> Result<EntryQuery, Error> {
        let mut range = EntryQuery {
            newest: self.newest,
            record: self.record,
            ..EntryQuery::default()
        };
        if let Some(from) = self.from {
            let first = tx.entry_since(EntryId::new(from, [0; 10]))?;
            // WHY: nothing is as new as that, but for what the margin holds
            let first = match first {
                Some(first) => first,
                None => newest(tx)?,
            };
            range.above = (first - MARGIN).max(0);
        }
        if let Some(until) = self.until
            && let Some(past) = tx.entry_since(EntryId::new(until, [0; 10]))?
        {
            range.below = past.saturating_add(MARGIN);
        }
        if let Some(after) = self.after {
            narrow(&mut range, after);
        }
        Ok(range)
    }
}

fn newest(tx: &mut Tx<'_>) -> Result<i64, Error> {
    let last = EntryQuery {
        newest: true,
        ..EntryQuery::default()
    };
    let found = tx.entries_by(&last, 1)?;
    Ok(found.first().map_or(0, |row| row.n))
}

/// Leaves out what was looked at already.
fn narrow(range: &mut EntryQuery, seen: i64) {
    if range.newest {
        range.below = range.below.min(seen);
    } else {
        range.above = range.above.max(seen);
    }
}

impl App {
    /// A page of the log, for those who read it: the audit and the security administrator.
    pub async fn entries(&self, caller: &Caller, input: LogInput) -> Result<EntryPage, Error> {
        let (caller, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| {
            drop(crate::accounts::office(inner, tx, &caller, READ_LOG, now)?);
            look(inner, tx, &input)
        })
        .await
    }
}

fn look(inner: &Inner, tx: &mut Tx<'_>, input: &LogInput) -> Result<EntryPage, Error> {
    let limit = input.limit.unwrap_or(store::limits::PAGE);
    let limit = usize::try_from(limit.clamp(1, store::limits::PAGE)).map_err(Error::internal)?;
    let size = end(inner, tx)?.size;
    let mut range = input.range(tx)?;
    let mut accounts = BTreeMap::new();
    let mut page = EntryPage {
        items: Vec::new(),
        next: None,
    };
    let mut left = limits::LOG_LOOKED_AT;
    loop {
        let rows = tx.entries_by(&range, STEP)?;
        let is_last = rows.len() < usize::try_from(STEP).map_err(Error::internal)?;
        for row in rows {
            if page.items.len() == limit || left == 0 {
                return Ok(page);
            }
            left -= 1;
            narrow(&mut range, row.n);
            page.next = Some(row.n);
            let entry = Entry::parse(&row.body)?;
            if input.takes(&entry) {
                page.items
                    .push(view(inner, tx, &row, &entry, size, &mut accounts)?);
            }
        }
        if is_last {
            page.next = None;
            return Ok(page);
        }
    }
}

fn view(
    inner: &Inner,
    tx: &mut Tx<'_>,
    row: &EntryRow,
    entry: &Entry,
    size: u64,
    accounts: &mut BTreeMap<AccountId, Option<String>>,
) -> Result<EntryView, Error> {
    let account = match entry.actor.account() {
        Some(id) => match accounts.get(&id) {
            Some(known) => known.clone(),
            None => {
                let name = tx.account(id)?.map(|account| account.name);
                accounts.insert(id, name.clone());
                name
            }
        },
        None => None,
    };
    Ok(EntryView {
        n: row.n,
        index: row.index.filter(|index| *index < size),
        entry: serde_json::from_slice(&row.body).map_err(Error::internal)?,
        name: names::name_of(&inner.catalogue, entry),
        account,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::tests::on_each_database;
    use domain::Actor;

    /// All pages of a question: how many there were, and what was on them.
    fn all(inner: &Inner, tx: &mut Tx<'_>, mut input: LogInput) -> (usize, Vec<i64>) {
        let (mut pages, mut found) = (0, Vec::new());
        loop {
            let page = look(inner, tx, &input).unwrap();
            pages += 1;
            found.extend(page.items.iter().map(|one| one.n));
            input.after = page.next;
            if page.next.is_none() {
                return (pages, found);
            }
        }
    }

    /// What is rare in a long log is found from both ends, though one question looks at so many entries only.
    #[test]
    fn one_question_looks_at_so_many_entries_and_says_where_to_go_on() {
        on_each_database(|place| {
            let app = place.open();
            let told = app.transact(|inner, tx| {
                let actor = Actor::System("setup");
                for n in 0..2 * limits::LOG_LOOKED_AT {
                    let rare = n % 40 == 7;
                    let action = if rare { "test.rare" } else { "test.other" };
                    crate::log::witness(inner, tx, actor, action)?;
                }
                let rare = LogInput {
                    action: Some("test.rare".to_owned()),
                    ..LogInput::default()
                };
                let (pages, found) = all(inner, tx, rare.clone());
                assert_eq!((pages > 1, found.len()), (true, 3), "{pages}");
                let newest = LogInput {
                    newest: true,
                    ..rare
                };
                let mut backwards = all(inner, tx, newest).1;
                backwards.reverse();
                assert_eq!(backwards, found);
                Ok(())
            });
            place.runtime.block_on(told).unwrap();
        });
    }
}
