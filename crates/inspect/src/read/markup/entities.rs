//! Characters by name or number: `&amp;`, `&#26426;`, `&#x5bc6;`.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

/// No name is longer.
const NAME_MOST: usize = 34;

/// Text with its named and numbered characters put in; what is no name stays as it is.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        rest = after;
        match entity(after) {
            Some((value, used)) => {
                out.push_str(&value);
                rest = after.get(used..).unwrap_or_default();
            }
            None => out.push('&'),
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// What stands for the entity at the beginning, and how many bytes it takes.
fn entity(text: &str) -> Option<(Cow<'static, str>, usize)> {
    if let Some(number) = text.strip_prefix('#') {
        let (digits, radix, before) = match number.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16, 2),
            None => (number, 10, 1),
        };
        let end = digits
            .find(|c: char| !c.is_digit(radix))
            .unwrap_or(digits.len());
        let code = u32::from_str_radix(digits.get(..end)?, radix).ok()?;
        let semicolon = usize::from(digits.get(end..)?.starts_with(';'));
        return Some((
            character(code)?.to_string().into(),
            before + end + semicolon,
        ));
    }
    let end = text
        .bytes()
        .take(NAME_MOST)
        .position(|byte| !byte.is_ascii_alphanumeric())
        .unwrap_or(text.len().min(NAME_MOST));
    let name = text.get(..end)?;
    let closed = text.get(end..)?.starts_with(';');
    if !closed && !matches!(name, "nbsp" | "amp" | "lt" | "gt" | "quot") {
        return None;
    }
    let value = quick_xml::escape::resolve_html5_entity(name)?;
    Some((value.into(), end + usize::from(closed)))
}

/// Pages write the numbers of Windows-1252 for characters above 127.
fn character(code: u32) -> Option<char> {
    match u8::try_from(code) {
        Ok(byte @ 0x80..=0x9f) => WINDOWS_1252.decode(&[byte]).0.chars().next(),
        _ => char::from_u32(code).filter(|c| *c != '\0'),
    }
}
