//! Outlook's messages: properties by number, recipients and attachments in storages of their own.

use std::collections::HashMap;

use super::compound::Compound;
use super::{lzfu, pages, storage};
use crate::read::le::{Le, index, utf16};
use crate::read::{Outcome, Reading};
use crate::report::Cause;
use crate::{Part, Place};

const STREAM: &str = "__substg1.0_";
/// Names of properties that people know.
const NAMES: &[(u16, &str)] = &[
    (0x0037, "subject"),
    (0x0c1a, "from"),
    (0x0c1f, "from address"),
    (0x5d01, "from address"),
    (0x0042, "on behalf of"),
    (0x0e04, "to"),
    (0x0e03, "cc"),
    (0x0e02, "bcc"),
    (0x0070, "topic"),
    (0x1035, "message id"),
    (0x3001, "name"),
    (0x3003, "address"),
    (0x39fe, "address"),
    (0x3704, "file"),
    (0x3707, "file"),
];
const BODY: u16 = 0x1000;
const HTML: u16 = 0x1013;
const RTF: u16 = 0x1009;
const HEADERS: u16 = 0x007d;
const DATA: u16 = 0x3701;

/// A property that has a stream of its own.
struct Property {
    number: u16,
    kind: u16,
    at: usize,
    is_stream: bool,
}

/// What holds for the whole message.
struct Message<'c, 'b> {
    compound: &'c Compound<'b>,
    page: u16,
    names: HashMap<u16, String>,
}

pub(super) fn read(compound: &Compound<'_>, of: usize, into: &mut Reading<'_>) -> Outcome {
    let message = Message {
        compound,
        page: page(compound, of, into)?,
        names: names(compound, of, into)?,
    };
    message.strings(of, into)?;
    message.bodies(of, into)?;
    let children: Vec<(String, usize)> = compound
        .children(of)
        .filter(|(_, _, is_stream)| !is_stream)
        .map(|(name, at, _)| (name.to_owned(), at))
        .collect();
    for (name, at) in children {
        if name.starts_with("__recip_version1.0_") {
            message.strings(at, into)?;
        } else if name.starts_with("__attach_version1.0_") {
            message.attachment(at, into)?;
        }
    }
    Ok(())
}

/// The code page of strings that are not wide.
fn page(
    compound: &Compound<'_>,
    of: usize,
    into: &mut Reading<'_>,
) -> Result<u16, crate::read::Fault> {
    let fixed = compound
        .named(of, "__properties_version1.0", into)?
        .unwrap_or_default();
    let mut page = 1252;
    // the head has 32 bytes, or 24 in a message inside another
    for head in [24, 32] {
        for sixteen in fixed.rest(head).as_chunks::<16>().0 {
            if let (Some(0x3fde_0003 | 0x3ffd_0003), Some(number)) =
                (sixteen.u32(0), sixteen.u16(8))
                && !matches!(number, 65_001 | 20_127)
            {
                page = number;
            }
        }
    }
    Ok(page)
}

/// Names that programs gave to numbers from 0x8000 on: labels among them.
fn names(
    compound: &Compound<'_>,
    of: usize,
    into: &mut Reading<'_>,
) -> Result<HashMap<u16, String>, crate::read::Fault> {
    let mut names = HashMap::new();
    let Some(storage) = compound.find(of, "__nameid_version1.0") else {
        return Ok(names);
    };
    let entries = compound
        .named(storage, "__substg1.0_00030102", into)?
        .unwrap_or_default();
    let strings = compound
        .named(storage, "__substg1.0_00040102", into)?
        .unwrap_or_default();
    for eight in entries.as_chunks::<8>().0 {
        let (Some(at), Some(kind), Some(number)) = (eight.u32(0), eight.u16(4), eight.u16(6))
        else {
            continue;
        };
        if kind & 1 == 1 {
            let length = index(strings.u32(index(at)).unwrap_or_default());
            let name = utf16(strings.some(index(at).saturating_add(4), length));
            names.insert(0x8000_u16.wrapping_add(number), name);
        }
    }
    Ok(names)
}

