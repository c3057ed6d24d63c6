//! Rows of registered tables inside other texts (exact data match).
//!
//! Of each row a *primary* cell is looked for (a number of a person, an account) and *supporting* cells beside it (a name, a
//! telephone). A finding is a primary cell with enough supporting cells **of the same row** within some characters: a number
//! alone, or with another person's name, is none.
//!
//! A [`Table`] holds no cell but its keyed hash (SipHash-2-4 with 128 bits of key). What belongs to a row is hashed with the
//! row's own primary cell, so that equal names in two rows look different: the table tells nothing without the key, and with
//! it only to who can guess a whole row. Cells are compared in normal form, letters and digits alone: `138-0013-8000` is
//! `13800138000`.

mod cells;
mod matching;
mod stored;
#[cfg(test)]
mod tests;

use std::hash::Hasher;
use std::sync::Arc;

use siphasher::sip::SipHasher24;

use cells::{Lengths, letters};
pub(crate) use matching::{Asked, Row, rows};

/// Columns beside the primary one, at most.
pub const COLUMNS_MOST: usize = 15;
/// Rows of a table, at most.
pub const ROWS_MOST: usize = 5_000_000;
/// Letters of a cell, at most; what is longer is prose and no value.
pub const LETTERS_MOST: usize = 63;
/// Letters of a primary cell, at least, where they are all Latin or digits: less is found everywhere.
const PRIMARY_LEAST: usize = 5;
/// Letters of any cell, at least.
const CELL_LEAST: usize = 2;
/// Bits of the filter for each row.
const FILTER_BITS: usize = 16;

/// A secret: who has it can ask a table about a text, who has not learns nothing from it.
#[derive(Clone)]
pub struct Key(u64, u64);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// A key of 16 random bytes.
    pub fn new(bytes: &[u8; 16]) -> Self {
        let (one, two) = bytes.split_at(8);
        let word = |bytes: &[u8]| {
            bytes
                .iter()
                .fold(0, |word: u64, byte| word << 8 | u64::from(*byte))
        };
        Self(word(one), word(two))
    }

    /// The hash of a cell: of a primary one beside 0, of a supporting one beside its row's primary one. Never 0.
    fn hash(&self, beside: u64, cell: impl Iterator<Item = char>) -> u64 {
        let mut hasher = SipHasher24::new_with_keys(self.0, self.1);
        hasher.write_u64(beside);
        for letter in cell {
            hasher.write_u32(u32::from(letter));
        }
        hasher.finish().max(1)
    }
}

/// What a table is, and when a row of it counts as found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its name, as findings tell it.
    pub name: String,
    /// Key of the level that its rows have, if they have one.
    pub level: Option<String>,
    /// The primary column.
    pub primary: String,
    /// The supporting columns, in the order of the cells.
    pub supporting: Vec<String>,
    /// Supporting cells that a finding needs, at least one.
    pub needed: usize,
    /// Characters before and after the primary cell within which they stand.
    pub within: usize,
}

/// Hashed cells of a table.
pub struct Table {
    head: Head,
    key: Key,
    /// Hashes of primary cells, in order, with the numbers of their rows.
    primary: Vec<(u64, u32)>,
    /// For each of those its supporting cells; 0 where there is none.
    supporting: Vec<u64>,
    /// How long cells are.
    lengths: [Lengths; 2],
    /// One bit for each primary cell: most of what is asked is not there.
    filter: Vec<u64>,
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table")
            .field("name", &self.head.name)
            .field("rows", &self.primary.len())
            .finish_non_exhaustive()
    }
}

/// A table that several readers share.
pub type Shared = Arc<Table>;

/// A table that is being made.
#[derive(Debug)]
pub struct Making {
    head: Head,
    key: Key,
    rows: Vec<(u64, u32, Box<[u64]>)>,
    lengths: [Lengths; 2],
    number: u32,
}

