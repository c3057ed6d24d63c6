//! Excel before 2007: the workbook's own records, then those of each sheet.

use super::compound::Compound;
use super::records::{Record, Records, Spread};
use super::{objects, pages};
use crate::read::le::{Le, index};
use crate::read::office::{Formats, Strings, header, packed, writes_words};
use crate::read::{Fault, Outcome, Reading};
use crate::report::Cause;
use crate::{Part, Place};

const EOF: u16 = 0x0a;
const CONTINUE: u16 = 0x3c;
/// Sheets that are read; people make hundreds at most.
const SHEETS: usize = 1_024;

/// What holds for all sheets.
#[derive(Debug)]
struct Book<'s> {
    stream: &'s [u8],
    strings: Strings,
    formats: Formats,
    page: u16,
    /// Strings before Excel 97 are in the code page.
    old: bool,
    sheets: Vec<Sheet>,
}

#[derive(Debug)]
struct Sheet {
    name: String,
    hidden: bool,
    at: usize,
}

pub(super) fn read(compound: &Compound<'_>, of: usize, into: &mut Reading<'_>) -> Outcome {
    for name in ["Workbook", "Book"] {
        if let Some(stream) = compound.named(of, name, into)? {
            workbook(&stream, into)?;
        }
    }
    Ok(())
}

/// Where a workbook begins in a file whose tables are lost: such files lie mostly in one piece.
pub(super) fn lost(bytes: &[u8], into: &mut Reading<'_>) -> Option<Outcome> {
    let begin = memchr::memmem::find(bytes, b"\x09\x08\x10\x00\x00\x06\x05\x00")?;
    Some(workbook(bytes.rest(begin), into))
}

/// A workbook's records.
fn workbook(stream: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut book = Book {
        stream,
        strings: Strings::default(),
        formats: Formats::default(),
        page: 1252,
        old: stream.u16(4).unwrap_or(0x600) < 0x600,
        sheets: Vec::new(),
    };
    if !matches!(stream.u16(0), Some(0x809 | 0x409 | 0x209 | 0x09)) {
        into.note(Cause::Damaged);
    }
    let ended = book.globals(into);
    if let Err(Fault(Cause::Encrypted)) = ended {
        return ended;
    }
    for sheet in std::mem::take(&mut book.sheets) {
        book.sheet(&sheet, into)?;
    }
    book.strings.unused(into)?;
    ended
}

impl<'s> Book<'s> {
    fn globals(&mut self, into: &mut Reading<'_>) -> Outcome {
        let mut records = Records::from(self.stream, 0);
        while let Some(record) = records.next() {
            let data = record.data;
            match record.kind {
                // a password; XOR, RC4 or AES
                0x2f => return Err(Fault(Cause::Encrypted)),
                0x42 => self.page = data.u16(0).unwrap_or(1252),
                0x22 => self.formats.from_1904 = data.u16(0) == Some(1),
                0x85 if self.sheets.len() >= SHEETS => into.note(Cause::TooBig),
                0x85 => self.bound(data),
                0xfc => self.shared(data, &mut records, into)?,
                0x1e | 0x41e => {
                    let number = u32::from(data.u16(0).unwrap_or_default());
                    let code = self.text(data.rest(2), !self.old);
                    self.formats.format(number, &code);
                    if writes_words(&code) {
                        into.property("number format", &code)?;
                    }
                }
                0xe0 => self
                    .formats
                    .style(u32::from(data.u16(2).unwrap_or_default())),
                0x18 => self.name(data, into)?,
                0xeb => {
                    let mut drawings = data.to_vec();
                    while let Some(more) = records.next_of(CONTINUE) {
                        drawings.extend_from_slice(more);
                    }
                    into.unpacked(drawings.len())?;
                    objects::pictures(&drawings, into)?;
                }
                EOF if !self.sheets.is_empty() => return Ok(()),
                _ => {}
            }
            into.look()?;
        }
        if self.sheets.is_empty() {
            // a sheet without a workbook around it
            self.sheets.push(Sheet {
                name: "Sheet".to_owned(),
                hidden: false,
                at: 0,
            });
        }
        Ok(())
    }

