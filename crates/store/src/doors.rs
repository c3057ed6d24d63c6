//! The three doors. Everything that changes business data passes [`Tx::write`] and leaves a version
//! and a log entry in the same commit; what is only logged passes [`Tx::witness`]; what belongs to a
//! person alone (sessions, drafts, answers kept for repeats) passes [`Tx::keep`].

use crate::{Error, Tx, rows::Dialect, values};
use domain::{EntryId, RecordId};
use jiff::Timestamp;

/// What the log will say about a change or an event: already canonical bytes.
#[derive(Clone, Debug)]
pub struct EntryDraft {
    /// The entry's id.
    pub id: EntryId,
    /// Canonical JSON (RFC 8785), the bytes the tree commits to.
    pub body: Vec<u8>,
    /// The record it is about, if one.
    pub record: Option<RecordId>,
    /// When it was recorded.
    pub at: Timestamp,
}

/// The door for business data: it cannot be opened without a grant and not left without an entry.
#[derive(Debug)]
pub struct Write<'t, 'a> {
    /// The transaction, for reads in between.
    pub tx: &'t mut Tx<'a>,
}

/// The door for a person's own state and the product's bookkeeping of sessions and repeats.
#[derive(Debug)]
pub struct Keep<'t, 'a> {
    pub(crate) tx: &'t mut Tx<'a>,
}

impl<'a> Tx<'a> {
    /// Changes business data. `change` must hand back the log entry of what it did; an error takes
    /// the whole transaction back.
    pub fn write<T, E: From<Error>>(
        &mut self,
        granted: &access::Granted,
        change: impl FnOnce(&mut Write<'_, 'a>) -> Result<(EntryDraft, T), E>,
    ) -> Result<T, E> {
        let _proof = granted;
        let mut door = Write { tx: self };
        let (entry, value) = change(&mut door)?;
        self.append(&entry)?;
        Ok(value)
    }

    /// Logs an event that changes nothing: a login, a denial, a read, a job.
    pub fn witness(&mut self, entry: &EntryDraft) -> Result<(), Error> {
        self.append(entry)
    }

    /// Changes state that belongs to one account, or to the product itself, and is no business record.
    pub fn keep(&mut self) -> Keep<'_, 'a> {
        Keep { tx: self }
    }

    fn append(&mut self, entry: &EntryDraft) -> Result<(), Error> {
        let text = match self.dialect() {
            // one writer: the order of commits is that of the log, and no row is written twice
            Dialect::Sqlite => {
                "INSERT INTO entry (id, body, record_id, at, idx) VALUES ($1, $2, $3, $4, \
                 (SELECT COALESCE(MAX(idx) + 1, 0) FROM entry))"
            }
            Dialect::Postgres => {
                "INSERT INTO entry (id, body, record_id, at) VALUES ($1, $2, $3, $4)"
            }
        };
        self.execute(
            text,
            values![entry.id, entry.body.as_slice(), entry.record, entry.at],
        )?;
        Ok(())
    }
}
