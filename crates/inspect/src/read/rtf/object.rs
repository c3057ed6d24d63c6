//! Objects of other programs in rich text: a header of OLE 1, and the file behind it.

use crate::read::{Outcome, Reading};

/// Gives the file inside to be read as one of its own.
pub(super) fn read(data: &[u8], into: &mut Reading<'_>) -> Outcome {
    if data.is_empty() {
        return Ok(());
    }
    let Some((class, native)) = native(data) else {
        return into.inside("object", data);
    };
    match package(native).filter(|_| class.starts_with("Package")) {
        Some((name, file)) => into.inside(&name, file),
        None => into.inside(&class, native),
    }
}

/// Name of the class and data, after version, kind, and three strings with their lengths.
fn native(data: &[u8]) -> Option<(String, &[u8])> {
    let mut rest = data.get(8..)?;
    let mut class = String::new();
    for which in 0..3 {
        let (length, tail) = number(rest)?;
        let (text, tail) = tail.split_at_checked(length)?;
        if which == 0 {
            class = String::from_utf8_lossy(text)
                .trim_end_matches('\0')
                .to_owned();
        }
        rest = tail;
    }
    let (length, tail) = number(rest)?;
    Some((class, tail.get(..length).unwrap_or(tail)))
}

/// Name and content of a file that was put in as one.
fn package(native: &[u8]) -> Option<(String, &[u8])> {
    let (label, rest) = string(native.get(2..)?)?;
    let (_, rest) = string(rest)?;
    let (length, rest) = number(rest.get(4..)?)?;
    let (length, rest) = number(rest.get(length..)?)?;
    let name = encoding_rs::GB18030.decode(label).0.into_owned();
    Some((name, rest.get(..length).unwrap_or(rest)))
}

fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (four, rest) = bytes.split_first_chunk::<4>()?;
    Some((usize::try_from(u32::from_le_bytes(*four)).ok()?, rest))
}

fn string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr::memchr(0, bytes)?;
    Some((bytes.get(..end)?, bytes.get(end + 1..)?))
}
