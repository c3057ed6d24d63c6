//! Single streams: gzip, bzip2, xz, Zstandard, LZ4.

use std::io::Read;

use bzip2::read::MultiBzDecoder;
use flate2::read::MultiGzDecoder;
use lz4_flex::frame::FrameDecoder;
use lzma_rust2::XzReader;
use ruzstd::decoding::StreamingDecoder;

use super::{MEMORY_KB, content, name_of, unpack};
use crate::read::{Outcome, Reading};
use crate::report::Cause;

/// What stands inside has no name, or none that is told.
const NAMELESS: &str = "data";

pub(in crate::read) fn gz(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut decoder = MultiGzDecoder::new(bytes);
    let (name, comment) = decoder.header().map_or((None, None), |header| {
        (
            header.filename().map(name_of),
            header.comment().map(name_of),
        )
    });
    if let Some(comment) = comment {
        into.property("comment", &comment)?;
    }
    match name.filter(|name| !name.is_empty()) {
        Some(name) => {
            into.member(&name)?;
            content(&name, &mut decoder, bytes.len(), into)
        }
        None => content(NAMELESS, &mut decoder, bytes.len(), into),
    }
}

pub(in crate::read) fn bz2(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    content(NAMELESS, &mut MultiBzDecoder::new(bytes), bytes.len(), into)
}

pub(in crate::read) fn xz(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    content(
        NAMELESS,
        &mut XzReader::new_mem_limit(bytes, true, MEMORY_KB),
        bytes.len(),
        into,
    )
}

pub(in crate::read) fn lz4(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    frames(bytes, into, |rest| Some(Box::new(FrameDecoder::new(rest))))
}

pub(in crate::read) fn zst(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    frames(bytes, into, |rest| {
        let window = u64::from(MEMORY_KB) << 10;
        let decoder = StreamingDecoder::new_with_max_window_size(rest, window).ok()?;
        Some(Box::new(decoder))
    })
}

/// Frames stand one after another, with skippable ones between them.
fn frames(
    bytes: &[u8],
    into: &mut Reading<'_>,
    decoder: for<'a, 'b> fn(&'a mut &'b [u8]) -> Option<Box<dyn Read + 'a>>,
) -> Outcome {
    let mut rest = bytes;
    let mut whole = Vec::new();
    while !rest.is_empty() {
        into.look()?;
        if let Some(after) = skippable(rest) {
            rest = after;
            continue;
        }
        let before = rest.len();
        let cause = match decoder(&mut rest) {
            Some(mut frame) => {
                let unpacked = unpack(&mut *frame, before, into)?;
                whole.extend_from_slice(&unpacked.bytes);
                unpacked.cause
            }
            None => Some(Cause::Damaged),
        };
        if let Some(cause) = cause.or((rest.len() == before).then_some(Cause::Damaged)) {
            into.note(cause);
            break;
        }
    }
    if whole.is_empty() {
        return Ok(());
    }
    into.inside(NAMELESS, &whole)
}

fn skippable(bytes: &[u8]) -> Option<&[u8]> {
    let magic = super::u32_at(bytes, 0)?;
    if !(0x184D_2A50..=0x184D_2A5F).contains(&magic) {
        return None;
    }
    let length = usize::try_from(super::u32_at(bytes, 4)?).ok()?;
    Some(bytes.get(length.checked_add(8)?..).unwrap_or_default())
}
