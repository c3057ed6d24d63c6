//! Word before 2007: a stream of letters, which a table of pieces puts into order.

use std::collections::HashSet;

use super::compound::Compound;
use super::{harvest, pages};
use crate::read::le::{Le, index, utf16};
use crate::read::office::Flow;
use crate::read::{Fault, Outcome, Reading};
use crate::report::Cause;
use crate::{Part, Place};

/// Word 6 and 95 count letters in bytes of a code page.
const OLD: u16 = 0xa5dc;
/// But Word 6 of East Asia, which has the same head, in UTF-16.
const WIDE: u16 = 0xa699;
const NEW: u16 = 0xa5ec;

/// Letters follow each other in this order of parts.
const PARTS: [Part; 8] = [
    Part::Body,
    Part::Footnote,
    Part::Header,
    Part::Hidden,
    Part::Comment,
    Part::Footnote,
    Part::Textbox,
    Part::Header,
];

/// Some letters in a row, as they lie in the stream.
#[derive(Debug, Clone, Copy)]
struct Piece {
    /// Letters, counted from the beginning of the document.
    from: usize,
    to: usize,
    at: usize,
    wide: bool,
}

/// What is needed to read letters.
struct Letters<'s> {
    stream: &'s [u8],
    page: u16,
    pieces: Vec<Piece>,
    /// Bytes whose letters are hidden or deleted, in order.
    hidden: Vec<(usize, usize)>,
}

/// Word 1 and 2, which lie in a file by themselves, or a stream that has lost its file.
pub(super) fn is_bare(bytes: &[u8]) -> bool {
    matches!(bytes.u16(0), Some(0xa5db | 0xa59b | 0xa5dc | 0xbe31))
}

/// Reads one: the head says where its letters begin and end.
pub(super) fn bare(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    if bytes.u16(10).unwrap_or_default() & 0x0100 != 0 {
        return Err(Fault(Cause::Encrypted));
    }
    let (from, to) = if bytes.u16(0) == Some(0xbe31) {
        (128, index(bytes.u32(14).unwrap_or_default()))
    } else {
        let number = |at: usize| index(bytes.u32(at).unwrap_or_default());
        (number(0x18), number(0x1c))
    };
    let letters = Letters {
        stream: bytes,
        page: pages::of_language(bytes.u16(6).unwrap_or_default()),
        pieces: vec![Piece {
            from: 0,
            to: to.saturating_sub(from),
            at: from,
            wide: false,
        }],
        hidden: Vec::new(),
    };
    letters.write(0, to.saturating_sub(from), Place::default(), into)
}

pub(super) fn read(compound: &Compound<'_>, of: usize, into: &mut Reading<'_>) -> Outcome {
    let Some(stream) = compound.named(of, "WordDocument", into)? else {
        return Ok(());
    };
    let (kind, flags) = (stream.u16(0), stream.u16(10).unwrap_or_default());
    let kind = match kind {
        Some(0xa697..=0xa699) => Some(WIDE),
        kind => kind,
    };
    let Some(kind @ (OLD | WIDE | NEW)) = kind else {
        into.note(Cause::Damaged);
        return harvest::read(&stream, into);
    };
    if flags & 0x0100 != 0 {
        return Err(Fault(Cause::Encrypted));
    }
    let table = if kind != NEW {
        None
    } else {
        let (first, second) = if flags & 0x0200 == 0 {
            ("0Table", "1Table")
        } else {
            ("1Table", "0Table")
        };
        match compound.named(of, first, into)? {
            Some(table) => Some(table),
            None => compound.named(of, second, into)?,
        }
    };
    let table: &[u8] = table.as_deref().unwrap_or(&stream);
    let letters = Letters {
        stream: &stream,
        page: match stream.u8(0x12) {
            // written on a Macintosh
            Some(1) if kind == OLD => 10_000,
            _ => pages::of_language(stream.u16(6).unwrap_or_default()),
        },
        pieces: pieces(&stream, table, kind),
        hidden: if kind == NEW {
            hidden(&stream, table, into)?
        } else {
            Vec::new()
        },
    };
    if letters.pieces.is_empty() {
        into.note(Cause::Damaged);
        return harvest::read(&stream, into);
    }
    parts(&letters, table, kind, into)
}

/// A table that the file's head points to.
fn pointed<'t>(stream: &[u8], table: &'t [u8], at: usize) -> &'t [u8] {
    let number = |at: usize| index(stream.u32(at).unwrap_or_default());
    table.some(number(at), number(at + 4))
}

