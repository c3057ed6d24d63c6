//! Telling pages that something has changed for their account, so that they ask anew. What is told is a kind
//! and at most a count; what it is about is asked for like everything else, under the caller's sight. A stream
//! is looked after for as long as its session lives, and keeps no session alive.

mod watchers;

pub(crate) use watchers::Watchers;
pub use watchers::{Event, EventStream};

use crate::{
    caller::Caller,
    core::{App, Inner},
    error::Error,
    limits, people,
    perform::awaited_as,
    visibility,
};
use access::Grant;
use domain::{AccountId, PersonId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use store::{InboxQuery, NoticePlace, NoticeQuery, Tx};
use watchers::Watched;

/// What an account was told last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    inbox: i64,
    notices: i64,
    /// The newest notices, newest first.
    newest: Vec<NoticePlace>,
}

impl Known {
    /// What has changed since.
    fn since(&self, before: &Self) -> Vec<Event> {
        let mut events = Vec::new();
        if self.inbox != before.inbox {
            events.push(Event::Inbox(self.inbox));
        }
        if self.notices != before.notices || self.newest != before.newest {
            events.push(Event::Notices);
        }
        let mut new = self
            .newest
            .iter()
            .filter(|one| !before.newest.contains(one));
        if new.any(|(_, _, kind)| kind.starts_with("clock.")) {
            events.push(Event::Clocks);
        }
        events
    }
}

impl App {
    /// A stream of what changes for the caller's account from now on.
    pub async fn events(&self, caller: &Caller) -> Result<EventStream, Error> {
        let Some(session) = caller.session().cloned() else {
            return Err(Error::defect("streams are for sessions"));
        };
        let room = self.inner.watchers.room(caller.account)?;
        let (watcher, now) = (caller.clone(), self.inner.now());
        let known = self
            .read_tx(move |inner, tx| known(inner, tx, &watcher, now))
            .await?;
        Ok(room.open(caller.clone(), session.token_hash, known))
    }

    /// Looks once for all streams of this server: which have ended with their session, and for whom there is
    /// something new. Nothing is asked while nobody listens.
    pub async fn tell_pages(&self) -> Result<(), Error> {
        let all = self.inner.watchers.all();
        if all.is_empty() {
            return Ok(());
        }
        let now = self.inner.now();
        let tokens: Vec<String> = all.iter().map(|one| one.session.clone()).collect();
        let since = self.inner.watchers.heard();
        let persons = all.iter().filter_map(|one| one.caller.person);
        let persons: BTreeSet<PersonId> = persons.collect();
        let looked = self.read_tx(move |_, tx| look(tx, &tokens, since, &persons, now));
        let Looked {
            alive,
            newest,
            asked,
            noticed,
        } = looked.await?;
        self.inner.watchers.end_all_but(&alive);
        let concerns = |one: &&Watched| {
            let noticed = one.caller.person.is_some_and(|id| noticed.contains(&id));
            alive.contains(&one.session) && (asked || noticed)
        };
        // somebody with many pages is looked after once
        let mut accounts: BTreeMap<AccountId, Vec<&Watched>> = BTreeMap::new();
        for one in all.iter().filter(concerns) {
            accounts.entry(one.caller.account).or_default().push(one);
        }
        for own in accounts.into_values() {
            let Some(caller) = own.first().map(|one| one.caller.clone()) else {
                continue;
            };
            let found = self
                .read_tx(move |inner, tx| known(inner, tx, &caller, now))
                .await;
            // an account that was closed a moment ago has nothing to be told
            if let Ok(known) = found {
                for one in own {
                    self.inner.watchers.tell(one.number, known.clone());
                }
            }
        }
        self.inner.watchers.hear(newest);
        Ok(())
    }
}

/// What one look found.
struct Looked {
    alive: BTreeSet<String>,
    newest: i64,
    asked: bool,
    noticed: BTreeSet<PersonId>,
}

fn look(
    tx: &mut Tx<'_>,
    tokens: &[String],
    since: Option<i64>,
    persons: &BTreeSet<PersonId>,
    now: Timestamp,
) -> Result<Looked, Error> {
    let alive = tx.live_sessions(tokens, now, now - limits::IDLE)?;
    let newest = tx.newest_index()?;
    // the first look cannot know what was before it
    let since = since.unwrap_or(-1);
    if newest <= since {
        return Ok(Looked {
            alive,
            newest,
            asked: false,
            noticed: BTreeSet::new(),
        });
    }
    let persons: Vec<PersonId> = persons.iter().copied().collect();
    Ok(Looked {
        alive,
        newest,
        asked: tx.asked_about(since, newest, now - limits::EVENTS_BACK)?,
        noticed: tx.noticed_since(&persons, now - limits::EVENTS_BACK)?,
    })
}

/// What there is for a caller, as they may see it.
fn known(inner: &Inner, tx: &mut Tx<'_>, caller: &Caller, now: Timestamp) -> Result<Known, Error> {
    let viewer = people::viewer(inner, tx, caller, now)?;
    let visible = visibility::visible(inner, tx, &viewer, Grant::Handle, now)?;
    let inbox = InboxQuery {
        visible: visible.clone(),
        account: caller.account,
        person: viewer.person,
        parties: awaited_as(&viewer),
        after: None,
        limit: 1,
    };
    let notices = NoticeQuery {
        visible,
        person: viewer.person,
        after: None,
        limit: limits::PAGE,
    };
    let newest = tx.notices(&notices)?;
    Ok(Known {
        inbox: tx.inbox_count(&inbox, Some(limits::COUNT_CAP))?,
        notices: tx.notice_count(&notices, Some(limits::COUNT_CAP))?,
        newest: newest
            .into_iter()
            .map(|one| (one.at, one.record, one.kind))
            .collect(),
    })
}
