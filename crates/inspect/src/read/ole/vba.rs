//! Source text of macros (MS-OVBA): a packed list of modules, and a packed text in each module's stream.

use super::compound::Compound;
use super::pages;
use crate::Part;
use crate::read::le::{Le, index};
use crate::read::{Outcome, Reading};

/// Reads the modules of a storage that holds a project.
pub(super) fn read(compound: &Compound<'_>, of: usize, into: &mut Reading<'_>) -> Outcome {
    let Some(list) = compound.named(of, "dir", into)? else {
        return Ok(());
    };
    let list = unpacked(&list, into);
    into.unpacked(list.len())?;
    let mut page = 1252;
    let mut stream = String::new();
    let mut at = 0;
    while let (Some(kind), Some(length)) = (list.u16(at), list.u32(at + 2)) {
        let data = list.some(at + 6, index(length));
        match kind {
            0x03 => page = data.u16(0).unwrap_or(1252),
            // the version says a length that it does not have
            0x09 => at += 2,
            0x1a => stream = pages::decoded(data, page),
            0x31 => {
                let offset = index(data.u32(0).unwrap_or_default());
                module(compound, of, &stream, offset, page, into)?;
            }
            _ => {}
        }
        at = at.saturating_add(6).saturating_add(index(length));
    }
    Ok(())
}

fn module(
    compound: &Compound<'_>,
    of: usize,
    name: &str,
    offset: usize,
    page: u16,
    into: &mut Reading<'_>,
) -> Outcome {
    let Some(stream) = compound.named(of, name, into)? else {
        return Ok(());
    };
    let source = unpacked(stream.rest(offset), into);
    into.unpacked(source.len())?;
    into.part(Part::Hidden)?;
    into.write(&pages::decoded(&source, page))?;
    into.line()
}

/// Unpacks a run of chunks of 4,096 bytes, each with copies from what is before in the chunk.
fn unpacked(bytes: &[u8], into: &Reading<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    let room = usize::try_from(into.room(bytes.len() as u64)).unwrap_or(usize::MAX);
    if bytes.u8(0) != Some(1) {
        return out;
    }
    let mut at = 1;
    while out.len() < room
        && let Some(head) = bytes.u16(at)
    {
        let length = usize::from(head & 0xfff) + 1;
        let chunk = bytes.some(at + 2, length);
        if head & 0x8000 == 0 {
            out.extend_from_slice(chunk);
        } else {
            chunk_of(chunk, &mut out);
        }
        at += 2 + length;
    }
    out
}

fn chunk_of(chunk: &[u8], out: &mut Vec<u8>) {
    let begin = out.len();
    let mut at = 0;
    while let Some(flags) = chunk.u8(at) {
        at += 1;
        for bit in 0..8 {
            if flags >> bit & 1 == 0 {
                let Some(byte) = chunk.u8(at) else { return };
                out.push(byte);
                at += 1;
                continue;
            }
            let Some(token) = chunk.u16(at).map(usize::from) else {
                return;
            };
            at += 2;
            let written = (out.len() - begin).max(1);
            // the more is written, the more bits say how far back a copy begins
            let bits = (usize::BITS - (written - 1).leading_zeros()).clamp(4, 12);
            let length = (token & (0xffff >> bits)) + 3;
            let back = (token >> (16 - bits)) + 1;
            for _ in 0..length {
                let Some(byte) = out.len().checked_sub(back).and_then(|from| out.get(from)) else {
                    return;
                };
                out.push(*byte);
            }
        }
    }
}
