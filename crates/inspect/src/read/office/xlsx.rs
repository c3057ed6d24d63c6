//! Excel's packages of XML: the workbook, its sheets in their order, and what belongs to each sheet.

use super::markup::{Markup, Piece, Tag, text, utf8};
use super::numbers::{Formats, writes_words};
use super::parts::{Parts, Relations};
use super::sheet;
use super::strings::Strings;
use super::words::{self, Veils};
use crate::read::{Fault, Outcome, Reading};
use crate::{Part, Place};

/// Sheets that are read; people make hundreds at most.
const SHEETS: usize = 4_096;

/// A sheet of a workbook.
#[derive(Debug)]
struct Sheet {
    name: String,
    hidden: bool,
    file: String,
}

pub(crate) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut parts = Parts::open(bytes, into)?;
    let mut strings = match parts.take("xl/sharedStrings.xml", into)? {
        Some(xml) => Strings::of(&xml),
        None => Strings::default(),
    };
    let mut formats = Formats::default();
    if let Some(xml) = parts.take("xl/styles.xml", into)? {
        styles(&xml, &mut formats, into)?;
    }
    for sheet in workbook(&mut parts, &mut formats, into)? {
        one_sheet(&mut parts, &sheet, &mut strings, &formats, into)?;
    }
    strings.unused(into)?;
    for name in parts.left() {
        left_over(&mut parts, &name, into)?;
    }
    parts.rest(into)
}

/// Formats of numbers; those that write words of their own are text too.
fn styles(xml: &[u8], formats: &mut Formats, into: &mut Reading<'_>) -> Outcome {
    let mut in_cells = false;
    for piece in Markup::of(xml) {
        match piece {
            Piece::Open(tag) if tag.name == b"numFmt" => {
                let code = tag.attribute(b"formatCode").unwrap_or_default();
                formats.format(tag.number(b"numFmtId").unwrap_or_default(), &code);
                if writes_words(&code) {
                    into.property("number format", &code)?;
                }
            }
            Piece::Open(tag) if tag.name == b"cellXfs" => in_cells = true,
            Piece::Open(tag) if tag.name == b"xf" && in_cells => {
                formats.style(tag.number(b"numFmtId").unwrap_or_default());
            }
            Piece::Close(b"cellXfs") => return Ok(()),
            Piece::Open(_) | Piece::Close(_) | Piece::Text(_) | Piece::Data(_) => {}
        }
    }
    Ok(())
}

/// The sheets in their order, and the names that the workbook gives to cells.
fn workbook(
    parts: &mut Parts<'_>,
    formats: &mut Formats,
    into: &mut Reading<'_>,
) -> Result<Vec<Sheet>, Fault> {
    let relations = parts.relations("xl/workbook.xml", into)?;
    let mut sheets = Vec::new();
    let mut defined: Option<String> = None;
    let xml = parts.take("xl/workbook.xml", into)?.unwrap_or_default();
    let xml = utf8(&xml);
    for piece in Markup::of(&xml) {
        match piece {
            Piece::Open(tag) => match tag.name {
                b"sheet" if sheets.len() < SHEETS => sheets.push(sheet_of(&tag, &relations)),
                b"workbookPr" => formats.from_1904 = tag.says(b"date1904"),
                b"definedName" => {
                    defined = tag.attribute(b"name").map(std::borrow::Cow::into_owned)
                }
                _ => {}
            },
            Piece::Text(raw) => {
                if let Some(name) = defined.take() {
                    into.at(Place {
                        part: Part::Hidden,
                        ..Place::default()
                    })?;
                    into.write(&name)?;
                    into.write("\t")?;
                    into.write(&text(raw))?;
                }
            }
            Piece::Close(_) | Piece::Data(_) => {}
        }
    }
    // sheets that the workbook has lost are read too
    for file in parts.left() {
        let lost = file.starts_with("xl/worksheets/sheet") && file.ends_with(".xml");
        if lost && sheets.iter().all(|sheet| sheet.file != file) {
            let stem = file.rsplit('/').next().unwrap_or_default();
            sheets.push(Sheet {
                name: stem.trim_end_matches(".xml").to_owned(),
                hidden: false,
                file,
            });
        }
    }
    Ok(sheets)
}

fn sheet_of(tag: &Tag<'_>, relations: &Relations) -> Sheet {
    let key = tag
        .attributes()
        .find(|(prefix, name, _)| *name == b"id" && !prefix.is_empty())
        .map(|(_, _, value)| String::from_utf8_lossy(value).into_owned())
        .unwrap_or_default();
    Sheet {
        name: tag.attribute(b"name").unwrap_or_default().into_owned(),
        hidden: matches!(tag.raw(b"state"), Some(b"hidden" | b"veryHidden")),
        file: relations
            .inside
            .get(&key)
            .map(|(_, target)| target.clone())
            .unwrap_or_default(),
    }
}

