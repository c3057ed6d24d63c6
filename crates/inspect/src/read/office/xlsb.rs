//! Excel's packages of records: as those of XML, with numbers instead of tags.

use super::numbers::Formats;
use super::parts::Parts;
use super::sheet::header;
use super::strings::Strings;
use crate::read::le::{Le, index};
use crate::read::{Outcome, Reading};
use crate::{Part, Place};

/// A sheet of a workbook.
struct Sheet {
    name: String,
    hidden: bool,
    key: String,
}

/// What holds for all sheets.
#[derive(Default)]
struct Book {
    strings: Strings,
    formats: Formats,
    sheets: Vec<Sheet>,
}

pub(crate) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut parts = Parts::open(bytes, into)?;
    let mut book = Book::default();
    for (kind, data) in Records::of(
        &parts
            .take("xl/sharedStrings.bin", into)?
            .unwrap_or_default(),
    ) {
        if kind == 19 {
            book.strings.push(&string(data, 1).0);
        }
    }
    book.styles(&parts.take("xl/styles.bin", into)?.unwrap_or_default());
    let relations = parts.relations("xl/workbook.bin", into)?;
    book.sheets(
        &parts.take("xl/workbook.bin", into)?.unwrap_or_default(),
        into,
    )?;
    for sheet in std::mem::take(&mut book.sheets) {
        let Some((_, file)) = relations.inside.get(&sheet.key) else {
            continue;
        };
        let place = into.begin_sheet(&sheet.name, sheet.hidden)?;
        let cells = parts.take(file, into)?.unwrap_or_default();
        book.sheet(&cells, place, into)?;
        let around = parts.relations(file, into)?;
        for (kind, target) in around.order.iter().filter_map(|key| around.inside.get(key)) {
            if kind == "comments" {
                let remarks = parts.take(target, into)?.unwrap_or_default();
                comments(&remarks, place, into)?;
            }
        }
    }
    book.strings.unused(into)?;
    for name in parts.left() {
        let copies = [
            "pivotCache",
            "tables/",
            "externalLinks/",
            "queryTables/",
            "connections",
            "comments",
            "heets/",
        ];
        if name.ends_with(".bin") && copies.iter().any(|copy| name.contains(copy)) {
            rest(&parts.take(&name, into)?.unwrap_or_default(), into)?;
        } else if name.contains("drawings/") || name.contains("charts/") {
            super::xlsx::left_over(&mut parts, &name, into)?;
        }
    }
    parts.rest(into)
}

/// Records: a number and a length in sevens of bits, and so many bytes.
struct Records<'s> {
    left: &'s [u8],
}

impl<'s> Records<'s> {
    fn of(bytes: &'s [u8]) -> Self {
        Self { left: bytes }
    }

    fn number(&mut self, most: usize) -> Option<u32> {
        let mut number = 0_u32;
        for place in 0..most {
            let byte = self.left.u8(0)?;
            self.left = self.left.rest(1);
            number |= u32::from(byte & 0x7f) << (place * 7);
            if byte & 0x80 == 0 {
                break;
            }
        }
        Some(number)
    }
}

impl<'s> Iterator for Records<'s> {
    type Item = (u32, &'s [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let kind = self.number(2)?;
        let length = index(self.number(4)?);
        let data = self
            .left
            .get(..length.min(self.left.len()))
            .unwrap_or_default();
        self.left = self.left.get(data.len()..).unwrap_or_default();
        Some((kind, data))
    }
}

/// A string with four bytes of length, and where it ends.
fn string(data: &[u8], at: usize) -> (String, usize) {
    let count = match data.u32(at) {
        Some(u32::MAX) | None => 0,
        Some(count) => index(count),
    };
    let bytes = data.some(at.saturating_add(4), count.saturating_mul(2));
    let units: Vec<u16> = bytes
        .as_chunks::<2>()
        .0
        .iter()
        .map(|two| u16::from_le_bytes(*two))
        .collect();
    (
        String::from_utf16_lossy(&units),
        at.saturating_add(4).saturating_add(bytes.len()),
    )
}

impl Book {
    fn styles(&mut self, bytes: &[u8]) {
        let mut in_cells = false;
        for (kind, data) in Records::of(bytes) {
            match kind {
                44 => {
                    let number = u32::from(data.u16(0).unwrap_or_default());
                    self.formats.format(number, &string(data, 2).0);
                }
                617 => in_cells = true,
                618 => in_cells = false,
                47 if in_cells => {
                    self.formats
                        .style(u32::from(data.u16(2).unwrap_or_default()));
                }
                _ => {}
            }
        }
    }