    fn bound(&mut self, data: &[u8]) {
        let name = self.short(data.rest(6));
        let at = index(data.u32(0).unwrap_or(u32::MAX));
        // many sheets at one place are a trap, for each would be read again
        if self.sheets.iter().all(|sheet| sheet.at != at) {
            self.sheets.push(Sheet {
                name,
                hidden: data.u8(4).unwrap_or_default() & 3 != 0,
                at,
            });
        }
    }

    /// The strings that cells share.
    fn shared(
        &mut self,
        data: &'s [u8],
        records: &mut Records<'s>,
        into: &mut Reading<'_>,
    ) -> Outcome {
        let mut chunks = vec![data];
        while let Some(more) = records.next_of(CONTINUE) {
            chunks.push(more);
        }
        let mut spread = Spread::of(chunks);
        spread.u32();
        let count = spread.u32().unwrap_or_default();
        for _ in 0..count {
            let Some(string) = spread.string() else {
                into.note(Cause::Damaged);
                return Ok(());
            };
            self.strings.push(&string);
            into.look()?;
        }
        Ok(())
    }

    /// A defined name with the words of its formula.
    fn name(&self, data: &[u8], into: &mut Reading<'_>) -> Outcome {
        let length = usize::from(data.u8(3).unwrap_or_default());
        let name = if self.old {
            pages::decoded(data.some(14, length), self.page)
        } else {
            let wide = data.u8(14).unwrap_or_default() & 1 == 1;
            letters(data.rest(15), length, wide)
        };
        // names of one letter are numbers of known names
        if name.chars().count() > 1 {
            into.at(Place {
                part: Part::Hidden,
                ..Place::default()
            })?;
            into.write(&name)?;
            // its formula may be nothing but a string
            let formula = data.rest(
                data.len()
                    .saturating_sub(usize::from(data.u16(4).unwrap_or_default())),
            );
            if formula.u8(0) == Some(0x17) && !self.old {
                into.write("\t")?;
                into.write(&self.short(formula.rest(1)))?;
            }
        }
        Ok(())
    }

    /// A string with one byte of length.
    fn short(&self, data: &[u8]) -> String {
        let length = usize::from(data.u8(0).unwrap_or_default());
        if self.old {
            pages::decoded(data.some(1, length), self.page)
        } else {
            let wide = data.u8(1).unwrap_or_default() & 1 == 1;
            letters(data.rest(2), length, wide)
        }
    }

    /// A string with two bytes of length, or one in old books.
    fn text(&self, data: &[u8], long: bool) -> String {
        if !long {
            return self.short(data);
        }
        let length = usize::from(data.u16(0).unwrap_or_default());
        if self.old {
            pages::decoded(data.some(2, length), self.page)
        } else {
            Spread::of(vec![data]).string().unwrap_or_default()
        }
    }

    fn sheet(&mut self, sheet: &Sheet, into: &mut Reading<'_>) -> Outcome {
        let place = into.begin_sheet(&sheet.name, sheet.hidden)?;
        let mut cells = Cells {
            place,
            row: 0,
            begun: false,
            hidden_rows: std::collections::HashSet::new(),
            hidden_columns: Vec::new(),
            remarks: Vec::new(),
            boxes: 0,
            waiting: None,
        };
        let mut records = Records::from(self.stream, sheet.at);
        let mut depth = 0_usize;
        if sheet.at >= self.stream.len() {
            into.note(Cause::Damaged);
        }
        while let Some(record) = records.next() {
            match record.kind {
                0x809 | 0x409 | 0x209 | 0x09 => depth += 1,
                EOF if depth <= 1 => return cells.end(into),
                EOF => depth -= 1,
                _ => {
                    self.cell(&record, &mut cells, into)?;
                    self.around(&record, &mut records, &mut cells, into)?;
                }
            }
            into.look()?;
        }
        into.note(Cause::Damaged);
        cells.end(into)
    }