fn one_sheet(
    parts: &mut Parts<'_>,
    sheet: &Sheet,
    strings: &mut Strings,
    formats: &Formats,
    into: &mut Reading<'_>,
) -> Outcome {
    let place = into.begin_sheet(&sheet.name, sheet.hidden)?;
    if let Some(xml) = parts.take(&sheet.file, into)? {
        sheet::read(&utf8(&xml), place, strings, formats, into)?;
    }
    let relations = parts.relations(&sheet.file, into)?;
    for key in &relations.order {
        let Some((kind, target)) = relations.inside.get(key) else {
            continue;
        };
        match kind.as_str() {
            "comments" | "threadedComment" => {
                if let Some(xml) = parts.take(target, into)? {
                    comments(&utf8(&xml), place, into)?;
                }
            }
            "drawing" | "vmlDrawing" => drawing(parts, target, place, into)?,
            _ => {}
        }
    }
    Ok(())
}

/// Boxes and charts of a sheet.
fn drawing(parts: &mut Parts<'_>, name: &str, place: Place, into: &mut Reading<'_>) -> Outcome {
    let place = Place {
        part: if place.part == Part::Hidden {
            Part::Hidden
        } else {
            Part::Textbox
        },
        ..place
    };
    let Some(xml) = parts.take(name, into)? else {
        return Ok(());
    };
    if name.ends_with(".vml") {
        return vml(&utf8(&xml), place, into);
    }
    words::read(&xml, place, &Veils::new(), into)?;
    let relations = parts.relations(name, into)?;
    for (kind, target) in relations
        .order
        .iter()
        .filter_map(|key| relations.inside.get(key))
    {
        if matches!(kind.as_str(), "chart" | "chartEx" | "diagramData")
            && let Some(xml) = parts.take(target, into)?
        {
            words::read(&xml, place, &Veils::new(), into)?;
        }
    }
    Ok(())
}

/// Words in the old kind of boxes: buttons, and pictures of headers.
fn vml(xml: &[u8], place: Place, into: &mut Reading<'_>) -> Outcome {
    let mut within = 0_usize;
    for piece in Markup::of(xml) {
        match piece {
            Piece::Open(tag) => match tag.name {
                b"textbox" => within += 1,
                b"div" | b"br" if within > 0 => into.line()?,
                b"textpath" => {
                    into.at(place)?;
                    into.write(&tag.attribute(b"string").unwrap_or_default())?;
                }
                _ => {}
            },
            Piece::Close(b"textbox") => within = within.saturating_sub(1),
            Piece::Text(raw) if within > 0 => {
                let said = text(raw);
                if !said.trim().is_empty() {
                    if into.place() != place {
                        into.at(place)?;
                    }
                    into.write(said.trim_matches(['\r', '\n']))?;
                }
            }
            Piece::Close(_) | Piece::Text(_) | Piece::Data(_) => {}
        }
    }
    into.line()
}

/// Remarks at cells, old and threaded.
fn comments(xml: &[u8], place: Place, into: &mut Reading<'_>) -> Outcome {
    let mut taken = false;
    let mut said = String::new();
    let mut place = Place {
        part: Part::Comment,
        ..place
    };
    for piece in Markup::of(xml) {
        match piece {
            Piece::Open(tag) => match tag.name {
                b"comment" | b"threadedComment" => {
                    place.cell = sheet::cell(tag.raw(b"ref").unwrap_or_default());
                }
                b"author" | b"t" | b"text" => taken = true,
                _ => {}
            },
            Piece::Text(raw) if taken => said.push_str(&text(raw)),
            Piece::Data(data) if taken => said.push_str(&String::from_utf8_lossy(data)),
            Piece::Close(b"t") => taken = false,
            Piece::Close(b"author") => {
                taken = false;
                into.property("author", &said)?;
                said.clear();
            }
            Piece::Close(b"text") => {
                taken = false;
                if !said.trim().is_empty() {
                    into.at(place)?;
                    into.write(&said)?;
                }
                said.clear();
            }
            Piece::Close(_) | Piece::Text(_) | Piece::Data(_) => {}
        }
    }
    Ok(())
}

/// Copies of data that a sheet need not show any more: of pivot tables, of other workbooks, of connections.
pub(super) fn left_over(parts: &mut Parts<'_>, name: &str, into: &mut Reading<'_>) -> Outcome {
    let hidden = Place {
        part: Part::Hidden,
        ..Place::default()
    };
    if name.ends_with(".vml") || name.contains("drawings/drawing") {
        return drawing(parts, name, hidden, into);
    }
    if name.contains("charts/chart") || name.contains("diagrams/data") {
        return match parts.take(name, into)? {
            Some(xml) => words::read(&xml, hidden, &Veils::new(), into),
            None => Ok(()),
        };
    }
    let copies = [
        "pivotCache/",
        "externalLinks/",
        "connections.xml",
        "queryTables/",
        "tables/",
    ];
    if !name.contains("_rels/")
        && copies.iter().any(|copy| name.contains(copy))
        && let Some(xml) = parts.take(name, into)?
    {
        into.at(hidden)?;
        sheet::values(&utf8(&xml), into)?;
    }
    Ok(())
}
