//! Files that come piece by piece, of any size.
//!
//! Plain text that is longer than what is held is asked in chunks that overlap, and forgotten. Each hit belongs to the
//! chunk in which it begins, away from its ends, so that what stands around it is there as in the whole. Every other
//! format, and shorter text, is held and read as a whole.
//!
//! What differs from the whole, in text that is longer than what is held: words around a hit count when they stand within
//! [`MARGIN`] bytes of it; something that is written as something else and is longer than that may be missed where chunks
//! meet; of a copied passage that goes over the end of a chunk and its margin the longest piece is told, and its share of
//! the document is that of one chunk; where the index of documents could not be asked about one chunk, what other chunks have
//! is told beside the cause. A row of a table is told once, where it stands first, as in the whole.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::detect::{self, HITS_MOST, Hit};
use crate::encoding::{Pieces, SAMPLE, guess};
use crate::judge::copied::{self, Copied, DOCUMENTS_MOST};
use crate::judge::registered::Found;
use crate::judge::{self, TEXT_MOST};
use crate::normal::Normal;
use crate::report::{Cause, Finding, Report, Status, Verdict};
use crate::{Format, Limits, Place, Rules, Text, inspect};

/// Bytes of text that are asked at once.
const CHUNK: usize = 4 << 20;
/// Bytes before and after a chunk that are asked with it. More than any rule looks at.
const MARGIN: usize = 64 << 10;
/// Bytes that become characters at once.
const PIECE: usize = 64 << 10;

/// How text is cut.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    held: usize,
    chunk: usize,
    margin: usize,
}

/// A file that comes piece by piece.
///
/// ```
/// use inspect::{Limits, Rules, Stream};
///
/// let (rules, limits) = (Rules::shipped().unwrap(), Limits::default());
/// let mut stream = Stream::new("notice.txt", &rules, &limits);
/// for piece in ["机密★1", "0年\n关于……的通知"] {
///     stream.push(piece.as_bytes());
/// }
/// assert_eq!(stream.end().findings.len(), 1);
/// ```
pub struct Stream<'a> {
    name: String,
    rules: &'a Rules,
    limits: &'a Limits,
    sizes: Sizes,
    state: State<'a>,
}

enum State<'a> {
    /// All bytes so far.
    Begun(Vec<u8>),
    /// All bytes so far of something that is read as a whole, and whether there were more than the limits allow.
    Held(Vec<u8>, bool),
    Text(Box<Chunks<'a>>),
}

impl fmt::Debug for Stream<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // WHY no more: what was pushed is somebody's secret
        f.debug_struct("Stream").finish_non_exhaustive()
    }
}

impl<'a> Stream<'a> {
    /// Nothing yet of a file with this name.
    pub fn new(name: &str, rules: &'a Rules, limits: &'a Limits) -> Self {
        let sizes = Sizes {
            // a byte becomes three at most
            held: limits.input.min(limits.text / 3),
            chunk: CHUNK,
            margin: MARGIN,
        };
        Self::with(name, rules, limits, sizes)
    }

    fn with(name: &str, rules: &'a Rules, limits: &'a Limits, sizes: Sizes) -> Self {
        Self {
            name: name.to_owned(),
            rules,
            limits,
            sizes,
            state: State::Begun(Vec::new()),
        }
    }

    /// Whether more would change anything: a file of a format that is read as a whole is longer than the limits allow, or
    /// the time is over.
    pub fn is_full(&self) -> bool {
        match &self.state {
            State::Begun(_) => false,
            State::Held(_, more) => *more,
            State::Text(chunks) => chunks.is_late(),
        }
    }

    /// So many bytes may come. WHY: what is held grows by doubling otherwise, and takes twice the memory for it.
    pub fn expect(&mut self, bytes: u64) {
        let most = self.limits.input.saturating_add(1);
        if let State::Begun(begun) = &mut self.state {
            begun.reserve_exact(usize::try_from(bytes).unwrap_or(most).min(most));
        }
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        match &mut self.state {
            State::Begun(begun) => {
                let room = (self.sizes.held + 1).saturating_sub(begun.len());
                let (now, later) = bytes.split_at(room.min(bytes.len()));
                begun.extend_from_slice(now);
                if begun.len() > self.sizes.held {
                    let begun = std::mem::take(begun);
                    self.decide(begun);
                    self.push(later);
                }
            }
            State::Held(held, more) => {
                let room = self.limits.input.saturating_sub(held.len());
                *more |= bytes.len() > room;
                held.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
            }
            State::Text(chunks) => chunks.push(bytes, false),
        }
    }

