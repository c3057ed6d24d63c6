//! Headers of a message, with the words in them that are written in code.

use mail_parser::{Header, HeaderValue, Message};

use crate::read::archive::name_of;
use crate::read::{Outcome, Reading};
use crate::{Part, Place};

/// Headers that people write or read; the others are among the properties.
const SHOWN: &[&str] = &[
    "subject",
    "from",
    "to",
    "cc",
    "bcc",
    "reply-to",
    "sender",
    "date",
    "comments",
    "keywords",
    "organization",
    "thread-topic",
    "importance",
    "sensitivity",
];

pub(super) fn read(message: &Message<'_>, bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    into.at(Place {
        part: Part::Header,
        ..Place::default()
    })?;
    let (shown, other): (Vec<&Header<'_>>, Vec<&Header<'_>>) =
        message.headers().iter().partition(|header| {
            SHOWN
                .iter()
                .any(|name| header.name().eq_ignore_ascii_case(name))
        });
    for header in shown {
        into.line()?;
        into.write(&format!("{}: {}", header.name(), value(header, bytes)))?;
    }
    for header in other {
        into.look()?;
        into.property(header.name(), &value(header, bytes))?;
    }
    into.at(Place::default())
}

fn value(header: &Header<'_>, bytes: &[u8]) -> String {
    let from = usize::try_from(header.offset_start).unwrap_or_default();
    let to = usize::try_from(header.offset_end).unwrap_or_default();
    let raw = bytes.get(from..to).unwrap_or_default();
    match &header.value {
        HeaderValue::Text(text) if !text.contains('\u{FFFD}') => text.to_string(),
        HeaderValue::TextList(list) => list.join(", "),
        // WHY raw: what is written in no code is of the code page of whoever wrote it, and that is here most often GBK
        HeaderValue::Text(_)
        | HeaderValue::Address(_)
        | HeaderValue::DateTime(_)
        | HeaderValue::ContentType(_)
        | HeaderValue::Received(_)
        | HeaderValue::Empty => {
            let text = name_of(raw);
            text.split_whitespace().collect::<Vec<&str>>().join(" ")
        }
    }
}
