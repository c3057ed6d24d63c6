//! XPS: pages whose words stand in attributes.

use super::markup::{Markup, Piece, Tag, utf8};
use super::parts::Parts;
use super::runs::{Run, Runs};
use crate::Place;
use crate::read::{Outcome, Reading};

pub(crate) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut parts = Parts::open(bytes, into)?;
    let mut page = 0;
    let mut pages: Vec<(String, Vec<String>)> = Vec::new();
    for name in parts.left() {
        // pages may be cut into pieces, which are parts of their own and follow each other
        let lower = name.to_ascii_lowercase();
        let whole = match lower.find(".fpage/") {
            Some(at) => name.get(..at + 6).unwrap_or_default().to_owned(),
            None if lower.ends_with(".fpage") => name.clone(),
            None => continue,
        };
        match pages.last_mut() {
            Some((last, pieces)) if *last == whole => pieces.push(name),
            _ => pages.push((whole, vec![name])),
        }
    }
    for (_, pieces) in pages {
        let mut xml = Vec::new();
        for piece in pieces {
            if let Some(bytes) = parts.take(&piece, into)? {
                xml.extend_from_slice(&bytes);
            }
        }
        if !xml.is_empty() {
            page += 1;
            read_page(&xml, page, into)?;
        }
    }
    for name in parts.left() {
        let lower = name.to_ascii_lowercase();
        if lower.ends_with(".fdoc")
            || lower.ends_with(".fdseq")
            || lower.ends_with(".struct")
            || lower.ends_with(".frag")
        {
            parts.skip(&name);
        }
    }
    parts.rest(into)
}

fn read_page(xml: &[u8], page: u32, into: &mut Reading<'_>) -> Outcome {
    into.at(Place {
        page,
        ..Place::default()
    })?;
    let xml = utf8(xml);
    let mut runs = Runs::default();
    for piece in Markup::of(&xml) {
        let Piece::Open(tag) = piece else { continue };
        if tag.name == b"Glyphs" {
            runs.add(&run(&tag), into)?;
        } else if let Some(name) = tag.attribute(b"AutomationProperties.Name") {
            into.property("name", &name)?;
        } else if let Some(link) = tag.attribute(b"FixedPage.NavigateUri") {
            into.property("link", &link)?;
        }
    }
    into.line()
}

fn run(tag: &Tag<'_>) -> Run {
    let number = |name: &[u8]| -> f64 {
        tag.attribute(name)
            .and_then(|number| number.trim().parse().ok())
            .unwrap_or_default()
    };
    let said = tag.attribute(b"UnicodeString").unwrap_or_default();
    Run {
        x: number(b"OriginX"),
        y: number(b"OriginY"),
        size: number(b"FontRenderingEmSize"),
        steps: 0.0,
        // `{}` at the beginning keeps a brace from meaning something
        text: said.strip_prefix("{}").unwrap_or(&said).to_owned(),
    }
}
