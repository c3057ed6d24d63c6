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
mod told;
mod walk;
pub mod worker;

pub use cache::Cache;
pub use pool::Pool;
pub use told::{Told, Totals};
pub use walk::{Item, Walk};
