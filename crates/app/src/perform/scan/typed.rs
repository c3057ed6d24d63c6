//! What a scanner or a hand typed: a label, which says `RP:` and the id of its record, or a number. Width,
//! case and what stands between the signs say nothing: input methods change all of them.

use crate::{
    error::{Error, text},
    limits,
};
use domain::RecordId;

/// Signs of an id on a label.
const SIGNS: usize = 32;

/// What was meant.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// The label of this record.
    Label(RecordId),
    /// A number, in plain signs.
    Number(String),
}

/// Reads what was typed; what begins as a label and is none was not read whole.
pub(super) fn read(typed: &str) -> Result<Meant, Error> {
    if typed.chars().nth(limits::SCAN_CHARS).is_some() {
        return Err(broken());
    }
    let plain = plain(typed);
    let label = plain.rfind("RP:").map(|at| plain.split_at(at));
    match label {
        // what stood in the field before the scanner typed stands ahead
        Some((_, code)) if code.len() == "RP:".len() + SIGNS => {
            let id = code.strip_prefix("RP:").and_then(id);
            id.map(Meant::Label).ok_or_else(broken)
        }
        Some(("", _)) => Err(broken()),
        Some(_) | None if plain.is_empty() => Err(broken()),
        Some(_) | None => Ok(Meant::Number(plain)),
    }
}

/// The signs of a text that count, as one writes them.
pub(super) fn plain(text: &str) -> String {
    let signs = text.chars().filter_map(|sign| match sign {
        // the colon, and what a keyboard of another layout makes of it
        ':' | ';' | '：' | '；' | '∶' | '︓' => Some(':'),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0),
        _ => Some(sign),
    });
    let signs = signs.filter(|sign| !is_between(*sign));
    signs.flat_map(char::to_uppercase).collect()
}

/// Typed along by input methods and by printers of bad habits.
fn is_between(sign: char) -> bool {
    sign.is_whitespace()
        || sign.is_control()
        || matches!(
            sign,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2010}'..='\u{2015}' | '\u{2060}' | '\u{feff}'
                | '\'' | '’' | '‘' | '`' | '´' | '·' | '-' | '−' | '_'
        )
}

fn id(signs: &str) -> Option<RecordId> {
    let digits = signs.chars().all(|sign| sign.is_ascii_hexdigit());
    let small = digits.then(|| signs.to_lowercase())?;
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32];
    let parts: Option<Vec<&str>> = parts.into_iter().map(|part| small.get(part)).collect();
    parts?.join("-").parse().ok()
}

fn broken() -> Error {
    Error::Malformed {
        code: "scan.broken",
        say: text(
            "标签没有读全，请重扫",
            "the label was not read whole: scan it again",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0190f3a2-b4c5-7d8e-9f00-112233445566";

    #[test]
    fn a_label_is_read_through_whatever_stands_between() {
        for typed in [
            "RP:0190F3A2B4C57D8E9F00112233445566",
            "rp:0190f3a2-b4c5-7d8e-9f00-112233445566",
            "ＲＰ：０１９０Ｆ３Ａ２Ｂ４Ｃ５７Ｄ８Ｅ９Ｆ００１１２２３３４４５５６６",
            "r'p；0190f3a2b4c57d8e9f00112233445566",
            "/RP:0190F3 RP:0190F3A2B4C57D8E9F00112233445566",
            "\u{feff} RP: 0190F3A2 B4C57D8E 9F001122 33445566\r\n",
        ] {
            let meant = Meant::Label(ID.parse().unwrap());
            assert_eq!(read(typed).unwrap(), meant, "{typed}");
        }
    }

    #[test]
    fn what_begins_as_a_label_and_is_none_was_not_read_whole() {
        let long = "9".repeat(limits::SCAN_CHARS + 1);
        for typed in [
            "RP:0190F3A2B4C57D8E9F0011223344556",
            "RP:0190F3A2B4C57D8E9F001122334455667",
            "RP:0190F3A2B4C57D8E9F0011223344556O",
            "RP:",
            "",
            " - ",
            &long,
        ] {
            let Err(Error::Malformed { code, .. }) = read(typed) else {
                panic!("{typed}")
            };
            assert_eq!(code, "scan.broken");
        }
    }

    #[test]
    fn numbers_are_the_same_in_any_width_case_and_spacing() {
        let meant = Meant::Number("WJ2026机密00002".to_owned());
        assert_eq!(read("ＷＪ２０２６－机密－00002").unwrap(), meant);
        assert_eq!(read("wj2026 机密 00002").unwrap(), meant);
        assert!(read(&"9".repeat(limits::SCAN_CHARS)).is_ok());
    }
}
