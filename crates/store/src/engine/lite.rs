//! `SQLite` (`SQLCipher`): one writer thread that groups requests into commits, and [`readers`].
//!
//! Object keys are a second file, see [`super::key_file`]. What was answered has been committed; what
//! could not be committed is answered as not done.

mod key_writer;
mod readers;

use self::key_writer::KeyWriter;
use super::{Damage, Keys, Link, Opened, Request, Threads, Tx, Work, key_file::KeyFile};
use crate::{Error, limits, migrations};
use rusqlite::{Connection, OpenFlags, OptionalExtension, config::DbConfig};
use std::{
    cell::Cell,
    iter,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    thread,
};
use tokio::sync::mpsc;
use vault::SecretString;

/// Where the register keeps the number of the last commit that replaced or erased object keys.
const KEY_BATCH: &str = "key_batch";

/// The two files, and the key that opens both.
#[derive(Clone, Copy, Debug)]
pub(super) struct Files<'f> {
    pub(super) main: &'f Path,
    pub(super) keys: &'f Path,
    pub(super) key: &'f SecretString,
}

pub(super) fn open(files: &Files<'_>, create: bool, damage: &Damage) -> Result<Opened, Error> {
    let writer = writer(files, create, damage)?;
    let closing = Arc::default();
    // before the queues: what is declared last goes first, and threads are waited for
    let mut threads = Threads::default();
    let (write, write_queue) = mpsc::channel(limits::WRITE_QUEUE);
    threads.push(thread::Builder::new().name("store-writer".into()).spawn({
        let closing = Arc::clone(&closing);
        move || {
            writer.run(write_queue);
            close(&closing, writer);
        }
    })?);
    let readers = readers::start(files, &closing)?;
    threads.extend(readers.threads);
    Ok(Opened {
        writers: write,
        readers: readers.reads,
        glances: readers.glances,
        threads,
    })
}

/// Closes a connection while no other one closes. WHY: whoever closes last takes the write-ahead log
/// in, and of two that close at once each takes the other for one that stays.
fn close<C>(closing: &Mutex<()>, connections: C) {
    let _alone = closing.lock().unwrap_or_else(PoisonError::into_inner);
    drop(connections);
}

fn writer(files: &Files<'_>, create: bool, damage: &Damage) -> Result<Writer, Error> {
    let Files { main, keys, key } = *files;
    let register = connect(main, key, flags(create)).map_err(|error| judge(error, keys, key))?;
    register
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;",
        )
        .map_err(Error::from_sqlite)?;
    migrate(&register)?;
    let key_file = KeyFile::open(keys, key, create).map_err(|error| judge(error, main, key))?;
    Writer::new(
        register,
        KeyFile::open_reader(keys, key)?,
        KeyWriter::start(key_file)?,
        damage.clone(),
    )
}

/// A first page that does not open with the key means a wrong key, unless the other file does: then
/// the page is damaged.
fn judge(error: Error, other: &Path, key: &SecretString) -> Error {
    if matches!(error, Error::WrongKey) && connect(other, key, flags(false)).is_ok() {
        Error::DamagedPage
    } else {
        error
    }
}

pub(super) fn flags(create: bool) -> OpenFlags {
    let base = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if create {
        base | OpenFlags::SQLITE_OPEN_CREATE
    } else {
        base
    }
}

pub(super) fn connect(
    path: &Path,
    key: &SecretString,
    flags: OpenFlags,
) -> Result<Connection, Error> {
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_prepared_statement_cache_capacity(limits::STATEMENTS);
    // WHY: else a statement is prepared anew whenever its values change, to plan by them; ours are
    // written so that the plan is the same for all
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // WHY: what is wrong with a page is told by our own code; the library would write to standard error
    connection
        .execute_batch("PRAGMA cipher_log_level = NONE")
        .map_err(Error::from_sqlite_opening)?;
    // WHY: the key is raw hex from our own derivation, so quoting is safe and PBKDF2 is skipped
    connection
        .execute_batch(&format!("PRAGMA key = \"{}\";", key.expose()))
        .and_then(|()| {
            connection.execute_batch(
                "PRAGMA cipher_memory_security = OFF; PRAGMA foreign_keys = ON;
                 PRAGMA temp_store = MEMORY; PRAGMA busy_timeout = 10000; PRAGMA cache_size = -65536;",
            )
        })
        .map_err(Error::from_sqlite_opening)?;
    connection
        .query_row("SELECT count(*) FROM sqlite_master", [], |row| {
            row.get::<_, i64>(0)
        })
        .map_err(Error::from_sqlite_opening)?;
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
    /// For what a request has to read of it.
    keys: KeyFile,
    key_writer: KeyWriter,
    /// What was announced to the key file has not been done yet.
    unsettled: Cell<bool>,
    damage: Damage,
}

impl Writer {
    fn new(
        main: Connection,
        keys: KeyFile,
        key_writer: KeyWriter,
        damage: Damage,
    ) -> Result<Self, Error> {
        let writer = Self {
            main,
            keys,
            key_writer,
            unsettled: Cell::new(true),
            damage,
        };
        writer.settle()?;
        Ok(writer)
    }

    fn run(&self, mut queue: mpsc::Receiver<Work>) {
        while let Some(first) = queue.blocking_recv() {
            // WHY: what comes while others of the batch are carried out still shares their commit
            let more = iter::from_fn(|| queue.try_recv().ok());
            self.commit(iter::once(first).chain(more).take(limits::BATCH));
        }
    }

