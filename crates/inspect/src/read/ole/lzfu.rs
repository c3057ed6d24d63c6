//! Rich text of messages, packed by a dictionary of its own (MS-OXRTFCP).

use crate::read::le::{Le, index};
use crate::read::{Fault, Reading};
use crate::report::Cause;

/// What the dictionary holds before the first byte.
const FIRST: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
const PACKED: u32 = 0x7546_5a4c;
const PLAIN: u32 = 0x414c_454d;
const WINDOW: usize = 4_096;

/// The rich text, as far as it unpacks.
pub(crate) fn unpacked(bytes: &[u8], into: &mut Reading<'_>) -> Result<Vec<u8>, Fault> {
    let data = bytes.rest(16);
    match bytes.u32(8) {
        Some(PLAIN) => return Ok(data.to_vec()),
        Some(PACKED) => {}
        _ => return Err(Fault(Cause::Damaged)),
    }
    let room = usize::try_from(into.room(bytes.len() as u64)).unwrap_or(usize::MAX);
    let most = index(bytes.u32(4).unwrap_or_default()).min(room);
    let mut window = [b' '; WINDOW];
    for (to, from) in window.iter_mut().zip(FIRST) {
        *to = *from;
    }
    let mut put = FIRST.len();
    let mut out = Vec::new();
    let mut at = 0;
    'all: while out.len() < most
        && let Some(control) = data.u8(at)
    {
        at += 1;
        for bit in 0..8 {
            if control >> bit & 1 == 0 {
                let Some(byte) = data.u8(at) else { break 'all };
                at += 1;
                push(byte, &mut window, &mut put, &mut out);
                continue;
            }
            let Some(pair) = data.u16(at).map(u16::swap_bytes) else {
                break 'all;
            };
            at += 2;
            let (offset, length) = (usize::from(pair >> 4), usize::from(pair & 0xf) + 2);
            if offset == put % WINDOW {
                break 'all;
            }
            for step in 0..length {
                let byte = window
                    .get((offset + step) % WINDOW)
                    .copied()
                    .unwrap_or_default();
                push(byte, &mut window, &mut put, &mut out);
            }
        }
    }
    into.unpacked(out.len())?;
    Ok(out)
}

fn push(byte: u8, window: &mut [u8; WINDOW], put: &mut usize, out: &mut Vec<u8>) {
    if let Some(place) = window.get_mut(*put % WINDOW) {
        *place = byte;
    }
    *put += 1;
    out.push(byte);
}
