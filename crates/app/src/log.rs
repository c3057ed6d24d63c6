//! Entries of the log: made here, placed by the sequencer, proved to whoever asks.

mod erasures;
mod files;
mod names;
mod reading;
mod sequencer;
mod tail;

pub(crate) use erasures::{ERASED, replay};
pub(crate) use files::{published, source};
pub use reading::{EntryPage, EntryView, LogInput};
pub use tail::LostEntry;
pub(crate) use tail::taken;

use crate::{
    caller::Caller,
    core::{App, Inner},
    error::{Error, text},
};
use access::Granted;
use domain::{AccountId, Actor, EntryId, ObjectId, RecordId, Timestamp};
use ledger::{Commitment, Entry, Token};
use store::{EntryDraft, EntryRow, Tx};

/// The act of reading entries of others.
const READ_LOG: &str = "log.read_log";

/// What an entry says besides who, what and when.
#[derive(Debug, Default)]
pub(crate) struct About {
    pub(crate) register: Option<String>,
    pub(crate) record: Option<RecordId>,
    pub(crate) commitment: Option<Commitment>,
    pub(crate) objects: Vec<ObjectId>,
    pub(crate) facts: Vec<(&'static str, String)>,
}

/// The entry of a granted act.
pub(crate) fn entry(
    inner: &Inner,
    granted: &Granted,
    action: &str,
    about: &About,
    now: Timestamp,
) -> Result<EntryDraft, Error> {
    let mut entry = base(inner, granted.actor(), action, about, now)?;
    entry.grounds = tokens(granted.grounds().iter().map(|ground| ground.key()))?;
    entry.policies = tokens(granted.policies().iter().map(String::as_str))?;
    draft(&entry, about.record)
}

fn base(
    inner: &Inner,
    actor: Actor,
    action: &str,
    about: &About,
    now: Timestamp,
) -> Result<Entry, Error> {
    let id = EntryId::new(now, inner.random()?);
    inner.latest.note(now);
    let mut entry = Entry::new(id, now, actor, Token::parse(action)?);
    entry.register = about.register.as_deref().map(Token::parse).transpose()?;
    entry.record = about.record;
    entry.version = about.commitment.map(|commitment| commitment.of);
    entry.commitments = about.commitment.into_iter().collect();
    entry.objects.clone_from(&about.objects);
    for (key, value) in &about.facts {
        entry.facts.insert(Token::parse(key)?, Token::parse(value)?);
    }
    Ok(entry)
}

fn tokens<'t>(keys: impl Iterator<Item = &'t str>) -> Result<Vec<Token>, Error> {
    keys.map(|key| Token::parse(key).map_err(Error::from))
        .collect()
}

fn draft(entry: &Entry, record: Option<RecordId>) -> Result<EntryDraft, Error> {
    Ok(EntryDraft {
        id: entry.id,
        body: entry.to_bytes()?,
        record,
        at: entry.at,
    })
}

/// The entry of an act on an account.
pub(crate) fn account_entry(
    inner: &Inner,
    granted: &Granted,
    account: AccountId,
    now: Timestamp,
) -> Result<EntryDraft, Error> {
    let about = About {
        facts: vec![("account", account.to_string())],
        ..About::default()
    };
    entry(inner, granted, granted.action(), &about, now)
}

/// Logs an event that changes nothing.
pub(crate) fn witness(
    inner: &Inner,
    tx: &mut Tx<'_>,
    actor: Actor,
    action: &str,
) -> Result<(), Error> {
    witness_about(inner, tx, actor, action, &About::default())
}

/// Logs an event about something.
pub(crate) fn witness_about(
    inner: &Inner,
    tx: &mut Tx<'_>,
    actor: Actor,
    action: &str,
    about: &About,
) -> Result<(), Error> {
    witness_entry(inner, tx, actor, action, about).map(drop)
}

/// The same; gives the entry.
fn witness_entry(
    inner: &Inner,
    tx: &mut Tx<'_>,
    actor: Actor,
    action: &str,
    about: &About,
) -> Result<EntryId, Error> {
    let entry = base(inner, actor, action, about, inner.now())?;
    tx.witness(&draft(&entry, about.record)?)?;
    Ok(entry.id)
}

/// How far the log is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct End {
    /// Entries under the newest checkpoint that the database has.
    pub(crate) size: u64,
    /// Entries committed since.
    pub(crate) pending: u64,
}

/// Whether the log has entries that the database does not have.
pub(crate) fn is_ahead(inner: &Inner, tx: &mut Tx<'_>) -> Result<bool, Error> {
    let here = tx.log_end()?;
    let head = published(inner, tx)?;
    Ok(head.is_some_and(|head| head.size > here.sequenced + here.pending))
}

pub(crate) fn end(inner: &Inner, tx: &mut Tx<'_>) -> Result<End, Error> {
    let here = tx.log_end()?;
    let size = published(inner, tx)?.map_or(0, |head| head.size.min(here.sequenced));
    Ok(End {
        size,
        pending: here.sequenced - size + here.pending,
    })
}

impl App {
    /// How many entries are committed but have no place in the log yet.
    pub async fn pending(&self) -> Result<u64, Error> {
        self.read_tx(|inner, tx| Ok(end(inner, tx)?.pending)).await
    }

    /// The proof file of an entry, for whoever may know the record it is about or did what it says,
    /// and for those who read the log.
    pub async fn proof(&self, caller: &Caller, id: EntryId) -> Result<Vec<u8>, Error> {
        let (caller, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| {
            let row = may_prove(inner, tx, &caller, id, now)?;
            let pending = || Error::Conflict {
                code: "ledger.pending",
                say: text(
                    "该条目尚未排入日志，请稍后再取",
                    "the entry has no place in the log yet, ask again in a moment",
                ),
            };
            let index = row.index.ok_or_else(pending)?;
            files::prove(inner, tx, index)?.ok_or_else(pending)
        })
        .await
    }
}

/// A record's readers may have its proofs; what concerns no record is the actor's, and whoever may
/// read the log may have any. What is absent and what is hidden cost the same statements.
fn may_prove(
    inner: &Inner,
    tx: &mut Tx<'_>,
    caller: &Caller,
    id: EntryId,
    now: Timestamp,
) -> Result<EntryRow, Error> {
    let reads_log = crate::accounts::office(inner, tx, caller, READ_LOG, now).is_ok();
    let sight = crate::visibility::sight(inner, tx, caller, access::Grant::Handle, now)?;
    let row = tx.entry(id)?;
    let entry = row
        .as_ref()
        .map(|row| Entry::parse(&row.body))
        .transpose()?;
    let about = entry.as_ref().and_then(|entry| entry.record);
    let nothing = RecordId::from_uuid(id.as_uuid());
    let seen = tx.visible_record(about.unwrap_or(nothing), &sight.visible)?;
    let own = entry.and_then(|entry| entry.actor.account()) == Some(caller.account);
    row.filter(|_| reads_log || own || seen.is_some())
        .ok_or(Error::NotFound)
}
