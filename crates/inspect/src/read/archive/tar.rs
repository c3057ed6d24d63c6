//! TAR of all dialects: old, ustar, GNU, pax.

use super::{Reading, link, name_of};
use crate::read::{Fault, Outcome};
use crate::report::Cause;

const BLOCK: usize = 512;
const CHECKSUM: std::ops::Range<usize> = 148..156;

/// What headers before a member say of it.
#[derive(Debug, Default)]
struct Said {
    name: Option<String>,
    target: Option<String>,
    size: Option<u64>,
}

/// Whether a block is a header; by its sum, for the oldest ones have no mark.
pub(crate) fn is_header(block: &[u8]) -> bool {
    let (Some(block), Some(told)) = (block.get(..BLOCK), block.get(CHECKSUM).and_then(number))
    else {
        return false;
    };
    let sum: u64 = block
        .iter()
        .enumerate()
        .map(|(at, byte)| {
            if CHECKSUM.contains(&at) {
                32
            } else {
                u64::from(*byte)
            }
        })
        .sum();
    // WHY: a block of zeros sums up to 256, and no header is empty
    sum == told && block.first().is_some_and(|first| *first != 0)
}

pub(in crate::read) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut said = Said::default();
    let mut at = 0;
    let mut whole = false;
    while let Some(block) = bytes.get(at..at + BLOCK) {
        into.look()?;
        at += BLOCK;
        if block.iter().all(|byte| *byte == 0) {
            whole = true;
            continue;
        }
        if !is_header(block) {
            // WHY: after the end there may be anything; before it, a member cannot be told from another
            return if whole {
                Ok(())
            } else {
                Err(Fault(Cause::Damaged))
            };
        }
        whole = false;
        let size = said
            .size
            .or_else(|| block.get(124..136).and_then(number))
            .and_then(|size| usize::try_from(size).ok())
            .unwrap_or(usize::MAX);
        let end = at.saturating_add(size);
        let data = bytes.get(at..end.min(bytes.len())).unwrap_or_default();
        member(block, data, &mut said, into)?;
        if end > bytes.len() {
            return Err(Fault(Cause::Damaged));
        }
        at = end.saturating_add((BLOCK - size % BLOCK) % BLOCK);
    }
    if whole {
        Ok(())
    } else {
        Err(Fault(Cause::Damaged))
    }
}

fn member(block: &[u8], data: &[u8], said: &mut Said, into: &mut Reading<'_>) -> Outcome {
    let kind = block.get(156).copied().unwrap_or_default();
    match kind {
        b'L' => said.name = Some(name_of(until_zero(data))),
        b'K' => said.target = Some(name_of(until_zero(data))),
        b'x' | b'g' => pax(data, said, into)?,
        b'1' | b'2' => {
            let Said { name, target, .. } = std::mem::take(said);
            let name = name.unwrap_or_else(|| own_name(block));
            let target = target.unwrap_or_else(|| name_of(field(block, 157, 100)));
            link(&name, &target, into)?;
        }
        _ => {
            let name = std::mem::take(said).name.unwrap_or_else(|| own_name(block));
            into.member(&name)?;
            if kind == b'S' {
                into.note(Cause::UnknownFormat);
            }
            if !data.is_empty() {
                into.unpacked(data.len())?;
                into.inside(&name, data)?;
            }
        }
    }
    Ok(())
}

/// Records `length key=value\n`; those that are nothing of the member's place are told, for people write into them.
fn pax(data: &[u8], said: &mut Said, into: &mut Reading<'_>) -> Outcome {
    let mut rest = data;
    while let Some(space) = memchr::memchr(b' ', rest) {
        let length = rest
            .get(..space)
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| {
                digits
                    .trim_start_matches(['\0', '\n'])
                    .parse::<usize>()
                    .ok()
            })
            .filter(|length| *length > space);
        let Some(record) = length.and_then(|length| rest.get(space + 1..length)) else {
            break;
        };
        rest = rest.get(space + 1 + record.len()..).unwrap_or_default();
        let record = record.strip_suffix(b"\n").unwrap_or(record);
        let Some(equals) = memchr::memchr(b'=', record) else {
            continue;
        };
        let (key, value) = record.split_at_checked(equals).unwrap_or_default();
        let value = value.get(1..).unwrap_or_default();
        match key {
            b"path" => said.name = Some(name_of(value)),
            b"linkpath" => said.target = Some(name_of(value)),
            b"size" => said.size = std::str::from_utf8(value).ok().and_then(|n| n.parse().ok()),
            b"mtime" | b"atime" | b"ctime" | b"uid" | b"gid" => {}
            key => into.property(&name_of(key), &name_of(value))?,
        }
    }
    Ok(())
}

fn own_name(block: &[u8]) -> String {
    let name = name_of(field(block, 0, 100));
    let prefix = field(block, 345, 155);
    let posix = block.get(257..263) == Some(b"ustar\0");
    if posix && !prefix.is_empty() {
        format!("{}/{name}", name_of(prefix))
    } else {
        name
    }
}

fn field(block: &[u8], at: usize, length: usize) -> &[u8] {
    until_zero(block.get(at..at + length).unwrap_or_default())
}

fn until_zero(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// Octal digits, or a number of base 256 where the first bit is set.
fn number(field: &[u8]) -> Option<u64> {
    if field.first().is_some_and(|first| first & 0x80 != 0) {
        let mut bytes = field.iter().rev().take(8).map(|byte| u64::from(*byte));
        return Some((0..8).fold(0, |sum, at| sum | bytes.next().unwrap_or(0) << (8 * at)));
    }
    let text = std::str::from_utf8(until_zero(field)).ok()?.trim();
    if text.is_empty() {
        Some(0)
    } else {
        u64::from_str_radix(text, 8).ok()
    }
}
