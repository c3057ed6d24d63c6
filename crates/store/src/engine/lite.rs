//! `SQLite` (`SQLCipher`): one writer thread that groups requests into commits, and reader threads.
//!
//! Object keys are a second file. The writer commits new keys there before the register's commit and
//! erases keys after it, so that a crash in between leaves at worst a key without an object (harmless)
//! or an erasure that the next start repeats (the log names it).

use super::{Done, Keys, Link, Tx, Work};
use crate::{Error, limits, migrations};
use rusqlite::{Connection, OpenFlags};
use std::{path::Path, thread};
use tokio::sync::mpsc;
use vault::SecretString;

pub(super) fn open(
    main: &Path,
    keys: &Path,
    key: &SecretString,
    create: bool,
) -> Result<(mpsc::Sender<Work>, mpsc::Sender<Work>), Error> {
    let writer = connect(main, key, flags(create))?;
    let store = connect(keys, key, flags(create))?;
    writer.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
    store.execute_batch(
        "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
         CREATE TABLE IF NOT EXISTS object_key (id TEXT PRIMARY KEY, wrapped BLOB NOT NULL) STRICT;",
    )?;
    migrate(&writer)?;
    let (write, write_queue) = mpsc::channel(limits::WRITE_QUEUE);
    thread::Builder::new()
        .name("store-writer".into())
        .spawn(move || {
            Writer {
                main: writer,
                keys: store,
            }
            .run(write_queue)
        })?;
    let read = readers(main, keys, key)?;
    Ok((write, read))
}

fn flags(create: bool) -> OpenFlags {
    let base = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if create {
        base | OpenFlags::SQLITE_OPEN_CREATE
    } else {
        base
    }
}

fn connect(path: &Path, key: &SecretString, flags: OpenFlags) -> Result<Connection, Error> {
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_prepared_statement_cache_capacity(limits::STATEMENTS);
    // WHY: the key is raw hex from our own derivation, so quoting is safe and PBKDF2 is skipped
    connection.execute_batch(&format!("PRAGMA key = \"{}\";", key.expose()))?;
    connection.execute_batch(
        "PRAGMA cipher_memory_security = OFF; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
         PRAGMA busy_timeout = 10000; PRAGMA cache_size = -65536;",
    )?;
    connection
        .query_row("SELECT count(*) FROM sqlite_master", [], |row| {
            row.get::<_, i64>(0)
        })
        .map_err(Error::from_sqlite)?;
    Ok(connection)
}

fn migrate(writer: &Connection) -> Result<(), Error> {
    writer.execute_batch("BEGIN IMMEDIATE")?;
    let mut keys = Keys::default();
    let result = migrations::run(&mut Tx::new(Link::Lite(writer), &mut keys));
    let end = if result.is_ok() { "COMMIT" } else { "ROLLBACK" };
    writer.execute_batch(end)?;
    result
}

struct Writer {
    main: Connection,
    keys: Connection,
}

impl Writer {
    fn run(self, mut queue: mpsc::Receiver<Work>) {
        let mut batch = Vec::with_capacity(limits::BATCH);
        while queue.blocking_recv_many(&mut batch, limits::BATCH) > 0 {
            self.commit(batch.drain(..));
        }
    }

    /// One commit for many requests; each runs inside a savepoint, so that one failure takes back
    /// only its own change.
    fn commit(&self, batch: impl Iterator<Item = Work>) {
        let mut keys = Keys::default();
        let mut replies = Vec::new();
        let begun = self
            .main
            .execute_batch("BEGIN IMMEDIATE")
            .map_err(Error::from_sqlite);
        let mut failed = begun.err();
        for work in batch {
            if failed.is_some() {
                continue; // dropping the work tells its caller that the store could not answer
            }
            match self.one(work, &mut keys) {
                Ok(reply) => replies.push(reply),
                Err(error) => failed = Some(error),
            }
        }
        let result = match failed {
            None => self.finish(&keys),
            Some(error) => Err(error),
        };
        match result {
            Ok(()) => replies.into_iter().for_each(|reply| reply(Ok(()))),
            Err(error) => {
                tracing::error!(%error, "a batch of changes was taken back");
                drop(self.main.execute_batch("ROLLBACK"));
                replies
                    .into_iter()
                    .for_each(|reply| reply(Err(again(&error))));
            }
        }
    }

