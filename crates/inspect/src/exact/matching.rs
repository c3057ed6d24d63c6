//! From cells in a text to rows of a table.

use std::collections::HashSet;
use std::ops::Range;

use super::Table;
use super::cells::each;
use crate::Stop;

/// Rows with one and the same primary cell that are looked at: a value that more have names nobody.
const SAME_MOST: usize = 64;
/// Primary cells that are looked at before the clock is asked again.
const LOOK_EVERY: usize = 64;

/// A row of a table in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its number, from 1.
    pub(crate) number: u32,
    /// Where its primary cell stands, in bytes of the normalised text.
    pub(crate) range: Range<usize>,
    /// The supporting columns whose cells stand beside it.
    pub(crate) columns: Vec<usize>,
}

/// What of a text is asked for; a long one is asked in pieces.
pub(crate) struct Asked<'a> {
    /// Whether a primary cell counts that begins at this byte of the normalised text.
    pub(crate) counts: &'a dyn Fn(usize) -> bool,
    /// Rows at most.
    pub(crate) most: usize,
    /// Ends it early.
    pub(crate) stop: Option<&'a dyn Stop>,
}

/// The rows of a table in a normalised text, each once, in the order of the text. Those that were seen before are not told
/// again, and those that are told are seen. Whether all of the text was looked at before the time was over.
pub(crate) fn rows(
    table: &Table,
    text: &str,
    seen: &mut HashSet<u32>,
    asked: &Asked<'_>,
) -> (Vec<Row>, bool) {
    let mut found: Vec<Row> = Vec::new();
    let (mut looked, mut whole) = (0_usize, true);
    let [primary, _] = table.lengths;
    each(text, 0..text.len(), primary, &mut |row, length, range| {
        let hash = table.key.hash(0, row.last(length));
        let places = table.with(hash);
        if places.is_empty() || !(asked.counts)(range.start) {
            return true;
        }
        looked += 1;
        if looked % LOOK_EVERY == 0 && asked.stop.is_some_and(Stop::now) {
            whole = false;
            return false;
        }
        let beside = beside(table, text, hash, &range);
        for at in places.take(SAME_MOST) {
            let cells = table.cells(at);
            let mut there = HashSet::new();
            let columns: Vec<usize> = (0..cells.len())
                .filter(|column| {
                    let cell = cells.get(*column).copied().unwrap_or_default();
                    cell != 0 && beside.contains(&cell) && there.insert(cell)
                })
                .collect();
            let number = table.primary.get(at).map_or(0, |(_, row)| *row);
            if columns.len() >= table.head.needed && seen.insert(number) {
                found.push(Row {
                    number,
                    range: range.clone(),
                    columns,
                });
            }
        }
        found.len() < asked.most
    });
    found.truncate(asked.most);
    (found, whole)
}

/// Hashes of everything around a primary cell that may be a cell of its row.
fn beside(table: &Table, text: &str, hash: u64, primary: &Range<usize>) -> HashSet<u64> {
    let within = table.head.within;
    let before = text.get(..primary.start).unwrap_or_default();
    let from = before
        .char_indices()
        .rev()
        .take(within)
        .last()
        .map_or(primary.start, |(at, _)| at);
    let after = text.get(primary.end..).unwrap_or_default();
    let to = after
        .char_indices()
        .nth(within)
        .map_or(text.len(), |(at, _)| primary.end + at);
    let mut found = HashSet::new();
    let [_, supporting] = table.lengths;
    each(text, from..to, supporting, &mut |row, length, range| {
        if range.end <= primary.start || range.start >= primary.end {
            found.insert(table.key.hash(hash, row.last(length)));
        }
        true
    });
    found
}
