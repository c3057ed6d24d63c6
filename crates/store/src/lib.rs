//! The two databases behind one door frame: `SQLite` (`SQLCipher`, one batching writer thread and a few
//! reader threads) and `PostgreSQL` (a pool of connection threads).
//!
//! This is the only crate that contains SQL. Business data changes through [`Tx::write`], which needs a
//! [`access::Granted`] and always leaves a log entry; things that are logged without a change go through
//! [`Tx::witness`]; a person's own state goes through [`Tx::keep`]. There is no fourth door.
//! It never decides who may do what, and it knows nothing of HTTP.

mod doors;
mod engine;
mod error;
mod failure;
pub mod limits;
mod migrations;
pub mod rows;
mod sql;
mod tables;

pub use doors::{EntryDraft, Keep, Write};
pub use engine::{Database, Store, StoreOptions, Tx};
pub use error::Error;
pub use failure::ServerFailure;
pub use migrations::{LATEST, schema_text};
pub use tables::*;
