//! GIF: comments and other extensions among the pictures.

use super::{Seen, text_property};
use crate::read::{Fault, Outcome, Reading, xmp};

pub(super) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Result<Seen, Fault> {
    let mut seen = Seen {
        end: Some(bytes.len() + 1),
    };
    let mut at = 13 + colours(bytes.get(10));
    loop {
        into.look()?;
        match bytes.get(at) {
            Some(0x3B) => {
                seen.end = Some(at + 1);
                return Ok(seen);
            }
            Some(0x2C) => {
                let from = at + 10 + colours(bytes.get(at + 9)) + 1;
                at = blocks(bytes, from).1;
            }
            Some(0x21) => {
                let kind = bytes.get(at + 1).copied().unwrap_or_default();
                let (data, end) = blocks(bytes, at + 2);
                extension(
                    kind,
                    &data,
                    bytes.get(at + 2..end).unwrap_or_default(),
                    into,
                )?;
                at = end;
            }
            _ => return Ok(seen),
        }
    }
}

/// How many bytes the colours take that a field of flags tells of.
fn colours(flags: Option<&u8>) -> usize {
    match flags {
        Some(flags) if flags & 0x80 != 0 => 3 << (flags % 8 + 1),
        _ => 0,
    }
}

/// Blocks up to an empty one: what they hold, and where they end.
fn blocks(bytes: &[u8], from: usize) -> (Vec<u8>, usize) {
    let mut data = Vec::new();
    let mut at = from;
    while let Some(length) = bytes.get(at).copied().map(usize::from) {
        let block = bytes.get(at + 1..at + 1 + length).unwrap_or_default();
        at += 1 + length;
        if length == 0 {
            break;
        }
        data.extend_from_slice(block);
    }
    (data, at)
}

fn extension(kind: u8, data: &[u8], raw: &[u8], into: &mut Reading<'_>) -> Outcome {
    match kind {
        0xFE => text_property("comment", data, into),
        0x01 => text_property("text", data.get(12..).unwrap_or_default(), into),
        // WHY raw: this one is written without blocks, so that its own bytes are taken for their lengths
        0xFF if data.starts_with(b"XMP DataXMP") => {
            xmp::read(raw.get(12..).unwrap_or_default(), into)
        }
        _ => Ok(()),
    }
}
