//! TNEF, `winmail.dat`: what Outlook packs attachments and properties into.

use std::collections::BTreeSet;

use encoding_rs::{GBK, UTF_16LE};

use crate::read::archive::{name_of, u16_at, u32_at};
use crate::read::{Fault, Outcome, Reading};
use crate::report::Cause;
use crate::{Part, Place};

const FROM: u32 = 0x0000_8000;
const SUBJECT: u32 = 0x0001_8004;
const BODY: u32 = 0x0002_800C;
const ATTACHED: u32 = 0x0006_9002;
const TITLE: u32 = 0x0001_8010;
const DATA: u32 = 0x0006_800F;
const MESSAGE_PROPERTIES: u32 = 0x0006_9003;
const ATTACHMENT_PROPERTIES: u32 = 0x0006_9005;

/// Numbers of properties.
const LONG_NAME: u16 = 0x3707;
const SHORT_NAME: u16 = 0x3704;
const CONTENT: u16 = 0x3701;
const PLAIN_BODY: u16 = 0x1000;
const HTML_BODY: u16 = 0x1013;
const RICH_BODY: u16 = 0x1009;

/// An attachment whose parts stand one after another.
#[derive(Debug, Default)]
struct Attachment {
    name: String,
    data: Vec<u8>,
}

pub(in crate::read) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut at = 6;
    let mut attachment = Attachment::default();
    while at < bytes.len() {
        into.look()?;
        let header = u32_at(bytes, at + 1).zip(u32_at(bytes, at + 5));
        let Some((id, length)) = header else {
            return Err(Fault(Cause::Damaged));
        };
        let from = at + 9;
        let to = from.saturating_add(usize::try_from(length).unwrap_or(usize::MAX));
        let data = bytes.get(from..to.min(bytes.len())).unwrap_or_default();
        attribute(id, data, &mut attachment, into)?;
        at = to.saturating_add(2);
    }
    attachment.done(into)?;
    if at > bytes.len() {
        return Err(Fault(Cause::Damaged));
    }
    Ok(())
}

fn attribute(id: u32, data: &[u8], attachment: &mut Attachment, into: &mut Reading<'_>) -> Outcome {
    let place = |part| Place {
        part,
        ..Place::default()
    };
    match id {
        SUBJECT | FROM => {
            into.at(place(Part::Header))?;
            into.write(&line(data))
        }
        BODY => {
            into.at(place(Part::Body))?;
            into.write(&line(data))
        }
        ATTACHED => std::mem::take(attachment).done(into),
        TITLE => {
            attachment.name = line(data);
            Ok(())
        }
        DATA => {
            attachment.data = data.to_vec();
            Ok(())
        }
        MESSAGE_PROPERTIES => {
            let properties = properties(data);
            let mut seen = BTreeSet::new();
            for property in properties.iter().filter(|one| seen.insert(one.id)) {
                told(property, into)?;
            }
            Ok(())
        }
        ATTACHMENT_PROPERTIES => {
            for property in properties(data) {
                match property.id {
                    LONG_NAME => attachment.name = property.text(),
                    SHORT_NAME if attachment.name.is_empty() => attachment.name = property.text(),
                    CONTENT if attachment.data.is_empty() => attachment.data = property.data,
                    _ => {}
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

impl Attachment {
    fn done(self, into: &mut Reading<'_>) -> Outcome {
        if self.name.is_empty() && self.data.is_empty() {
            return Ok(());
        }
        into.member(&self.name)?;
        into.unpacked(self.data.len())?;
        // WHY: objects begin with the number of the interface they are asked by
        const MESSAGE: &[u8] = b"\x07\x03\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46";
        let data = self.data.strip_prefix(MESSAGE).unwrap_or(&self.data);
        into.inside(&self.name, data)
    }
}

fn told(property: &Property, into: &mut Reading<'_>) -> Outcome {
    match property.id {
        PLAIN_BODY => {
            into.at(Place::default())?;
            into.write(&property.text())
        }
        HTML_BODY => into.inside("body.html", &property.data),
        RICH_BODY => rich(&property.data, into),
        id if property.is_text() => into.property(&format!("0x{id:04X}"), &property.text()),
        _ => Ok(()),
    }
}

/// The body as rich text, packed in a way of its own.
fn rich(_packed: &[u8], into: &mut Reading<'_>) -> Outcome {
    into.note(Cause::UnknownFormat);
    Ok(())
}

#[derive(Debug)]
struct Property {
    kind: u16,
    id: u16,
    data: Vec<u8>,
}

const TEXT: u16 = 0x1E;
const WIDE_TEXT: u16 = 0x1F;
const OBJECT: u16 = 0x0D;
const BINARY: u16 = 0x102;
const MANY: u16 = 0x1000;

impl Property {
    fn is_text(&self) -> bool {
        self.kind == TEXT || self.kind == WIDE_TEXT
    }

    fn text(&self) -> String {
        let text = if self.kind == WIDE_TEXT {
            UTF_16LE
                .decode_without_bom_handling(&self.data)
                .0
                .into_owned()
        } else {
            line(&self.data)
        };
        text.trim_end_matches('\0').to_owned()
    }
}

fn line(data: &[u8]) -> String {
    let data = data.split(|byte| *byte == 0).next().unwrap_or_default();
    match std::str::from_utf8(data) {
        Ok(_) => name_of(data),
        Err(_) => GBK.decode_without_bom_handling(data).0.into_owned(),
    }
}

/// Properties up to the first that cannot be read.
fn properties(bytes: &[u8]) -> Vec<Property> {
    let mut found = Vec::new();
    let mut at = 4;
    while let Some(after) = one(bytes, at, &mut found) {
        at = after;
    }
    found
}

fn one(bytes: &[u8], at: usize, found: &mut Vec<Property>) -> Option<usize> {
    let (kind, id) = (u16_at(bytes, at)?, u16_at(bytes, at + 2)?);
    let mut at = at + 4;
    if id >= 0x8000 {
        let by_name = u32_at(bytes, at + 16)? == 1;
        at += 20;
        let length = if by_name { size(bytes, at)? } else { 0 };
        at += 4 + length.next_multiple_of(4);
    }
    let single = kind & !MANY;
    let sized = matches!(single, TEXT | WIDE_TEXT | OBJECT | BINARY);
    let count = if sized || kind & MANY != 0 {
        let count = size(bytes, at)?;
        at += 4;
        count
    } else {
        1
    };
    for _ in 0..count {
        let length = if sized {
            let length = size(bytes, at)?;
            at += 4;
            length
        } else {
            match single {
                0x05 | 0x06 | 0x07 | 0x14 | 0x40 => 8,
                0x48 => 16,
                _ => 4,
            }
        };
        let data = bytes.get(at..at.checked_add(length)?)?;
        if sized {
            found.push(Property {
                kind: single,
                id,
                data: data.to_vec(),
            });
        }
        at += length.next_multiple_of(4);
    }
    Some(at)
}

fn size(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32_at(bytes, at)?).ok()
}
