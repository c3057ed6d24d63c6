//! What tests share: a server of their own on either database, people who work in it, and a second
//! verifier of the log. It is never part of the product; it may break things on purpose, and it
//! starts and ends only what it started itself.
#![warn(missing_docs)]

mod authenticator;
mod copies;
mod database;
mod forge;
mod house;
pub mod oracle;
mod program;
pub mod raw;
mod server;
mod sql;

pub use authenticator::Authenticator;
pub use copies::Copy;
pub use database::{Database, databases};
pub use house::{House, Roster, refusal_code};
pub use program::pause;
pub use server::{PASSWORD, Plan, Server};
pub use sql::Sql;
