//! Words in pictures that are lists of strokes (EMF, WMF): previews of objects, formulas, drawings.

use crate::read::le::{Le, index, utf16};
use crate::read::{Outcome, Reading};
use crate::{Part, Place};

/// Words, by place or not, of EMF.
const WIDE: [u32; 2] = [83, 84];
/// Words of WMF: with places of letters, and without.
const PLACED: u16 = 0x0a32;
const BARE: u16 = 0x0521;

pub(super) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let before = into.place();
    into.at(Place {
        part: Part::Textbox,
        ..Place::default()
    })?;
    if bytes.u32(0) == Some(1) && bytes.some(40, 4) == b" EMF" {
        enhanced(bytes, into)?;
    } else {
        windows(bytes, into)?;
    }
    into.at(before)
}

fn enhanced(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut at = 0_usize;
    while let (Some(kind), Some(length)) = (bytes.u32(at), bytes.u32(at + 4)) {
        let record = bytes.some(at, index(length));
        if WIDE.contains(&kind) {
            let count = index(record.u32(44).unwrap_or_default());
            let from = index(record.u32(48).unwrap_or_default());
            if kind == 84 {
                words(&utf16(record.some(from, count.saturating_mul(2))), into)?;
            } else {
                narrow(record.some(from, count), into)?;
            }
        }
        at = at.saturating_add(index(length).max(8));
    }
    Ok(())
}

fn windows(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    // a head of 18 bytes, and another of 22 before it in files
    let mut at = if bytes.starts_with(b"\xd7\xcd\xc6\x9a") {
        40
    } else {
        18
    };
    while let (Some(length), Some(kind)) = (bytes.u32(at), bytes.u16(at + 4)) {
        let length = index(length).saturating_mul(2).max(6);
        let record = bytes.some(at, length);
        let (count, from) = match kind {
            PLACED => {
                let clipped = record.u16(12).unwrap_or_default() & 6 != 0;
                (record.u16(10), if clipped { 22 } else { 14 })
            }
            BARE => (record.u16(6), 8),
            _ => (None, 0),
        };
        if let Some(count) = count {
            narrow(record.some(from, usize::from(count)), into)?;
        }
        at = at.saturating_add(length);
    }
    Ok(())
}

/// Bytes of a code page that is not told: Chinese if they are that.
fn narrow(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    words(&encoding_rs::GBK.decode_without_bom_handling(bytes).0, into)
}

fn words(said: &str, into: &mut Reading<'_>) -> Outcome {
    let said = said.trim_matches(['\0', '\r', '\n']);
    if said.is_empty() {
        return Ok(());
    }
    into.write(said)?;
    // single letters are words that were drawn letter by letter
    if said.chars().nth(1).is_some() {
        into.line()?;
    }
    Ok(())
}
