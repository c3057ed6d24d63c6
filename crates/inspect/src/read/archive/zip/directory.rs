//! The central directory: what the archive says of itself at its end.

use super::super::{name_of, u16_at, u32_at, u64_at};
use super::{Member, NAME_IS_UTF8};
use crate::read::{Fault, Reading};
use crate::report::Cause;

const END: &[u8] = b"PK\x05\x06";
const END64: &[u8] = b"PK\x06\x06";
const END64_FINDER: &[u8] = b"PK\x06\x07";
const ENTRY: &[u8] = b"PK\x01\x02";

/// The end record is that long, without its comment.
const END_LENGTH: usize = 22;
const ENTRY_LENGTH: usize = 46;
const COMMENT_MAX: usize = 0xFFFF;

/// What stands in the directory.
#[derive(Debug, Default)]
pub(super) struct Directory {
    pub(super) members: Vec<Member>,
    pub(super) comment: String,
    /// Where it begins; the end of the file where there is none.
    pub(super) from: usize,
    pub(super) cause: Option<Cause>,
}

#[derive(Debug)]
struct End {
    disk: u64,
    size: u64,
    from: u64,
    at: usize,
    comment: String,
}

pub(super) fn read(bytes: &[u8], into: &Reading<'_>) -> Result<Directory, Fault> {
    let Some(end) = end(bytes) else {
        return Ok(Directory {
            from: bytes.len(),
            cause: Some(Cause::Damaged),
            ..Directory::default()
        });
    };
    let size = usize::try_from(end.size).unwrap_or(usize::MAX);
    // WHY from the end: whatever stands before the archive (a program that unpacks it, a picture) moves all its places
    let from = end.at.checked_sub(size);
    let told = usize::try_from(end.from).unwrap_or(usize::MAX);
    let is_entry = |at: usize| bytes.get(at..).is_some_and(|rest| rest.starts_with(ENTRY));
    let from = match from {
        Some(from) if size == 0 || is_entry(from) => from,
        _ if is_entry(told) => told,
        _ => {
            return Ok(Directory {
                from: bytes.len(),
                comment: end.comment,
                cause: Some(lost(end.disk)),
                ..Directory::default()
            });
        }
    };
    let shift = from.saturating_sub(told);
    let (members, cause) = entries(bytes, (from, end.at), shift, into)?;
    Ok(Directory {
        members,
        comment: end.comment,
        from,
        cause: cause.or((end.disk > 0).then_some(Cause::MissingVolume)),
    })
}

fn lost(disk: u64) -> Cause {
    if disk > 0 {
        Cause::MissingVolume
    } else {
        Cause::Damaged
    }
}

fn end(bytes: &[u8]) -> Option<End> {
    let window = bytes.len().saturating_sub(END_LENGTH + COMMENT_MAX);
    let at = window + memchr::memmem::rfind(bytes.get(window..)?, END)?;
    let comment = usize::from(u16_at(bytes, at + 20)?);
    let comment = bytes
        .get(at + END_LENGTH..(at + END_LENGTH + comment).min(bytes.len()))
        .map(name_of)
        .unwrap_or_default();
    let classic = End {
        disk: u64::from(u16_at(bytes, at + 4)?),
        size: u64::from(u32_at(bytes, at + 12)?),
        from: u64::from(u32_at(bytes, at + 16)?),
        at,
        comment,
    };
    Some(end64(bytes, &classic).unwrap_or(classic))
}

/// The larger end record stands right before the classic one; its place, as told, may be moved.
fn end64(bytes: &[u8], classic: &End) -> Option<End> {
    let finder = classic.at.checked_sub(20)?;
    if !bytes.get(finder..)?.starts_with(END64_FINDER) {
        return None;
    }
    let at = memchr::memmem::rfind(bytes.get(..finder)?, END64)?;
    Some(End {
        disk: u64::from(u32_at(bytes, at + 16)?),
        size: u64_at(bytes, at + 40)?,
        from: u64_at(bytes, at + 48)?,
        at,
        comment: classic.comment.clone(),
    })
}

fn entries(
    bytes: &[u8],
    (from, to): (usize, usize),
    shift: usize,
    into: &Reading<'_>,
) -> Result<(Vec<Member>, Option<Cause>), Fault> {
    let mut members = Vec::new();
    let mut at = from;
    while at < to && members.len() <= into.limits().members {
        into.look()?;
        let Some((mut member, length)) = entry(bytes, at) else {
            return Ok((members, Some(Cause::Damaged)));
        };
        member.at = member.at.saturating_add(shift);
        members.push(member);
        at += length;
    }
    Ok((members, None))
}

fn entry(bytes: &[u8], at: usize) -> Option<(Member, usize)> {
    let header = bytes.get(at..)?;
    if !header.starts_with(ENTRY) {
        return None;
    }
    let length = |at| u16_at(header, at).map(usize::from);
    let (name_length, extra, comment) = (length(28)?, length(30)?, length(32)?);
    let extra_at = ENTRY_LENGTH + name_length;
    let named = header.get(ENTRY_LENGTH..extra_at)?;
    let extras = header.get(extra_at..extra_at + extra).unwrap_or_default();
    let said = header
        .get(extra_at + extra..extra_at + extra + comment)
        .unwrap_or_default();
    let mut member = Member {
        flags: u16_at(header, 8)?,
        method: u16_at(header, 10)?,
        packed: u64::from(u32_at(header, 20)?),
        unpacked: u64::from(u32_at(header, 24)?),
        comment: name_of(said),
        link: u32_at(header, 38)? >> 16 & 0o170_000 == 0o120_000,
        ..Member::default()
    };
    let mut begins = u64::from(u32_at(header, 42)?);
    extra_sizes(extras, &mut member, Some(&mut begins));
    member.at = usize::try_from(begins).ok()?;
    member.name = name(named, member.flags, extras);
    Some((member, extra_at + extra + comment))
}

/// Sizes that are too large for their fields stand in an extra one, in this order.
pub(super) fn extra_sizes(extras: &[u8], member: &mut Member, begins: Option<&mut u64>) {
    let Some(field) = extra(extras, 0x0001) else {
        return;
    };
    let mut at = 0;
    let numbers = [Some(&mut member.unpacked), Some(&mut member.packed), begins];
    for number in numbers.into_iter().flatten() {
        if *number == u64::from(u32::MAX) {
            let Some(larger) = u64_at(field, at) else {
                return;
            };
            *number = larger;
            at += 8;
        }
    }
}

/// The name: in UTF-8 from an extra field, if there is one, for what stands in the header may be of any code page.
pub(super) fn name(raw: &[u8], flags: u16, extras: &[u8]) -> String {
    let unicode = extra(extras, 0x7075)
        .and_then(|field| field.get(5..))
        .and_then(|name| std::str::from_utf8(name).ok());
    match unicode {
        Some(name) => name.to_owned(),
        None if flags & NAME_IS_UTF8 != 0 => String::from_utf8_lossy(raw).into_owned(),
        None => name_of(raw),
    }
}

fn extra(extras: &[u8], key: u16) -> Option<&[u8]> {
    let mut at = 0;
    loop {
        let length = usize::from(u16_at(extras, at + 2)?);
        let field = extras.get(at + 4..at + 4 + length)?;
        if u16_at(extras, at)? == key {
            return Some(field);
        }
        at += 4 + length;
    }
}
