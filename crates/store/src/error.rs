//! What can go wrong in the database, sorted so that `app` can answer without reading SQL.

use crate::ServerFailure;

/// A failure of the store. Messages name no value of a record.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database engine refused or failed.
    #[error("the database failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The `PostgreSQL` server refused or failed.
    #[error("the database server failed: {0}")]
    Postgres(ServerFailure),
    /// The key does not open this database.
    #[error("the root key does not open this data folder")]
    WrongKey,
    /// A page of the encrypted database does not match its checksum.
    #[error("a page of the database file is damaged; restore a backup, nothing was changed")]
    DamagedPage,
    /// The database was made by a newer program.
    #[error(
        "the database has schema {found}, this program knows up to {known}: use the newer program"
    )]
    Newer {
        /// Schema number found in the database.
        found: i64,
        /// Highest schema number this program knows.
        known: i64,
    },
    /// A stored value is not what its column promises.
    #[error("column {column} of a stored row holds an unexpected value")]
    Corrupt {
        /// Position of the column in the query.
        column: usize,
    },
    /// A record was changed by somebody else in the meantime.
    #[error("the record is at version {current}")]
    Stale {
        /// The version it has now.
        current: i64,
    },
    /// Another transaction was in the way (`PostgreSQL`: deadlock or serialization failure): nothing
    /// of this one was kept, and the same again may succeed.
    #[error("another transaction was in the way")]
    Collided,
    /// Every database thread is busy and the queue is full.
    #[error("the database queue is full")]
    Busy,
    /// The database threads have ended, or had to give a request up: nothing of it was kept.
    #[error("the store is closed or gave the request up")]
    Closed,
    /// The operating system refused a file of the data folder.
    #[error("cannot use the data folder: {0}")]
    Io(#[from] std::io::Error),
}

impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Self {
        use postgres::error::SqlState;
        let collisions = [
            &SqlState::T_R_DEADLOCK_DETECTED,
            &SqlState::T_R_SERIALIZATION_FAILURE,
        ];
        if error.code().is_some_and(|code| collisions.contains(&code)) {
            return Self::Collided;
        }
        Self::Postgres(ServerFailure::from(&error))
    }
}

impl Error {
    /// Tells a damaged page from other engine failures, on a database that has opened.
    #[must_use]
    pub fn from_sqlite(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            // a page that fails its checksum reads as noise, and noise is no database
            Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt) => {
                Self::DamagedPage
            }
            _ => Self::Sqlite(error),
        }
    }

    /// As [`Error::from_sqlite`] for the first page, which also a wrong key makes noise of.
    pub(crate) fn from_sqlite_opening(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => Self::WrongKey,
            _ => Self::from_sqlite(error),
        }
    }
}
