//! Strings that the cells of a workbook share.

use std::borrow::Cow;

use super::markup::{Markup, Piece, text, utf8};
use crate::read::{Outcome, Reading};
use crate::{Part, Place};

/// All strings in one, with where each ends, and whether a cell has shown it.
#[derive(Debug, Default)]
pub(crate) struct Strings {
    all: String,
    ends: Vec<usize>,
    shown: Vec<bool>,
    /// How words are read, which a reader sees above them at most.
    readings: String,
}

impl Strings {
    pub(crate) fn of(xml: &[u8]) -> Self {
        let xml = utf8(xml);
        let mut strings = Self::default();
        let mut taken = false;
        // readings above characters are no part of the string
        let mut reading = false;
        for piece in Markup::of(&xml) {
            match piece {
                Piece::Open(tag) => match tag.name {
                    b"t" => taken = true,
                    b"rPh" => reading = true,
                    _ => {}
                },
                Piece::Text(raw) if taken && reading => strings.readings.push_str(&text(raw)),
                Piece::Text(raw) if taken => strings.all.push_str(&unescaped(text(raw))),
                Piece::Data(data) if taken => {
                    strings.all.push_str(&String::from_utf8_lossy(data));
                }
                Piece::Close(b"t") => taken = false,
                Piece::Close(b"rPh") => {
                    reading = false;
                    strings.readings.push('\n');
                }
                Piece::Close(b"si") => strings.end(),
                Piece::Close(_) | Piece::Text(_) | Piece::Data(_) => {}
            }
        }
        if strings.ends.last().copied().unwrap_or_default() < strings.all.len() {
            strings.end();
        }
        strings
    }

    /// Adds a string.
    pub(crate) fn push(&mut self, string: &str) {
        self.all.push_str(string);
        self.end();
    }

    fn end(&mut self) {
        self.ends.push(self.all.len());
        self.shown.push(false);
    }

    fn string(&self, at: usize) -> Option<&str> {
        let end = *self.ends.get(at)?;
        let begin = match at.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.all.get(begin..end)
    }

    /// A string that a cell shows.
    pub(crate) fn show(&mut self, at: usize) -> &str {
        if let Some(shown) = self.shown.get_mut(at) {
            *shown = true;
        }
        self.string(at).unwrap_or_default()
    }

    /// What no cell shows any more stays in the file, and is told as hidden.
    pub(crate) fn unused(&self, into: &mut Reading<'_>) -> Outcome {
        if !self.readings.is_empty() {
            into.at(Place {
                part: Part::Hidden,
                ..Place::default()
            })?;
            into.write(&self.readings)?;
        }
        for (at, shown) in self.shown.iter().enumerate() {
            let string = self.string(at).unwrap_or_default();
            if !shown && !string.trim().is_empty() {
                into.at(Place {
                    part: Part::Hidden,
                    ..Place::default()
                })?;
                into.write(string)?;
            }
        }
        Ok(())
    }
}

/// `_x000D_` is a character that XML does not allow.
pub(crate) fn unescaped(string: Cow<'_, str>) -> Cow<'_, str> {
    if !string.contains("_x") {
        return string;
    }
    let mut meant = String::with_capacity(string.len());
    let mut left: &str = &string;
    while let Some((before, after)) = left.split_once("_x") {
        meant.push_str(before);
        let letter = after
            .get(..4)
            .filter(|_| after.get(4..5) == Some("_"))
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
            .and_then(char::from_u32);
        if let Some(letter) = letter {
            meant.push(letter);
            left = after.get(5..).unwrap_or_default();
        } else {
            meant.push_str("_x");
            left = after;
        }
    }
    meant.push_str(left);
    Cow::Owned(meant)
}
