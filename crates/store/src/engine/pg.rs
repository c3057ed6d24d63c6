//! `PostgreSQL`: connection threads; every request is one transaction. Rows that a change decides on
//! are locked (`FOR UPDATE`), so READ COMMITTED is enough.

use super::{Keys, Link, Opened, Request, Statements, Threads, Tx, Work};
use crate::{Error, limits, migrations};
use postgres::{Client, Config, IsolationLevel, NoTls};
use std::{sync::Arc, sync::Mutex, thread};
use tokio::sync::mpsc;
use vault::SecretString;

pub(super) fn open(url: &SecretString) -> Result<Opened, Error> {
    // WHY: the synchronous client runs a small runtime of its own, which may not start inside
    // the caller's
    thread::scope(|scope| {
        scope
            .spawn(|| open_here(url))
            .join()
            .unwrap_or(Err(Error::Closed))
    })
}

fn open_here(url: &SecretString) -> Result<Opened, Error> {
    let config: Config = url.expose().parse()?;
    migrate(&mut config.connect(NoTls)?)?;
    let mut threads = Threads::default();
    let write = pool(
        &config,
        limits::PG_WRITERS,
        limits::WRITE_QUEUE,
        Mode::Write,
        &mut threads,
    )?;
    let read = pool(
        &config,
        limits::PG_READERS,
        limits::READ_QUEUE,
        Mode::Read,
        &mut threads,
    )?;
    Ok(Opened {
        writers: write,
        glances: read.clone(),
        readers: read,
        threads,
    })
}

#[derive(Clone, Copy)]
enum Mode {
    Write,
    Read,
}

fn migrate(client: &mut Client) -> Result<(), Error> {
    let mut statements = Statements::new();
    let mut keys = Keys::default();
    let mut tx = Tx::new(Link::Pg(client.transaction()?, &mut statements), &mut keys);
    // WHY: two servers may start at once; the second waits here and then finds nothing to do
    tx.script("SELECT pg_advisory_xact_lock(5220141)")?;
    migrations::run(&mut tx)?;
    tx.commit()
}

fn connect(config: &Config, mode: Mode) -> Result<Client, Error> {
    let mut client = config.connect(NoTls)?;
    if matches!(mode, Mode::Read) {
        // WHY: the good plan of a list depends on how many label classes its reader sees, and only
        // a set that the planner knows is looked up by hash
        client.batch_execute("SET plan_cache_mode = force_custom_plan")?;
    }
    Ok(client)
}

fn pool(
    config: &Config,
    count: usize,
    queue: usize,
    mode: Mode,
    threads: &mut Threads,
) -> Result<mpsc::Sender<Work>, Error> {
    let (send, receive) = mpsc::channel(queue);
    let receive = Arc::new(Mutex::new(receive));
    for number in 0..count {
        let client = connect(config, mode)?;
        let (config, receive) = (config.clone(), Arc::clone(&receive));
        let name = match mode {
            Mode::Write => format!("store-pg-writer-{number}"),
            Mode::Read => format!("store-pg-reader-{number}"),
        };
        let run = move || {
            Worker {
                config,
                client,
                statements: Statements::new(),
                mode,
            }
            .run(&receive)
        };
        threads.push(thread::Builder::new().name(name).spawn(run)?);
    }
    Ok(send)
}

struct Worker {
    config: Config,
    client: Client,
    statements: Statements,
    mode: Mode,
}

impl Worker {
    fn run(mut self, queue: &Mutex<mpsc::Receiver<Work>>) {
        loop {
            let next = match queue.lock() {
                Ok(mut queue) => queue.blocking_recv(),
                Err(_) => None,
            };
            let Some(work) = next else { return };
            if self.client.is_closed() {
                self.reconnect();
            }
            self.one(work);
        }
    }

    fn reconnect(&mut self) {
        match connect(&self.config, self.mode) {
            Ok(client) => {
                self.client = client;
                self.statements.clear();
            }
            Err(error) => tracing::error!(%error, "the database server does not answer"),
        }
    }

    /// Runs a request in a transaction of its own, and anew if others were in its way.
    fn one(&mut self, mut work: Work) {
        for last in (0..limits::PG_ATTEMPTS).rev().map(|left| left == 0) {
            let (collided, ended) = match self.attempt(&mut *work) {
                Ok(attempted) => attempted,
                Err(error) => {
                    tracing::error!(%error, "a transaction could not begin");
                    return; // dropping the work tells its caller
                }
            };
            let collided = collided || matches!(ended, Err(Error::Collided));
            if !collided || last || !work.runs_anew() {
                work.tell(ended);
                return;
            }
            tracing::debug!("a change is begun anew: another transaction was in its way");
        }
    }

    /// Runs a request and ends its transaction; tells whether others were in its way meanwhile.
    fn attempt(&mut self, work: &mut dyn Request) -> Result<(bool, Result<(), Error>), Error> {
        let transaction = match self.mode {
            Mode::Write => self.client.transaction(),
            Mode::Read => self
                .client
                .build_transaction()
                .read_only(true)
                .isolation_level(IsolationLevel::RepeatableRead)
                .start(),
        }?;
        let mut keys = Keys::default();
        let tx = Tx::new(Link::Pg(transaction, &mut self.statements), &mut keys);
        let mut tx = match self.mode {
            Mode::Write => tx,
            Mode::Read => tx.of_reader(),
        };
        let keep = work.run(&mut tx);
        let collided = tx.collided();
        let ended = if keep { tx.commit() } else { tx.rollback() };
        Ok((collided, ended))
    }
}
