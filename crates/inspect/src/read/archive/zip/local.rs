//! Local headers: what stands before each member.

use super::super::{u16_at, u32_at};
use super::Member;
use super::directory::{extra_sizes, name};

pub(super) const MAGIC: &[u8] = b"PK\x03\x04";
const LENGTH: usize = 30;

/// Newer versions are not written by anybody; a header that asks for one is none.
const VERSION_MAX: u16 = 63;
const NAME_MAX: usize = 4_096;

/// The header at a place, if it is one.
pub(super) fn read(bytes: &[u8], at: usize) -> Option<Member> {
    let header = bytes.get(at..)?;
    let length = usize::from(u16_at(header, 26)?);
    let extra = usize::from(u16_at(header, 28)?);
    let raw = header.get(LENGTH..LENGTH + length)?;
    let plausible = u16_at(header, 4)? & 0xFF <= VERSION_MAX
        && (1..NAME_MAX).contains(&length)
        && !raw.iter().any(|byte| *byte < 0x20);
    if !header.starts_with(MAGIC) || !plausible {
        return None;
    }
    let extras = header
        .get(LENGTH + length..LENGTH + length + extra)
        .unwrap_or_default();
    let mut member = Member {
        flags: u16_at(header, 6)?,
        method: u16_at(header, 8)?,
        packed: u64::from(u32_at(header, 18)?),
        unpacked: u64::from(u32_at(header, 22)?),
        at,
        ..Member::default()
    };
    extra_sizes(extras, &mut member, None);
    member.name = name(raw, member.flags, extras);
    Some(member)
}

/// Where the data of the member begins whose header stands there.
pub(super) fn data(bytes: &[u8], at: usize) -> Option<usize> {
    let header = bytes.get(at..)?;
    if !header.starts_with(MAGIC) {
        return None;
    }
    let length = usize::from(u16_at(header, 26)?) + usize::from(u16_at(header, 28)?);
    let begin = at.checked_add(LENGTH + length)?;
    (begin <= bytes.len()).then_some(begin)
}

/// The data of a member whose size is told behind it: packed data ends itself, stored data where a header follows.
pub(super) fn until_next(rest: &[u8], method: u16) -> &[u8] {
    if method != 0 {
        return rest;
    }
    let end = memchr::memmem::find_iter(rest, b"PK")
        .find(|at| {
            let next = rest.get(at + 2..at + 4).unwrap_or_default();
            matches!(next, [7, 8] | [3, 4] | [1, 2])
        })
        .unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}