    /// What it is, by its beginning.
    fn decide(&mut self, mut begun: Vec<u8>) {
        let beginning = begun.get(..self.sizes.held.max(SAMPLE)).unwrap_or(&begun);
        let plain = Format::of(beginning, &self.name) == Format::Txt;
        let pieces = guess(beginning).filter(|_| plain).and_then(Pieces::of);
        self.state = match pieces {
            Some(pieces) => {
                let mut chunks = Chunks::new(pieces, self.rules, self.limits, self.sizes);
                chunks.push(&begun, false);
                State::Text(Box::new(chunks))
            }
            None => {
                let more = begun.len() > self.limits.input;
                begun.truncate(self.limits.input);
                State::Held(begun, more)
            }
        };
    }

    /// No more comes: what was found. The report of a text that was asked in chunks has no text.
    pub fn end(self) -> Report {
        self.end_with_lines().0
    }

    /// As [`Self::end`], with the line of each finding from 1, where the file is plain text.
    pub fn end_with_lines(self) -> (Report, Option<Vec<u64>>) {
        let (bytes, more) = match self.state {
            State::Text(chunks) => {
                let (report, lines) = chunks.end();
                return (report, Some(lines));
            }
            State::Begun(bytes) => (bytes, false),
            State::Held(bytes, more) => (bytes, more),
        };
        let mut report = inspect(&bytes, &self.name, self.rules, self.limits);
        if more {
            report.missed(Cause::TooBig);
        }
        let lines = (report.format == Format::Txt).then(|| {
            let mut walk = Walk::new(&report.text);
            let findings = report.findings.iter();
            findings
                .map(|one| walk.character(one.offset).line)
                .collect()
        });
        (report, lines)
    }
}

/// Where something stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spot {
    byte: usize,
    character: usize,
    /// From 1.
    line: u64,
}

const BEGINNING: Spot = Spot {
    byte: 0,
    character: 0,
    line: 1,
};

/// Counts characters and lines on the way through a text.
struct Walk<'t> {
    text: &'t str,
    at: Spot,
}

impl<'t> Walk<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            at: BEGINNING,
        }
    }

    fn until(&mut self, is_there: impl Fn(Spot) -> bool) -> Spot {
        let rest = self.text.get(self.at.byte..).unwrap_or_default();
        for one in rest.chars() {
            if is_there(self.at) {
                break;
            }
            self.at.byte += one.len_utf8();
            self.at.character += 1;
            self.at.line += u64::from(one == '\n');
        }
        self.at
    }

    fn character(&mut self, character: usize) -> Spot {
        if character < self.at.character {
            self.at = BEGINNING;
        }
        self.until(|at| at.character >= character)
    }

    fn byte(&mut self, byte: usize) -> Spot {
        if byte < self.at.byte {
            self.at = BEGINNING;
        }
        self.until(|at| at.byte >= byte)
    }
}

/// Text that is asked in chunks.
struct Chunks<'a> {
    rules: &'a Rules,
    limits: &'a Limits,
    sizes: Sizes,
    pieces: Pieces,
    /// Text that is not forgotten yet; it begins at `from`.
    window: String,
    from: Spot,
    /// From which byte of the window on hits are not taken yet.
    taken: usize,
    hits: Vec<Hit>,
    /// The surest hit of each rule beyond those that are kept.
    beyond: BTreeMap<usize, Hit>,
    /// Where hits begin, by their byte.
    spots: BTreeMap<usize, Spot>,
    /// The longest passage of each document, and its line.
    copied: BTreeMap<u32, (Copied, u64)>,
    /// The rows of each table, and their lines.
    rows: Vec<(Found, Vec<(Finding, u64)>)>,
    /// Why not all was read or asked.
    causes: BTreeSet<Cause>,
    any: bool,
}

