//! Inspection of files on disks: folders are walked, files are read by programs of their own with limits on time and
//! memory, and every one of them is answered for.
//!
//! The library `inspect` opens nothing; this room opens files for it. WHY other programs: a reader of a hostile file may
//! hang, eat memory or fall over, and then one file is unread and not the whole scan. They are this same program, started
//! anew ([`worker::work`]); [`Pool`] gives them one path after the other, ends those that take too long, and starts others.
#![warn(missing_docs)]

mod cache;
mod path;
mod pool;
mod read;
mod registered;
pub mod table;
mod told;
mod walk;
pub mod worker;

pub use cache::Cache;
pub use pool::Pool;
pub use registered::{Enrolment, Registered, enrol};
pub use told::{Told, Totals};
pub use walk::{Item, Walk};

/// Random bytes for the key of an index that is made for one scan and kept nowhere.
///
/// # Errors
/// The system gives none.
pub fn secret() -> std::io::Result<[u8; 32]> {
    let mut bytes = [0; 32];
    random(&mut bytes)?;
    Ok(bytes)
}

/// Fills with random bytes of the system.
///
/// # Errors
/// The system gives none.
pub fn random(bytes: &mut [u8]) -> std::io::Result<()> {
    aws_lc_rs::rand::fill(bytes).map_err(|_| std::io::Error::other("no randomness"))
}