    /// Records of cells.
    fn cell(&mut self, record: &Record<'_>, cells: &mut Cells, into: &mut Reading<'_>) -> Outcome {
        let data = record.data;
        let at = |offset: usize| usize::from(data.u16(offset).unwrap_or_default());
        let (row, column, style) = (at(0), at(2), at(4));
        match record.kind {
            // a shared string
            0xfd => {
                let string = self.strings.show(index(data.u32(6).unwrap_or(u32::MAX)));
                cells.write(row, column, string, into)
            }
            // a string of its own
            0x204 | 0xd6 => {
                let string = self.text(data.rest(6), true);
                cells.write(row, column, &string, into)
            }
            0x203 => {
                let number = data.f64(6).unwrap_or_default();
                cells.write(row, column, &self.formats.shown(number, style), into)
            }
            0x27e => {
                let number = packed(data.u32(6).unwrap_or_default());
                cells.write(row, column, &self.formats.shown(number, style), into)
            }
            // yes, no, or an error, which says nothing
            0x205 if data.u8(7) == Some(0) => {
                let said = if data.u8(6) == Some(1) {
                    "TRUE"
                } else {
                    "FALSE"
                };
                cells.write(row, column, said, into)
            }
            // numbers in a row
            0xbd => {
                for (number, six) in data.rest(4).as_chunks::<6>().0.iter().enumerate() {
                    let style = usize::from(six.u16(0).unwrap_or_default());
                    let value = packed(six.u32(2).unwrap_or_default());
                    cells.write(
                        row,
                        column + number,
                        &self.formats.shown(value, style),
                        into,
                    )?;
                }
                Ok(())
            }
            // a formula; what it comes to is a number, or a string that follows
            0x06 | 0x206 | 0x406 => {
                if data.u16(12) == Some(0xffff) {
                    cells.waiting = (data.u8(6) == Some(0)).then_some((row, column));
                    return Ok(());
                }
                let number = data.f64(6).unwrap_or_default();
                cells.write(row, column, &self.formats.shown(number, style), into)
            }
            _ => Ok(()),
        }
    }

    /// Records of what stands around cells.
    fn around(
        &mut self,
        record: &Record<'s>,
        records: &mut Records<'s>,
        cells: &mut Cells,
        into: &mut Reading<'_>,
    ) -> Outcome {
        let data = record.data;
        match record.kind {
            // what a formula came to
            0x207 => {
                let string = match data.u16(0) {
                    Some(count) if !self.old => {
                        let mut chunks = vec![data.rest(3)];
                        while let Some(more) = records.next_of(CONTINUE) {
                            chunks.push(more);
                        }
                        let wide = data.u8(2).unwrap_or_default() & 1 == 1;
                        let mut text = Vec::new();
                        Spread::of(chunks).letters(usize::from(count), wide, &mut text);
                        String::from_utf16_lossy(&text)
                    }
                    _ => self.text(data, true),
                };
                match cells.waiting.take() {
                    Some((row, column)) => cells.write(row, column, &string, into)?,
                    None => cells.aside(Part::Hidden, &string, into)?,
                }
            }
            0x14 | 0x15 if !data.is_empty() => {
                let part = if record.kind == 0x14 {
                    Part::Header
                } else {
                    Part::Footer
                };
                let said = header(&self.text(data, !self.old));
                cells.aside(part, &said, into)?;
            }
            0x208 if data.u16(12).unwrap_or_default() & 0x20 != 0 => {
                cells
                    .hidden_rows
                    .insert(usize::from(data.u16(0).unwrap_or_default()));
            }
            0x7d => {
                let number = |at: usize| usize::from(data.u16(at).unwrap_or_default());
                if number(8) & 1 == 1 && cells.hidden_columns.len() < 64 {
                    cells.hidden_columns.push((number(0), number(2)));
                }
            }
            // a box with words, and where a remark stands
            0x1b6 => cells.boxed(data, records),
            0x1c => cells.remark(data, self, into)?,
            // words of a chart
            0x100d => {
                let said = self.short(data.rest(2));
                cells.aside(Part::Textbox, &said, into)?;
            }
            0x1be => self.validation(data, cells, into)?,
            _ => {}
        }
        Ok(())
    }