impl<'a> Chunks<'a> {
    fn new(pieces: Pieces, rules: &'a Rules, limits: &'a Limits, sizes: Sizes) -> Self {
        Self {
            rules,
            limits,
            sizes,
            pieces,
            window: String::new(),
            from: BEGINNING,
            taken: 0,
            hits: Vec::new(),
            beyond: BTreeMap::new(),
            spots: BTreeMap::new(),
            copied: BTreeMap::new(),
            rows: rules.exact.iter().map(|_| Default::default()).collect(),
            causes: BTreeSet::new(),
            any: false,
        }
    }

    fn is_late(&self) -> bool {
        self.causes.contains(&Cause::Time)
    }

    fn missed(&mut self, is_so: bool, cause: Cause) {
        self.causes.extend(is_so.then_some(cause));
    }

    fn push(&mut self, bytes: &[u8], last: bool) {
        for piece in bytes.chunks(PIECE) {
            if self.is_late() {
                return;
            }
            let sound = self.pieces.push(piece, false, &mut self.window);
            self.missed(!sound, Cause::Damaged);
            if self.window.len() >= self.taken + self.sizes.chunk + self.sizes.margin {
                self.ask(false);
            }
        }
        if last && !self.is_late() {
            let sound = self.pieces.push(&[], true, &mut self.window);
            self.missed(!sound, Cause::Damaged);
            self.ask(true);
        }
    }

    /// Asks all rules about the window, takes the hits that begin away from its end, and forgets what lies behind.
    fn ask(&mut self, last: bool) {
        self.any |= !self.window.trim().is_empty();
        let mut text = Text::new();
        text.push(Place::default(), &std::mem::take(&mut self.window));
        let until = if last {
            text.len()
        } else {
            cut(text.as_str(), self.sizes.margin)
        };
        // WHY as in `inspect`: whatever happens, a report comes
        let outcome = catch_unwind(AssertUnwindSafe(|| self.look(&text, until, last)));
        self.missed(outcome.is_err(), Cause::Damaged);
        let keep = text
            .as_str()
            .floor_char_boundary(until.saturating_sub(self.sizes.margin));
        let passed = Walk::new(text.as_str()).byte(keep);
        self.from = self.after(passed);
        self.taken = until - keep;
        text.as_str()
            .get(keep..)
            .unwrap_or_default()
            .clone_into(&mut self.window);
    }

    /// A spot of the window as one of the whole.
    fn after(&self, spot: Spot) -> Spot {
        Spot {
            byte: self.from.byte + spot.byte,
            character: self.from.character + spot.character,
            line: self.from.line + spot.line - 1,
        }
    }

    fn look(&mut self, text: &Text, until: usize, last: bool) {
        let (mut hits, whole) = detect::found(text, self.rules, self.limits);
        self.missed(!whole, Cause::Time);
        // the last chunk has what begins at the end of the text too
        hits.retain(|hit| hit.range.start >= self.taken && (last || hit.range.start < until));
        hits.sort_by_key(|hit| hit.range.start);
        let mut walk = Walk::new(text.as_str());
        for hit in hits {
            let spot = self.after(walk.byte(hit.range.start));
            self.spots.insert(spot.byte, spot);
            let there = hit
                .said
                .as_deref()
                .or_else(|| text.as_str().get(hit.range.clone()));
            let said = there.unwrap_or_default().chars().take(TEXT_MOST).collect();
            self.keep(Hit {
                range: self.from.byte + hit.range.start..self.from.byte + hit.range.end,
                said: Some(said),
                ..hit
            });
        }
        if let Some(index) = &self.rules.registered {
            let copied = copied::of(text, index.as_ref());
            self.missed(copied.is_err(), Cause::Registered);
            for copied in copied.into_iter().flatten() {
                let spot = self.after(walk.character(copied.finding.offset));
                self.keep_copied(copied, spot);
            }
        }
        if !self.rules.exact.is_empty() {
            let end = if last { usize::MAX } else { until };
            self.look_for_rows(text, &(self.taken..end), &mut walk);
        }
    }

