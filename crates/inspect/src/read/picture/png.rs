//! PNG: chunks of text among those of the picture.

use flate2::read::ZlibDecoder;

use super::{Seen, u32_be};
use crate::read::archive::{name_of, unpack};
use crate::read::{Fault, Outcome, Reading, xmp};
use crate::report::Cause;

pub(super) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Result<Seen, Fault> {
    let mut seen = Seen {
        end: Some(bytes.len() + 1),
    };
    let mut at = 8;
    while let (Some(length), Some(kind)) = (u32_be(bytes, at), bytes.get(at + 4..at + 8)) {
        into.look()?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let from = at + 8;
        let end = from.saturating_add(length).saturating_add(4);
        let data = bytes.get(from..end.saturating_sub(4)).unwrap_or_default();
        match kind {
            b"tEXt" => plain(data, into)?,
            b"zTXt" => packed(data, into)?,
            b"iTXt" => international(data, into)?,
            b"IEND" => {
                seen.end = Some(end);
                return Ok(seen);
            }
            _ => {}
        }
        at = end;
    }
    Ok(seen)
}

/// What stands before and behind the next zero.
fn split(data: &[u8]) -> (&[u8], &[u8]) {
    let at = memchr::memchr(0, data).unwrap_or(data.len());
    (
        data.get(..at).unwrap_or_default(),
        data.get(at + 1..).unwrap_or_default(),
    )
}

fn plain(data: &[u8], into: &mut Reading<'_>) -> Outcome {
    let (key, value) = split(data);
    told(key, value, into)
}

fn packed(data: &[u8], into: &mut Reading<'_>) -> Outcome {
    let (key, rest) = split(data);
    let value = inflated(rest.get(1..).unwrap_or_default(), into)?;
    told(key, &value, into)
}

/// Key, whether it is packed and how, language, the key in that language, text.
fn international(data: &[u8], into: &mut Reading<'_>) -> Outcome {
    let (key, rest) = split(data);
    let is_packed = rest.first() == Some(&1);
    let (_, rest) = split(rest.get(2..).unwrap_or_default());
    let (_, value) = split(rest);
    if is_packed {
        let value = inflated(value, into)?;
        return told(key, &value, into);
    }
    told(key, value, into)
}

fn inflated(packed: &[u8], into: &mut Reading<'_>) -> Result<Vec<u8>, Fault> {
    let unpacked = unpack(&mut ZlibDecoder::new(packed), packed.len(), into)?;
    if unpacked.cause == Some(Cause::TooBig) {
        into.note(Cause::TooBig);
    }
    Ok(unpacked.bytes)
}

fn told(key: &[u8], value: &[u8], into: &mut Reading<'_>) -> Outcome {
    if key == b"XML:com.adobe.xmp" {
        return xmp::read(value, into);
    }
    into.property(&name_of(key), &name_of(value))
}
