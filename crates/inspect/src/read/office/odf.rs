//! OpenDocument: texts, sheets and slides, as packages or as one flat file.

use std::collections::HashSet;

use super::flow::Flow;
use super::markup::{Markup, Piece, Tag, text, utf8};
use super::parts::Parts;
use super::properties::{self, Attributes};
use crate::read::{Outcome, Reading};
use crate::report::Cause;
use crate::{Part, Place};

pub(crate) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    if !bytes.starts_with(b"PK") {
        return flat(bytes, into);
    }
    let mut parts = Parts::open(bytes, into)?;
    if let Some(xml) = parts.take("META-INF/manifest.xml", into)?
        && memchr::memmem::find(&xml, b"encryption-data").is_some()
    {
        into.note(Cause::Encrypted);
        return Ok(());
    }
    if let Some(xml) = parts.take("meta.xml", into)? {
        properties::read(&xml, Attributes::Skip, into)?;
    }
    let names = parts.left();
    for (name, part) in [("styles.xml", Part::Header), ("content.xml", Part::Body)] {
        if let Some(xml) = parts.take(name, into)? {
            document(&xml, part, into)?;
        }
    }
    for name in &names {
        if name.ends_with("/content.xml") {
            if let Some(xml) = parts.take(name, into)? {
                document(&xml, Part::Textbox, into)?;
            }
        } else if name.ends_with("settings.xml")
            || name.ends_with("/styles.xml")
            || name.ends_with("/meta.xml")
            || name.ends_with(".rdf")
            || name.starts_with("ObjectReplacements/")
            || name.starts_with("Configurations2/")
            || name.starts_with("Thumbnails/")
            || name == "mimetype"
            || name == "layout-cache"
        {
            parts.skip(name);
        }
    }
    parts.rest(into)
}

/// A document that is one file of XML.
fn flat(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let xml = utf8(bytes);
    // styles, with the headers of pages, stand before the body; so does what the document says of itself
    let body = memchr::memmem::find(&xml, b"<office:body").unwrap_or_default();
    let (before, body) = xml.split_at_checked(body).unwrap_or((&xml, b""));
    if let Some(end) = memchr::memmem::find(before, b"</office:meta>") {
        let meta = before.get(..end).unwrap_or_default();
        let begin = memchr::memmem::find(meta, b"<office:meta").unwrap_or(end);
        properties::read(
            meta.get(begin..).unwrap_or_default(),
            Attributes::Skip,
            into,
        )?;
    }
    documents(&[(before, Part::Header), (body, Part::Body)], into)
}

/// What a walk through a document knows.
struct Walk<'r, 'a> {
    flow: Flow<'r, 'a>,
    /// Where the parts of the document stand that are no notes or boxes.
    ground: Part,
    /// Styles that hide what is written in them.
    veils: HashSet<Vec<u8>>,
    style: Vec<u8>,
    /// How deep inside a paragraph; text elsewhere is none. And in those around it.
    paragraphs: usize,
    around: Vec<usize>,
    /// How deep inside what is not shown: deletions, hidden spans.
    spans: Vec<bool>,
    gone: usize,
    /// The change that is described, and those that are deletions of what stands in the text.
    change: Vec<u8>,
    deleted: HashSet<Vec<u8>>,
    hidden_row: bool,
    /// Whether tables are sheets, and not tables inside a text.
    is_workbook: bool,
    /// Tables inside each other: only the outermost is a sheet.
    tables: usize,
    slide: u32,
    row: u32,
    column: u32,
    /// Elements whose text is a value or a name, not words.
    skipped: usize,
}

fn document(xml: &[u8], ground: Part, into: &mut Reading<'_>) -> Outcome {
    documents(&[(&utf8(xml), ground)], into)
}

/// Pieces of a document that share their styles.
fn documents(pieces: &[(&[u8], Part)], into: &mut Reading<'_>) -> Outcome {
    let mut walk = Walk {
        flow: Flow::new(into, Place::default()),
        ground: Part::Body,
        veils: HashSet::new(),
        style: Vec::new(),
        paragraphs: 0,
        around: Vec::new(),
        change: Vec::new(),
        deleted: HashSet::new(),
        spans: Vec::new(),
        gone: 0,
        hidden_row: false,
        is_workbook: false,
        tables: 0,
        slide: 0,
        row: 0,
        column: 0,
        skipped: 0,
    };
    for (xml, ground) in pieces {
        walk.ground = *ground;
        walk.flow.to(Place {
            part: *ground,
            ..Place::default()
        })?;
        for piece in Markup::of(xml) {
            walk.piece(piece)?;
        }
    }
    walk.flow.end()
}

