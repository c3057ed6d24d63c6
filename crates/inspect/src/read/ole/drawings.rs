//! Words that drawings keep among their properties: alternative texts, and words along a curve (watermarks).
//!
//! WHY a search and not a walk: drawings lie in streams of all programs, between records of theirs, in pieces as often
//! as not. A list of properties says its length and that of each of its strings, so one is known when it is seen.

use crate::read::le::{Le, index, utf16};
use crate::read::{Outcome, Reading};
use crate::{Part, Place};

/// Properties that are words: along a curve, description, hint.
const WORDS: [u16; 3] = [0x00c0, 0x0381, 0x038d];

/// Properties of a list; real ones have tens.
const MOST: usize = 256;

pub(super) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut at = 0;
    while let Some(next) = memchr::memchr2(0xf0, 0xf1, bytes.rest(at)) {
        let kind_at = (at + next).saturating_sub(1);
        at += next + 1;
        let (Some(0xf00b | 0xf121 | 0xf122), Some(begin)) =
            (bytes.u16(kind_at), kind_at.checked_sub(2))
        else {
            continue;
        };
        let head = bytes.u16(begin).unwrap_or_default();
        let length = index(bytes.u32(begin + 4).unwrap_or_default());
        if head & 0xf == 3
            && let Some(list) = bytes.all(begin + 8, length)
        {
            into.look()?;
            properties(list, usize::from(head >> 4).min(MOST), into)?;
        }
    }
    Ok(())
}

/// A list of properties, then their strings in the same order.
fn properties(list: &[u8], count: usize, into: &mut Reading<'_>) -> Outcome {
    let mut at = count * 6;
    for number in 0..count {
        let (Some(key), Some(value)) = (list.u16(number * 6), list.u32(number * 6 + 2)) else {
            return Ok(());
        };
        if key & 0x8000 == 0 {
            continue;
        }
        let Some(data) = list.all(at, index(value)) else {
            return Ok(());
        };
        at += data.len();
        if WORDS.contains(&(key & 0x3fff)) {
            let said = utf16(data);
            if !said.trim().is_empty() && !said.chars().any(char::is_control) {
                into.at(Place {
                    part: Part::Textbox,
                    ..Place::default()
                })?;
                into.write(&said)?;
            }
        }
    }
    Ok(())
}
