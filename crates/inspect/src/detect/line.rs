//! The line that something stands on, and whether it stands at the beginning of its page, slide or document.

use std::ops::Range;

use super::Search;
use crate::{Part, Text};

/// Bytes of the beginning of a section, where marks stand.
const HEAD: usize = 900;
/// A line that is longer is none of its own.
const LINE_MOST: usize = 2_000;

/// Where pages, slides, sheets and parts begin, in bytes.
#[derive(Debug)]
pub(super) struct Sections(Vec<usize>);

impl Sections {
    pub(super) fn of(text: &Text) -> Self {
        let mut begins = Vec::new();
        let mut last = None;
        for (from, place) in text.pieces() {
            let key = (
                place.container,
                place.page,
                place.slide,
                place.sheet,
                place.part,
            );
            if last != Some(key) {
                begins.push(*from);
                last = Some(key);
            }
        }
        Self(begins)
    }

    fn begin(&self, at: usize) -> usize {
        let after = self.0.partition_point(|from| *from <= at);
        after
            .checked_sub(1)
            .and_then(|last| self.0.get(last))
            .copied()
            .unwrap_or_default()
    }
}

/// What stands around something on its line, in the words of the source.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// Before it, without white space at the ends.
    pub(super) before: &'a str,
    /// After it, in the same way.
    pub(super) after: &'a str,
    /// A gap stands right before it.
    pub(super) apart: bool,
    /// What stands before and after it in the same cell or string.
    pub(super) field: (&'a str, &'a str),
    /// It stands in a cell of its own.
    pub(super) cell: bool,
    /// It stands at the beginning of a section.
    pub(super) head: bool,
    pub(super) part: Part,
}

/// Signs of direction, of no width, and such as part the letters of a bent word.
const UNSEEN: fn(char) -> bool = |c| {
    matches!(c, '·' | '.' | '-' | '_' | '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{300}'..='\u{36f}' | '\u{20d0}'..='\u{20f0}' | '\u{feff}')
};

const BRACKETS: &[char] = &[
    '[', ']', '(', ')', '【', '】', '（', '）', '〔', '〕', '{', '}', '<', '>', '《', '》', '「',
    '」', '*', '-', '=', '_', '#', '|', ' ', '　',
];

/// Signs between which a value stands: cells, strings of programs, names and what they are.
const ENDS_BEFORE: &[char] = &['\t', ',', '"', '|', '>', ':', '：'];
const ENDS_AFTER: &[char] = &['\t', ',', '"', '|', '<'];
/// Bytes of a suffix, the point included.
const SUFFIX_MOST: usize = 6;

impl Line<'_> {
    /// Nothing else stands on it but brackets and rules.
    pub(super) fn own(&self) -> bool {
        self.before.trim_matches(BRACKETS).is_empty()
            && self.after.trim_matches(BRACKETS).is_empty()
    }

    /// It stands between brackets at the beginning of the line.
    pub(super) fn bracketed(&self) -> bool {
        matches!(
            self.before,
            "(" | "（" | "[" | "【" | "〔" | "［" | "<" | "《" | "「"
        ) && self
            .after
            .starts_with([')', '）', ']', '】', '〕', '］', '>', '》', '」'])
    }

    /// It stands where marks stand.
    pub(super) fn prominent(&self) -> bool {
        self.head || matches!(self.part, Part::Header | Part::Footer | Part::Textbox)
    }
}

impl<'a> Search<'a> {
    /// The line of a range of normal text.
    pub(super) fn line(&self, range: Range<usize>) -> Line<'a> {
        let origin = self.normal.origin(self.source, range);
        let floor = self
            .source
            .floor_char_boundary(origin.start.saturating_sub(LINE_MOST));
        let ceiling = self
            .source
            .ceil_char_boundary((origin.end + LINE_MOST).min(self.source.len()));
        let before = self.source.get(floor..origin.start).unwrap_or_default();
        let after = self.source.get(origin.end..ceiling).unwrap_or_default();
        let before = before
            .rsplit_once(['\n', '\r'])
            .map_or(before, |(_, line)| line);
        let after = after
            .split_once(['\n', '\r'])
            .map_or(after, |(line, _)| line);
        let place = if self.layer {
            crate::Place::default()
        } else {
            self.text.place(origin.start)
        };
        let begin = if self.layer {
            0
        } else {
            self.sections.begin(origin.start)
        };
        Line {
            cell: (before.is_empty() || before.ends_with('\t'))
                && (after.is_empty() || after.starts_with('\t')),
            apart: before.is_empty()
                || before
                    .trim_end_matches(UNSEEN)
                    .ends_with(char::is_whitespace),
            field: field(before, after, place.part),
            before: before.trim(),
            after: after.trim(),
            head: !self.layer
                && origin.start - begin.min(origin.start) <= HEAD
                && place.part != Part::Metadata,
            part: place.part,
        }
    }
}

/// What stands around in the same cell or string; the suffix of a file's name says nothing.
fn field<'a>(before: &'a str, after: &'a str, part: Part) -> (&'a str, &'a str) {
    let before = before.rsplit(ENDS_BEFORE).next().unwrap_or_default();
    let after = after.split(ENDS_AFTER).next().unwrap_or_default();
    let after = match after.rsplit_once('.') {
        Some((name, suffix)) if part == Part::Name && suffix.len() < SUFFIX_MOST => name,
        _ => after,
    };
    let (before, after) = (before.trim_matches(BRACKETS), after.trim_matches(BRACKETS));
    (before, after)
}
