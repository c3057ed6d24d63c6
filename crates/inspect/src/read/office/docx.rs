//! Word's packages of XML.

use super::markup::{Markup, Piece, utf8};
use super::parts::Parts;
use super::words::{self, Veils};
use crate::read::{Outcome, Reading};
use crate::{Part, Place};

/// What a part holds, by its name, in the order in which parts are read.
const KINDS: &[(&str, Part)] = &[
    ("document", Part::Body),
    ("header", Part::Header),
    ("footer", Part::Footer),
    ("footnotes", Part::Footnote),
    ("endnotes", Part::Footnote),
    ("comments", Part::Comment),
    ("chart", Part::Textbox),
    ("data", Part::Textbox),
    ("settings", Part::Hidden),
];

pub(crate) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    if !bytes.starts_with(b"PK") {
        // all parts in one file of XML, or Word 2003's own
        let xml = utf8(bytes);
        return words::read(&xml, Place::default(), &words::veils(&xml), into);
    }
    let mut parts = Parts::open(bytes, into)?;
    let veils = match parts.take("word/styles.xml", into)? {
        Some(styles) => words::veils(&styles),
        None => Veils::new(),
    };
    if let Some(xml) = parts.take("word/numbering.xml", into)? {
        numbering(&xml, into)?;
    }
    let names = parts.left();
    for (kind, part) in KINDS {
        for name in names.iter().filter(|name| is_kind(name, kind)) {
            let glossary = name.contains("glossary/");
            let part = if glossary { Part::Hidden } else { *part };
            if let Some(xml) = parts.take(name, into)? {
                let place = Place {
                    part,
                    ..Place::default()
                };
                if *kind == "settings" {
                    variables(&xml, into)?;
                } else {
                    words::read(&xml, place, &veils, into)?;
                }
            }
        }
    }
    for name in names.iter().filter(|name| is_drawn_again(name)) {
        parts.skip(name);
    }
    parts.rest(into)
}

fn is_kind(name: &str, kind: &str) -> bool {
    let Some((path, file)) = name.rsplit_once('/') else {
        return false;
    };
    let stem = file.strip_suffix(".xml").unwrap_or_default();
    let expected = match kind {
        "chart" => path.ends_with("charts"),
        "data" => path.ends_with("diagrams"),
        _ => path.starts_with("word"),
    };
    expected
        && stem
            .strip_prefix(kind)
            .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A diagram's drawing says what its data says.
fn is_drawn_again(name: &str) -> bool {
    name.contains("diagrams/drawing")
        || (name.starts_with("word/")
            && (name.contains("people")
                || name.contains("commentsExtended")
                || name.contains("commentsIds")))
}

/// Words that a list writes before its paragraphs.
fn numbering(xml: &[u8], into: &mut Reading<'_>) -> Outcome {
    for piece in Markup::of(xml) {
        if let Piece::Open(tag) = piece
            && tag.name == b"lvlText"
            && let Some(words) = tag.attribute(b"val")
            && words
                .chars()
                .filter(|letter| *letter >= '\u{2e80}')
                .nth(1)
                .is_some()
        {
            into.property("list", &words)?;
        }
    }
    Ok(())
}

/// Variables of a document, which fields may show.
fn variables(xml: &[u8], into: &mut Reading<'_>) -> Outcome {
    if memchr::memmem::find(xml, b"docVar ").is_none() {
        return Ok(());
    }
    for piece in Markup::of(xml) {
        if let Piece::Open(tag) = piece
            && tag.name == b"docVar"
        {
            let name = tag.attribute(b"name").unwrap_or_default();
            into.property(&name, &tag.attribute(b"val").unwrap_or_default())?;
        }
    }
    Ok(())
}
