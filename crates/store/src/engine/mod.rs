//! Threads, connections and transactions. Callers hand in a synchronous closure and await its answer;
//! on `SQLite` one writer thread groups the closures of many callers into one commit (each inside its
//! own savepoint), on `PostgreSQL` each closure is a transaction of its own.

mod lite;
mod pg;
mod tx;

pub use tx::Tx;
pub(crate) use tx::{Keys, Link, Statements};

use crate::{Error, rows::Dialect};
use std::{path::PathBuf, sync::Arc};
use tokio::sync::{mpsc, oneshot};
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

/// What a closure tells the engine: keep the change or take it back; and who is told afterwards.
pub(crate) struct Done {
    keep: bool,
    reply: Reply,
}

type Reply = Box<dyn FnOnce(Result<(), Error>) + Send>;
type Work = Box<dyn FnOnce(&mut Tx<'_>) -> Done + Send>;

/// A handle to the open database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    dialect: Dialect,
    writers: mpsc::Sender<Work>,
    readers: mpsc::Sender<Work>,
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
        let (dialect, writers, readers) = match &options.database {
            Database::Sqlite { main, keys, key } => {
                let (w, r) = lite::open(main, keys, key, options.create)?;
                (Dialect::Sqlite, w, r)
            }
            Database::Postgres { url } => {
                let (w, r) = pg::open(url)?;
                (Dialect::Postgres, w, r)
            }
        };
        Ok(Self {
            inner: Arc::new(Inner {
                dialect,
                writers,
                readers,
            }),
        })
    }

    /// Which database this is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.inner.dialect
    }

    /// Runs `change` in a transaction; an error takes everything back. The answer comes after the
    /// commit is durable.
    pub async fn transact<T, E, F>(&self, change: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        submit(&self.inner.writers, change).await
    }

    /// Runs `query` on a reader; whatever it writes is taken back.
    pub async fn read<T, E, F>(&self, query: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        submit(&self.inner.readers, query).await
    }
}

async fn submit<T, E, F>(queue: &mpsc::Sender<Work>, run: F) -> Result<T, E>
where
    F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let (answer, wait) = oneshot::channel();
    let work: Work = Box::new(move |tx| {
        let result = run(tx);
        let keep = result.is_ok();
        let reply: Reply = Box::new(move |committed| {
            let message = match committed {
                Ok(()) => result,
                Err(error) => Err(E::from(error)),
            };
            // WHY: the caller may have gone away (closed connection); the change stands all the same
            drop(answer.send(message));
        });
        Done { keep, reply }
    });
    queue.try_send(work).map_err(|error| match error {
        mpsc::error::TrySendError::Full(_) => E::from(Error::Busy),
        mpsc::error::TrySendError::Closed(_) => E::from(Error::Closed),
    })?;
    wait.await.map_err(|_| E::from(Error::Closed))?
}
