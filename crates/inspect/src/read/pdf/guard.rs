//! Streams that the library unpacks by itself, before anybody can ask how large they become.

use std::io::Read;

use flate2::read::ZlibDecoder;

use crate::read::{Fault, Outcome, Reading};
use crate::report::Cause;

/// So far before its data a stream says what it is.
const SAID_WITHIN: usize = 1_024;

/// Streams of objects and of the table of objects, together. WHY `#`: a name can be written in a way that hides it.
pub(super) fn check(bytes: &[u8], into: &Reading<'_>) -> Outcome {
    let room = into.room(bytes.len() as u64);
    let mut whole = 0;
    for at in memchr::memmem::find_iter(bytes, b"stream") {
        into.look()?;
        let before = bytes
            .get(at.saturating_sub(SAID_WITHIN)..at)
            .unwrap_or_default();
        let begin = memchr::memmem::rfind(before, b"obj").unwrap_or_default();
        let before = before.get(begin..).unwrap_or_default();
        let read_by_itself = ["ObjStm", "XRef", "#"]
            .iter()
            .any(|name| memchr::memmem::find(before, name.as_bytes()).is_some());
        if before.ends_with(b"end") || !read_by_itself {
            continue;
        }
        let data = bytes.get(at + b"stream".len()..).unwrap_or_default();
        let data = data
            .strip_prefix(b"\r\n")
            .or_else(|| data.strip_prefix(b"\n"))
            .unwrap_or(data);
        whole += inflated(data, room.saturating_sub(whole));
        if whole >= room {
            return Err(Fault(Cause::TooBig));
        }
    }
    Ok(())
}

/// How many bytes come out of a stream, counted up to a limit and kept nowhere.
pub(super) fn inflated(data: &[u8], limit: u64) -> u64 {
    let mut decoder = ZlibDecoder::new(data).take(limit);
    let mut chunk = vec![0; 16 * 1_024];
    let mut whole = 0;
    while let Ok(read @ 1..) = decoder.read(&mut chunk) {
        whole += read as u64;
    }
    whole
}
