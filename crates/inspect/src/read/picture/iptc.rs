//! IPTC: what the press writes into pictures, within the blocks of Photoshop or alone.

use super::{text_property, u16_be, u32_be};
use crate::read::{Outcome, Reading};

const IPTC: u16 = 0x0404;

/// `8BIM`, a number, a name of even length, a length, data of even length.
pub(super) fn blocks(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut rest = bytes;
    while let Some((number, data, after)) = block(rest) {
        into.look()?;
        if number == IPTC {
            records(data, into)?;
        }
        rest = after;
    }
    Ok(())
}

fn block(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    if !bytes.starts_with(b"8BIM") {
        return None;
    }
    let number = u16_be(bytes, 4)?;
    let name = (usize::from(*bytes.get(6)?) + 1).next_multiple_of(2);
    let from = 6 + name + 4;
    let length = usize::try_from(u32_be(bytes, 6 + name)?).ok()?;
    let to = from.checked_add(length)?;
    let data = bytes.get(from..to)?;
    let after = bytes
        .get(to.checked_next_multiple_of(2)?..)
        .unwrap_or_default();
    Some((number, data, after))
}

/// A mark, the number of a record, that of a field, a length, text.
pub(super) fn records(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut at = 0;
    while let Some([0x1C, record, field]) = bytes.get(at..at + 3) {
        let Some(length) = u16_be(bytes, at + 3).map(usize::from) else {
            break;
        };
        let value = bytes.get(at + 5..at + 5 + length).unwrap_or_default();
        if *record == 2 && *field != 0 {
            text_property(&name(*field), value, into)?;
        }
        at += 5 + length;
    }
    Ok(())
}

fn name(field: u8) -> String {
    match field {
        5 => "ObjectName".to_owned(),
        25 => "Keywords".to_owned(),
        40 => "SpecialInstructions".to_owned(),
        80 => "By-line".to_owned(),
        90 => "City".to_owned(),
        105 => "Headline".to_owned(),
        110 => "Credit".to_owned(),
        116 => "CopyrightNotice".to_owned(),
        120 => "Caption".to_owned(),
        number => format!("IPTC 2:{number}"),
    }
}
