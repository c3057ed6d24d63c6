//! The tamper-evident log: entries in an RFC 6962 SHA-256 tree, kept as C2SP tlog-tiles under a
//! signed checkpoint, with proofs that anybody can check from one verifier key.
//!
//! Pure: storage comes in as a [`TileSource`], time, salts and key seeds as parameters. It must
//! never read a file, a clock or a random number, and never learn what an entry means. The
//! sequencer (in `app`) writes the files that [`Writer`] makes; the CLI, `ruping check` and
//! outsiders read them through [`verify()`](verify::verify) and [`ProofFile`].
#![warn(missing_docs)]

pub mod bundle;
pub mod checkpoint;
pub mod entry;
mod error;
pub mod hash;
pub mod limits;
pub mod note;
pub mod proof;
pub mod proof_file;
pub mod reader;
pub mod source;
#[cfg(test)]
mod testlog;
pub mod tile;
mod token;
pub mod tree;
pub mod verify;
pub mod writer;

pub use checkpoint::Checkpoint;
pub use entry::{Commitment, Entry, EntryActor, Salt};
pub use error::Error;
pub use hash::{Hash, TreeHead, leaf_hash, node_hash};
pub use note::{SignedNote, Signer, VerifierKey};
pub use proof::{verify_consistency, verify_inclusion};
pub use proof_file::{ProofFile, Proved};
pub use reader::TileReader;
pub use source::{BoxError, MemorySource, TileSource};
pub use tile::{CHECKPOINT, LogPath};
pub use token::Token;
pub use tree::Tree;
pub use verify::{Reason, Verification, verify};
pub use writer::{LogFile, Update, Writer};