impl Walk<'_, '_> {
    fn piece(&mut self, piece: Piece<'_>) -> Outcome {
        match piece {
            Piece::Open(tag) => {
                self.open_text(&tag)?;
                self.open_table(&tag)?;
            }
            Piece::Close(name) => self.close(name)?,
            Piece::Text(raw) if self.paragraphs > 0 && self.skipped == 0 => self.say(&text(raw)),
            Piece::Data(data) if self.paragraphs > 0 => self.say(&String::from_utf8_lossy(data)),
            Piece::Text(_) | Piece::Data(_) => {}
        }
        Ok(())
    }

    fn say(&mut self, words: &str) {
        if self.gone > 0 || self.spans.contains(&true) {
            self.flow.unseen(words);
        } else {
            self.flow.text(words);
        }
    }

    fn inner(&self, part: Part) -> Place {
        let part = if self.flow.place().part == Part::Hidden {
            Part::Hidden
        } else {
            part
        };
        Place {
            part,
            ..self.flow.place()
        }
    }

    /// What follows are paragraphs inside this one.
    fn enter(&mut self, part: Part) {
        self.around.push(self.paragraphs);
        self.paragraphs = 0;
        self.flow.enter(self.inner(part));
    }

    fn leave(&mut self) -> Outcome {
        self.paragraphs = self.around.pop().unwrap_or_default();
        self.flow.leave()
    }

    fn hidden_by(&self, tag: &Tag<'_>) -> bool {
        tag.raw(b"style-name")
            .is_some_and(|style| self.veils.contains(style))
    }

