//! Inspection of files on disks: folders are walked, files are read by programs of their own with limits on time and
//! memory, and every one of them is answered for.
//!
//! The library `inspect` opens nothing; this room opens files for it. WHY other programs: a reader of a hostile file may
//! hang, eat memory or fall over, and then one file is unread and not the whole scan. They are this same program, started
//! anew ([`worker::work`]); [`Pool`] gives them one path after the other, ends those that take too long, and starts others.
#![warn(missing_docs)]

mod baseline;
mod beside;
mod cache;
mod content;
mod glob;
mod ocr;
mod path;
mod pool;
mod read;
mod readers;
mod registered;
mod suppress;
pub mod table;
mod told;
mod walk;
pub mod worker;

pub use baseline::{Baseline, Findings};
pub use beside::{Beside, Salt};
pub use cache::Cache;
pub use content::Content;
pub use ocr::{NoTesseract, Tesseract};
pub use pool::{Event, Pool};
pub use readers::Readers;
pub use registered::{Enrolment, Registered, enrol};
pub use suppress::{Entry, Mistake, Suppressed, Suppressions};
pub use told::{Told, Totals};
pub use walk::{Extent, Item, Walk};

/// How many columns the terminal behind a stream has; none where it is no terminal or does not say.
#[cfg(unix)]
#[must_use]
pub fn columns(stream: &impl std::os::fd::AsFd) -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(stream).ok()?;
    (size.ws_col > 0).then(|| usize::from(size.ws_col))
}

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
