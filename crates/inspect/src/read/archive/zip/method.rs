//! The ways in which members are packed.

use std::io::{BufReader, Read};

use bzip2::bufread::BzDecoder;
use deflate64::Deflate64Decoder;
use flate2::bufread::DeflateDecoder;
use lzma_rust2::{LzmaReader, XzReader};
use ruzstd::decoding::StreamingDecoder;

use super::super::{MEMORY_KB, u16_at};
use super::Member;

/// A reader of what was packed; `None` for ways that nobody here knows. It takes from `rest` what it reads.
pub(super) fn decoder<'a>(rest: &'a mut &[u8], member: &Member) -> Option<Box<dyn Read + 'a>> {
    Some(match member.method {
        8 => Box::new(DeflateDecoder::new(rest)),
        9 => Box::new(Deflate64Decoder::new(rest)),
        12 => Box::new(BzDecoder::new(rest)),
        14 => lzma(rest, member)?,
        20 | 93 => Box::new(
            StreamingDecoder::new_with_max_window_size(rest, u64::from(MEMORY_KB) << 10).ok()?,
        ),
        95 => Box::new(XzReader::new_mem_limit(rest, true, MEMORY_KB)),
        _ => return None,
    })
}

/// Two bytes of version, two of the length of what follows: one of properties, four of the dictionary's size.
fn lzma<'a>(rest: &'a mut &[u8], member: &Member) -> Option<Box<dyn Read + 'a>> {
    const END_IS_MARKED: u16 = 1 << 1;
    let length = usize::from(u16_at(rest, 2)?);
    let properties = *rest.get(4)?;
    let dictionary = super::super::u32_at(rest, 5)?;
    *rest = rest.get(4 + length..)?;
    let size = if member.flags & END_IS_MARKED != 0 {
        u64::MAX
    } else {
        member.unpacked
    };
    if dictionary >> 10 > MEMORY_KB {
        return None;
    }
    let reader =
        LzmaReader::new_with_props(BufReader::new(rest), size, properties, dictionary, None);
    Some(Box::new(reader.ok()?))
}