    fn open_text(&mut self, tag: &Tag<'_>) -> Outcome {
        match tag.name {
            b"p" | b"h" if tag.prefix == b"text" => self.paragraphs += 1,
            b"span" => self.push_span(tag),
            b"hidden-text" | b"hidden-paragraph" => {
                let value = tag.attribute(b"string-value").unwrap_or_default();
                self.flow.unseen(&value);
            }
            b"s" if tag.prefix == b"text" => {
                let count = tag.number(b"c").unwrap_or(1).min(64);
                self.say(&" ".repeat(usize::try_from(count).unwrap_or(1)));
            }
            b"tab" => self.say("\t"),
            b"line-break" => self.say("\n"),
            b"annotation" => self.enter(Part::Comment),
            b"note-body" => self.enter(Part::Footnote),
            b"note-citation" | b"ruby-text" => self.skipped += 1,
            b"creator" | b"date" if tag.prefix == b"dc" => self.skipped += 1,
            b"text-box" | b"custom-shape" => self.enter(Part::Textbox),
            b"notes" => self.enter(Part::Notes),
            b"changed-region" => self.change = tag.raw(b"id").unwrap_or_default().to_vec(),
            b"deletion" => {
                self.gone += 1;
                self.deleted.insert(self.change.clone());
            }
            b"change-start" if self.is_deleted(tag) => self.gone += 1,
            b"change-end" if self.is_deleted(tag) => self.gone = self.gone.saturating_sub(1),
            // fields have these names too; they end as they began
            b"header" | b"header-left" | b"header-first" => {
                self.enter(Part::Header);
            }
            b"footer" | b"footer-left" | b"footer-first" => {
                self.enter(Part::Footer);
            }
            b"title" | b"desc" => {
                self.enter(Part::Textbox);
                self.paragraphs = 1;
            }
            b"user-field-decl" | b"variable-set" => {
                let value = tag.attribute(b"string-value").unwrap_or_default();
                self.flow.aside(Part::Hidden, &value)?;
            }
            b"user-defined" => {
                let name = tag.attribute(b"name").unwrap_or_default();
                self.flow.aside(Part::Metadata, &name)?;
            }
            b"a" => {
                if let Some(target) = tag.attribute(b"href") {
                    self.flow.into.property("link", &target)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn is_deleted(&self, tag: &Tag<'_>) -> bool {
        tag.raw(b"change-id")
            .is_some_and(|change| self.deleted.contains(change))
    }

    fn push_span(&mut self, tag: &Tag<'_>) {
        let hidden = self.hidden_by(tag);
        // hostile depth costs nothing: beyond it spans are seen
        if self.spans.len() < 64 {
            self.spans.push(hidden);
        }
    }

    fn open_table(&mut self, tag: &Tag<'_>) -> Outcome {
        match tag.name {
            b"style" => self.style = tag.raw(b"name").unwrap_or_default().to_vec(),
            b"text-properties" | b"table-properties" | b"drawing-page-properties" => {
                let none = tag.attributes().any(|(prefix, name, value)| {
                    matches!(
                        (prefix, name, value),
                        (b"text", b"display", b"none" | b"true")
                            | (b"table", b"display", b"false")
                            | (b"presentation", b"visibility", b"hidden")
                    )
                });
                if none {
                    self.veils.insert(self.style.clone());
                }
            }
            b"spreadsheet" => self.is_workbook = true,
            b"table" if tag.prefix == b"table" => self.open_sheet(tag)?,
            b"named-expression" | b"named-range" => {
                for name in [b"name".as_slice(), b"expression"] {
                    let said = tag.attribute(name).unwrap_or_default();
                    self.flow.aside(Part::Hidden, &said)?;
                }
            }
            b"table-row" | b"table-cell" | b"covered-table-cell" if self.tables > 1 => {}
            b"table-row" => {
                self.row = self.row.saturating_add(1);
                self.column = 0;
                self.hidden_row = matches!(tag.raw(b"visibility"), Some(b"collapse" | b"filter"));
                let repeated = tag.number(b"number-rows-repeated").unwrap_or(1);
                self.go_to_cell()?;
                self.row = self.row.saturating_add(repeated.saturating_sub(1));
            }
            b"table-cell" | b"covered-table-cell" => {
                self.column = self.column.saturating_add(1);
                self.go_to_cell()?;
                let repeated = tag.number(b"number-columns-repeated").unwrap_or(1);
                self.column = self.column.saturating_add(repeated.saturating_sub(1));
            }
            b"page" if tag.prefix == b"draw" => {
                self.slide = self.slide.saturating_add(1);
                let part = if self.hidden_by(tag) {
                    Part::Hidden
                } else {
                    self.ground
                };
                self.flow.to(Place {
                    part,
                    slide: self.slide,
                    ..Place::default()
                })?;
            }
            _ => {}
        }
        Ok(())
    }

    /// A sheet has a place of its own; a table inside a text is text in columns.
    fn open_sheet(&mut self, tag: &Tag<'_>) -> Outcome {
        let sheet = tag.attribute(b"name").unwrap_or_default();
        let part = if self.hidden_by(tag) {
            Part::Hidden
        } else {
            self.flow.place().part
        };
        self.tables += 1;
        if !self.is_workbook || self.tables > 1 {
            return Ok(());
        }
        self.row = 0;
        let number = self.flow.into.sheet(&sheet);
        self.flow.to(Place {
            part,
            sheet: number,
            ..Place::default()
        })?;
        self.flow.aside(Part::Name, &sheet)
    }

    fn go_to_cell(&mut self) -> Outcome {
        let place = self.flow.place();
        if place.sheet == 0 || place.slide > 0 {
            return Ok(());
        }
        self.flow.beside(Place {
            cell: (self.row, self.column),
            ..place
        })
    }

    fn close(&mut self, name: &[u8]) -> Outcome {
        match name {
            b"p" | b"h" => {
                self.paragraphs = self.paragraphs.saturating_sub(1);
                self.paragraph()?;
            }
            b"span" => {
                self.spans.pop();
            }
            b"title" | b"desc" | b"annotation" | b"note-body" | b"text-box" | b"custom-shape"
            | b"notes" | b"header" | b"header-left" | b"header-first" | b"footer"
            | b"footer-left" | b"footer-first" => self.leave()?,
            b"note-citation" | b"ruby-text" | b"creator" | b"date" => {
                self.skipped = self.skipped.saturating_sub(1);
            }
            b"deletion" => self.gone = self.gone.saturating_sub(1),
            b"table" => self.tables = self.tables.saturating_sub(1),
            b"table-cell" => self.flow.cell()?,
            b"table-row" => {
                self.hidden_row = false;
                self.flow.row()?;
            }
            _ => {}
        }
        Ok(())
    }

    fn paragraph(&mut self) -> Outcome {
        if !self.hidden_row {
            return self.flow.paragraph();
        }
        self.flow.hide();
        self.flow.paragraph()
    }
}
