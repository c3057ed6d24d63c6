//! Log entries between their commit and their place in the tree, and the tree's files where the
//! database keeps them.

use crate::{EntryDraft, Error, Tx, values};
use domain::{EntryId, RecordId};
use jiff::Timestamp;

/// A stored entry.
#[derive(Clone, Debug)]
pub struct EntryRow {
    /// Order of insertion.
    pub n: i64,
    /// Its id.
    pub id: EntryId,
    /// Canonical bytes.
    pub body: Vec<u8>,
    /// Index in the tree, which may not reach as far yet; none while nobody has given it one.
    pub index: Option<u64>,
    /// When it was recorded.
    pub at: Timestamp,
}

/// Which entries are read, and in which order.
#[derive(Clone, Copy, Debug)]
pub struct EntryQuery {
    /// Only those inserted after this one.
    pub above: i64,
    /// Only those inserted before this one.
    pub below: i64,
    /// The newest first.
    pub newest: bool,
    /// Only those about this record.
    pub record: Option<RecordId>,
}

impl Default for EntryQuery {
    fn default() -> Self {
        Self {
            above: 0,
            below: i64::MAX,
            newest: false,
            record: None,
        }
    }
}

/// How far the log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogEnd {
    /// Entries with an index.
    pub sequenced: u64,
    /// Entries still waiting for one; on `SQLite` each has one from the beginning.
    pub pending: u64,
}

fn entry(row: &crate::rows::Row) -> Result<EntryRow, Error> {
    let index = row
        .opt_int(3)?
        .map(|x| u64::try_from(x).map_err(|_| Error::Corrupt { column: 3 }))
        .transpose()?;
    Ok(EntryRow {
        n: row.int(0)?,
        id: row.parse(1)?,
        body: row.blob(2)?,
        index,
        at: row.instant(4)?,
    })
}

fn unsigned(value: i64) -> Result<u64, Error> {
    u64::try_from(value).map_err(|_| Error::Corrupt { column: 0 })
}

