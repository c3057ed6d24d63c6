//! What a document says of itself: each element that holds text, and each attribute of labels, is a named value.

use super::markup::{Markup, Piece, Tag, text, utf8};
use crate::read::{Outcome, Reading};

/// Whether attributes are values too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attributes {
    /// They say how, not what.
    Skip,
    /// They are what is said: labels, custom data.
    Tell,
}

/// Reads named values: an element's name, or the name that it has been given, and its text.
pub(crate) fn read(xml: &[u8], attributes: Attributes, into: &mut Reading<'_>) -> Outcome {
    let xml = utf8(xml);
    let mut name = String::new();
    let mut value = String::new();
    for piece in Markup::of(&xml) {
        match piece {
            Piece::Open(tag) => {
                into.property(&name, value.trim())?;
                value.clear();
                name_of(&tag, &mut name);
                if attributes == Attributes::Tell {
                    tell(&tag, into)?;
                }
            }
            Piece::Text(raw) => value.push_str(&text(raw)),
            Piece::Data(data) => value.push_str(&String::from_utf8_lossy(data)),
            Piece::Close(_) => {
                into.property(&name, value.trim())?;
                value.clear();
            }
        }
    }
    into.property(&name, value.trim())
}

/// `<property name="x"><vt:lpwstr>` is called x; `<dc:title>` is called title.
fn name_of(tag: &Tag<'_>, name: &mut String) {
    if tag.prefix == b"vt" {
        return;
    }
    name.clear();
    match tag.attribute(b"name").or_else(|| tag.attribute(b"Name")) {
        Some(given) => name.push_str(&given),
        None => name.push_str(&String::from_utf8_lossy(tag.name)),
    }
}

fn tell(tag: &Tag<'_>, into: &mut Reading<'_>) -> Outcome {
    for (prefix, name, value) in tag.attributes() {
        if prefix == b"xmlns" || name == b"xmlns" || prefix == b"xsi" {
            continue;
        }
        let name = format!(
            "{}.{}",
            String::from_utf8_lossy(tag.name),
            String::from_utf8_lossy(name)
        );
        into.property(&name, &text(value))?;
    }
    Ok(())
}