    fn look_for_rows(&mut self, text: &Text, part: &Range<usize>, walk: &mut Walk<'_>) {
        let normal = Normal::of(text.as_str());
        let mut rows = std::mem::take(&mut self.rows);
        for (table, (found, told)) in self.rules.exact.iter().zip(&mut rows) {
            let (more, whole) = found.more(table, (text, &normal), part, self.limits);
            self.missed(!whole, Cause::Time);
            for mut finding in more {
                let spot = self.after(walk.character(finding.offset));
                finding.offset = spot.character;
                told.push((finding, spot.line));
            }
        }
        self.rows = rows;
    }

    fn keep(&mut self, hit: Hit) {
        if self.hits.len() < HITS_MOST {
            self.hits.push(hit);
        } else if self
            .beyond
            .get(&hit.rule)
            .is_none_or(|kept| kept.confidence < hit.confidence)
        {
            self.beyond.insert(hit.rule, hit);
        }
        // where nothing begins that is kept, nothing is known
        if self.spots.len() > 2 * HITS_MOST {
            let kept: BTreeSet<usize> = self
                .hits
                .iter()
                .chain(self.beyond.values())
                .map(|hit| hit.range.start)
                .collect();
            self.spots.retain(|byte, _| kept.contains(byte));
        }
    }

    fn keep_copied(&mut self, mut copied: Copied, spot: Spot) {
        copied.finding.offset = spot.character;
        let longer = self
            .copied
            .get(&copied.number)
            .is_none_or(|(kept, _)| kept.letters < copied.letters);
        if longer {
            self.copied.insert(copied.number, (copied, spot.line));
        }
    }

    fn end(mut self) -> (Report, Vec<u64>) {
        self.push(&[], true);
        let mut hits = std::mem::take(&mut self.hits);
        hits.extend(std::mem::take(&mut self.beyond).into_values());
        let hits = detect::settled(hits, self.rules, |hit| hit.said.clone());
        let mut verdict = judge::verdict(&hits, self.rules);
        let mut findings = Vec::new();
        let mut lines = Vec::new();
        for hit in judge::surest(hits, self.limits.findings) {
            let spot = self
                .spots
                .get(&hit.range.start)
                .copied()
                .unwrap_or(BEGINNING);
            let there = hit.said.as_deref().unwrap_or_default();
            let place = Text::new().place_told(0);
            if let Some(finding) = judge::finding(&hit, self.rules, there, place, spot.character) {
                findings.push(finding);
                lines.push(spot.line);
            }
        }
        for more in [
            passages_told(self.copied),
            rows_told(self.rows, self.limits),
        ] {
            let (more, more_lines): (Vec<Finding>, Vec<u64>) = more.into_iter().unzip();
            verdict = judge::higher(verdict, Verdict::of(&more));
            findings.extend(more);
            lines.extend(more_lines);
        }
        let causes = self.causes;
        let status = match (causes.is_empty(), self.any) {
            (true, _) => Status::Read,
            (false, true) => Status::Partial,
            (false, false) => Status::Unread,
        };
        let report = Report {
            format: Format::Txt,
            status,
            causes,
            verdict,
            findings,
            text: String::new(),
        };
        (report, lines)
    }
}

/// The longest passages, the longest first.
fn passages_told(copied: BTreeMap<u32, (Copied, u64)>) -> Vec<(Finding, u64)> {
    let mut passages: Vec<(Copied, u64)> = copied.into_values().collect();
    passages.sort_by_key(|(one, _)| (Reverse(one.letters), one.number));
    passages.truncate(DOCUMENTS_MOST);
    let told = passages.into_iter();
    told.map(|(one, line)| (one.finding, line)).collect()
}

/// The rows of all tables, as many as are told.
fn rows_told(rows: Vec<(Found, Vec<(Finding, u64)>)>, limits: &Limits) -> Vec<(Finding, u64)> {
    let told = rows.into_iter().flat_map(|(_, told)| told);
    told.take(limits.findings).collect()
}

/// Where a chunk ends: after a line, if one ends near enough, so that nothing is cut that stands on it.
fn cut(text: &str, margin: usize) -> usize {
    let last = text.floor_char_boundary(text.len().saturating_sub(margin));
    let first = text.floor_char_boundary(last.saturating_sub(margin));
    let near = text.get(first..last).unwrap_or_default();
    near.rfind('\n').map_or(last, |end| first + end + 1)
}

#[cfg(test)]
mod tests;
