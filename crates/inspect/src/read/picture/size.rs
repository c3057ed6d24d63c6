//! How large a picture is, and whether text may be on it.

use super::{u16_be, u32_be};
use crate::read::archive::{u16_at, u32_at};

/// The shortest line of text: four letters of twelve dots, for Chinese of fewer dots cannot be read, by people or programs.
const LINE: (u32, u32) = (40, 12);
/// A picture that is about as high as wide is an icon up to here; text stands in lines, and a line is longer than high.
const ICON: u32 = 80;

/// Whether text may be on a picture of so many dots. WHY not simply any: nearly every document has dots, bullets, rules and
/// icons in it, and one that is told as "not all read" for them hides those where a page was not read.
pub(in crate::read) fn may_hold_text((width, height): (u32, u32)) -> bool {
    let (long, short) = (width.max(height), width.min(height));
    let line = long >= LINE.0 && short >= LINE.1;
    line && (long >= short.saturating_mul(2) || long > ICON)
}

/// Whether a file is a picture on which no text may be.
pub(in crate::read) fn is_small(bytes: &[u8]) -> bool {
    of(bytes).is_some_and(|size| !may_hold_text(size))
}

/// Width and height in dots, where the picture's beginning tells them.
pub(in crate::read) fn of(bytes: &[u8]) -> Option<(u32, u32)> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return u32_be(bytes, 16).zip(u32_be(bytes, 20));
    }
    if bytes.starts_with(b"GIF8") {
        let (width, height) = (u16_at(bytes, 6)?, u16_at(bytes, 8)?);
        return Some((width.into(), height.into()));
    }
    if bytes.starts_with(b"BM") {
        // the oldest header is shorter, and has shorter numbers
        if u32_at(bytes, 14)? == 12 {
            let (width, height) = (u16_at(bytes, 18)?, u16_at(bytes, 20)?);
            return Some((width.into(), height.into()));
        }
        let height = u32_at(bytes, 22)?.cast_signed().unsigned_abs();
        return Some((u32_at(bytes, 18)?, height));
    }
    if bytes.starts_with(b"\xff\xd8") {
        return jpeg(bytes);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return webp(bytes);
    }
    None
}

/// The frame of a JPEG says its size; it stands after segments of known length.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2_usize;
    for _ in 0..100 {
        let kind = bytes.get(at + 1)?;
        if matches!(kind, 0xc0..=0xcf) && !matches!(kind, 0xc4 | 0xc8 | 0xcc) {
            return Some((u16_be(bytes, at + 7)?.into(), u16_be(bytes, at + 5)?.into()));
        }
        at += 2 + usize::from(u16_be(bytes, at + 2)?);
    }
    None
}

/// Three ways to pack, each with its own way to say it.
fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        b"VP8X" => {
            let three = |at: usize| u32_at(bytes, at).map(|four| (four & 0x00ff_ffff) + 1);
            three(24).zip(three(27))
        }
        b"VP8L" => {
            let bits = u32_at(bytes, 21)?;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8 " => {
            let side = |at: usize| u16_at(bytes, at).map(|side| u32::from(side & 0x3fff));
            side(26).zip(side(28))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_may_hold_text_and_dots_rules_and_icons_do_not() {
        for size in [(60, 12), (48, 14), (14, 48), (600, 40), (96, 96), (120, 80)] {
            assert!(may_hold_text(size), "{size:?}");
        }
        for size in [
            (8, 8),
            (16, 16),
            (32, 32),
            (48, 48),
            (64, 64),
            (80, 48),
            (1_000, 2),
            (2_000, 11),
            (0, 0),
        ] {
            assert!(!may_hold_text(size), "{size:?}");
        }
    }

    #[test]
    fn sizes_are_told_by_the_beginning() {
        let mut extended = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".to_vec();
        extended.extend([0x1f, 1, 0, 0x0f, 0, 0, 0]);
        assert_eq!(of(&extended), Some((288, 16)));
        let mut lossy = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a".to_vec();
        lossy.extend([0x20, 1, 0x10, 0]);
        assert_eq!(of(&lossy), Some((288, 16)));
        let mut bare = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f".to_vec();
        bare.extend((287_u32 | 15 << 14).to_le_bytes());
        assert_eq!(of(&bare), Some((288, 16)));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04\0\0\xff\xc0\0\x0b\x08\0\x10\x01\x20\x01";
        assert_eq!(of(jpeg), Some((288, 16)));
        assert_eq!(of(b"BM"), None);
        assert!(
            is_small(b"GIF89a\x10\0\x10\0")
                && !is_small(b"GIF89a\0\x01\x10\0")
                && !is_small(b"II*\0")
        );
    }
}
