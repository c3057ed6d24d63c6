//! Files that hold other files: what all their readers share.
//!
//! A member's name is always told, also where its content cannot be read; content is unpacked only as far as the limits
//! allow, and what came out before a fault is read all the same.

pub(super) mod cab;
pub(super) mod cpio;
pub(super) mod lzh;
pub(super) mod rar;
pub(super) mod sevenzip;
pub(super) mod stream;
pub(crate) mod tar;
pub(super) mod zip;

use std::io::{ErrorKind, Read};

use encoding_rs::GBK;

use super::{Fault, Outcome, Reading};
use crate::report::Cause;

/// What came out of a packed member, and what kept the rest from coming.
#[derive(Debug)]
pub(super) struct Unpacked {
    pub(super) bytes: Vec<u8>,
    pub(super) cause: Option<Cause>,
}

const CHUNK: usize = 32 * 1_024;

/// Dictionaries larger than this are refused: memory is taken before a byte is there. Packers' own largest settings
/// ask for 64 MiB.
const MEMORY_KB: u32 = 72 << 10;

/// Unpacks as far as the limits allow. `packed` is how many bytes are there; a fault means that nothing more may be read.
pub(super) fn unpack(
    source: &mut dyn Read,
    packed: usize,
    into: &mut Reading<'_>,
) -> Result<Unpacked, Fault> {
    let room = usize::try_from(into.room(packed as u64)).unwrap_or(usize::MAX);
    let mut bytes = Vec::new();
    let mut chunk = vec![0; CHUNK];
    let cause = loop {
        into.look()?;
        let read = match source.read(&mut chunk) {
            Ok(0) => break None,
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => break Some(Cause::Damaged),
        };
        let taken = read.min(room.saturating_sub(bytes.len()));
        bytes.extend_from_slice(chunk.get(..taken).unwrap_or_default());
        into.unpacked(taken)?;
        if taken < read {
            break Some(Cause::TooBig);
        }
    };
    Ok(Unpacked { bytes, cause })
}

/// Unpacks a member and reads it as a file of its own.
pub(super) fn content(
    name: &str,
    source: &mut dyn Read,
    packed: usize,
    into: &mut Reading<'_>,
) -> Outcome {
    let Unpacked { bytes, cause } = unpack(source, packed, into)?;
    if let Some(cause) = cause {
        into.note(cause);
    }
    if bytes.is_empty() {
        return Ok(());
    }
    into.inside(name, &bytes)
}

/// A name as bytes. WHY GBK: programs that do not say an encoding write that of their machine, and those of this
/// library's readers are Chinese; UTF-8 goes first, for other text is hardly ever valid in it.
pub(super) fn name_of(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(name) => name.to_owned(),
        Err(_) => GBK.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// A link is told with what it points to, and never followed.
pub(super) fn link(name: &str, target: &str, into: &mut Reading<'_>) -> Outcome {
    into.member(&format!("{name} -> {target}"))
}

/// Numbers at a place, little end first; `None` beyond the end.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(two.try_into().ok()?))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    let eight = bytes.get(at..at.checked_add(8)?)?;
    Some(u64::from_le_bytes(eight.try_into().ok()?))
}

#[cfg(test)]
mod tests;
