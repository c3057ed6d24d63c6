//! Streams that the library unpacks by itself, before anybody can ask how large they become.

use std::io::Read;

use flate2::read::ZlibDecoder;
use hayro_syntax::Filter;

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

/// What a byte becomes at most, where nobody counts while it is unpacked.
const MOST_BY_FLATE: u64 = 1_032;
const MOST_BY_LZW: u64 = 2_731;
const MOST_BY_RUNS: u64 = 64;

/// As much may come out of a stream that cannot be tried before.
const UNTRIED: u64 = 256 << 20;

/// Whether a stream may become more than there is room for. Where packing comes first, it is tried; where it comes
/// behind another filter, the worst is taken for true.
pub(super) fn is_too_much(filters: &[Filter], raw: &[u8], room: u64) -> bool {
    let mut most = raw.len() as u64;
    if filters.first() == Some(&Filter::FlateDecode) {
        most = inflated(raw, room);
        if most >= room {
            return true;
        }
    }
    for (filter, place) in filters.iter().zip(0..) {
        let by = match filter {
            Filter::FlateDecode if place > 0 => MOST_BY_FLATE,
            Filter::LzwDecode => MOST_BY_LZW,
            Filter::RunLengthDecode => MOST_BY_RUNS,
            Filter::FlateDecode
            | Filter::AsciiHexDecode
            | Filter::Ascii85Decode
            | Filter::CcittFaxDecode
            | Filter::Jbig2Decode
            | Filter::DctDecode
            | Filter::JpxDecode
            | Filter::Crypt => 1,
        };
        most = most.saturating_mul(by);
    }
    most > UNTRIED
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

#[cfg(test)]
mod tests {
    use hayro_syntax::Filter::{Ascii85Decode, FlateDecode, LzwDecode};

    use super::is_too_much;

    #[test]
    fn what_cannot_be_tried_is_taken_at_its_worst() {
        let raw = vec![0; 300 << 10];
        assert!(is_too_much(&[LzwDecode], &raw, 1 << 30));
        assert!(is_too_much(&[Ascii85Decode, FlateDecode], &raw, 1 << 30));
        assert!(is_too_much(
            &[Ascii85Decode, FlateDecode, FlateDecode],
            &raw[..900],
            1 << 30
        ));
        assert!(!is_too_much(
            &[Ascii85Decode, FlateDecode],
            &raw[..9_000],
            1 << 30
        ));
    }
}
