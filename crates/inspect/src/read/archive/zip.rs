//! ZIP.
//!
//! Members come from the central directory, and from local headers wherever the directory leaves bytes unexplained: so a
//! damaged or missing directory costs nothing, and a member that the directory hides is read too.

mod directory;
mod local;
mod method;

use std::io::Read;

use super::{Reading, Unpacked, link, name_of, unpack};
use crate::read::{Fault, Outcome};
use crate::report::Cause;
use crate::{Part, Place};

/// A member, as its header tells it.
#[derive(Debug, Clone, Default)]
struct Member {
    name: String,
    comment: String,
    flags: u16,
    method: u16,
    packed: u64,
    unpacked: u64,
    /// Where its local header begins.
    at: usize,
    /// Whether it is a link, by the mode that its writer kept.
    link: bool,
}

const ENCRYPTED: u16 = 1;
const SIZES_FOLLOW: u16 = 1 << 3;
const NAME_IS_UTF8: u16 = 1 << 11;

/// Written as method by those that encrypt with AES.
const AES: u16 = 99;

pub(in crate::read) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let directory = directory::read(bytes, into)?;
    comment(&directory.comment, into)?;
    let mut covered: Vec<(usize, usize)> = Vec::with_capacity(directory.members.len());
    for member in &directory.members {
        into.look()?;
        comment(&member.comment, into)?;
        let end = one(bytes, member, into)?;
        covered.push((member.at, end));
    }
    let begin = directory.from;
    covered.push((begin, bytes.len()));
    covered.sort_unstable();
    let mut at = 0;
    for (from, to) in covered {
        if from > at {
            gap(bytes, at, from, into)?;
        }
        at = at.max(to);
    }
    match directory.cause {
        Some(cause) => Err(Fault(cause)),
        None => Ok(()),
    }
}

/// Reads members that only their own headers tell of.
fn gap(bytes: &[u8], from: usize, to: usize, into: &mut Reading<'_>) -> Outcome {
    let within = bytes.get(..to).unwrap_or_default();
    let mut at = from;
    while let Some(found) = within
        .get(at..)
        .and_then(|rest| memchr::memmem::find(rest, local::MAGIC))
    {
        into.look()?;
        at += found;
        at = match local::read(within, at) {
            Some(member) => one(within, &member, into)?.max(at + 4),
            None => at + 4,
        };
    }
    Ok(())
}

/// Reads a member; says where it ends.
fn one(bytes: &[u8], member: &Member, into: &mut Reading<'_>) -> Result<usize, Fault> {
    let Some(begin) = local::data(bytes, member.at) else {
        into.member(&member.name)?;
        into.note(Cause::Damaged);
        return Ok(member.at.saturating_add(30));
    };
    let rest = bytes.get(begin..).unwrap_or_default();
    let told = usize::try_from(member.packed).unwrap_or(usize::MAX);
    let unknown = member.flags & SIZES_FOLLOW != 0 && told == 0;
    let data = if unknown {
        local::until_next(rest, member.method)
    } else {
        rest.get(..told.min(rest.len())).unwrap_or_default()
    };
    if member.flags & ENCRYPTED != 0 || member.method == AES {
        into.member(&member.name)?;
        if !member.name.ends_with('/') {
            into.note(Cause::Encrypted);
        }
        return Ok(begin + data.len());
    }
    if !unknown && told > rest.len() {
        into.note(Cause::Damaged);
    }
    let taken = if member.link {
        link(&member.name, &name_of(data), into)?;
        data.len()
    } else {
        into.member(&member.name)?;
        unpacked(data, member, into)?
    };
    Ok(begin + if unknown { taken } else { data.len() })
}

/// Unpacks a member's bytes; says how many of them there were.
fn unpacked(data: &[u8], member: &Member, into: &mut Reading<'_>) -> Result<usize, Fault> {
    if data.is_empty() || (member.name.ends_with('/') && member.unpacked == 0) {
        return Ok(data.len());
    }
    if member.method == 0 {
        into.unpacked(data.len())?;
        into.inside(&member.name, data)?;
        return Ok(data.len());
    }
    let mut rest = data;
    let Some(mut decoder) = method::decoder(&mut rest, member) else {
        into.note(Cause::UnknownFormat);
        return Ok(data.len());
    };
    let source: &mut dyn Read = &mut *decoder;
    let Unpacked { bytes, cause } = unpack(source, data.len(), into)?;
    drop(decoder);
    let taken = data.len().saturating_sub(rest.len());
    if let Some(cause) = cause {
        into.note(cause);
    }
    if !bytes.is_empty() {
        into.inside(&member.name, &bytes)?;
    }
    Ok(taken)
}

fn comment(comment: &str, into: &mut Reading<'_>) -> Outcome {
    if comment.trim().is_empty() {
        return Ok(());
    }
    let before = into.place();
    into.at(Place {
        part: Part::Comment,
        ..Place::default()
    })?;
    into.write(comment)?;
    into.at(before)
}
