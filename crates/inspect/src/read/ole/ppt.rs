//! PowerPoint before 2007: records inside records, each a kind and a length.

use std::collections::{HashMap, HashSet};

use super::compound::Compound;
use super::{harvest, pages};
use crate::read::le::{Le, index, utf16};
use crate::read::office::{Flow, inflate_zlib};
use crate::read::{Fault, Outcome, Reading};
use crate::report::Cause;
use crate::{Part, Place};

const DOCUMENT: u16 = 1_000;
const SLIDE: u16 = 1_006;
const NOTES: u16 = 1_008;
const SLIDE_ENTRY: u16 = 1_011;
const SLIDE_INFO: u16 = 1_017;
const MASTER: u16 = 1_016;
const LETTERS: u16 = 4_000;
const BYTES: u16 = 4_008;
const STRING: u16 = 4_026;
const LIST: u16 = 4_080;
const EMBEDDED: u16 = 4_113;
const COMMENT: u16 = 12_000;
const EDIT: u16 = 4_085;
const PERSISTED: u16 = 6_002;
/// Records inside records; real ones go ten deep.
const DEPTH: usize = 32;
/// The token of a file whose user is locked.
const LOCKED: u32 = 0xf3d1_c4df;

#[derive(Debug, Clone, Copy)]
struct Record<'s> {
    instance: u16,
    kind: u16,
    is_box: bool,
    data: &'s [u8],
    at: usize,
}

/// Records of a run of bytes that begins at a place of the stream.
fn records(bytes: &[u8], from: usize) -> impl Iterator<Item = Record<'_>> {
    let mut at = 0_usize;
    std::iter::from_fn(move || {
        let first = bytes.u16(at)?;
        let kind = bytes.u16(at + 2)?;
        let length = index(bytes.u32(at + 4)?);
        let record = Record {
            instance: first >> 4,
            kind,
            is_box: first & 0xf == 0xf,
            data: bytes.some(at + 8, length),
            at: from + at,
        };
        at = at.checked_add(8)?.checked_add(length)?;
        Some(record)
    })
}

/// Which slides and notes the document shows, by where their records begin.
#[derive(Debug, Default)]
struct Shown {
    /// Places of live records by their numbers.
    places: HashMap<u32, usize>,
    slides: HashMap<usize, u32>,
    notes: HashMap<usize, u32>,
    live: HashSet<usize>,
}

pub(super) fn read(compound: &Compound<'_>, of: usize, into: &mut Reading<'_>) -> Outcome {
    let Some(stream) = compound.named(of, "PowerPoint Document", into)? else {
        return Ok(());
    };
    let user = compound
        .named(of, "Current User", into)?
        .unwrap_or_default();
    if user.u32(12) == Some(LOCKED) || compound.find(of, "EncryptedSummary").is_some() {
        return Err(Fault(Cause::Encrypted));
    }
    if !records(&stream, 0).any(|record| record.kind == DOCUMENT) {
        // PowerPoint 95 and before, or a file that has lost its beginning
        into.note(Cause::UnknownFormat);
        return harvest::read(&stream, into);
    }
    let shown = shown(&stream, index(user.u32(16).unwrap_or(u32::MAX)));
    for record in records(&stream, 0) {
        top(&record, &shown, into)?;
        into.look()?;
    }
    Ok(())
}

/// The list of live records: each save added a list of what it changed, which points to the list before it.
fn shown(stream: &[u8], last: usize) -> Shown {
    let mut shown = Shown::default();
    let mut seen = HashSet::new();
    let mut edit = last;
    let mut left = stream.len();
    while seen.insert(edit)
        && let Some(record) = records(stream.rest(edit), edit).next()
        && record.kind == EDIT
    {
        let list = index(record.data.u32(12).unwrap_or(u32::MAX));
        if let Some(list) = records(stream.rest(list), list).next()
            && list.kind == PERSISTED
        {
            // lists may lie over each other: together they are no longer than the stream
            let list = list.data.some(0, left);
            left -= list.len();
            persisted(list, &mut shown.places);
        }
        edit = index(record.data.u32(8).unwrap_or_default());
        if edit == 0 {
            break;
        }
    }
    shown.live = shown.places.values().copied().collect();
    let document = records(stream, 0)
        .filter(|record| record.kind == DOCUMENT)
        .filter(|record| shown.live.is_empty() || shown.live.contains(&record.at))
        .last();
    if let Some(document) = document {
        number(&document, &mut shown);
    }
    shown
}

fn persisted(mut list: &[u8], places: &mut HashMap<u32, usize>) {
    while let Some(head) = list.u32(0) {
        let (first, count) = (head & 0xf_ffff, head >> 20);
        list = list.rest(4);
        for number in 0..count {
            let Some(place) = list.u32(0) else { return };
            // lists are read from the last save back: the first that names a record is right
            places.entry(first + number).or_insert(index(place));
            list = list.rest(4);
        }
    }
}

