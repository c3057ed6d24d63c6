//! EPUB: chapters in the order of their reading.

use std::collections::HashMap;

use super::flow::Flow;
use super::markup::{Markup, Piece, text, utf8};
use super::parts::{Parts, resolve};
use super::properties::{self, Attributes};
use crate::read::{Fault, Outcome, Reading};
use crate::report::Cause;
use crate::{Part, Place};

pub(crate) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut parts = Parts::open(bytes, into)?;
    if let Some(xml) = parts.take("META-INF/encryption.xml", into)?
        && locks_text(&xml)
    {
        into.note(Cause::Encrypted);
    }
    parts.skip("mimetype");
    for name in order(&mut parts, into)? {
        if let Some(xml) = parts.take(&name, into)? {
            chapter(&utf8(&xml), Part::Body, into)?;
        }
    }
    for name in parts.left() {
        let lower = name.to_ascii_lowercase();
        if [".css", ".js", ".ncx", "container.xml"]
            .iter()
            .any(|end| lower.ends_with(end))
        {
            parts.skip(&name);
        } else if [".xhtml", ".html", ".htm"]
            .iter()
            .any(|end| lower.ends_with(end))
            && let Some(xml) = parts.take(&name, into)?
        {
            chapter(&utf8(&xml), Part::Hidden, into)?;
        }
    }
    parts.rest(into)
}

/// Fonts are locked in many books that anybody may read.
fn locks_text(xml: &[u8]) -> bool {
    Markup::of(xml).any(|piece| match piece {
        Piece::Open(tag) if tag.name == b"CipherReference" => tag
            .attribute(b"URI")
            .is_some_and(|target| target.to_ascii_lowercase().contains("htm")),
        Piece::Open(_) | Piece::Close(_) | Piece::Text(_) | Piece::Data(_) => false,
    })
}

fn order(parts: &mut Parts<'_>, into: &mut Reading<'_>) -> Result<Vec<String>, Fault> {
    let mut names = Vec::new();
    for name in parts.left() {
        if !name.to_ascii_lowercase().ends_with(".opf") {
            continue;
        }
        let Some(xml) = parts.take(&name, into)? else {
            continue;
        };
        let xml = utf8(&xml);
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let manifest = memchr::memmem::find(&xml, b"<manifest").unwrap_or(xml.len());
        properties::read(
            xml.get(..manifest).unwrap_or_default(),
            Attributes::Skip,
            into,
        )?;
        let mut items = HashMap::new();
        for piece in Markup::of(&xml) {
            let Piece::Open(tag) = piece else { continue };
            match tag.name {
                b"item" => {
                    let key = tag.attribute(b"id").unwrap_or_default();
                    let target = tag.attribute(b"href").unwrap_or_default();
                    items.insert(key, resolve(folder, &target));
                }
                b"itemref" => {
                    let key = tag.attribute(b"idref").unwrap_or_default();
                    names.extend(items.get(&key).cloned());
                }
                _ => {}
            }
        }
    }
    Ok(names)
}

/// Text of a chapter: elements that begin a line begin one.
fn chapter(xml: &[u8], part: Part, into: &mut Reading<'_>) -> Outcome {
    let place = Place {
        part,
        ..Place::default()
    };
    let mut flow = Flow::new(into, place);
    let mut silent = 0_usize;
    for piece in Markup::of(xml) {
        match piece {
            Piece::Open(tag) => match tag.name {
                b"script" | b"style" | b"rt" => silent += 1,
                b"br" => flow.text("\n"),
                b"img" => {
                    let alternative = tag.attribute(b"alt").unwrap_or_default();
                    flow.aside(Part::Textbox, &alternative)?;
                }
                name if is_block(name) => flow.paragraph()?,
                _ => {}
            },
            Piece::Close(name) => match name {
                b"script" | b"style" | b"rt" => silent = silent.saturating_sub(1),
                b"td" | b"th" => flow.cell()?,
                b"tr" => flow.row()?,
                name if is_block(name) => flow.paragraph()?,
                _ => {}
            },
            Piece::Text(raw) if silent == 0 => {
                let said = text(raw);
                for (at, word) in said.split(|c: char| c.is_ascii_whitespace()).enumerate() {
                    if at > 0 && !flow.so_far().is_empty() && !flow.so_far().ends_with(' ') {
                        flow.text(" ");
                    }
                    flow.text(word);
                }
            }
            Piece::Data(data) if silent == 0 => flow.text(&String::from_utf8_lossy(data)),
            Piece::Text(_) | Piece::Data(_) => {}
        }
    }
    flow.end()
}

fn is_block(name: &[u8]) -> bool {
    matches!(
        name,
        b"p" | b"div"
            | b"h1"
            | b"h2"
            | b"h3"
            | b"h4"
            | b"h5"
            | b"h6"
            | b"li"
            | b"tr"
            | b"table"
            | b"section"
            | b"blockquote"
            | b"title"
            | b"body"
            | b"dt"
            | b"dd"
            | b"pre"
            | b"aside"
            | b"figcaption"
            | b"article"
            | b"header"
            | b"footer"
    )
}
