//! The database behind the program's back: what somebody with its password, or with the root key of
//! the embedded one, could do to it.

use anyhow::{Context, Result};
use postgres::{Client, NoTls};
use rusqlite::Connection;
use std::fmt;
use vault::RootKey;

use crate::Server;

/// A connection that obeys no rule of ours.
pub enum Sql {
    /// To a file of the embedded database.
    Sqlite(Connection),
    /// To the server.
    Postgres(Client),
}

impl fmt::Debug for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sql")
    }
}

impl Server {
    /// The register's database, on which constraints between tables do not hold.
    ///
    /// # Errors
    /// When it does not open.
    pub fn sql(&self) -> Result<Sql> {
        match self.database().url() {
            Some(url) => postgres(&url, "SET session_replication_role = replica"),
            None => self.sqlite("db/ruping.db"),
        }
    }

    /// The key store: the table `object_key`.
    ///
    /// # Errors
    /// When it does not open.
    pub fn key_sql(&self) -> Result<Sql> {
        match self.database().url() {
            Some(url) => postgres(&url, "SET search_path TO keys"),
            None => self.sqlite("keys/keys.db"),
        }
    }

    /// The root key, as its file holds it.
    ///
    /// # Errors
    /// When there is none.
    pub fn root_key(&self) -> Result<RootKey> {
        let file = std::fs::read(self.folder().join("root.key"))?;
        Ok(RootKey::parse_file(&file)?)
    }

    fn sqlite(&self, path: &str) -> Result<Sql> {
        let key = self.root_key()?.database_key()?;
        let connection = Connection::open(self.data().join(path))?;
        let open = format!(
            "PRAGMA key = \"{}\"; PRAGMA foreign_keys = OFF;",
            key.expose()
        );
        connection.execute_batch(&open)?;
        Ok(Sql::Sqlite(connection))
    }
}

fn postgres(url: &str, first: &str) -> Result<Sql> {
    let mut client = Client::connect(url, NoTls)?;
    client.batch_execute(first)?;
    Ok(Sql::Postgres(client))
}

impl Sql {
    /// Runs one statement; tells how many rows it touched.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn run(&mut self, statement: &str) -> Result<u64> {
        Ok(match self {
            Self::Sqlite(connection) => connection.execute(statement, [])? as u64,
            Self::Postgres(client) => client.execute(statement, &[])?,
        })
    }

    /// The one text that a query gives.
    ///
    /// # Errors
    /// When the database refuses or there is no row.
    pub fn text(&mut self, query: &str) -> Result<String> {
        Ok(match self {
            Self::Sqlite(connection) => connection.query_row(query, [], |row| row.get(0))?,
            Self::Postgres(client) => client.query_one(query, &[])?.try_get(0)?,
        })
    }

    /// The one blob that a query gives.
    ///
    /// # Errors
    /// When the database refuses or there is no row.
    pub fn blob(&mut self, query: &str) -> Result<Vec<u8>> {
        Ok(match self {
            Self::Sqlite(connection) => connection.query_row(query, [], |row| row.get(0))?,
            Self::Postgres(client) => client.query_one(query, &[])?.try_get(0)?,
        })
    }

    /// Puts a blob where a statement says `$1` (`?1` on the embedded database).
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_blob(&mut self, statement: &str, blob: &[u8]) -> Result<u64> {
        Ok(match self {
            Self::Sqlite(connection) => {
                connection.execute(&statement.replace('$', "?"), [blob])? as u64
            }
            Self::Postgres(client) => client.execute(statement, &[&blob])?,
        })
    }

    /// Everything that waits in the write-ahead log goes into the database file.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn settle(&mut self) -> Result<()> {
        if let Self::Sqlite(connection) = self {
            let mut statement = connection.prepare("PRAGMA wal_checkpoint(TRUNCATE)")?;
            let busy: i64 = statement.query_row([], |row| row.get(0))?;
            anyhow::ensure!(busy == 0, "somebody still reads the write-ahead log");
        }
        Ok(())
    }

    /// How many rows a table has.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn count(&mut self, table: &str) -> Result<i64> {
        let query = format!("SELECT CAST(count(*) AS TEXT) FROM {table}");
        self.text(&query)?.parse().context("a count")
    }
}
