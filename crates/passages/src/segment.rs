//! Segments: files of documents, their postings and removals, which never change.

mod footer;
mod read;
mod write;

pub(crate) use footer::Footer;
pub(crate) use read::{Segment, Stream};
pub(crate) use write::Writer;

/// What a segment file begins with.
const MAGIC: &[u8; 8] = b"RUPASSG1";
/// Bytes behind the footer: its offset and its length.
const TRAILER_BYTES: u64 = 16;

/// A posting with its tag, in the order in which segments have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    pub(crate) tag: u64,
    pub(crate) document: u32,
    pub(crate) at: u32,
}

/// A document with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Numbered {
    pub(crate) number: u32,
    pub(crate) document: inspect::copies::Document,
}