impl Tx<'_> {
    /// How far the log is.
    pub fn log_end(&mut self) -> Result<LogEnd, Error> {
        let row = self
            .query_one("SELECT COALESCE(MAX(idx) + 1, 0) FROM entry", &[])?
            .ok_or(Error::Corrupt { column: 0 })?;
        let pending = self
            .query_one("SELECT count(*) FROM entry WHERE idx IS NULL", &[])?
            .ok_or(Error::Corrupt { column: 0 })?;
        Ok(LogEnd {
            sequenced: unsigned(row.int(0)?)?,
            pending: unsigned(pending.int(0)?)?,
        })
    }

    /// Gives the next indices to entries that have none, oldest first; tells how many. Of several
    /// writers one may commit an earlier row later, so rows get their place once they are committed.
    pub fn sequence(&mut self, limit: i64) -> Result<u64, Error> {
        // WHY: one statement, and no count of what has its place: writers wait for it
        self.execute(
            "UPDATE entry SET idx = w.idx FROM (\
               SELECT p.n AS n, b.next + row_number() OVER (ORDER BY p.n) - 1 AS idx \
               FROM (SELECT n FROM entry WHERE idx IS NULL ORDER BY n LIMIT $1) AS p \
               CROSS JOIN (SELECT COALESCE(MAX(idx) + 1, 0) AS next FROM entry) AS b\
             ) AS w WHERE entry.n = w.n",
            values![limit],
        )
    }

    /// Gives an entry of the log its place back, whether it is only waiting for one or is not there.
    pub fn place_entry(&mut self, entry: &EntryDraft, index: u64) -> Result<(), Error> {
        let index = i64::try_from(index).map_err(|_| Error::Corrupt { column: 0 })?;
        let waiting = self.execute(
            "UPDATE entry SET idx = $2 WHERE id = $1 AND idx IS NULL AND body = $3",
            values![entry.id, index, entry.body.as_slice()],
        )?;
        if waiting == 0 {
            self.execute(
                "INSERT INTO entry (id, body, record_id, at, idx) VALUES ($1, $2, $3, $4, $5)",
                values![
                    entry.id,
                    entry.body.as_slice(),
                    entry.record,
                    entry.at,
                    index
                ],
            )?;
        }
        Ok(())
    }

    /// Sequenced entries from an index on.
    pub fn entries_from(&mut self, index: u64, limit: i64) -> Result<Vec<EntryRow>, Error> {
        let from = i64::try_from(index).map_err(|_| Error::Corrupt { column: 0 })?;
        self.query(
            "SELECT n, id, body, idx, at FROM entry WHERE idx >= $1 ORDER BY idx LIMIT $2",
            values![from, limit],
        )?
        .iter()
        .map(entry)
        .collect()
    }

    /// The index of the newest entry that has its place; -1 before the first.
    pub fn newest_index(&mut self) -> Result<i64, Error> {
        self.query_one("SELECT COALESCE(MAX(idx), -1) FROM entry", &[])?
            .map_or(Ok(-1), |row| row.int(0))
    }

    /// Whether an entry after this index, up to that, is about a record of which something is asked, or was until
    /// lately.
    pub fn asked_about(&mut self, after: i64, to: i64, lately: Timestamp) -> Result<bool, Error> {
        let found = self.query_one(
            "SELECT 1 FROM entry e JOIN approval a ON a.record_id = e.record_id \
             WHERE e.idx > $1 AND e.idx <= $2 AND (a.closed_at IS NULL OR a.closed_at >= $3) LIMIT 1",
            values![after, to, lately],
        )?;
        Ok(found.is_some())
    }

    /// When the newest entry was made.
    pub fn newest_entry_at(&mut self) -> Result<Option<Timestamp>, Error> {
        self.query_one("SELECT at FROM entry ORDER BY n DESC LIMIT 1", &[])?
            .map(|row| row.instant(0))
            .transpose()
    }

    /// One entry by id.
    pub fn entry(&mut self, id: EntryId) -> Result<Option<EntryRow>, Error> {
        self.query_one(
            "SELECT n, id, body, idx, at FROM entry WHERE id = $1",
            values![id],
        )?
        .as_ref()
        .map(entry)
        .transpose()
    }

    /// Entries about a record, oldest first.
    pub fn entries_of(&mut self, record: RecordId) -> Result<Vec<EntryRow>, Error> {
        self.query(
            "SELECT n, id, body, idx, at FROM entry WHERE record_id = $1 ORDER BY n LIMIT 10000",
            values![record],
        )?
        .iter()
        .map(entry)
        .collect()
    }

    /// A page of the entries about a record, oldest first.
    pub fn entries_about(
        &mut self,
        record: RecordId,
        after: i64,
        limit: i64,
    ) -> Result<Vec<EntryRow>, Error> {
        self.query(
            "SELECT n, id, body, idx, at FROM entry WHERE record_id = $1 AND n > $2 ORDER BY n LIMIT $3",
            values![record, after, limit],
        )?
        .iter()
        .map(entry)
        .collect()
    }

    /// A page of the whole log by order of insertion.
    pub fn entries_after(&mut self, n: i64, limit: i64) -> Result<Vec<EntryRow>, Error> {
        let all = EntryQuery {
            above: n,
            ..EntryQuery::default()
        };
        self.entries_by(&all, limit)
    }

    /// Entries by the order of their insertion, of the log or of one record.
    pub fn entries_by(&mut self, query: &EntryQuery, limit: i64) -> Result<Vec<EntryRow>, Error> {
        let order = if query.newest { "DESC" } else { "ASC" };
        let (above, below) = (query.above, query.below);
        let rows = match query.record {
            Some(record) => self.query(
                &format!(
                    "SELECT n, id, body, idx, at FROM entry WHERE record_id = $1 AND n > $2 AND n < $3 \
                     ORDER BY n {order} LIMIT $4"
                ),
                values![record, above, below, limit],
            )?,
            None => self.query(
                &format!(
                    "SELECT n, id, body, idx, at FROM entry WHERE n > $1 AND n < $2 \
                     ORDER BY n {order} LIMIT $3"
                ),
                values![above, below, limit],
            )?,
        };
        rows.iter().map(entry).collect()
    }

    /// The place in the order of insertion of the first entry whose id is not below this one. Ids begin with their time, so
    /// that this finds a time; entries of several writers may stand a little before it.
    pub fn entry_since(&mut self, id: EntryId) -> Result<Option<i64>, Error> {
        self.query_one(
            "SELECT n FROM entry WHERE id >= $1 ORDER BY id LIMIT 1",
            values![id],
        )?
        .map(|row| row.int(0))
        .transpose()
    }

    /// A file of the tree, where the database keeps them.
    pub fn log_file(&mut self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        self.query_one("SELECT body FROM log_file WHERE path = $1", values![path])?
            .map(|row| row.blob(0))
            .transpose()
    }

    /// Removes the files below some folders of the tree.
    pub fn drop_log_folders(&mut self, folders: &[String]) -> Result<(), Error> {
        for folder in folders {
            // paths of the tree hold no `%` or `_`
            self.execute(
                "DELETE FROM log_file WHERE path LIKE $1",
                values![format!("{folder}/%")],
            )?;
        }
        Ok(())
    }

    /// Keeps a file of the tree.
    pub fn put_log_file(&mut self, path: &str, body: &[u8]) -> Result<(), Error> {
        self.execute(
            "INSERT INTO log_file (path, body) VALUES ($1, $2) \
             ON CONFLICT (path) DO UPDATE SET body = excluded.body",
            values![path, body],
        )?;
        Ok(())
    }
}
