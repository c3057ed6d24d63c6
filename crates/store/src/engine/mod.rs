//! Threads, connections and transactions. Callers hand in a synchronous closure and await its answer;
//! on `SQLite` one writer thread groups the closures of many callers into one commit, on `PostgreSQL`
//! each closure is a transaction of its own.

#[cfg(test)]
mod collisions;
#[cfg(test)]
mod discretion;
mod key_file;
mod lite;
mod pg;
mod tx;

pub(crate) use key_file::KeyFile;
pub use tx::Tx;
pub(crate) use tx::{Keys, Link, Statements};

use crate::{Error, rows::Dialect};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
};
use tokio::sync::{mpsc, oneshot, watch};
use vault::SecretString;

/// Where the database is and how it is opened.
#[derive(Debug)]
pub enum Database {
    /// An encrypted file and, beside it, the key store.
    Sqlite {
        /// The register's database.
        main: PathBuf,
        /// The object keys, which ordinary backups leave out.
        keys: PathBuf,
        /// Raw `SQLCipher` key (`x'<64 hex digits>'`).
        key: SecretString,
    },
    /// A server; object keys live in the schema `keys`.
    Postgres {
        /// Connection string.
        url: SecretString,
    },
}

/// How a store is opened.
#[derive(Debug)]
pub struct StoreOptions {
    /// The database.
    pub database: Database,
    /// Create what is missing; otherwise an absent database is an error.
    pub create: bool,
}

/// A request in a queue.
pub(crate) trait Request: Send {
    /// Runs in a transaction and tells whether its change is to be kept. WHY `&mut`: a request that
    /// runs anew forgets what it found before.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Whether it may run again after its change was taken back.
    fn runs_anew(&self) -> bool;
    /// Tells its caller what it found, or why that was not committed.
    fn tell(self: Box<Self>, committed: Result<(), Error>);
}

type Work = Box<dyn Request>;

/// Whether a damaged page was met. WHY: what a damaged database still answers may be right or not;
/// from the first such page on nothing is asked of it any more.
#[derive(Clone, Debug)]
pub(crate) struct Damage(watch::Sender<bool>);

impl Damage {
    fn none() -> Self {
        Self(watch::Sender::new(false))
    }

    fn note(&self) {
        self.0.send_replace(true);
    }

    fn met(&self) -> bool {
        *self.0.borrow()
    }
}

/// The queues of a database, and the threads that work them off.
struct Opened {
    writers: mpsc::Sender<Work>,
    readers: mpsc::Sender<Work>,
    /// Short reads that may share a transaction.
    glances: mpsc::Sender<Work>,
    threads: Threads,
}

/// A handle to the open database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    dialect: Dialect,
    damage: Damage,
    writers: mpsc::Sender<Work>,
    readers: mpsc::Sender<Work>,
    glances: mpsc::Sender<Work>,
    statements: Arc<AtomicU64>,
    // INVARIANT: after the queues, whose end is what ends the threads
    _threads: Threads,
}

/// The threads of a store; they are waited for, so that databases are closed when it is gone.
/// WHY: the exit of a process takes down the cryptographic library that an open database still
/// uses, which crashed the process now and then; and a write-ahead log is taken in only by the
/// last connection that closes.
#[derive(Default)]
pub(crate) struct Threads(Vec<JoinHandle<()>>);

impl Threads {
    fn push(&mut self, thread: JoinHandle<()>) {
        self.0.push(thread);
    }

    fn extend(&mut self, mut others: Self) {
        self.0.append(&mut others.0);
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        let here = thread::current().id();
        for thread in self.0.drain(..) {
            // the last handle may be inside a request that one of them runs
            if thread.thread().id() != here {
                drop(thread.join());
            }
        }
    }
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("dialect", &self.dialect)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database, brings its schema up to date and starts the threads.
    pub fn open(options: &StoreOptions) -> Result<Self, Error> {
        let damage = Damage::none();
        let (dialect, opened) = match &options.database {
            Database::Sqlite { main, keys, key } => {
                let files = lite::Files { main, keys, key };
                let opened = lite::open(&files, options.create, &damage)?;
                (Dialect::Sqlite, opened)
            }
            Database::Postgres { url } => (Dialect::Postgres, pg::open(url)?),
        };
        let Opened {
            writers,
            readers,
            glances,
            threads,
        } = opened;
        Ok(Self {
            inner: Arc::new(Inner {
                dialect,
                damage,
                writers,
                readers,
                glances,
                statements: Arc::default(),
                _threads: threads,
            }),
        })
    }

