//! OFD (GB/T 33190): pages in their order, each with its template, layers and annotations; attachments and properties.

use std::collections::HashMap;

use super::markup::{Markup, Piece, Tag, text, utf8};
use super::parts::{Parts, resolve};
use super::properties::{self, Attributes};
use super::runs::{Run, Runs};
use crate::read::{Outcome, Reading};
use crate::report::Cause;
use crate::{Part, Place};

pub(crate) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut parts = Parts::open(bytes, into)?;
    if parts.package.has("Encryptions.xml") {
        into.note(Cause::Encrypted);
    }
    let mut roots = Vec::new();
    if let Some(xml) = parts.take("OFD.xml", into)? {
        properties::read(&xml, Attributes::Skip, into)?;
        roots = locations(&utf8(&xml), b"DocRoot", "");
    }
    for name in parts.left() {
        if name.ends_with("/Document.xml") && !roots.contains(&name) {
            roots.push(name);
        }
    }
    for root in roots {
        document(&mut parts, &root, into)?;
    }
    // pages that no list has any more
    for name in parts.left() {
        let hidden = Place {
            part: Part::Hidden,
            ..Place::default()
        };
        if name.ends_with("Content.xml") {
            page(&mut parts, &name, hidden, into)?;
        } else if name.ends_with("Res.xml") {
            // drawings that pages show may have words
            let place = Place {
                part: Part::Textbox,
                ..hidden
            };
            page(&mut parts, &name, place, into)?;
        } else if is_look(&name) {
            parts.skip(&name);
        } else if name.ends_with("Annotation.xml") || name.contains("/Annots/") {
            page(
                &mut parts,
                &name,
                Place {
                    part: Part::Comment,
                    ..hidden
                },
                into,
            )?;
        }
    }
    parts.rest(into)
}

/// Fonts, signatures' digests and lists of resources.
fn is_look(name: &str) -> bool {
    [
        "Signature.xml",
        "Signatures.xml",
        "SignedValue.dat",
        "Annotations.xml",
    ]
    .iter()
    .any(|look| name.ends_with(look))
        || name.contains("/Fonts/")
}

/// Locations that elements of a name hold, as names of parts.
fn locations(xml: &[u8], element: &[u8], folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut taken = false;
    for piece in Markup::of(xml) {
        match piece {
            Piece::Open(tag) => taken = tag.name == element,
            Piece::Text(raw) if taken => {
                let target = text(raw);
                if !target.trim().is_empty() {
                    found.push(resolve(folder, target.trim()));
                }
            }
            Piece::Close(_) | Piece::Text(_) | Piece::Data(_) => taken = false,
        }
    }
    found
}

fn document(parts: &mut Parts<'_>, root: &str, into: &mut Reading<'_>) -> Outcome {
    let folder = root
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder)
        .to_owned();
    let Some(xml) = parts.take(root, into)? else {
        return Ok(());
    };
    let xml = utf8(&xml);
    let (mut pages, mut templates) = (Vec::new(), Vec::new());
    for piece in Markup::of(&xml) {
        let Piece::Open(tag) = piece else { continue };
        let place = tag.attribute(b"BaseLoc").map(|at| resolve(&folder, &at));
        let key = tag.attribute(b"ID").unwrap_or_default().into_owned();
        match (tag.name, place) {
            (b"Page", Some(place)) => pages.push((key, place)),
            (b"TemplatePage", Some(place)) => templates.push(place),
            (b"OutlineElem" | b"Bookmark", _) => {
                let title = tag.attribute(b"Title").or_else(|| tag.attribute(b"Name"));
                into.property("outline", &title.unwrap_or_default())?;
            }
            _ => {}
        }
    }
    for template in &templates {
        let place = Place {
            part: Part::Header,
            ..Place::default()
        };
        page(parts, template, place, into)?;
    }
    let mut keys = HashMap::new();
    for (at, (key, name)) in pages.into_iter().enumerate() {
        let place = Place {
            page: u32::try_from(at + 1).unwrap_or_default(),
            ..Place::default()
        };
        page(parts, &name, place, into)?;
        keys.insert(key, place.page);
    }
    for list in locations(&xml, b"Annotations", &folder) {
        annotations(parts, &list, &keys, into)?;
    }
    for list in ["Attachments", "CustomTags", "Extensions", "Versions"] {
        for name in locations(&xml, list.as_bytes(), &folder) {
            if let Some(xml) = parts.take(&name, into)? {
                properties::read(&xml, Attributes::Tell, into)?;
            }
        }
    }
    Ok(())
}

