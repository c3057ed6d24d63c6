//! One form for text that says the same: width, traditional and simplified, gaps inside words, signs that look alike.
//!
//! What is bent, and why: NFKC of single characters (full-width, circled, compatibility forms, radicals), traditional
//! to simplified, stars of all shapes, letters of other scripts that look Latin; zero-width and direction signs are
//! dropped, as are gaps beside Chinese and single separators inside it. Case, ASCII and the order of lines stay.
//!
//! The way back is kept small: one offset for each [`BLOCK`] bytes, and a walk from there.

mod layers;
mod table;
#[cfg(test)]
mod tests;

use std::ops::Range;

use table::{DROPPED, SPREAD, Table};

pub(crate) use layers::layers;

/// Bytes of normal text for which one offset is kept.
const BLOCK: usize = 64;

/// Normal text, and the way back to where it came from.
#[derive(Debug, Default)]
pub(crate) struct Normal {
    text: String,
    /// For each block the byte of the source at which the character stands that begins in it first.
    blocks: Vec<u32>,
}

/// What stands between two characters.
#[derive(Debug, Clone, Copy, Default)]
struct Gap {
    space: bool,
    line: bool,
}

struct Writer<'a> {
    source: &'a str,
    table: &'static Table,
    out: Normal,
    /// From where on nothing had to be bent.
    span: usize,
    /// The last character that was written is Chinese or a sign of such text.
    wide: bool,
}

impl Normal {
    /// Brings a text into normal form.
    pub(crate) fn of(source: &str) -> Self {
        let mut writer = Writer {
            source,
            table: Table::get(),
            out: Self {
                text: String::with_capacity(source.len()),
                blocks: Vec::with_capacity(source.len() / BLOCK + 1),
            },
            span: 0,
            wide: false,
        };
        writer.run();
        writer.out
    }

    /// The text in normal form.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Where a piece of normal text stands in its source. Without what was dropped before and after it.
    pub(crate) fn origin(&self, source: &str, range: Range<usize>) -> Range<usize> {
        let start = self.walk(source, range.start).0;
        let last = self
            .text
            .get(range.start..range.end)
            .and_then(|text| text.char_indices().next_back());
        let end = last.map_or(start, |(at, _)| {
            let (from, length) = self.walk(source, range.start + at);
            from + length
        });
        start..end.max(start)
    }

    /// The character of the source from which the normal text at a byte came: its byte and its length.
    fn walk(&self, source: &str, at: usize) -> (usize, usize) {
        let block = at / BLOCK;
        let from = self
            .blocks
            .get(block)
            .map_or(source.len(), |from| *from as usize);
        let mut normal_at = self.text.ceil_char_boundary(block * BLOCK);
        let mut place = (from, 0);
        let mut expected = self.text.get(normal_at..).unwrap_or_default().chars();
        let table = Table::get();
        let mut pieces = Vec::new();
        for (offset, c) in source.get(from..).unwrap_or_default().char_indices() {
            pieces.clear();
            table.fold(c, &mut |folded| pieces.push(folded));
            place = (from + offset, c.len_utf8());
            // WHY its end alone: a block may begin amid what one character became
            let ends = if offset == 0 {
                pieces.len()
            } else {
                pieces.len().min(1)
            };
            for skipped in 0..ends {
                let pieces = pieces.get(skipped..).unwrap_or_default();
                let mut rest = expected.clone();
                // WHY the first that fits: what was dropped never equals what was written next
                let fits = pieces
                    .iter()
                    .all(|piece| rest.next().is_some_and(|next| same(next, *piece)));
                if fits {
                    expected = rest;
                    normal_at += pieces.iter().map(|piece| piece.len_utf8()).sum::<usize>();
                    break;
                }
            }
            if normal_at > at {
                return place;
            }
        }
        place
    }
}

/// How many bytes of ASCII a text begins with.
fn ascii_length(bytes: &[u8]) -> usize {
    let mut length = 0;
    for chunk in bytes.chunks(64) {
        if !chunk.is_ascii() {
            let inside = chunk.iter().position(|byte| *byte >= 0x80);
            return length + inside.unwrap_or_default();
        }
        length += chunk.len();
    }
    length
}

/// Whether a character became the other; a gap is written as one space or line end, whatever it was.
fn same(written: char, piece: char) -> bool {
    match written {
        ' ' => piece.is_whitespace() && !matches!(piece, '\n' | '\r'),
        '\n' => matches!(piece, '\n' | '\r'),
        _ => written == piece,
    }
}