fn pieces(stream: &[u8], table: &[u8], kind: u16) -> Vec<Piece> {
    let mut list = pointed(stream, table, if kind == NEW { 0x1a2 } else { 0x160 });
    let mut pieces = Vec::new();
    // properties stand before the pieces
    while list.u8(0) == Some(1) {
        list = list.rest(3 + usize::from(list.u16(1).unwrap_or_default()));
    }
    if list.u8(0) == Some(2) {
        let length = index(list.u32(1).unwrap_or_default());
        let list = list.some(5, length);
        let count = list.len().saturating_sub(4) / 12;
        for number in 0..count {
            let piece = piece(list, number, count, kind);
            // in order, as they have to be: so that each letter is found fast
            let end = pieces.last().map_or(0, |last: &Piece| last.to);
            pieces.extend(piece.filter(|piece| piece.from >= end));
        }
    }
    if pieces.is_empty() {
        pieces.extend(whole(stream, kind));
    }
    pieces
}

fn piece(list: &[u8], number: usize, count: usize, kind: u16) -> Option<Piece> {
    let from = index(list.u32(number * 4)?);
    let to = index(list.u32(number * 4 + 4)?);
    let place = list.u32((count + 1) * 4 + number * 8 + 2)?;
    let narrow = kind == OLD || (kind == NEW && place & 0x4000_0000 != 0);
    let at = match (kind, narrow) {
        (OLD | WIDE, _) => index(place),
        (_, true) => index(place & 0x3fff_ffff) / 2,
        (_, false) => index(place & 0x3fff_ffff),
    };
    (from < to).then_some(Piece {
        from,
        to,
        at,
        wide: !narrow,
    })
}

/// A document that was not saved in pieces lies in one.
fn whole(stream: &[u8], kind: u16) -> Option<Piece> {
    let (from, to) = (index(stream.u32(0x18)?), index(stream.u32(0x1c)?));
    let length = to.checked_sub(from).filter(|length| *length > 0)?;
    let letters: usize = (0..8).map(|part| count(stream, kind, part)).sum();
    // letters that fill their bytes twice over are wide
    let wide = kind != OLD && letters.saturating_mul(2) <= length + 2;
    Some(Piece {
        from: 0,
        to: if wide { length / 2 } else { length },
        at: from,
        wide,
    })
}

/// How many letters a part has.
fn count(stream: &[u8], kind: u16, part: usize) -> usize {
    let first = if kind == NEW { 0x4c } else { 0x34 };
    index(stream.u32(first + part * 4).unwrap_or_default())
}

/// Runs of letters that are hidden or deleted: pages of properties of letters, which a table points to.
fn hidden(stream: &[u8], table: &[u8], into: &Reading<'_>) -> Result<Vec<(usize, usize)>, Fault> {
    let list = pointed(stream, table, 0xfa);
    let count = list.len().saturating_sub(4) / 8;
    let mut hidden = Vec::new();
    let mut seen = HashSet::new();
    for number in 0..count {
        let Some(page) = list.u32((count + 1) * 4 + number * 4) else {
            break;
        };
        if !seen.insert(page) {
            continue;
        }
        into.look()?;
        let page = stream.some(index(page & 0x3f_ffff).saturating_mul(512), 512);
        let runs = usize::from(page.u8(511).unwrap_or_default());
        for run in 0..runs {
            let place = page.u8((runs + 1) * 4 + run).unwrap_or_default();
            let at = usize::from(place) * 2;
            let length = usize::from(page.u8(at).unwrap_or_default());
            if place != 0
                && hides(page.some(at + 1, length))
                && let (Some(from), Some(to)) = (page.u32(run * 4), page.u32(run * 4 + 4))
                && from < to
            {
                hidden.push((index(from), index(to)));
            }
        }
    }
    hidden.sort_unstable();
    Ok(hidden)
}

/// Whether properties hide letters: a list of codes, each with as many bytes as the code says.
fn hides(mut properties: &[u8]) -> bool {
    let mut hides = false;
    while let Some(code) = properties.u16(0) {
        let length = match code >> 13 {
            0 | 1 => 1,
            2 | 4 | 5 => 2,
            3 => 4,
            7 => 3,
            _ => 1 + usize::from(properties.u8(2).unwrap_or_default()),
        };
        if matches!(code, 0x083c | 0x0800) && properties.u8(2) == Some(1) {
            hides = true;
        }
        properties = properties.rest(2 + length);
    }
    hides
}

fn parts(letters: &Letters<'_>, table: &[u8], kind: u16, into: &mut Reading<'_>) -> Outcome {
    let mut from = 0_usize;
    let last = letters
        .pieces
        .iter()
        .map(|piece| piece.to)
        .max()
        .unwrap_or_default();
    for (number, part) in PARTS.into_iter().enumerate() {
        let to = from
            .saturating_add(count(letters.stream, kind, number))
            .min(last);
        let place = Place {
            part,
            ..Place::default()
        };
        if number == 2 && kind == NEW {
            headers(letters, table, from, to, into)?;
        } else {
            letters.write(from, to, place, into)?;
        }
        from = to;
    }
    // letters beyond what the head counts
    let rest = Place {
        part: Part::Hidden,
        ..Place::default()
    };
    letters.write(from, last, rest, into)
}

