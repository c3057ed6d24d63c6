//! Which databases a test runs on. `PostgreSQL` takes part when the gate has started one and says
//! where (`RUPING_TEST_POSTGRES`, an address that may create databases); each test gets a database
//! of its own, which is gone with the value.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use postgres::{Client, NoTls};

const VARIABLE: &str = "RUPING_TEST_POSTGRES";

/// A database nobody else uses.
pub enum Database {
    /// The embedded one, inside the data folder.
    Sqlite,
    /// One on the gate's server; dropped with the value.
    Postgres {
        /// Address of the server, with the right to create databases.
        server: String,
        /// Name of the database on it.
        name: String,
    },
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "Sqlite",
            Self::Postgres { .. } => "Postgres",
        })
    }
}

/// One fresh database of every kind there is here: the embedded one, and `PostgreSQL` where the
/// gate has started a server.
///
/// # Errors
/// When the server that is named does not answer.
pub fn databases() -> Result<Vec<Database>> {
    let mut all = vec![Database::Sqlite];
    #[expect(
        clippy::disallowed_methods,
        reason = "the gate tells tests where its server is"
    )]
    let server = std::env::var(VARIABLE).ok();
    if let Some(server) = server {
        all.push(Database::on(server)?);
    }
    Ok(all)
}

impl Database {
    fn on(server: String) -> Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("ruping_it_{}_{number}", std::process::id());
        // WHY: a test process that was killed leaves its database, and process ids come again
        remove(&server, &name)?;
        connect(&server)?.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0"))?;
        Ok(Self::Postgres { server, name })
    }

    /// The address for `--database`; none for the embedded one.
    #[must_use]
    pub fn url(&self) -> Option<String> {
        match self {
            Self::Sqlite => None,
            Self::Postgres { server, name } => {
                let (host, _) = server.rsplit_once('/')?;
                Some(format!("{host}/{name}"))
            }
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Self::Postgres { server, name } = self else {
            return;
        };
        drop(remove(server, name));
    }
}

/// Removes a database, whoever is connected to it.
fn remove(server: &str, name: &str) -> Result<()> {
    connect(server)?.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
    Ok(())
}

fn connect(server: &str) -> Result<Client> {
    Client::connect(server, NoTls).context("the PostgreSQL server of the gate does not answer")
}
