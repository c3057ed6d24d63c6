//! JPEG: segments up to the picture, and behind it.

use super::{Seen, iptc, text_property, u16_be};
use crate::read::{Fault, Outcome, Reading, xmp};

const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const LONG_XMP: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
const PHOTOSHOP: &[u8] = b"Photoshop 3.0\0";

pub(super) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Result<Seen, Fault> {
    let mut seen = Seen {
        end: Some(bytes.len() + 1),
    };
    let mut at = 2;
    while let (Some(0xFF), Some(marker)) = (bytes.get(at), bytes.get(at + 1)) {
        into.look()?;
        match marker {
            0xFF => {
                at += 1;
                continue;
            }
            0xD9 => {
                seen.end = Some(at + 2);
                return Ok(seen);
            }
            0x01 | 0xD0..=0xD7 => {
                at += 2;
                continue;
            }
            _ => {}
        }
        let Some(length) = u16_be(bytes, at + 2).map(usize::from) else {
            return Ok(seen);
        };
        let end = at + 2 + length.max(2);
        let data = bytes.get(at + 4..end).unwrap_or_default();
        segment(*marker, data, into)?;
        at = end;
        if *marker == 0xDA {
            at = behind_scan(bytes, at);
        }
    }
    Ok(seen)
}

fn segment(marker: u8, data: &[u8], into: &mut Reading<'_>) -> Outcome {
    match marker {
        0xFE => text_property("comment", data, into)?,
        0xE1 => {
            if let Some(packet) = data.strip_prefix(XMP) {
                xmp::read(packet, into)?;
            } else if let Some(packet) = data.strip_prefix(LONG_XMP) {
                xmp::read(packet.get(40..).unwrap_or_default(), into)?;
            }
        }
        0xED => {
            if let Some(blocks) = data.strip_prefix(PHOTOSHOP) {
                iptc::blocks(blocks, into)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Where the next segment begins: within a scan, 0xFF is followed by zero or a mark to start anew.
fn behind_scan(bytes: &[u8], from: usize) -> usize {
    let scan = bytes.get(from..).unwrap_or_default();
    memchr::memchr_iter(0xFF, scan)
        .find(|at| !matches!(scan.get(at + 1), Some(0 | 0xD0..=0xD7 | 0xFF)))
        .map_or(bytes.len(), |at| from + at)
}