impl Making {
    /// A table without rows. `needed` is at least one and at most all of the columns; no more columns than [`COLUMNS_MOST`].
    pub fn new(key: Key, mut head: Head) -> Self {
        head.supporting.truncate(COLUMNS_MOST);
        head.needed = head.needed.clamp(1, head.supporting.len().max(1));
        Self {
            head,
            key,
            rows: Vec::new(),
            lengths: [Lengths::default(); 2],
            number: 0,
        }
    }

    /// Takes the next row. False where nothing could ever be found of it: its primary cell is too short or too long, fewer
    /// cells are there than are needed, or the table is full.
    pub fn row(&mut self, primary: &str, supporting: &[&str]) -> bool {
        self.number = self.number.saturating_add(1);
        let first = letters(primary);
        let least = if first.iter().all(char::is_ascii) {
            PRIMARY_LEAST
        } else {
            CELL_LEAST
        };
        if !(least..=LETTERS_MOST).contains(&first.len()) || self.rows.len() >= ROWS_MOST {
            return false;
        }
        let hash = self.key.hash(0, first.iter().copied());
        let mut lengths = self.lengths;
        lengths[0].add(first.len());
        let mut cells = vec![0; self.head.supporting.len()];
        for (hashed, cell) in cells.iter_mut().zip(supporting) {
            let cell = letters(cell);
            if (CELL_LEAST..=LETTERS_MOST).contains(&cell.len()) {
                lengths[1].add(cell.len());
                *hashed = self.key.hash(hash, cell.iter().copied());
            }
        }
        if different(&cells) < self.head.needed {
            return false;
        }
        self.lengths = lengths;
        self.rows.push((hash, self.number, cells.into()));
        true
    }

    /// The table, ready to be asked.
    pub fn end(mut self) -> Table {
        self.rows
            .sort_unstable_by_key(|(hash, row, _)| (*hash, *row));
        let primary = self.rows.iter().map(|(hash, row, _)| (*hash, *row));
        let supporting = self.rows.iter().flat_map(|(_, _, cells)| cells.iter());
        Table::of(
            self.key,
            self.head,
            primary.collect(),
            supporting.copied().collect(),
            self.lengths,
        )
    }
}

/// How many different cells there are: a value that stands in two columns is found once.
fn different(cells: &[u64]) -> usize {
    let first_of_its_kind = |at: &usize| {
        let cell = cells.get(*at).copied().unwrap_or_default();
        cell != 0 && cells.iter().take(*at).all(|other| *other != cell)
    };
    (0..cells.len()).filter(first_of_its_kind).count()
}

impl Table {
    fn of(
        key: Key,
        head: Head,
        primary: Vec<(u64, u32)>,
        supporting: Vec<u64>,
        lengths: [Lengths; 2],
    ) -> Self {
        let bits = (primary.len() * FILTER_BITS).next_power_of_two().max(64);
        let mut filter = vec![0_u64; bits / 64];
        for (hash, _) in &primary {
            let (word, bit) = place(*hash, filter.len());
            if let Some(word) = filter.get_mut(word) {
                *word |= bit;
            }
        }
        Self {
            head,
            key,
            primary,
            supporting,
            lengths,
            filter,
        }
    }

    /// What it is.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.primary.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.primary.is_empty()
    }

    /// The places of the rows with a primary cell.
    fn with(&self, hash: u64) -> std::ops::Range<usize> {
        let (word, bit) = place(hash, self.filter.len());
        if self.filter.get(word).is_none_or(|word| word & bit == 0) {
            return 0..0;
        }
        let from = self.primary.partition_point(|(one, _)| *one < hash);
        let rest = self.primary.get(from..).unwrap_or_default();
        from..from + rest.partition_point(|(one, _)| *one == hash)
    }

    /// The supporting cells of the row at a place.
    fn cells(&self, at: usize) -> &[u64] {
        let columns = self.head.supporting.len();
        let from = at * columns;
        self.supporting
            .get(from..from + columns)
            .unwrap_or_default()
    }
}

/// Where in a filter of a power of two of words the bit of a hash is.
fn place(hash: u64, words: usize) -> (usize, u64) {
    let word = usize::try_from(hash >> 6).unwrap_or_default() & words.wrapping_sub(1);
    (word, 1 << (hash & 63))
}
