//! Hangul 5: sections of records, deflated.

use super::compound::Compound;
use crate::Place;
use crate::read::le::{Le, index};
use crate::read::office::inflate;
use crate::read::{Fault, Outcome, Reading};
use crate::report::Cause;

/// The record of a paragraph's text.
const PARAGRAPH: u32 = 67;

pub(super) fn read(compound: &Compound<'_>, of: usize, into: &mut Reading<'_>) -> Outcome {
    let head = compound.named(of, "FileHeader", into)?.unwrap_or_default();
    let flags = head.u32(36).unwrap_or_default();
    if flags & 2 == 2 {
        return Err(Fault(Cause::Encrypted));
    }
    let Some(body) = compound.find(of, "BodyText") else {
        return Ok(());
    };
    let mut sections: Vec<(String, usize)> = compound
        .children(body)
        .map(|(name, at, _)| (name.to_owned(), at))
        .collect();
    sections.sort_by_key(|(name, _)| (name.len(), name.clone()));
    into.at(Place::default())?;
    for (_, at) in sections {
        let packed = compound.stream(at, into)?;
        let section = if flags & 1 == 1 {
            inflate(&packed, into)?
        } else {
            packed
        };
        section_of(&section, into)?;
    }
    Ok(())
}

fn section_of(section: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut at = 0_usize;
    while let Some(head) = section.u32(at) {
        at += 4;
        let mut length = index(head >> 20);
        if length == 0xfff {
            length = index(section.u32(at).unwrap_or_default());
            at += 4;
        }
        if head & 0x3ff == PARAGRAPH {
            paragraph(section.some(at, length), into)?;
        }
        at = at.saturating_add(length);
    }
    Ok(())
}

/// Letters; most controls take the room of eight.
fn paragraph(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut units = Vec::new();
    let mut at = 0;
    while let Some(unit) = bytes.u16(at) {
        match unit {
            0 | 10 | 13 | 24..=31 => units.push(if unit == 10 { 10 } else { 32 }),
            9 => {
                units.push(9);
                at += 14;
            }
            1..=23 => at += 14,
            unit => units.push(unit),
        }
        at += 2;
    }
    into.line()?;
    into.write(&String::from_utf16_lossy(&units))
}
