//! CPIO: new, old ASCII and old binary headers.

use super::{Reading, link, name_of};
use crate::read::{Fault, Outcome};
use crate::report::Cause;

const TRAILER: &[u8] = b"TRAILER!!!";

/// A header in numbers: how long it is, how long name and data are, what everything is padded to.
#[derive(Debug)]
struct Header {
    length: usize,
    name: usize,
    data: usize,
    padded: usize,
    mode: u64,
}

pub(in crate::read) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut at = 0;
    loop {
        into.look()?;
        let header = bytes
            .get(at..)
            .and_then(header)
            .ok_or(Fault(Cause::Damaged))?;
        let named = at + header.length;
        let name = bytes
            .get(named..named.saturating_add(header.name))
            .ok_or(Fault(Cause::Damaged))?;
        let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
        if name == TRAILER {
            return Ok(());
        }
        let begin = padded(named.saturating_add(header.name), header.padded);
        let end = begin.saturating_add(header.data);
        let data = bytes.get(begin..end.min(bytes.len())).unwrap_or_default();
        let name = name_of(name);
        if header.mode & 0o170_000 == 0o120_000 {
            link(&name, &name_of(data), into)?;
        } else {
            into.member(&name)?;
            if !data.is_empty() {
                into.unpacked(data.len())?;
                into.inside(&name, data)?;
            }
        }
        at = padded(end, header.padded);
    }
}

fn padded(at: usize, to: usize) -> usize {
    at.checked_next_multiple_of(to.max(1)).unwrap_or(usize::MAX)
}

fn header(bytes: &[u8]) -> Option<Header> {
    let number = |at: usize, length: usize, radix: u32| {
        let digits = std::str::from_utf8(bytes.get(at..at + length)?).ok()?;
        u64::from_str_radix(digits, radix).ok()
    };
    let size = |number: Option<u64>| usize::try_from(number?).ok();
    if bytes.starts_with(b"070701") || bytes.starts_with(b"070702") {
        return Some(Header {
            length: 110,
            mode: number(14, 8, 16)?,
            data: size(number(54, 8, 16))?,
            name: size(number(94, 8, 16))?,
            padded: 4,
        });
    }
    if bytes.starts_with(b"070707") {
        return Some(Header {
            length: 76,
            mode: number(18, 6, 8)?,
            name: size(number(59, 6, 8))?,
            data: size(number(65, 11, 8))?,
            padded: 1,
        });
    }
    binary(bytes)
}

/// Halves of two bytes, in the order of the machine that wrote them.
fn binary(bytes: &[u8]) -> Option<Header> {
    let big = match bytes.get(..2)? {
        [0xC7, 0x71] => false,
        [0x71, 0xC7] => true,
        _ => return None,
    };
    let half = |at: usize| {
        let two: [u8; 2] = bytes.get(at..at + 2)?.try_into().ok()?;
        Some(u64::from(if big {
            u16::from_be_bytes(two)
        } else {
            u16::from_le_bytes(two)
        }))
    };
    Some(Header {
        length: 26,
        mode: half(6)?,
        name: usize::try_from(half(20)?).ok()?,
        data: usize::try_from(half(22)? << 16 | half(24)?).ok()?,
        padded: 2,
    })
}
