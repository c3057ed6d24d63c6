//! Text that is written as something else: characters by number, percent signs, quoted-printable, escapes, base64, and
//! letters that a direction sign turns round. Each is read as a text of its own, and knows where it stood.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::encoding::chinese;

/// So many of them in one text.
const LAYERS_MOST: usize = 10_000;
/// A run of base64 that is shorter says nothing.
const BASE64_LEAST: usize = 16;
/// Fewer letters that stand apart are no word.
const SPACED_LEAST: usize = 5;
/// The widest gap between letters that stand apart.
const SPACED_GAP: usize = 8;
/// Text in one run that is longer than this is data.
const RUN_MOST: usize = 1 << 20;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A piece of text that was written as something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layer {
    /// Where it stands, in bytes.
    pub(crate) at: usize,
    /// How long it is there.
    pub(crate) length: usize,
    /// What it says.
    pub(crate) text: String,
}

/// What a text says in other writings. Only what is not ASCII or looks like words comes of it.
pub(crate) fn layers(text: &str) -> Vec<Layer> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    for at in memchr::memchr3_iter(b'%', b'=', b'\\', bytes) {
        if after_last(&found, at) {
            hexadecimal(text, at, &mut found);
        }
    }
    let mut last = found.len();
    for at in memchr::memmem::find_iter(bytes, b"&#") {
        if found.get(last..).is_some_and(|own| after_last(own, at)) {
            numbered(text, at, &mut found);
        }
    }
    last = found.len();
    for (at, run) in base64_runs(text) {
        if found.get(last..).is_some_and(|own| after_last(own, at)) {
            base64_run(at, run, &mut found);
        }
    }
    spaced(text, &mut found);
    for at in memchr::memmem::find_iter(bytes, "\u{202e}".as_bytes()) {
        let begin = at + '\u{202e}'.len_utf8();
        let rest = text.get(begin..).unwrap_or_default();
        let end = rest
            .find(['\n', '\u{202c}', '\u{202d}'])
            .unwrap_or(rest.len())
            .min(rest.floor_char_boundary(2_000));
        let turned = rest.get(..end).unwrap_or_default();
        push(
            &mut found,
            begin,
            turned.len(),
            turned.chars().rev().collect(),
        );
    }
    found
}

/// Latin letters that stand apart from each other, with wider gaps between words: `T O P   S E C R E T`.
fn spaced(text: &str, found: &mut Vec<Layer>) {
    let bytes = text.as_bytes();
    let is_gap = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_whitespace);
    let is_alone = |at: usize| {
        is_gap(at + 1)
            && bytes.get(at).is_some_and(u8::is_ascii_graphic)
            && at.checked_sub(1).is_none_or(is_gap)
    };
    let mut at = 0;
    while at < bytes.len() {
        let Some(mut begin) = [at, at + 1]
            .into_iter()
            .find(|at| is_alone(*at) && is_alone(at + 2))
        else {
            at += SPACED_LEAST;
            continue;
        };
        while let Some(before) = (2..=SPACED_GAP).find_map(|step| {
            let before = begin.checked_sub(step)?;
            let only_gap = (before + 1..begin).all(is_gap);
            (only_gap && is_alone(before)).then_some(before)
        }) {
            begin = before;
        }
        let (mut said, mut end) = (String::new(), begin);
        while let Some(byte) = bytes.get(end).filter(|byte| byte.is_ascii_graphic()) {
            let rest = bytes.get(end + 1..).unwrap_or_default();
            let gap = rest
                .iter()
                .take(SPACED_GAP)
                .take_while(|byte| byte.is_ascii_whitespace())
                .count();
            said.push(char::from(*byte));
            end += 1;
            let next_alone = bytes.get(end + gap + 1).is_none_or(u8::is_ascii_whitespace);
            if gap == 0 || !next_alone || said.len() >= RUN_MOST {
                break;
            }
            if gap > 1 || rest.first() == Some(&b'\t') {
                said.push(' ');
            }
            end += gap;
        }
        if said.len() >= SPACED_LEAST {
            push(found, begin, end - begin, said);
        }
        at = end.max(at) + 1;
    }
}

fn push(found: &mut Vec<Layer>, at: usize, length: usize, text: String) {
    if found.len() < LAYERS_MOST && !text.is_empty() {
        found.push(Layer { at, length, text });
    }
}

fn after_last(found: &[Layer], at: usize) -> bool {
    found.last().is_none_or(|last| last.at + last.length <= at)
}

