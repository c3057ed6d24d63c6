//! Registered documents and tables on disk, under a key.
//!
//! [`Index`] answers for passages as [`inspect::copies::Registered`]: millions of documents, of which a few bits for each tag
//! are held in memory and everything else is read where it is needed. [`Keeper`] adds and removes documents. [`table`] keeps
//! tables of exact values ([`inspect::exact`]).
//!
//! # What lies in the folder
//!
//! `index`, the list of segments; `N.seg`, segments, which never change; `lock`, held by who writes. A change writes new
//! segments, then the list beside the old one, then puts it in its place: what is cut short leaves the state before.
//! Every part is sealed with AES-256-GCM under a key of its file (HKDF-SHA-256 of the caller's key and the 16 random bytes of
//! that file), with the kind and number of the part as nonce: without the key a folder tells how much it holds and nothing
//! else, and whatever was changed in it, by accident or not, is told as damage when it is read.
//!
//! # Formats, version 1
//!
//! Numbers are little-endian where their width is given, otherwise of variable length (7 bits a byte, the lowest first).
//!
//! `index`: `RUPASIX1`; salt (16); check value of the key (16); one sealed part: next number of a document (4), next number
//! of a segment (8), number of segments (4), for each its number (8), its bytes (8), its postings (8), its documents (4), its
//! removals (4).
//!
//! `N.seg`: `RUPASSG1`; salt (16); sealed parts; the sealed footer; its offset (8) and its length (8). Parts are: blocks of
//! up to 128 postings in the order of tag, document and place (tag as the distance from the one before; document; place); shards of a
//! filter of all tags (binary fuse, 8 bits); blocks of up to 64 documents (distance of its number from the one before; tags; level and name, each
//! with its length); blocks of up to 16,384 numbers of removed documents (4 each). The footer tells where each part is.
//!
//! A segment holds documents, and numbers of documents that were removed from others. Segments of about one size are merged
//! once there are eight, so that a document is written again but a few times. Removed documents are gone from answers at once and
//! from the disk with the merge that meets them; [`Keeper::merge`] merges everything.
#![warn(missing_docs)]

mod bytes;
mod error;
mod fuse;
mod index;
mod keeper;
mod key;
mod limits;
mod list;
mod merge;
mod segment;
pub mod table;

pub use error::Error;
pub use index::{Checked, Index};
pub use keeper::{Added, Keeper};
pub use key::{KEY_BYTES, Key};
pub use limits::RESIDENT_BYTES;

/// Whether there is an index in a folder.
#[must_use]
pub fn is_index(folder: &std::path::Path) -> bool {
    list::List::is_in(folder)
}

/// Fills with random bytes. WHY a parameter: tests need the same ones every time.
pub type Random<'a> = dyn FnMut(&mut [u8]) -> std::io::Result<()> + 'a;
