//! Messages: their headers, bodies and attachments; boxes of messages.

mod body;
mod header;
pub(super) mod tnef;

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::archive::name_of;
use super::{Fault, Outcome, Reading};
use crate::report::Cause;
use crate::{Part, Place};

/// Parts of a message within one another are read up to here; more are made only to hurt.
const PARTS: usize = 10_000;

pub(super) fn eml(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let message = MessageParser::new()
        .with_mime_headers()
        .default_header_text()
        .parse(bytes)
        .ok_or(Fault(Cause::Damaged))?;
    header::read(&message, bytes, into)?;
    preamble(&message, bytes, into)?;
    if message.parts.len() > PARTS {
        into.note(Cause::TooBig);
    }
    for (at, part) in message.parts.iter().take(PARTS).enumerate() {
        into.look()?;
        one(&message, at, part, bytes, into)?;
    }
    into.at(Place::default())
}

fn one(
    message: &Message<'_>,
    at: usize,
    part: &MessagePart<'_>,
    bytes: &[u8],
    into: &mut Reading<'_>,
) -> Outcome {
    let kind = body::kind(part);
    if kind == "application/pkcs7-mime" || kind == "application/x-pkcs7-mime" {
        return smime(part, into);
    }
    if kind == "multipart/encrypted" {
        into.note(Cause::Encrypted);
    }
    let is = |ids: &[u32]| ids.iter().any(|id| usize::try_from(*id) == Ok(at));
    let shown = is(&message.text_body) || is(&message.html_body);
    let name = part.attachment_name().map(str::to_owned);
    match &part.body {
        PartType::Multipart(_) => Ok(()),
        PartType::Text(text) if shown && name.is_none() => {
            into.at(Place::default())?;
            body::text(text, part, bytes, into)
        }
        PartType::Html(html) if shown && name.is_none() => {
            into.at(Place::default())?;
            body::html(html, part, bytes, into)
        }
        PartType::Text(text) | PartType::Html(text) => {
            let raw = body::raw(part, bytes);
            let content = raw.as_deref().unwrap_or(text.as_bytes());
            attached(name, &kind, content, into)
        }
        PartType::Binary(content) | PartType::InlineBinary(content) => {
            attached(name, &kind, content, into)
        }
        PartType::Message(inner) => {
            let from = usize::try_from(part.offset_body).unwrap_or_default();
            let to = usize::try_from(part.offset_end).unwrap_or_default();
            let plain = bytes.get(from..to).unwrap_or_default();
            let content =
                if inner.raw_message().is_empty() || part.encoding == mail_parser::Encoding::None {
                    plain
                } else {
                    inner.raw_message()
                };
            let subject = inner.subject().unwrap_or_default();
            attached(
                name.or_else(|| Some(format!("{subject}.eml"))),
                &kind,
                content,
                into,
            )
        }
    }
}

/// A file that came with the message.
fn attached(name: Option<String>, kind: &str, content: &[u8], into: &mut Reading<'_>) -> Outcome {
    let name = name.unwrap_or_else(|| kind.replace('/', "."));
    into.member(&name)?;
    into.unpacked(content.len())?;
    into.inside(&name, content)
}

/// What is written before the first part is shown by no program, and is there.
fn preamble(message: &Message<'_>, bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let Some(root) = message.parts.first() else {
        return Ok(());
    };
    let PartType::Multipart(inner) = &root.body else {
        return Ok(());
    };
    let first = inner
        .first()
        .and_then(|id| message.parts.get(usize::try_from(*id).ok()?));
    let Some(first) = first else { return Ok(()) };
    let from = usize::try_from(root.offset_body).unwrap_or_default();
    let to = usize::try_from(first.offset_header).unwrap_or_default();
    let before = name_of(bytes.get(from..to).unwrap_or_default());
    let said = before.rsplit_once("--").map_or("", |(said, _)| said);
    if said.trim().is_empty() {
        return Ok(());
    }
    into.at(Place {
        part: Part::Hidden,
        ..Place::default()
    })?;
    into.write(said)
}

/// Signed or encrypted, as one lump. What is signed only stands in it as it is.
fn smime(part: &MessagePart<'_>, into: &mut Reading<'_>) -> Outcome {
    /// The number of signed data among kinds of content, as it stands in the lump.
    const SIGNED: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
    let lump = part.contents();
    let signed = memchr::memmem::find(lump.get(..64.min(lump.len())).unwrap_or_default(), SIGNED);
    let begin = memchr::memmem::find(lump, b"Content-Type:")
        .or_else(|| memchr::memmem::find(lump, b"MIME-Version:"));
    match (signed, begin.and_then(|begin| lump.get(begin..))) {
        (Some(_), Some(content)) => into.inside("smime.eml", content),
        (Some(_), None) => Err(Fault(Cause::UnknownFormat)),
        (None, _) => {
            into.note(Cause::Encrypted);
            Ok(())
        }
    }
}

/// Messages one after another, each behind a line that begins with `From `.
pub(super) fn mbox(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut rest = bytes;
    let mut number = 0_u32;
    while let Some(line) = memchr::memchr(b'\n', rest) {
        into.look()?;
        let body = rest.get(line + 1..).unwrap_or_default();
        let end = memchr::memmem::find(body, b"\n\nFrom ")
            .into_iter()
            .chain(memchr::memmem::find(body, b"\n\r\nFrom "))
            .min();
        let (message, after) = match end {
            Some(end) => {
                let after = body.get(end + 1..).unwrap_or_default();
                (
                    body.get(..=end).unwrap_or_default(),
                    after.trim_ascii_start(),
                )
            }
            None => (body, &[][..]),
        };
        number += 1;
        into.inside(&format!("{number}.eml"), message)?;
        rest = after;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