impl Message<'_, '_> {
    fn properties(&self, of: usize) -> Vec<Property> {
        self.compound
            .children(of)
            .filter_map(|(name, at, is_stream)| {
                let key = u32::from_str_radix(name.strip_prefix(STREAM)?.get(..8)?, 16).ok()?;
                Some(Property {
                    number: u16::try_from(key >> 16).ok()?,
                    kind: u16::try_from(key & 0xffff).ok()?,
                    at,
                    is_stream,
                })
            })
            .collect()
    }

    fn text(
        &self,
        property: &Property,
        into: &mut Reading<'_>,
    ) -> Result<String, crate::read::Fault> {
        let bytes = self.compound.stream(property.at, into)?;
        Ok(match property.kind {
            0x1f => utf16(&bytes),
            _ => pages::decoded(&bytes, self.page),
        })
    }

    /// All strings but the bodies, by their names.
    fn strings(&self, of: usize, into: &mut Reading<'_>) -> Outcome {
        for property in self.properties(of) {
            if !matches!(property.kind, 0x1e | 0x1f) || matches!(property.number, BODY | HTML) {
                continue;
            }
            let value = self.text(&property, into)?;
            if property.number == HEADERS {
                into.at(Place {
                    part: Part::Header,
                    ..Place::default()
                })?;
                into.write(&value)?;
                into.at(Place::default())?;
                if value.to_ascii_lowercase().contains("multipart/encrypted") {
                    into.note(Cause::Encrypted);
                }
                continue;
            }
            let known = NAMES.iter().find(|(number, _)| *number == property.number);
            let name = match (known, self.names.get(&property.number)) {
                (Some((_, name)), _) => (*name).to_owned(),
                (None, Some(name)) => name.clone(),
                (None, None) => format!("{:04x}", property.number),
            };
            into.property(&name, value.trim_matches('\0'))?;
        }
        Ok(())
    }

    /// The body, as text and as HTML; as rich text where there is neither.
    fn bodies(&self, of: usize, into: &mut Reading<'_>) -> Outcome {
        let properties = self.properties(of);
        let body = |number: u16| {
            properties
                .iter()
                .filter(move |one| one.number == number && one.is_stream)
        };
        let mut said = false;
        for property in body(BODY) {
            let text = self.text(property, into)?;
            said |= !text.trim().is_empty();
            into.at(Place::default())?;
            into.write(&text)?;
            into.line()?;
        }
        for property in body(HTML) {
            said = true;
            let bytes = self.compound.stream(property.at, into)?;
            if property.kind == 0x1f {
                into.inside("body.html", utf16(&bytes).as_bytes())?;
            } else {
                into.inside("body.html", &bytes)?;
            }
        }
        for property in body(RTF).filter(|_| !said) {
            let bytes = self.compound.stream(property.at, into)?;
            let rich = lzfu::unpacked(&bytes, into)?;
            into.inside("body.rtf", &rich)?;
        }
        Ok(())
    }

    fn attachment(&self, of: usize, into: &mut Reading<'_>) -> Outcome {
        let properties = self.properties(of);
        let mut name = String::new();
        // the long name last, for it is the better one
        for number in [0x3001, 0x3704, 0x3707] {
            let named = properties
                .iter()
                .find(|one| one.number == number && matches!(one.kind, 0x1e | 0x1f));
            if let Some(property) = named {
                name = self.text(property, into)?.trim_matches('\0').to_owned();
            }
        }
        into.member(&name)?;
        if name.eq_ignore_ascii_case("smime.p7m") {
            into.note(Cause::Encrypted);
        }
        for property in properties.iter().filter(|one| one.number == DATA) {
            if property.is_stream {
                let bytes = self.compound.stream(property.at, into)?;
                into.inside(&name, &bytes)?;
            } else {
                into.within(&name, |into| storage(self.compound, property.at, into))?;
            }
        }
        Ok(())
    }
}
