//! On a socket: plain HTTP on this machine only, TLS elsewhere; bounded connections, impatient
//! with slow heads, and a graceful end.

mod connection;
mod error;
mod listen;
mod patient;
mod tls;

pub use error::Error;
pub use listen::{Bound, Transport, bind};
pub use tls::tls_config;
