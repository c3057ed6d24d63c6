//! The object keys of an embedded database: a small file of their own, so that ordinary backups of
//! the register leave them out and an erased key is gone from every later copy.
//!
//! Two files have no common commit. A key that is new goes in before the register's commit, which
//! does no harm if that fails. What replaces or erases a key is only announced before it, under a
//! number that the register's commit carries, and done after it; [`KeyFile::settle`] compares the
//! two numbers and finishes or drops what a crash or an error left announced. So the key of a
//! destroyed object never survives its commit, and no key is ever lost with a commit that failed.
//!
//! Keys stand in a table by row number, to which rows are added at the end: a tree ordered by id would
//! move keys from page to page as it grows, and each place a key ever had is one more to be emptied.
//!
//! The file has a write-ahead log, because a new key then costs one flush to disk and not four. What
//! was erased must not live on in that log, so it is taken in and emptied before an erasure counts
//! as done, and at every opening.
//!
//! INVARIANT: one program at a time opens the file for writing, or what one has announced another drops;
//! whoever opens the store holds the lock of the data folder.

use super::{Keys, lite};
use crate::Error;
use rusqlite::{Connection, OptionalExtension, params};
use std::path::Path;
use vault::SecretString;

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
    CREATE TABLE IF NOT EXISTS object_key (id TEXT PRIMARY KEY, wrapped BLOB NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS announced (
      id TEXT PRIMARY KEY, wrapped BLOB, batch INTEGER NOT NULL
    ) STRICT;";

/// An open connection to the file.
#[derive(Debug)]
pub(crate) struct KeyFile(Connection);

impl KeyFile {
    /// Opens the file for the writer, making what is missing if that is wanted.
    pub(super) fn open(path: &Path, key: &SecretString, create: bool) -> Result<Self, Error> {
        let file = lite::connect(path, key, lite::flags(create))?;
        file.execute_batch(SCHEMA).map_err(Error::from_sqlite)?;
        let file = Self(file);
        // another program that reads the file at this moment does not keep us from serving; the
        // next erasure empties the log
        file.empty_log().map_err(Error::from_sqlite)?;
        Ok(file)
    }

    /// Takes the write-ahead log into the file and empties it; false if a reader was in the way.
    fn empty_log(&self) -> rusqlite::Result<bool> {
        let busy: i64 = self
            .0
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        Ok(busy == 0)
    }

    /// Opens the file for a reader. WHY: a connection of its own, not an attached one: a reader's
    /// transaction would hold its lock on the keys to its end and keep the writer from them.
    pub(super) fn open_reader(path: &Path, key: &SecretString) -> Result<Self, Error> {
        let file = lite::connect(path, key, lite::flags(false))?;
        file.execute_batch("PRAGMA query_only = ON")
            .map_err(Error::from_sqlite)?;
        Ok(Self(file))
    }

    /// The stored key of an object.
    pub(crate) fn get(&self, object: &str) -> Result<Option<Vec<u8>>, Error> {
        self.0
            .prepare_cached("SELECT wrapped FROM object_key WHERE id = ?1")
            .and_then(|mut statement| statement.query_row([object], |row| row.get(0)).optional())
            .map_err(Error::from_sqlite)
    }

    /// Before the register's commit: adds keys that are new and announces what the batch replaces
    /// or erases. Tells whether anything was announced, so that the commit must carry its number.
    pub(super) fn stage(&self, keys: &Keys, batch: i64) -> Result<bool, Error> {
        if keys.new.is_empty() && keys.erased.is_empty() {
            return Ok(false);
        }
        self.write(keys, batch).map_err(Error::from_sqlite)
    }

    fn write(&self, keys: &Keys, batch: i64) -> rusqlite::Result<bool> {
        let tx = self.0.unchecked_transaction()?;
        let mut announced = 0;
        {
            let mut add = tx.prepare_cached(
                "INSERT INTO object_key (id, wrapped) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            )?;
            let mut replace = tx
                .prepare_cached("INSERT INTO announced (id, wrapped, batch) VALUES (?1, ?2, ?3)")?;
            let mut erase = tx.prepare_cached(
                "INSERT INTO announced (id, wrapped, batch) \
                 SELECT id, NULL, ?2 FROM object_key WHERE id = ?1",
            )?;
            for (id, wrapped) in &keys.new {
                if add.execute(params![id, wrapped])? == 0 {
                    announced += replace.execute(params![id, wrapped, batch])?;
                }
            }
            for id in &keys.erased {
                announced += erase.execute(params![id, batch])?;
            }
        }
        tx.commit()?;
        Ok(announced > 0)
    }

    /// Does what was announced up to the number that the register's last commit carries, and drops
    /// what belongs to a later one, which was never committed.
    pub(super) fn settle(&self, committed: i64) -> Result<(), Error> {
        self.apply(committed).map_err(Error::from_sqlite)?;
        if self.empty_log().map_err(Error::from_sqlite)? {
            Ok(())
        } else {
            Err(Error::Busy)
        }
    }

    fn apply(&self, committed: i64) -> rusqlite::Result<()> {
        let tx = self.0.unchecked_transaction()?;
        tx.execute("DELETE FROM announced WHERE batch > ?1", [committed])?;
        tx.execute(
            "UPDATE object_key SET wrapped = a.wrapped FROM announced a \
             WHERE a.id = object_key.id AND a.wrapped IS NOT NULL",
            [],
        )?;
        tx.execute(
            "DELETE FROM object_key WHERE id IN (SELECT id FROM announced WHERE wrapped IS NULL)",
            [],
        )?;
        tx.execute("DELETE FROM announced", [])?;
        tx.commit()
    }
}

#[cfg(test)]
mod tests;
