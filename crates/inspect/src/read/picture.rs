//! Pictures: what is written into them beside the picture, what hangs behind it, and the picture itself for whoever can
//! read pictures.

mod exif;
mod gif;
mod iptc;
mod jpeg;
mod png;
mod size;

use super::archive::{u16_at, u32_at};
use super::{Outcome, Reading, xmp};
use crate::Place;
use crate::report::Cause;

/// What was learnt of a picture on the way through it.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    /// Where the picture ends, if it has an end.
    end: Option<usize>,
}

pub(super) use size::{is_small, may_hold_text};

pub(super) fn jpg(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let seen = jpeg::read(bytes, into)?;
    rest(bytes, seen, into)
}

pub(super) fn png(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let seen = png::read(bytes, into)?;
    rest(bytes, seen, into)
}

pub(super) fn gif(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let seen = gif::read(bytes, into)?;
    rest(bytes, seen, into)
}

pub(super) fn tif(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    rest(bytes, Seen::default(), into)
}

pub(super) fn bmp(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let end = u32_at(bytes, 2).and_then(|size| usize::try_from(size).ok());
    let seen = Seen {
        end: end.filter(|end| *end > 26),
    };
    rest(bytes, seen, into)
}

/// Chunks of a name and a length, each padded to an even number of bytes.
pub(super) fn webp(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let length = u32_at(bytes, 4).and_then(|length| usize::try_from(length).ok());
    let end = length.map(|length| length.saturating_add(8));
    let mut at = 12;
    while let (Some(name), Some(length)) = (bytes.get(at..at + 4), u32_at(bytes, at + 4)) {
        into.look()?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let from = at + 8;
        let to = from.saturating_add(length);
        if name == b"XMP " {
            xmp::read(bytes.get(from..to).unwrap_or_default(), into)?;
        }
        at = to.saturating_add(length % 2);
        if end.is_some_and(|end| at >= end) {
            break;
        }
    }
    rest(bytes, Seen { end }, into)
}

fn rest(bytes: &[u8], seen: Seen, into: &mut Reading<'_>) -> Outcome {
    exif::read(bytes, into)?;
    if seen.end.is_some_and(|end| end > bytes.len()) {
        into.note(Cause::Damaged);
    }
    let behind = seen
        .end
        .and_then(|end| bytes.get(end..))
        .unwrap_or_default();
    let behind = behind.trim_ascii();
    if behind.iter().any(|byte| *byte != 0) {
        appended(behind, into)?;
    }
    if !is_small(bytes) {
        into.picture(Place::default(), bytes.to_vec());
    }
    Ok(())
}

/// What hangs behind a picture. Cameras hang things there too, mostly smaller pictures.
fn appended(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    into.member("appended")?;
    into.inside("appended", bytes)
}

/// A property as bytes of some encoding.
fn text_property(name: &str, value: &[u8], into: &mut Reading<'_>) -> Outcome {
    let value = value.split(|byte| *byte == 0).next().unwrap_or_default();
    into.property(name, &super::archive::name_of(value))
}

fn u16_be(bytes: &[u8], at: usize) -> Option<u16> {
    u16_at(bytes, at).map(u16::swap_bytes)
}

fn u32_be(bytes: &[u8], at: usize) -> Option<u32> {
    u32_at(bytes, at).map(u32::swap_bytes)
}

#[cfg(test)]
mod tests;
