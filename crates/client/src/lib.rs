//! The REST interface as typed, blocking calls: for the command line, the demonstration and tests.
//!
//! One method per operation of the server, with the operation's name. It keeps a session's cookie
//! and CSRF token, or a program's token, and nothing else; it decides nothing, retries nothing and
//! follows no redirect. What the server refuses comes back as [`Error::Problem`].
#![warn(missing_docs)]

mod accounts;
mod address;
mod approvals;
mod bulk;
mod call;
mod connect;
mod error;
mod files;
mod imports;
mod log;
mod records;
mod session;

pub use call::{Answer, Call};
pub use connect::Client;
pub use error::Error;
pub use log::RemoteLog;
pub use records::{Act, Version};
