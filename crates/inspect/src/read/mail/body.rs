//! Bodies: plain text and HTML.

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding, MessagePart, MimeHeaders};

use crate::Format;
use crate::read::{Outcome, Reading, reader};
use crate::report::Cause;

/// What a part says it is: `text/html`.
pub(super) fn kind(part: &MessagePart<'_>) -> String {
    part.content_type()
        .map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("plain")))
        .unwrap_or_else(|| "text/plain".to_owned())
        .to_ascii_lowercase()
}

pub(super) fn text(
    text: &str,
    part: &MessagePart<'_>,
    bytes: &[u8],
    into: &mut Reading<'_>,
) -> Outcome {
    if text.contains("-----BEGIN PGP MESSAGE-----") {
        into.note(Cause::Encrypted);
    }
    match lost(text, part, bytes) {
        Some(raw) => reader(Format::Txt)(&raw, into),
        None => into.write(text),
    }
}

pub(super) fn html(
    text: &str,
    part: &MessagePart<'_>,
    bytes: &[u8],
    into: &mut Reading<'_>,
) -> Outcome {
    match lost(text, part, bytes) {
        Some(raw) => reader(Format::Html)(&raw, into),
        None => reader(Format::Html)(text.as_bytes(), into),
    }
}

/// The bytes of a text that was taken for another encoding than it is of.
fn lost(text: &str, part: &MessagePart<'_>, bytes: &[u8]) -> Option<Vec<u8>> {
    if text.contains('\u{FFFD}') {
        raw(part, bytes)
    } else {
        None
    }
}

/// The bytes of a part as they were before they were made fit for the way.
pub(super) fn raw(part: &MessagePart<'_>, bytes: &[u8]) -> Option<Vec<u8>> {
    let from = usize::try_from(part.offset_body).ok()?;
    let to = usize::try_from(part.offset_end).ok()?;
    let raw = bytes.get(from..to)?;
    match part.encoding {
        Encoding::None => Some(raw.to_vec()),
        Encoding::Base64 => base64_decode(raw),
        Encoding::QuotedPrintable => quoted_printable_decode(raw),
    }
}
