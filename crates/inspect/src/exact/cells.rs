//! What may be a cell in a text: letters and digits in a row, of the lengths that a table has.

use std::ops::Range;

use crate::normal::Normal;

/// Lengths that occur, as bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Lengths(pub(super) u64);

impl Lengths {
    pub(super) fn add(&mut self, length: usize) {
        if length < 64 {
            self.0 |= 1 << length;
        }
    }

    fn each(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let next = left.trailing_zeros();
            left &= left.wrapping_sub(1);
            (next < 64).then_some(next as usize)
        })
    }
}

/// The letters and digits of a cell, as they are compared.
pub(super) fn letters(cell: &str) -> Vec<char> {
    let normal = Normal::of(cell);
    let all = normal.as_str().chars().filter(|one| one.is_alphanumeric());
    all.map(|one| one.to_ascii_uppercase())
        .take(super::LETTERS_MOST + 1)
        .collect()
}

/// Places of the ring in which the last letters are kept: more than a cell has.
const RING: usize = 64;

/// A letter of the text.
#[derive(Debug, Clone, Copy, Default)]
struct Letter {
    letter: char,
    byte: usize,
    /// No number and no Latin word goes through here.
    begins: bool,
}

/// The last letters that stand in a row.
pub(super) struct Row {
    ring: [Letter; RING],
    count: usize,
    /// From which on they stand in a row.
    first: usize,
}

impl Row {
    fn at(&self, at: usize) -> Letter {
        self.ring.get(at % RING).copied().unwrap_or_default()
    }

    /// The last letters, so many.
    pub(super) fn last(&self, length: usize) -> impl Iterator<Item = char> {
        (self.count.saturating_sub(length)..self.count).map(|at| self.at(at).letter)
    }
}

/// Tells of everything in a part of a text that may be a cell: its length, and where it stands, in bytes. Numbers and Latin
/// words are taken whole, or with what follows after a single separator; Chinese at each character. It goes on as long as
/// `tell` says so.
pub(super) fn each(
    text: &str,
    part: Range<usize>,
    lengths: Lengths,
    tell: &mut dyn FnMut(&Row, usize, Range<usize>) -> bool,
) {
    let before = text
        .get(..part.start)
        .and_then(|text| text.chars().next_back());
    let mut latin = before.is_some_and(|one| one.is_ascii_alphanumeric());
    let mut row = Row {
        ring: [Letter::default(); RING],
        count: 0,
        first: 0,
    };
    let mut apart = 0;
    let mut rest = text
        .get(part.start..)
        .unwrap_or_default()
        .char_indices()
        .peekable();
    while let Some((offset, one)) = rest.next() {
        let byte = part.start + offset;
        if byte >= part.end {
            return;
        }
        if !one.is_alphanumeric() {
            apart = if separates(one) { apart + 1 } else { 2 };
            latin = false;
            continue;
        }
        if apart > 1 {
            row.first = row.count;
        }
        apart = 0;
        let letter = Letter {
            letter: one.to_ascii_uppercase(),
            byte,
            begins: !(latin && one.is_ascii()),
        };
        latin = one.is_ascii();
        if let Some(place) = row.ring.get_mut(row.count % RING) {
            *place = letter;
        }
        row.count += 1;
        let goes_on = latin
            && rest
                .peek()
                .is_some_and(|(_, next)| next.is_ascii_alphanumeric());
        if goes_on {
            continue;
        }
        let end = byte + one.len_utf8();
        for length in lengths
            .each()
            .take_while(|one| row.first + one <= row.count)
        {
            let first = row.at(row.count - length);
            if first.begins && !tell(&row, length, first.byte..end) {
                return;
            }
        }
    }
}

/// What stands between the groups of one number, once.
fn separates(one: char) -> bool {
    matches!(one, ' ' | '-' | '.' | '·' | '/' | '_')
}