impl Writer<'_> {
    fn run(&mut self) {
        let bytes = self.source.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            at = if byte < 0x80 {
                self.ascii(at)
            } else {
                self.wide(at)
            };
        }
        self.flush(bytes.len());
        self.fill();
    }

    /// ASCII stays, but for gaps beside Chinese and a single separator inside it.
    fn ascii(&mut self, from: usize) -> usize {
        let bytes = self.source.as_bytes();
        let rest = bytes.get(from..).unwrap_or_default();
        let length = ascii_length(rest);
        let run = rest.get(..length).unwrap_or_default();
        let before = run
            .iter()
            .position(|byte| !byte.is_ascii_whitespace())
            .unwrap_or(length);
        if before > 0 && (self.wide || before == length) {
            return self.gap(from);
        }
        if self.wide && length == 1 && run.iter().all(|byte| b"-_.~|^`+=".contains(byte)) {
            let next = self.next_wide(from + 1);
            if next {
                return self.pass(from, from + 1);
            }
        }
        if self.wide && run == b"/" && self.lone(from, from + 1) {
            return self.pass(from, from + 1);
        }
        let after = run
            .iter()
            .rev()
            .position(|byte| !byte.is_ascii_whitespace())
            .unwrap_or_default();
        let end = from + length - after;
        self.wide = false;
        if after > 0 && end + after < bytes.len() {
            self.gap(end)
        } else {
            from + length
        }
    }

    /// Passes over characters of three bytes, as Chinese has them, that stay as they are.
    fn plain(&mut self, from: usize) -> usize {
        let mut rest = self.source.as_bytes().get(from..).unwrap_or_default();
        let mut at = from;
        while let [first @ 0xe0..=0xef, second, third, tail @ ..] = rest {
            let code = u32::from(first & 0x0f) << 12
                | u32::from(second & 0x3f) << 6
                | u32::from(third & 0x3f);
            if !self.table.stays(code) {
                break;
            }
            self.wide = code >= 0x2000;
            rest = tail;
            at += 3;
        }
        at
    }

    /// A character beyond ASCII.
    fn wide(&mut self, at: usize) -> usize {
        let plain = self.plain(at);
        if plain > at {
            return plain;
        }
        let Some(c) = self.source.get(at..).and_then(|rest| rest.chars().next()) else {
            return self.source.len();
        };
        let next = at + c.len_utf8();
        if c == '·' && self.wide && self.lone(at, next) {
            return self.pass(at, next);
        }
        let folded = self.table.of(c);
        if folded == u32::from(c) {
            self.wide = folded >= 0x2000;
            return next;
        }
        if folded == DROPPED {
            self.flush(at);
            self.span = next;
            return next;
        }
        if folded == u32::from(' ') {
            return self.gap(at);
        }
        self.flush(at);
        self.span = next;
        let mut wide = self.wide;
        let (out, table) = (&mut self.out, self.table);
        table.fold(c, &mut |folded| {
            out.push(folded, at);
            wide = u32::from(folded) >= 0x2000;
        });
        // WHY: a full-width digit or letter is no reason to keep a gap beside it
        self.wide = wide || folded == SPREAD;
        next
    }

    /// White space and what nobody sees in it, from here to the next character.
    fn gap(&mut self, from: usize) -> usize {
        self.flush(from);
        let mut gap = Gap::default();
        let mut end = self.source.len();
        for (offset, c) in self.source.get(from..).unwrap_or_default().char_indices() {
            let folded = self.table.of(c);
            if c == '\n' || c == '\r' {
                gap.line = true;
            } else if c.is_ascii_whitespace() || folded == u32::from(' ') {
                gap.space = true;
            } else if folded != DROPPED {
                end = from + offset;
                break;
            }
        }
        let next = self.next_wide(end);
        let kept = match (gap.line, gap.space) {
            (true, _) => (!(self.wide && next)).then_some('\n'),
            (false, true) => (!(self.wide || next)).then_some(' '),
            (false, false) => None,
        };
        if let Some(kept) = kept {
            let place = self.source.get(from..end).and_then(|text| {
                text.char_indices().find(|(_, c)| {
                    if kept == '\n' {
                        matches!(c, '\n' | '\r')
                    } else {
                        self.table.of(*c) != DROPPED
                    }
                })
            });
            self.out
                .push(kept, from + place.map_or(0, |(offset, _)| offset));
            self.wide = false;
        }
        self.span = end;
        end
    }

    /// Passes over what is not written.
    fn pass(&mut self, from: usize, to: usize) -> usize {
        self.flush(from);
        self.span = to;
        to
    }

    /// Whether a sign stands after a Chinese character that has none before it, and before another: 绝·密, 机/密. WHY only
    /// there: between words the same signs part names and things to choose from.
    fn lone(&self, from: usize, to: usize) -> bool {
        let mut before = self.source.get(..from).unwrap_or_default().chars().rev();
        let is_word = |c: char| c.is_alphanumeric() && !c.is_ascii();
        before.next().is_some_and(is_word)
            && !before.next().is_some_and(is_word)
            && self.next_wide(to)
    }

    fn next_wide(&self, at: usize) -> bool {
        let next = self.source.get(at..).and_then(|rest| rest.chars().next());
        next.is_some_and(|c| {
            !c.is_ascii() && self.table.of(c) >= 0x2000 && self.table.of(c) != DROPPED
        })
    }

    /// Writes what did not have to be bent.
    fn flush(&mut self, end: usize) {
        let text = self.source.get(self.span..end).unwrap_or_default();
        if !text.is_empty() {
            let base = self.out.text.len();
            self.out.text.push_str(text);
            self.out.mark(base, self.span, text);
        }
        self.span = end;
    }

    fn fill(&mut self) {
        let end = u32::try_from(self.source.len()).unwrap_or(u32::MAX);
        while self.out.blocks.len() * BLOCK <= self.out.text.len() {
            self.out.blocks.push(end);
        }
    }
}

impl Normal {
    fn push(&mut self, c: char, from: usize) {
        if self.blocks.len() * BLOCK <= self.text.len() {
            self.blocks.push(u32::try_from(from).unwrap_or(u32::MAX));
        }
        self.text.push(c);
    }

    /// Keeps offsets for the blocks that begin in a piece which was taken over as it is.
    fn mark(&mut self, base: usize, from: usize, text: &str) {
        while self.blocks.len() * BLOCK < base + text.len() {
            let inside = text.ceil_char_boundary((self.blocks.len() * BLOCK).saturating_sub(base));
            if inside >= text.len() {
                return;
            }
            self.blocks
                .push(u32::try_from(from + inside).unwrap_or(u32::MAX));
        }
    }
}