    fn sheets(&mut self, bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
        for (kind, data) in Records::of(bytes) {
            match kind {
                153 => self.formats.from_1904 = data.u8(0).unwrap_or_default() & 1 == 1,
                156 => {
                    let (key, end) = string(data, 8);
                    self.sheets.push(Sheet {
                        name: string(data, end).0,
                        hidden: data.u32(0).unwrap_or_default() != 0,
                        key,
                    });
                }
                39 => {
                    into.at(Place {
                        part: Part::Hidden,
                        ..Place::default()
                    })?;
                    into.write(&string(data, 9).0)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn sheet(&mut self, bytes: &[u8], place: Place, into: &mut Reading<'_>) -> Outcome {
        let (mut row, mut begun, mut hidden_row) = (0_u32, false, false);
        let mut hidden_columns: Vec<(u32, u32)> = Vec::new();
        for (kind, data) in Records::of(bytes) {
            let first = data.u32(0).unwrap_or_default();
            match kind {
                0 => {
                    row = first.saturating_add(1);
                    begun = false;
                    hidden_row = data.u8(11).unwrap_or_default() & 0x10 != 0;
                }
                60 if data.u8(16).unwrap_or_default() & 1 == 1 && hidden_columns.len() < 64 => {
                    hidden_columns.push((first, data.u32(4).unwrap_or_default()));
                }
                1..=11 => {
                    let said = self.cell(kind, data);
                    if said.trim().is_empty() {
                        continue;
                    }
                    let hidden = hidden_row
                        || hidden_columns
                            .iter()
                            .any(|(from, to)| (*from..=*to).contains(&first));
                    let here = Place {
                        part: if hidden { Part::Hidden } else { place.part },
                        cell: (row, first.saturating_add(1)),
                        ..place
                    };
                    if begun {
                        into.beside(here)?;
                    } else {
                        into.at(here)?;
                    }
                    begun = true;
                    into.write(&said)?;
                }
                479 => headers(data, place, into)?,
                _ => {}
            }
        }
        into.line()
    }

    /// What a cell shows; its value follows its column and style.
    fn cell(&mut self, kind: u32, data: &[u8]) -> String {
        let style = index(data.u32(4).unwrap_or_default() & 0xff_ffff);
        match kind {
            2 => self
                .formats
                .shown(packed(data.u32(8).unwrap_or_default()), style),
            4 | 10 => if data.u8(8) == Some(1) {
                "TRUE"
            } else {
                "FALSE"
            }
            .to_owned(),
            5 | 9 => self.formats.shown(data.f64(8).unwrap_or_default(), style),
            6 | 8 => string(data, 8).0,
            7 => self
                .strings
                .show(index(data.u32(8).unwrap_or(u32::MAX)))
                .to_owned(),
            _ => String::new(),
        }
    }
}

/// A number in four bytes: a whole one, or the upper half of a float; perhaps a hundredfold.
pub(crate) fn packed(bits: u32) -> f64 {
    let number = if bits & 2 == 2 {
        f64::from(i32::from_le_bytes(bits.to_le_bytes()) >> 2)
    } else {
        f64::from_bits(u64::from(bits & 0xffff_fffc) << 32)
    };
    if bits & 1 == 1 {
        number / 100.0
    } else {
        number
    }
}

/// Three headers and three footers by turns.
fn headers(data: &[u8], place: Place, into: &mut Reading<'_>) -> Outcome {
    let mut at = 2;
    for number in 0..6 {
        let (codes, end) = string(data, at);
        at = end;
        let said = header(&codes);
        if !said.trim().is_empty() {
            into.at(Place {
                part: if number % 2 == 0 {
                    Part::Header
                } else {
                    Part::Footer
                },
                ..place
            })?;
            into.write(&said)?;
        }
    }
    Ok(())
}

fn comments(bytes: &[u8], place: Place, into: &mut Reading<'_>) -> Outcome {
    let mut here = Place {
        part: Part::Comment,
        ..place
    };
    for (kind, data) in Records::of(bytes) {
        match kind {
            632 => into.property("author", &string(data, 0).0)?,
            635 => {
                let number = |at: usize| data.u32(at).unwrap_or_default().saturating_add(1);
                here.cell = (number(4), number(12));
            }
            637 => {
                into.at(here)?;
                into.write(&string(data, 1).0)?;
            }
            _ => {}
        }
    }
    into.line()
}

/// Records of parts without a reader of their own: copies for pivot tables, tables, links.
fn rest(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    into.at(Place {
        part: Part::Hidden,
        ..Place::default()
    })?;
    for (_, data) in Records::of(bytes) {
        for at in 0..data.len().min(24) {
            let (said, end) = string(data, at);
            if said.chars().nth(1).is_some()
                && end == data.len()
                && !said.chars().any(char::is_control)
            {
                into.line()?;
                into.write(&said)?;
                break;
            }
        }
    }
    into.line()
}

#[cfg(test)]
mod tests {
    use super::packed;
    use crate::read::office::numbers::plain;

    #[test]
    fn numbers_in_four_bytes_are_whole_or_parts() {
        assert_eq!(plain(packed((1_234 << 2) | 2)), "1234");
        assert_eq!(plain(packed((1_234 << 2) | 3)), "12.34");
        assert_eq!(plain(packed(0x3ff0_0000)), "1");
    }
}
