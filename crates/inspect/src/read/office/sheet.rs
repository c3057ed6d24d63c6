//! A sheet of a workbook of XML: its cells, and what stands around them.

use std::borrow::Cow;

use super::markup::{Markup, Piece, Tag, text};
use super::numbers::Formats;
use super::strings::{Strings, unescaped};
use crate::read::{Outcome, Reading};
use crate::{Part, Place};

/// What the text means that comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Take {
    Nothing,
    Value,
    Formula,
    Header,
    Footer,
    Validation,
}

struct Walk<'r, 'a, 's> {
    into: &'r mut Reading<'a>,
    strings: &'s mut Strings,
    formats: &'s Formats,
    place: Place,
    take: Take,
    /// Rows and columns that are not shown.
    hidden_row: bool,
    hidden_columns: Vec<(u32, u32)>,
    row: u32,
    begun: bool,
    cell: (u32, u32),
    kind: Kind,
    style: usize,
    value: String,
}

/// What the value of a cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Shared,
    Text,
    Truth,
}

pub(crate) fn read(
    xml: &[u8],
    place: Place,
    strings: &mut Strings,
    formats: &Formats,
    into: &mut Reading<'_>,
) -> Outcome {
    let mut walk = Walk {
        into,
        strings,
        formats,
        place,
        take: Take::Nothing,
        hidden_row: false,
        hidden_columns: Vec::new(),
        row: 0,
        begun: false,
        cell: (0, 0),
        kind: Kind::Number,
        style: 0,
        value: String::new(),
    };
    for piece in Markup::of(xml) {
        match piece {
            Piece::Open(tag) => walk.open(&tag)?,
            Piece::Close(name) => walk.close(name)?,
            Piece::Text(raw) if walk.take != Take::Nothing => walk.value.push_str(&text(raw)),
            Piece::Data(data) if walk.take != Take::Nothing => {
                walk.value.push_str(&String::from_utf8_lossy(data));
            }
            Piece::Text(_) | Piece::Data(_) => {}
        }
    }
    Ok(())
}