    /// What a cell asks for: titles and texts of hints.
    fn validation(&self, data: &[u8], cells: &mut Cells, into: &mut Reading<'_>) -> Outcome {
        if self.old {
            return Ok(());
        }
        let mut spread = Spread::of(vec![data.rest(4)]);
        for _ in 0..4 {
            let said = spread.string().unwrap_or_default();
            cells.aside(Part::Hidden, said.trim_matches('\0'), into)?;
        }
        Ok(())
    }
}

/// Letters of one or two bytes.
fn letters(data: &[u8], count: usize, wide: bool) -> String {
    let mut text = Vec::new();
    Spread::of(vec![data]).letters(count, wide, &mut text);
    String::from_utf16_lossy(&text)
}

/// Cells of a sheet on their way into the text.
struct Cells {
    place: Place,
    row: usize,
    begun: bool,
    hidden_rows: std::collections::HashSet<usize>,
    hidden_columns: Vec<(usize, usize)>,
    /// Words of boxes, in the order of their records; remarks take theirs from the end of it.
    remarks: Vec<String>,
    boxes: usize,
    waiting: Option<(usize, usize)>,
}

impl Cells {
    fn write(&mut self, row: usize, column: usize, said: &str, into: &mut Reading<'_>) -> Outcome {
        if said.trim().is_empty() {
            return Ok(());
        }
        let hidden = self.hidden_rows.contains(&row)
            || self
                .hidden_columns
                .iter()
                .any(|(from, to)| (*from..=*to).contains(&column));
        let place = Place {
            part: if hidden {
                Part::Hidden
            } else {
                self.place.part
            },
            cell: cell(row, column),
            ..self.place
        };
        if self.begun && self.row == row {
            into.beside(place)?;
        } else {
            into.at(place)?;
        }
        self.begun = true;
        self.row = row;
        into.write(said)
    }

    fn aside(&mut self, part: Part, said: &str, into: &mut Reading<'_>) -> Outcome {
        if said.trim().is_empty() {
            return Ok(());
        }
        self.begun = false;
        into.at(Place { part, ..self.place })?;
        into.write(said)
    }

    /// Words of a box follow its record in further ones.
    fn boxed(&mut self, data: &[u8], records: &mut Records<'_>) {
        let count = usize::from(data.u16(10).unwrap_or_default());
        let mut chunks = Vec::new();
        while let Some(more) = records.next_of(CONTINUE) {
            chunks.push(more);
        }
        let Some((first, rest)) = chunks.split_first() else {
            return;
        };
        if count == 0 {
            return;
        }
        let wide = first.u8(0).unwrap_or_default() & 1 == 1;
        let mut all = vec![first.rest(1)];
        all.extend(rest);
        let mut text = Vec::new();
        Spread::of(all).letters(count, wide, &mut text);
        self.remarks.push(String::from_utf16_lossy(&text));
    }

    /// A remark: in old books with its words, in newer ones with the place of a box's.
    fn remark(&mut self, data: &[u8], book: &Book<'_>, into: &mut Reading<'_>) -> Outcome {
        let number = |at: usize| usize::from(data.u16(at).unwrap_or_default());
        let place = Place {
            part: Part::Comment,
            cell: cell(number(0), number(2)),
            ..self.place
        };
        let said = if book.old {
            pages::decoded(data.some(6, number(4)), book.page)
        } else {
            let said = self.remarks.get(self.boxes).cloned().unwrap_or_default();
            if let Some(taken) = self.remarks.get_mut(self.boxes) {
                taken.clear();
            }
            self.boxes += 1;
            into.property(
                "author",
                &Spread::of(vec![data.rest(8)]).string().unwrap_or_default(),
            )?;
            said
        };
        if said.trim().is_empty() {
            return Ok(());
        }
        self.begun = false;
        into.at(place)?;
        into.write(&said)
    }

    /// Boxes that belong to no remark.
    fn end(mut self, into: &mut Reading<'_>) -> Outcome {
        for said in std::mem::take(&mut self.remarks) {
            self.aside(Part::Textbox, &said, into)?;
        }
        Ok(())
    }
}

fn cell(row: usize, column: usize) -> (u32, u32) {
    let number = |at: usize| u32::try_from(at + 1).unwrap_or_default();
    (number(row), number(column))
}
