//! PowerPoint's packages of XML: slides in their order, each with its notes, comments, charts and diagrams.

use super::markup::{Markup, Piece};
use super::parts::Parts;
use super::words::{self, Veils};
use crate::read::{Fault, Outcome, Reading};
use crate::{Part, Place};

pub(crate) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut parts = Parts::open(bytes, into)?;
    for (at, name) in order(&mut parts, into)?.iter().enumerate() {
        slide(
            &mut parts,
            name,
            u32::try_from(at + 1).unwrap_or_default(),
            into,
        )?;
    }
    for name in parts.left() {
        // layouts and masters show on every slide; a part that no slide points to was forgotten in the package
        let part = if name.contains("slideMasters/") || name.contains("slideLayouts/") {
            Part::Header
        } else if name.starts_with("ppt/") && is_xml_of_words(&name) {
            Part::Hidden
        } else {
            continue;
        };
        let place = Place {
            part,
            ..Place::default()
        };
        if !name.contains("_rels/") {
            words_of(&mut parts, &name, place, into)?;
        }
    }
    parts.rest(into)
}

fn is_xml_of_words(name: &str) -> bool {
    [
        "slides/",
        "notesSlides/",
        "notesMasters/",
        "handoutMasters/",
        "charts/chart",
        "diagrams/data",
        "comments",
        "tags/",
    ]
    .iter()
    .any(|folder| name.contains(folder))
        && name.ends_with(".xml")
}

/// Names of the slides as they are shown; those that the list has lost follow by their numbers.
fn order(parts: &mut Parts<'_>, into: &mut Reading<'_>) -> Result<Vec<String>, Fault> {
    let relations = parts.relations("ppt/presentation.xml", into)?;
    let mut names = Vec::new();
    if let Some(xml) = parts.take("ppt/presentation.xml", into)? {
        for piece in Markup::of(&xml) {
            let Piece::Open(tag) = piece else { continue };
            if tag.name != b"sldId" {
                continue;
            }
            let key = tag
                .attributes()
                .find(|(prefix, name, _)| *name == b"id" && !prefix.is_empty())
                .map(|(_, _, value)| String::from_utf8_lossy(value).into_owned());
            if let Some((_, target)) = key.and_then(|key| relations.inside.get(&key)) {
                names.push(target.clone());
            }
        }
    }
    let listed: std::collections::HashSet<String> = names.iter().cloned().collect();
    for name in parts.left() {
        if name.starts_with("ppt/slides/slide") && !listed.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

fn slide(parts: &mut Parts<'_>, name: &str, number: u32, into: &mut Reading<'_>) -> Outcome {
    let Some(xml) = parts.take(name, into)? else {
        return Ok(());
    };
    let part = if is_hidden(&xml) {
        Part::Hidden
    } else {
        Part::Body
    };
    let place = Place {
        part,
        slide: number,
        ..Place::default()
    };
    words::read(&xml, place, &Veils::new(), into)?;
    let relations = parts.relations(name, into)?;
    for key in &relations.order {
        let Some((kind, target)) = relations.inside.get(key) else {
            continue;
        };
        let part = match kind.as_str() {
            "notesSlide" => Part::Notes,
            "comments" => Part::Comment,
            "chart" | "diagramData" | "chartEx" => Part::Textbox,
            "tags" => Part::Metadata,
            _ => continue,
        };
        words_of(parts, target, Place { part, ..place }, into)?;
    }
    Ok(())
}

fn words_of(parts: &mut Parts<'_>, name: &str, place: Place, into: &mut Reading<'_>) -> Outcome {
    match parts.take(name, into)? {
        Some(xml) => words::read(&xml, place, &Veils::new(), into),
        None => Ok(()),
    }
}

fn is_hidden(slide: &[u8]) -> bool {
    Markup::of(slide)
        .find_map(|piece| match piece {
            Piece::Open(tag) if tag.name == b"sld" => Some(tag.raw(b"show") == Some(b"0")),
            Piece::Open(_) | Piece::Close(_) | Piece::Text(_) | Piece::Data(_) => None,
        })
        .unwrap_or_default()
}
