//! What the codes of simple fonts mean: the encodings that PDF knows by name, and the names of glyphs.

use std::collections::HashMap;
use std::sync::OnceLock;

use encoding_rs::{MACINTOSH, WINDOWS_1252};

/// Adobe's list of glyph names (BSD-3-Clause): a name and its characters in hexadecimal.
const GLYPHS: &str = include_str!("glyphs.txt");

/// Characters from code 32 on; a space where a code means nothing.
const STANDARD: &str = concat!(
    " !\"#$%&’()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_‘abcdefghijklmnopqrstuvwxyz{|}~",
    "                                  ¡¢£⁄¥ƒ§¤'“«‹›ﬁﬂ –†‡· ¶•‚„”»…‰ ¿ `´ˆ˜¯˘˙¨ ˚¸ ˝˛ˇ—",
    "                Æ ª    ŁØŒº     æ   ı  łøœß    "
);
const SYMBOL: &str = concat!(
    " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_ αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼ ",
    "                                €ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…  ↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓",
    "◊〈®©™∑           〉∫⌠ ⌡          "
);

/// The encodings that have a name, and those of the two fonts that have their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    Standard,
    WinAnsi,
    MacRoman,
    Symbol,
    Dingbats,
}

impl Base {
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        match name {
            b"StandardEncoding" => Some(Self::Standard),
            b"WinAnsiEncoding" => Some(Self::WinAnsi),
            b"MacRomanEncoding" => Some(Self::MacRoman),
            _ => None,
        }
    }

    pub(super) fn of_font(name: &str) -> Option<Self> {
        if name.contains("Dingbats") {
            Some(Self::Dingbats)
        } else if name.contains("Symbol") {
            Some(Self::Symbol)
        } else {
            None
        }
    }

    pub(super) fn character(self, code: u8) -> Option<char> {
        let found = match self {
            Self::Standard => table(STANDARD, code),
            Self::Symbol => table(SYMBOL, code),
            Self::Dingbats => dingbat(code),
            Self::WinAnsi => WINDOWS_1252
                .decode_without_bom_handling(&[code])
                .0
                .chars()
                .next(),
            Self::MacRoman => MACINTOSH
                .decode_without_bom_handling(&[code])
                .0
                .chars()
                .next(),
        };
        found.filter(|one| !one.is_control())
    }
}

fn table(characters: &str, code: u8) -> Option<char> {
    let found = characters.chars().nth(usize::from(code.checked_sub(32)?))?;
    (found != ' ' || code == 32).then_some(found)
}

/// Zapf's signs stand in Unicode in his order, but for those that were there before.
fn dingbat(code: u8) -> Option<char> {
    match code {
        32 => Some(' '),
        0x25 => Some('☎'),
        0x2A => Some('☛'),
        0x2B => Some('☞'),
        0x48 => Some('★'),
        0x6C => Some('●'),
        0x6E => Some('■'),
        0x73 => Some('▲'),
        0x74 => Some('▼'),
        0x75 => Some('◆'),
        0x77 => Some('◗'),
        0x21..=0x7E => char::from_u32(0x2701 + u32::from(code - 0x21)),
        _ => None,
    }
}

/// The characters that a glyph's name stands for.
pub(super) fn of_name(name: &str) -> Option<String> {
    let stem = name.split('.').next().filter(|stem| !stem.is_empty())?;
    let mut characters = String::new();
    for part in stem.split('_') {
        match listed(part) {
            Some(found) => characters.push_str(&found),
            None => characters.push(by_number(part)?),
        }
    }
    Some(characters)
}

fn listed(name: &str) -> Option<String> {
    static LIST: OnceLock<HashMap<&'static str, &'static str>> = OnceLock::new();
    let list = LIST.get_or_init(|| {
        GLYPHS
            .lines()
            .filter_map(|line| line.split_once(' '))
            .collect()
    });
    list.get(name)?
        .split(' ')
        .map(|number| {
            u32::from_str_radix(number, 16)
                .ok()
                .and_then(char::from_u32)
        })
        .collect()
}

/// `uni6587`, `u1F600`.
fn by_number(name: &str) -> Option<char> {
    let digits = match name.strip_prefix("uni") {
        Some(digits) => digits.get(..4)?,
        None => name.strip_prefix('u').filter(|rest| rest.len() >= 4)?,
    };
    char::from_u32(u32::from_str_radix(digits, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::{Base, of_name};

    #[test]
    fn glyph_names_of_all_kinds_are_understood() {
        let told = ["A", "uni5BC6", "u2605", "f_i", "a.alt", "afii10017", "g17"];
        assert_eq!(
            told.map(|name| of_name(name).unwrap_or_default()),
            ["A", "密", "★", "fi", "a", "А", ""]
        );
    }

    #[test]
    fn every_base_knows_its_own_signs() {
        assert_eq!(Base::Standard.character(0x27), Some('’'));
        assert_eq!(Base::Standard.character(0xFB), Some('ß'));
        assert_eq!(Base::Symbol.character(0x61), Some('α'));
        assert_eq!(Base::Symbol.character(0xF2), Some('∫'));
        assert_eq!(Base::Dingbats.character(0x48), Some('★'));
        assert_eq!(Base::WinAnsi.character(0x93), Some('“'));
    }
}