impl Walk<'_, '_, '_> {
    fn open(&mut self, tag: &Tag<'_>) -> Outcome {
        match tag.name {
            b"c" => self.begin_cell(tag),
            b"v" | b"t" => self.take = Take::Value,
            b"f" => self.take(Take::Formula),
            b"row" => {
                self.row = tag.number(b"r").unwrap_or(self.row.saturating_add(1));
                self.hidden_row = tag.says(b"hidden");
                self.cell = (self.row, 0);
                self.begun = false;
            }
            b"col" if tag.says(b"hidden") => {
                let number = |name: &[u8]| tag.number(name).unwrap_or_default();
                self.hide_columns(number(b"min"), number(b"max"));
            }
            b"oddHeader" | b"evenHeader" | b"firstHeader" => self.take(Take::Header),
            b"oddFooter" | b"evenFooter" | b"firstFooter" => self.take(Take::Footer),
            b"formula1" | b"formula2" => self.take(Take::Validation),
            b"dataValidation" => {
                self.tell(tag, &[b"promptTitle", b"prompt", b"errorTitle", b"error"])?
            }
            b"hyperlink" => self.tell(tag, &[b"tooltip", b"location"])?,
            _ => {}
        }
        Ok(())
    }

    /// WHY so few: each cell asks all of them; sheets hide columns in runs.
    fn hide_columns(&mut self, from: u32, to: u32) {
        if let Some((_, end)) = self.hidden_columns.last_mut()
            && end.saturating_add(1) == from
        {
            *end = to;
        } else if self.hidden_columns.len() < 64 {
            self.hidden_columns.push((from, to));
        }
    }

    fn take(&mut self, take: Take) {
        self.value.clear();
        self.take = take;
    }

    fn begin_cell(&mut self, tag: &Tag<'_>) {
        self.cell = match tag.raw(b"r").map(cell) {
            Some(cell) if cell != (0, 0) => cell,
            _ => (self.cell.0.max(self.row), self.cell.1.saturating_add(1)),
        };
        self.kind = match tag.raw(b"t") {
            Some(b"s") => Kind::Shared,
            Some(b"str" | b"inlineStr" | b"e" | b"d") => Kind::Text,
            Some(b"b") => Kind::Truth,
            _ => Kind::Number,
        };
        self.style = tag
            .number(b"s")
            .and_then(|style| usize::try_from(style).ok())
            .unwrap_or_default();
        self.value.clear();
    }

    fn close(&mut self, name: &[u8]) -> Outcome {
        match name {
            b"v" | b"t" => self.take = Take::Nothing,
            b"c" => {
                self.end_cell()?;
                self.value.clear();
            }
            b"f" => {
                self.take = Take::Nothing;
                // a formula that writes words of its own
                if self.value.contains('"') {
                    let place = self.here(Part::Hidden);
                    self.into.at(place)?;
                    self.into.write(&self.value)?;
                    self.into.line()?;
                    self.begun = false;
                }
                self.value.clear();
            }
            b"formula1" | b"formula2" => {
                self.take = Take::Nothing;
                if self.value.starts_with('"') {
                    self.aside(Part::Hidden)?;
                }
            }
            b"oddHeader" | b"evenHeader" | b"firstHeader" | b"oddFooter" | b"evenFooter"
            | b"firstFooter" => {
                let part = if self.take == Take::Header {
                    Part::Header
                } else {
                    Part::Footer
                };
                self.take = Take::Nothing;
                self.value = header(&self.value);
                self.aside(part)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn here(&self, part: Part) -> Place {
        Place {
            part,
            cell: self.cell,
            ..self.place
        }
    }

    fn aside(&mut self, part: Part) -> Outcome {
        if !self.value.trim().is_empty() {
            self.into.at(Place {
                part,
                cell: (0, 0),
                ..self.place
            })?;
            self.into.write(&self.value)?;
        }
        Ok(())
    }

    fn tell(&mut self, tag: &Tag<'_>, names: &[&[u8]]) -> Outcome {
        for name in names {
            if let Some(value) = tag.attribute(name) {
                self.value = value.into_owned();
                self.aside(Part::Hidden)?;
            }
        }
        Ok(())
    }

    fn end_cell(&mut self) -> Outcome {
        if self.value.is_empty() {
            return Ok(());
        }
        let column = self.cell.1;
        let hidden = self.hidden_row
            || self
                .hidden_columns
                .iter()
                .any(|(from, to)| (*from..=*to).contains(&column));
        let part = if hidden {
            Part::Hidden
        } else {
            self.place.part
        };
        let place = self.here(part);
        let shown: Cow<'_, str> = match self.kind {
            Kind::Shared => match self.value.trim().parse() {
                Ok(at) => Cow::Borrowed(self.strings.show(at)),
                Err(_) => Cow::Borrowed(self.value.as_str()),
            },
            Kind::Text => unescaped(Cow::Borrowed(&self.value)),
            Kind::Truth => Cow::Borrowed(if self.value == "1" { "TRUE" } else { "FALSE" }),
            // digits as they are: the number of a person has more than a float keeps
            Kind::Number if !self.formats.is_dated(self.style) && is_whole(&self.value) => {
                Cow::Borrowed(self.value.as_str())
            }
            Kind::Number => match self.value.trim().parse() {
                Ok(number) => Cow::Owned(self.formats.shown(number, self.style)),
                Err(_) => Cow::Borrowed(self.value.as_str()),
            },
        };
        if shown.trim().is_empty() {
            return Ok(());
        }
        if self.begun {
            self.into.beside(place)?;
        } else {
            self.into.at(place)?;
        }
        self.begun = true;
        self.into.write(&shown)
    }
}

fn is_whole(number: &str) -> bool {
    number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Row and column of a cell's name; zeros where it is none.
pub(crate) fn cell(name: &[u8]) -> (u32, u32) {
    let (mut row, mut column) = (0_u32, 0_u32);
    for byte in name.iter().take(12) {
        match byte {
            b'A'..=b'Z' => {
                column = column
                    .saturating_mul(26)
                    .saturating_add(u32::from(byte - b'A') + 1)
            }
            b'a'..=b'z' => {
                column = column
                    .saturating_mul(26)
                    .saturating_add(u32::from(byte - b'a') + 1)
            }
            b'0'..=b'9' => {
                row = row
                    .saturating_mul(10)
                    .saturating_add(u32::from(byte - b'0'))
            }
            b'$' => {}
            _ => break,
        }
    }
    if row == 0 || column == 0 {
        (0, 0)
    } else {
        (row, column)
    }
}

/// What a header or footer says, without its codes: `&L` `&C` `&R` begin its thirds, `&"font"` and `&12` say how.
pub(crate) fn header(codes: &str) -> String {
    let mut said = String::new();
    let mut letters = codes.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '&' {
            said.push(letter);
            continue;
        }
        match letters.next() {
            Some('&') => said.push('&'),
            Some('L' | 'C' | 'R' | 'l' | 'c' | 'r') if !said.is_empty() => said.push('\t'),
            Some('"') => while letters.next().is_some_and(|one| one != '"') {},
            Some('0'..='9') => while letters.next_if(char::is_ascii_digit).is_some() {},
            Some('K') => while letters.next_if(char::is_ascii_hexdigit).is_some() {},
            _ => {}
        }
    }
    said
}

/// Values of copies of data: attributes `v` and `name`, texts of `v` and the like.
pub(crate) fn values(xml: &[u8], into: &mut Reading<'_>) -> Outcome {
    let told: &[&[u8]] = &[
        b"v",
        b"name",
        b"val",
        b"connection",
        b"command",
        b"description",
        b"url",
    ];
    for piece in Markup::of(xml) {
        match piece {
            Piece::Open(tag) => {
                for name in told {
                    if let Some(value) = tag.attribute(name) {
                        into.line()?;
                        into.write(&value)?;
                    }
                }
            }
            Piece::Text(raw) => {
                let said = text(raw);
                if !said.trim().is_empty() {
                    into.line()?;
                    into.write(&said)?;
                }
            }
            Piece::Close(_) | Piece::Data(_) => {}
        }
    }
    Ok(())
}