/// Headers and footers: six stories of separators, then six for each section.
fn headers(
    letters: &Letters<'_>,
    table: &[u8],
    from: usize,
    to: usize,
    into: &mut Reading<'_>,
) -> Outcome {
    let list = pointed(letters.stream, table, 0xf2);
    let mut at = from;
    for story in 0..list.len() / 4 {
        let end = index(list.u32(story * 4 + 4).unwrap_or(u32::MAX));
        let end = from.saturating_add(end).clamp(at, to);
        let is_footer = story >= 6 && matches!((story - 6) % 6, 2 | 3 | 5);
        let place = Place {
            part: if is_footer {
                Part::Footer
            } else {
                Part::Header
            },
            ..Place::default()
        };
        letters.write(at, end, place, into)?;
        at = end;
    }
    let place = Place {
        part: Part::Header,
        ..Place::default()
    };
    letters.write(at, to, place, into)
}

impl Letters<'_> {
    /// Writes letters of a part.
    fn write(&self, from: usize, to: usize, place: Place, into: &mut Reading<'_>) -> Outcome {
        if from >= to {
            return Ok(());
        }
        let mut words = Words {
            flow: Flow::new(into, place),
            codes: 0,
            fields: Vec::new(),
            after_cell: false,
        };
        let first = self.pieces.partition_point(|piece| piece.to <= from);
        for piece in self.pieces.iter().skip(first) {
            if piece.from >= to {
                break;
            }
            let (begin, end) = (piece.from.max(from), piece.to.min(to));
            if begin < end {
                self.piece(piece, begin - piece.from, end - piece.from, &mut words)?;
                words.flow.into.look()?;
            }
        }
        words.flow.end()
    }

    /// Some letters of a piece, cut where hidden ones begin and end.
    fn piece(&self, piece: &Piece, from: usize, to: usize, words: &mut Words<'_, '_>) -> Outcome {
        let width = if piece.wide { 2 } else { 1 };
        let mut at = piece.at.saturating_add(from.saturating_mul(width));
        let end = piece
            .at
            .saturating_add(to.saturating_mul(width))
            .min(self.stream.len());
        if end <= at {
            words.flow.into.note(Cause::Damaged);
        }
        while at < end {
            let next = self.hidden.partition_point(|(_, to)| *to <= at);
            let (cut, unseen) = match self.hidden.get(next) {
                Some((from, to)) if *from <= at => ((*to).min(end), true),
                Some((from, _)) => ((*from).min(end), false),
                None => (end, false),
            };
            let bytes = self.stream.some(at, cut - at);
            let said = match (piece.wide, self.page_of(piece)) {
                (true, _) => utf16_whole(bytes),
                (false, page) => pages::decoded(bytes, page),
            };
            words.say(&said, unseen)?;
            at = cut;
        }
        Ok(())
    }

    /// Narrow pieces of new documents are Western; those of old ones are in the document's code page.
    fn page_of(&self, _piece: &Piece) -> u16 {
        if self.stream.u16(0) == Some(NEW) {
            1252
        } else {
            self.page
        }
    }
}

/// As [`utf16`], with zeros left out instead of ending it.
fn utf16_whole(bytes: &[u8]) -> String {
    if memchr::memmem::find(bytes, b"\0\0").is_none() {
        return utf16(bytes);
    }
    let units = bytes
        .as_chunks::<2>()
        .0
        .iter()
        .map(|two| u16::from_le_bytes(*two))
        .filter(|unit| *unit != 0);
    char::decode_utf16(units)
        .map(|one| one.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// Letters on their way into paragraphs.
struct Words<'r, 'a> {
    flow: Flow<'r, 'a>,
    /// Fields that have begun: whether their code is being read, and how many of them are.
    fields: Vec<bool>,
    codes: usize,
    after_cell: bool,
}

impl Words<'_, '_> {
    fn say(&mut self, said: &str, unseen: bool) -> Outcome {
        for letter in said.chars() {
            let is_cell = letter == '\u{7}';
            match letter {
                '\r' | '\u{c}' => self.flow.paragraph()?,
                '\u{7}' if self.after_cell => self.flow.row()?,
                '\u{7}' => self.flow.cell()?,
                '\u{13}' if self.fields.len() < 64 => {
                    self.fields.push(true);
                    self.codes += 1;
                }
                '\u{14}' => self.end_code(false),
                '\u{15}' => self.end_code(true),
                _ => {
                    let letter = match letter {
                        '\u{b}' | '\u{e}' => '\n',
                        '\u{1e}' => '-',
                        '\t' => '\t',
                        '\0'..='\u{1f}' => continue,
                        letter => letter,
                    };
                    self.flow.letter(letter, unseen || self.codes > 0);
                }
            }
            self.after_cell = is_cell;
        }
        Ok(())
    }

    /// What a field shows follows its code; after that it is over.
    fn end_code(&mut self, over: bool) {
        if let Some(in_code) = self.fields.last_mut()
            && std::mem::take(in_code)
        {
            self.codes = self.codes.saturating_sub(1);
        }
        if over {
            self.fields.pop();
        }
    }
}