    fn one(&self, work: Work, keys: &mut Keys) -> Result<super::Reply, Error> {
        self.main
            .execute_batch("SAVEPOINT one")
            .map_err(Error::from_sqlite)?;
        // a request must see the keys of those before it in the same batch
        let mut own = Keys {
            new: keys.new.clone(),
            erased: keys.erased.clone(),
        };
        let Done { keep, reply } =
            work(&mut Tx::new(Link::Lite(&self.main), &mut own).with_key_file(&self.keys));
        if keep {
            self.main
                .execute_batch("RELEASE one")
                .map_err(Error::from_sqlite)?;
            *keys = own;
        } else {
            self.main
                .execute_batch("ROLLBACK TO one; RELEASE one")
                .map_err(Error::from_sqlite)?;
        }
        Ok(reply)
    }

    fn finish(&self, keys: &Keys) -> Result<(), Error> {
        if !keys.new.is_empty() {
            let tx = self.keys.unchecked_transaction()?;
            {
                let mut insert = tx.prepare_cached(
                    "INSERT INTO object_key (id, wrapped) VALUES (?1, ?2)
                     ON CONFLICT (id) DO UPDATE SET wrapped = excluded.wrapped",
                )?;
                for (id, wrapped) in &keys.new {
                    insert.execute(rusqlite::params![id, wrapped])?;
                }
            }
            tx.commit()?;
        }
        self.main
            .execute_batch("COMMIT")
            .map_err(Error::from_sqlite)?;
        for id in &keys.erased {
            self.keys
                .execute("DELETE FROM object_key WHERE id = ?1", [id])?;
        }
        Ok(())
    }
}

/// The one failure of a batch, told to each of its callers.
fn again(error: &Error) -> Error {
    match error {
        Error::DamagedPage => Error::DamagedPage,
        Error::WrongKey => Error::WrongKey,
        Error::Sqlite(_)
        | Error::Postgres(_)
        | Error::Newer { .. }
        | Error::Corrupt { .. }
        | Error::Stale { .. }
        | Error::Busy
        | Error::Closed
        | Error::Io(_) => Error::Closed,
    }
}

fn readers(main: &Path, keys: &Path, key: &SecretString) -> Result<mpsc::Sender<Work>, Error> {
    let (send, queue) = mpsc::channel(limits::READ_QUEUE);
    let queue = std::sync::Arc::new(std::sync::Mutex::new(queue));
    for number in 0..limits::READERS {
        let connection = connect(main, key, flags(false))?;
        connection
            .execute_batch(&format!(
                "ATTACH DATABASE '{}' AS keys KEY \"{}\"; PRAGMA query_only = ON;",
                keys.display().to_string().replace('\'', "''"),
                key.expose()
            ))
            .map_err(Error::from_sqlite)?;
        let queue = std::sync::Arc::clone(&queue);
        thread::Builder::new()
            .name(format!("store-reader-{number}"))
            .spawn(move || read_loop(&connection, &queue))?;
    }
    Ok(send)
}

fn read_loop(connection: &Connection, queue: &std::sync::Mutex<mpsc::Receiver<Work>>) {
    loop {
        let next = match queue.lock() {
            Ok(mut queue) => queue.blocking_recv(),
            Err(_) => None,
        };
        let Some(work) = next else { return };
        let begun = connection
            .execute_batch("BEGIN DEFERRED")
            .map_err(Error::from_sqlite);
        let mut keys = Keys::default();
        if begun.is_ok() {
            let Done { reply, .. } = work(&mut Tx::new(Link::Lite(connection), &mut keys));
            reply(
                connection
                    .execute_batch("ROLLBACK")
                    .map_err(Error::from_sqlite),
            );
        } else {
            tracing::error!("a reader could not begin");
        }
    }
}