/// Whether a sign is followed by the digits of something beyond ASCII.
fn begins(bytes: &[u8]) -> bool {
    let digits = |from: usize, count: usize| {
        let digits = bytes.get(from..from + count)?;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let code = match bytes {
        [b'\\', b'u', ..] => digits(2, 4),
        [b'\\', b'x', ..] => digits(2, 2),
        [b'%' | b'=', first, ..] if first.is_ascii_hexdigit() => digits(1, 2),
        _ => None,
    };
    code.is_some_and(|code| code > 0x7f)
}

/// `%E6%9C%BA`, `=E6=9C=BA`, `\xE6\x9C\xBA`, `\u673a`: at least two of them, with other text between.
fn hexadecimal(text: &str, at: usize, found: &mut Vec<Layer>) {
    // WHY first: these signs are everywhere in code, and hardly ever begin such text
    if !begins(text.as_bytes().get(at..).unwrap_or_default()) {
        return;
    }
    let rest = text.get(at..).unwrap_or_default();
    let rest = rest
        .get(..rest.floor_char_boundary(RUN_MOST))
        .unwrap_or_default();
    let by_unit = rest.starts_with("\\u");
    let sign = if by_unit || rest.starts_with("\\x") {
        rest.get(..2)
    } else {
        rest.get(..1)
    };
    let Some(sign) = sign.filter(|sign| *sign != "\\") else {
        return;
    };
    let digits = if by_unit { 4 } else { 2 };
    let (mut units, mut bytes, mut used, mut count) = (Vec::new(), Vec::new(), 0, 0);
    while let Some(left) = rest.get(used..).filter(|left| !left.is_empty()) {
        let code = left
            .strip_prefix(sign)
            .and_then(|hex| hex.get(..digits))
            .and_then(|hex| u16::from_str_radix(hex, 16).ok());
        if let Some(code) = code {
            units.push(code);
            bytes.push(u8::try_from(code & 0xff).unwrap_or_default());
            used += sign.len() + digits;
            count += usize::from(code > 0x7f);
        } else if sign == "=" && (left.starts_with("=\r\n") || left.starts_with("=\n")) {
            used += if left.starts_with("=\n") { 2 } else { 3 };
        } else if left
            .strip_prefix(' ')
            .map(|next| next.trim_start_matches(|c: char| c.is_ascii_digit()))
            .is_some_and(|next| next.starts_with(sign))
        {
            units.push(u16::from(b' '));
            bytes.push(b' ');
            used += 1;
        } else if let Some(byte) = left
            .bytes()
            .next()
            .filter(|byte| byte.is_ascii_alphanumeric() || b"*-+/.".contains(byte))
        {
            units.push(u16::from(byte));
            bytes.push(byte);
            used += 1;
        } else {
            break;
        }
    }
    if count < 2 {
        return;
    }
    let said = if by_unit {
        String::from_utf16_lossy(&units)
    } else {
        said(&bytes).unwrap_or_default()
    };
    push(found, at, used, said);
}

/// `&#26426;&#x5bc6;`.
fn numbered(text: &str, at: usize, found: &mut Vec<Layer>) {
    let rest = text.get(at..).unwrap_or_default();
    let (mut said, mut used, mut count) = (String::new(), 0, 0);
    while let Some(left) = rest.get(used..).filter(|left| !left.is_empty()) {
        let code = left.strip_prefix("&#").and_then(|number| {
            let (digits, _) = number
                .get(..number.floor_char_boundary(10))?
                .split_once(';')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => digits.parse().ok()?,
            };
            Some((char::from_u32(code)?, digits.len() + 3))
        });
        let first = left
            .chars()
            .next()
            .filter(|c| c.is_ascii_alphanumeric() || "*-.".contains(*c) || !c.is_ascii());
        let (c, length) = match (code, first) {
            (Some(code), _) => code,
            (None, Some(first)) => (first, first.len_utf8()),
            (None, None) => break,
        };
        count += usize::from(code.is_some());
        said.push(c);
        used += length;
        if said.len() > RUN_MOST {
            break;
        }
    }
    if count >= 2 {
        push(found, at, used, said);
    }
}

/// Runs of the letters of base64, over line ends as mail writes them.
fn base64_runs(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    let bytes = text.as_bytes();
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            // WHY in steps: whatever is longer than a step has a letter at one of them
            let mut at = from;
            while !is_letter(*bytes.get(at + BASE64_LEAST - 1)?) {
                at += BASE64_LEAST;
            }
            let middle = at + BASE64_LEAST - 1;
            let back = bytes
                .get(from..middle)?
                .iter()
                .rev()
                .take_while(|byte| is_letter(**byte))
                .count();
            let begin = middle - back;
            let mut end = middle;
            while let Some(&byte) = bytes.get(end) {
                let folded = (byte == b'\n' || byte == b'\r') && end - begin >= 60;
                if !is_letter(byte) && !folded || end - begin >= RUN_MOST {
                    break;
                }
                end += 1;
            }
            from = end.max(middle + 1);
            if end - begin >= BASE64_LEAST {
                return Some((begin, text.get(begin..end)?));
            }
        }
    })
}

fn base64_run(at: usize, run: &str, found: &mut Vec<Layer>) {
    // WHY: words and paths are runs of the same letters; text in base64 mixes all of them
    let has = |test: fn(&u8) -> bool| run.bytes().any(|byte| test(&byte));
    if !(has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase)) {
        return;
    }
    let letters: Vec<u8> = run
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    let whole = letters.len() - letters.len() % 4;
    let Some(bytes) = LENIENT
        .decode(&letters)
        .or_else(|_| LENIENT.decode(letters.get(..whole).unwrap_or_default()))
        .ok()
    else {
        return;
    };
    if let Some(said) = said(&bytes) {
        push(found, at, run.len(), said);
    }
}

/// Bytes as text: UTF-8 that has characters of more than one byte, or another encoding that is sure.
fn said(bytes: &[u8]) -> Option<String> {
    if bytes
        .iter()
        .filter(|byte| !byte.is_ascii_graphic() && **byte < 0x80 && !byte.is_ascii_whitespace())
        .count()
        * 10
        > bytes.len()
    {
        return None;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(text.to_owned());
    }
    chinese(bytes)
}