    /// Statements that requests have run so far, for measurements and tests: what is hidden must
    /// cost what is absent costs.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.inner.statements.load(Ordering::Relaxed)
    }

    /// Which database this is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.inner.dialect
    }

    /// Runs `change` in a transaction; an error takes everything back, and so does a panic or a
    /// failed statement that `change` did not pass on. The answer comes after the commit is durable.
    pub async fn transact<T, E, F>(&self, change: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        submit(&self.inner, &self.inner.writers, Run::Once(Some(change))).await
    }

    /// The same for what may run more than once, each time after the change before was taken back:
    /// when other transactions were in the way (at most [`crate::limits::PG_ATTEMPTS`] times in all, for
    /// changes that lock several rows, whose order others may cross), or when another request of
    /// its batch on `SQLite` failed. That spares it a savepoint of its own.
    pub async fn transact_anew<T, E, F>(&self, change: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Clone + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        submit(
            &self.inner,
            &self.inner.writers,
            Run::Anew(change, F::clone),
        )
        .await
    }

    /// Runs `query` on a reader; whatever it writes is taken back.
    pub async fn read<T, E, F>(&self, query: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        submit(&self.inner, &self.inner.readers, Run::Once(Some(query))).await
    }

    /// The same for a short query after a change: what waits at the same time on `SQLite` shares one
    /// transaction, which begins after all of them were asked.
    pub async fn glance<T, E, F>(&self, query: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        submit(&self.inner, &self.inner.glances, Run::Once(Some(query))).await
    }

    /// Returns once a damaged page was met; nothing more is asked of the database from then on.
    pub async fn damaged(&self) {
        let mut met = self.inner.damage.0.subscribe();
        // the sender lives as long as this handle, so that the wait ends in damage alone
        drop(met.wait_for(|met| *met).await);
    }
}

async fn submit<T, E, F>(store: &Inner, queue: &mpsc::Sender<Work>, run: Run<F>) -> Result<T, E>
where
    F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    if store.damage.met() {
        return Err(E::from(Error::DamagedPage));
    }
    let (answer, wait) = oneshot::channel();
    let work = Box::new(Asked {
        run,
        found: None,
        answer,
        damage: store.damage.clone(),
        statements: Arc::clone(&store.statements),
    });
    queue.try_send(work).map_err(|error| match error {
        mpsc::error::TrySendError::Full(_) => E::from(Error::Busy),
        mpsc::error::TrySendError::Closed(_) => E::from(Error::Closed),
    })?;
    wait.await.map_err(|_| {
        E::from(if store.damage.met() {
            Error::DamagedPage
        } else {
            Error::Closed
        })
    })?
}

/// What a request runs, once or as often as it must.
enum Run<F> {
    Once(Option<F>),
    Anew(F, fn(&F) -> F),
}

impl<F> Run<F> {
    /// None if it was run and may not run again.
    fn next(&mut self) -> Option<F> {
        match self {
            Self::Once(run) => run.take(),
            Self::Anew(run, copy) => Some(copy(run)),
        }
    }
}

/// A request, what it found, and who waits for that.
struct Asked<F, T, E> {
    run: Run<F>,
    found: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
    damage: Damage,
    statements: Arc<AtomicU64>,
}

impl<F, T, E> Request for Asked<F, T, E>
where
    F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let Some(run) = self.run.next() else {
            self.found = None;
            return false;
        };
        let found = attempt(run, tx);
        self.statements
            .fetch_add(tx.statements(), Ordering::Relaxed);
        if tx.damaged() {
            self.damage.note();
        }
        let keep = found.is_ok();
        self.found = Some(found);
        keep
    }

    fn runs_anew(&self) -> bool {
        matches!(self.run, Run::Anew(..))
    }

    fn tell(self: Box<Self>, committed: Result<(), Error>) {
        let Self {
            run, found, answer, ..
        } = *self;
        // WHY: whoever has the answer may close what the request still holds, and open it again
        drop(run);
        let found = found.unwrap_or_else(|| Err(E::from(Error::Closed)));
        let message = match committed {
            Ok(()) => found,
            Err(error) => Err(E::from(error)),
        };
        // WHY: the caller may have gone away (closed connection); the change stands all the same
        drop(answer.send(message));
    }
}

/// Runs a request so that neither a panic ends the thread nor half of a failed one is kept.
fn attempt<T, E: From<Error>>(
    run: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    tx: &mut Tx<'_>,
) -> Result<T, E> {
    // WHY: what the closure leaves behind is taken back with its savepoint or transaction
    match catch_unwind(AssertUnwindSafe(|| run(tx))) {
        Ok(Ok(_)) if tx.broken() => {
            tracing::error!("a request went on after a failed statement");
            Err(E::from(if tx.damaged() {
                Error::DamagedPage
            } else {
                Error::Closed
            }))
        }
        Ok(result) => result,
        Err(_) => {
            tracing::error!("a request panicked");
            Err(E::from(Error::Closed))
        }
    }
}

#[cfg(test)]
mod tests;
