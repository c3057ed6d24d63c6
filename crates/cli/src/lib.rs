//! Command line verbs that need no data folder and no root key: the log verified from its files or
//! over HTTP, proofs fetched, shown and checked, definitions checked.
//!
//! One file per verb. Verbs write to a [`Terminal`] that is given to them, in the reader's
//! language, as text or as JSON lines; they read no environment and no clock, and decide nothing
//! that the rooms they call do not decide.
#![warn(missing_docs)]

pub mod codes;
mod error;
pub mod exact;
pub mod export;
mod files;
pub mod import;
pub mod index;
mod keys;
pub mod ledger;
mod limits;
pub mod register;
pub mod rules;
pub mod scan;
mod server;
mod terminal;

pub use error::Error;
pub use files::read;
pub use keys::KeySource;
pub use terminal::{Exit, Format, Terminal, language};