/// Annotations stand in a file for each page, which a list names.
fn annotations(
    parts: &mut Parts<'_>,
    list: &str,
    pages: &HashMap<String, u32>,
    into: &mut Reading<'_>,
) -> Outcome {
    let folder = list
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder)
        .to_owned();
    let Some(xml) = parts.take(list, into)? else {
        return Ok(());
    };
    let xml = utf8(&xml);
    let mut place = Place {
        part: Part::Comment,
        ..Place::default()
    };
    let mut taken = false;
    for piece in Markup::of(&xml) {
        match piece {
            Piece::Open(tag) if tag.name == b"Page" => {
                let key = tag.attribute(b"PageID").unwrap_or_default();
                place.page = pages.get(key.as_ref()).copied().unwrap_or_default();
            }
            Piece::Open(tag) => taken = tag.name == b"FileLoc",
            Piece::Text(raw) if taken => {
                page(parts, &resolve(&folder, text(raw).trim()), place, into)?;
            }
            Piece::Close(_) | Piece::Text(_) | Piece::Data(_) => taken = false,
        }
    }
    Ok(())
}

/// Text of a page: its objects are put together by where they stand.
fn page(parts: &mut Parts<'_>, name: &str, place: Place, into: &mut Reading<'_>) -> Outcome {
    let Some(xml) = parts.take(name, into)? else {
        return Ok(());
    };
    let xml = utf8(&xml);
    into.at(place)?;
    let mut runs = Runs::default();
    let mut object = Object::default();
    let mut code: Option<Run> = None;
    let mut remark = false;
    for piece in Markup::of(&xml) {
        match piece {
            Piece::Open(tag) => match tag.name {
                b"TextObject" => object = Object::of(&tag),
                b"TextCode" => code = Some(object.code(&tag)),
                b"Remark" | b"Parameter" => remark = true,
                _ => {}
            },
            Piece::Text(raw) => {
                if let Some(run) = &mut code {
                    run.text.push_str(&text(raw));
                } else if remark {
                    into.property("remark", &text(raw))?;
                }
            }
            Piece::Data(data) => {
                if let Some(run) = &mut code {
                    run.text.push_str(&String::from_utf8_lossy(data));
                }
            }
            Piece::Close(b"TextCode") => {
                if let Some(run) = code.take() {
                    runs.add(&run, into)?;
                }
            }
            Piece::Close(b"Remark" | b"Parameter") => remark = false,
            Piece::Close(_) => {}
        }
    }
    into.line()
}

/// A text object: where its own zero lies, and how large its letters are.
#[derive(Debug, Default)]
struct Object {
    x: f64,
    y: f64,
    size: f64,
    matrix: Option<[f64; 6]>,
}

impl Object {
    fn of(tag: &Tag<'_>) -> Self {
        let numbers = |name: &[u8]| -> Vec<f64> {
            tag.attribute(name)
                .unwrap_or_default()
                .split_ascii_whitespace()
                .take(8)
                .filter_map(|number| number.parse().ok())
                .collect()
        };
        let boundary = numbers(b"Boundary");
        Self {
            x: boundary.first().copied().unwrap_or_default(),
            y: boundary.get(1).copied().unwrap_or_default(),
            size: numbers(b"Size").first().copied().unwrap_or(3.5),
            matrix: <[f64; 6]>::try_from(numbers(b"CTM")).ok(),
        }
    }

    fn code(&self, tag: &Tag<'_>) -> Run {
        let number = |name: &[u8]| -> f64 {
            tag.attribute(name)
                .and_then(|number| number.trim().parse().ok())
                .unwrap_or_default()
        };
        let (x, y) = (number(b"X"), number(b"Y"));
        let (moved, scale) = match self.matrix {
            Some([a, b, c, d, e, f]) => (
                (a * x + c * y + e, b * x + d * y + f),
                (a * a + b * b).sqrt(),
            ),
            None => ((x, y), 1.0),
        };
        Run {
            x: self.x + moved.0,
            y: self.y + moved.1,
            size: self.size * scale,
            steps: steps(tag.raw(b"DeltaX").unwrap_or_default()) * scale,
            text: String::new(),
        }
    }
}

/// How far a run goes on: the sum of its steps; `g 3 4.2` is three steps of 4.2.
fn steps(raw: &[u8]) -> f64 {
    let written = String::from_utf8_lossy(raw);
    let mut words = written.split_ascii_whitespace();
    let mut sum = 0.0;
    while let Some(word) = words.next() {
        let mut next = || -> f64 {
            words
                .next()
                .and_then(|one| one.parse().ok())
                .unwrap_or_default()
        };
        sum += if word == "g" {
            let count = next();
            count * next()
        } else {
            word.parse().unwrap_or_default()
        };
    }
    sum
}
