//! What tests share: a server of their own on either database, people who work in it, and a second
//! verifier of the log. It is never part of the product; it may break things on purpose, and it
//! starts and ends only what it started itself.
#![warn(missing_docs)]

mod database;
mod house;
pub mod oracle;
mod program;
mod server;

pub use database::{Database, databases};
pub use house::{House, refusal_code};
pub use server::{PASSWORD, Plan, Server};