    /// One commit for many requests, of which a failed one takes back only its own change.
    fn commit(&self, batch: impl Iterator<Item = Work>) {
        let mut begun = Vec::new();
        match self.carry_out(batch, &mut begun) {
            Ok(()) => {
                // WHY: an error here is no failure of the batch, whose commit stands; what it
                // announced is done before the next one begins, or at the next start
                self.try_settle();
                begun.into_iter().for_each(|work| work.tell(Ok(())));
            }
            Err(error) => {
                tracing::error!(%error, "a batch of changes was taken back");
                if matches!(error, Error::DamagedPage) {
                    self.damage.note();
                }
                drop(self.main.execute_batch("ROLLBACK"));
                self.try_settle();
                begun
                    .into_iter()
                    .for_each(|work| work.tell(Err(again(&error))));
            }
        }
    }

    /// Runs the requests of a batch and commits them; what was begun stands in `begun`, also where
    /// this ends in an error.
    fn carry_out(
        &self,
        batch: impl Iterator<Item = Work>,
        begun: &mut Vec<Work>,
    ) -> Result<(), Error> {
        let mut keys = Keys::default();
        self.begin()?;
        let mut apart = false;
        for mut work in batch {
            // WHY: a savepoint copies every page that its request changes. Requests that may run
            // anew go without, as long as the batch can still be taken back and begun anew
            apart |= !work.runs_anew();
            let whole = if apart {
                self.one(&mut *work, &mut keys).map(|()| true)
            } else {
                Ok(self.unguarded(&mut *work, &mut keys))
            };
            begun.push(work);
            if !whole? {
                apart = true;
                self.anew(begun, &mut keys)?;
            }
        }
        self.finish(keys)
    }

    fn try_settle(&self) {
        if let Err(error) = self.settle() {
            tracing::error!(%error, "the key file could not be brought up to the register");
        }
    }

    fn begin(&self) -> Result<(), Error> {
        self.settle()?;
        self.main
            .execute_batch("BEGIN IMMEDIATE")
            .map_err(Error::from_sqlite)
    }

    fn one(&self, work: &mut dyn Request, keys: &mut Keys) -> Result<(), Error> {
        self.step("SAVEPOINT one")?;
        keys.mark();
        if !work.run(&mut self.tx(keys)) {
            self.step("ROLLBACK TO one")?;
            keys.take_back();
        }
        self.step("RELEASE one")
    }

    /// Runs a request without a savepoint; false if it has left behind half of a change.
    fn unguarded(&self, work: &mut dyn Request, keys: &mut Keys) -> bool {
        keys.mark();
        let (keep, wrote) = {
            let mut tx = self.tx(keys);
            (work.run(&mut tx), tx.wrote())
        };
        if !keep {
            keys.take_back();
        }
        // WHY: some failures end the whole transaction
        keep || !(wrote || self.main.is_autocommit())
    }

    /// Takes the whole batch back and runs it again, this time each request apart.
    fn anew(&self, begun: &mut [Work], keys: &mut Keys) -> Result<(), Error> {
        *keys = Keys::default();
        self.main
            .execute_batch("ROLLBACK; BEGIN IMMEDIATE")
            .map_err(Error::from_sqlite)?;
        begun
            .iter_mut()
            .try_for_each(|work| self.one(&mut **work, keys))
    }

    /// The transaction of one request, which sees the keys of those before it in the same batch.
    fn tx<'t>(&'t self, keys: &'t mut Keys) -> Tx<'t> {
        Tx::new(Link::Lite(&self.main), keys).with_key_file(&self.keys)
    }

    /// A statement of every request, prepared once.
    fn step(&self, text: &str) -> Result<(), Error> {
        self.main
            .prepare_cached(text)
            .and_then(|mut statement| statement.execute([]))
            .map(drop)
            .map_err(Error::from_sqlite)
    }

    fn finish(&self, keys: Keys) -> Result<(), Error> {
        let batch = self.key_batch()? + 1;
        // WHY: set first, for an error may come after the announcement has become durable
        self.unsettled
            .set(!keys.new.is_empty() || !keys.erased.is_empty());
        let staging = self.key_writer.stage(keys, batch)?;
        if staging.is_under_way() {
            // WHY: pages go to the write-ahead log while the keys go to the disk. They count from the
            // commit on, and what is wrong with them comes up there again
            drop(self.main.cache_flush());
        }
        if staging.wait()? {
            self.main
                .execute(
                    "INSERT INTO meta (key, value) VALUES (?1, ?2) \
                     ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                    rusqlite::params![KEY_BATCH, batch.to_string()],
                )
                .map_err(Error::from_sqlite)?;
        } else {
            self.unsettled.set(false);
        }
        self.main
            .execute_batch("COMMIT")
            .map_err(Error::from_sqlite)
    }

    fn settle(&self) -> Result<(), Error> {
        // WHY: inside a transaction the number read would be one that is not committed
        if self.unsettled.get() && self.main.is_autocommit() {
            self.key_writer.settle(self.key_batch()?)?;
            self.unsettled.set(false);
        }
        Ok(())
    }

    fn key_batch(&self) -> Result<i64, Error> {
        let stored: Option<String> = self
            .main
            .prepare_cached("SELECT value FROM meta WHERE key = ?1")
            .and_then(|mut statement| {
                statement
                    .query_row([KEY_BATCH], |row| row.get(0))
                    .optional()
            })
            .map_err(Error::from_sqlite)?;
        stored.map_or(Ok(0), |text| {
            text.parse().map_err(|_| Error::Corrupt { column: 0 })
        })
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
        | Error::Collided
        | Error::Busy
        | Error::Closed
        | Error::Io(_) => Error::Closed,
    }
}

#[cfg(test)]
mod tests;
