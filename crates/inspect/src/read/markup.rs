//! Text between tags: HTML and XML.

mod asides;
mod entities;
mod html;
mod tags;
#[cfg(test)]
mod tests;
mod xml;

use std::borrow::Cow;

use encoding_rs::Encoding;

use super::{Fault, Outcome, Reading};
use crate::encoding::{Coding, decode_to, guess};
use crate::report::Cause;

pub(super) use asides::Asides;

/// So much of the beginning is looked at for the name of the encoding.
const DECLARED_WITHIN: usize = 2_048;

pub(super) fn html(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let text = characters(bytes, into)?;
    html::read(&text, into)
}

pub(super) fn xml(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let text = characters(bytes, into)?;
    xml::read(&text, into)
}

/// The file as characters. What it says of its own encoding counts only where its bytes leave the choice open and keep
/// to it: mail programs and web servers change the one without the other.
fn characters<'a>(bytes: &'a [u8], into: &mut Reading<'_>) -> Result<Cow<'a, str>, Fault> {
    let most = into.limits().input;
    let looked_at = bytes.get(..most.min(bytes.len())).unwrap_or_default();
    if looked_at.len() < bytes.len() {
        into.note(Cause::TooBig);
    }
    if !looked_at.starts_with(b"\xef\xbb\xbf")
        && let Ok(text) = std::str::from_utf8(looked_at)
        && !text.is_ascii()
    {
        return Ok(Cow::Borrowed(text));
    }
    let coding = guess(looked_at).ok_or(Fault(Cause::UnknownFormat))?;
    if matches!(coding, Coding::Web(encoding) if !encoding.is_ascii_compatible()) {
        return Ok(Cow::Owned(decoded(looked_at, coding, into)));
    }
    if let Some(encoding) = declared(looked_at)
        && let (text, true) = decode_to(looked_at, Coding::Web(encoding), most.saturating_mul(3))
    {
        return Ok(Cow::Owned(text));
    }
    Ok(Cow::Owned(decoded(looked_at, coding, into)))
}

fn decoded(bytes: &[u8], coding: Coding, into: &mut Reading<'_>) -> String {
    let (text, whole) = decode_to(bytes, coding, into.limits().input.saturating_mul(3));
    if !whole {
        into.note(Cause::Damaged);
    }
    text
}

/// `encoding="…"` of XML, `charset=…` of HTML.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let begin = bytes.get(..DECLARED_WITHIN.min(bytes.len()))?;
    let begin = String::from_utf8_lossy(begin).to_ascii_lowercase();
    let after = ["encoding=", "charset="]
        .into_iter()
        .find_map(|name| begin.split_once(name))?;
    let label: String = after
        .1
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_.:".contains(*c))
        .collect();
    let found = Encoding::for_label_no_replacement(label.as_bytes())?;
    Some(if found == encoding_rs::GBK {
        encoding_rs::GB18030
    } else {
        found
    })
}