/// Slides and notes get their numbers from the lists of the document.
fn number(document: &Record<'_>, shown: &mut Shown) {
    let mut keys: HashMap<u32, u32> = HashMap::new();
    for list in records(document.data, 0).filter(|record| record.kind == LIST) {
        let mut slide = 0;
        for entry in records(list.data, 0).filter(|record| record.kind == SLIDE_ENTRY) {
            let place = entry
                .data
                .u32(0)
                .and_then(|key| shown.places.get(&key))
                .copied();
            let key = entry.data.u32(12).unwrap_or_default();
            slide += 1;
            match (list.instance, place) {
                (0, Some(place)) => {
                    keys.insert(key, slide);
                    shown.slides.insert(place, slide);
                }
                (2, Some(place)) => {
                    shown.notes.insert(place, slide);
                }
                _ => {}
            }
        }
    }
}

fn top(record: &Record<'_>, shown: &Shown, into: &mut Reading<'_>) -> Outcome {
    let stale = !shown.live.is_empty() && !shown.live.contains(&record.at);
    let (part, slide) = match record.kind {
        SLIDE => (
            if is_hidden(record) {
                Part::Hidden
            } else {
                Part::Body
            },
            shown.slides.get(&record.at).copied().unwrap_or_default(),
        ),
        NOTES => (
            Part::Notes,
            shown.notes.get(&record.at).copied().unwrap_or_default(),
        ),
        MASTER => (Part::Header, 0),
        DOCUMENT => (Part::Body, 0),
        EMBEDDED => return embedded(record, into),
        _ => (Part::Hidden, 0),
    };
    let place = Place {
        // what an older save left behind
        part: if stale { Part::Hidden } else { part },
        slide,
        ..Place::default()
    };
    let mut walk = Walk {
        flow: Flow::new(into, place),
        place,
        said: HashSet::new(),
    };
    walk.record(record, DEPTH)?;
    walk.flow.end()
}

fn is_hidden(slide: &Record<'_>) -> bool {
    records(slide.data, 0)
        .any(|record| record.kind == SLIDE_INFO && record.data.u16(10).unwrap_or_default() & 4 != 0)
}

struct Walk<'r, 'a> {
    flow: Flow<'r, 'a>,
    place: Place,
    said: HashSet<String>,
}

impl Walk<'_, '_> {
    fn record(&mut self, record: &Record<'_>, depth: usize) -> Outcome {
        let Some(depth) = depth.checked_sub(1) else {
            self.flow.into.note(Cause::TooDeep);
            return Ok(());
        };
        match record.kind {
            LETTERS => self.say(&utf16(record.data))?,
            // the lower bytes of letters
            BYTES => self.say(&pages::decoded(record.data, 1252))?,
            STRING => self.string(record)?,
            COMMENT => {
                self.flow.enter(Place {
                    part: Part::Comment,
                    ..self.place
                });
                self.inside(record, depth)?;
                self.flow.leave()?;
            }
            LIST => self.list(record, depth)?,
            EMBEDDED => embedded(record, self.flow.into)?,
            _ if record.is_box => self.inside(record, depth)?,
            _ => {}
        }
        Ok(())
    }

    fn inside(&mut self, record: &Record<'_>, depth: usize) -> Outcome {
        for inner in records(record.data, 0) {
            self.record(&inner, depth)?;
            self.flow.into.look()?;
        }
        Ok(())
    }

    /// Titles and outlines of slides stand in a list, each after the entry of its slide.
    fn list(&mut self, record: &Record<'_>, depth: usize) -> Outcome {
        let part = match record.instance {
            0 => self.place.part,
            1 => Part::Header,
            _ => Part::Notes,
        };
        let mut slide = 0;
        for inner in records(record.data, 0) {
            if inner.kind == SLIDE_ENTRY {
                slide += 1;
                self.flow.to(Place {
                    part,
                    slide: if record.instance == 1 { 0 } else { slide },
                    ..self.place
                })?;
            } else {
                self.record(&inner, depth)?;
            }
        }
        self.flow.to(self.place)
    }

    fn say(&mut self, said: &str) -> Outcome {
        for paragraph in said.split(['\r', '\n']) {
            self.flow.text(&paragraph.replace('\u{b}', "\n"));
            self.flow.paragraph()?;
        }
        Ok(())
    }

    /// Strings are names of fonts and programs, and words of headers, comments and links.
    fn string(&mut self, record: &Record<'_>) -> Outcome {
        let said = utf16(record.data);
        // names that the program gives to its own data
        if !said.starts_with("___PPT") && self.said.insert(said.clone()) {
            self.say(&said)?;
        }
        Ok(())
    }
}

/// A file inside the presentation: as it is, or packed, with its length before it.
fn embedded(record: &Record<'_>, into: &mut Reading<'_>) -> Outcome {
    if record.instance == 0 {
        return into.inside("object", record.data);
    }
    let told = index(record.data.u32(0).unwrap_or_default());
    let bytes = inflate_zlib(record.data.rest(4), told, into)?;
    into.inside("object", &bytes)
}
