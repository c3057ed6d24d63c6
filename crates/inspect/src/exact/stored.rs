//! A table as bytes, for who keeps it: hashes, and what it is called. Names of columns stand in it as they are, so whoever
//! keeps it seals it.
//!
//! Version 1, numbers in little-endian order: `1`; the two sets of lengths, 8 bytes each; `needed` and `within`, 4 bytes each;
//! the name, the level (empty: none), the primary column, each as a length of 2 bytes and UTF-8; the number of supporting
//! columns, 1 byte, and their names; the number of rows, 4 bytes; for each row the hash of its primary cell, 8 bytes, its
//! number, 4 bytes, and the hashes of its supporting cells, 8 bytes each. Rows are in the order of their first hash.

use super::cells::Lengths;
use super::{COLUMNS_MOST, Head, Key, ROWS_MOST, Table};

const VERSION: u8 = 1;

impl Table {
    /// The table as bytes; without its key.
    pub fn to_bytes(&self) -> Vec<u8> {
        let head = &self.head;
        let mut out = vec![VERSION];
        for lengths in self.lengths {
            out.extend(lengths.0.to_le_bytes());
        }
        for number in [head.needed, head.within] {
            out.extend(u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
        }
        text(&mut out, &head.name);
        text(&mut out, head.level.as_deref().unwrap_or_default());
        text(&mut out, &head.primary);
        out.push(u8::try_from(head.supporting.len()).unwrap_or_default());
        for name in &head.supporting {
            text(&mut out, name);
        }
        let rows = u32::try_from(self.primary.len()).unwrap_or_default();
        out.extend(rows.to_le_bytes());
        for (at, (hash, number)) in self.primary.iter().enumerate() {
            out.extend(hash.to_le_bytes());
            out.extend(number.to_le_bytes());
            for cell in self.cells(at) {
                out.extend(cell.to_le_bytes());
            }
        }
        out
    }

    /// A table from its bytes and its key; nothing where they are not a table.
    pub fn from_bytes(key: Key, bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let [version] = take(&mut rest)?;
        if version != VERSION {
            return None;
        }
        let lengths = [Lengths(long(&mut rest)?), Lengths(long(&mut rest)?)];
        let (needed, within) = (short(&mut rest)? as usize, short(&mut rest)? as usize);
        let (name, level, primary) = (word(&mut rest)?, word(&mut rest)?, word(&mut rest)?);
        let [columns] = take(&mut rest)?;
        let columns = usize::from(columns);
        if columns > COLUMNS_MOST || needed == 0 || needed > columns.max(1) {
            return None;
        }
        let supporting = (0..columns)
            .map(|_| word(&mut rest))
            .collect::<Option<Vec<String>>>()?;
        let count = short(&mut rest)? as usize;
        // what is not there is not made room for
        if count > ROWS_MOST || rest.len() != count * (12 + columns * 8) {
            return None;
        }
        let mut rows: Vec<(u64, u32)> = Vec::with_capacity(count);
        let mut cells = Vec::with_capacity(count * columns);
        for _ in 0..count {
            rows.push((long(&mut rest)?, short(&mut rest)?));
            for _ in 0..columns {
                cells.push(long(&mut rest)?);
            }
        }
        if !rows.is_sorted_by_key(|(hash, _)| *hash) {
            return None;
        }
        let head = Head {
            name,
            level: (!level.is_empty()).then_some(level),
            primary,
            supporting,
            needed,
            within,
        };
        Some(Self::of(key, head, rows, cells, lengths))
    }
}

fn text(out: &mut Vec<u8>, text: &str) {
    let mut end = text.len().min(usize::from(u16::MAX));
    end = text.floor_char_boundary(end);
    let length = u16::try_from(end).unwrap_or_default();
    out.extend(length.to_le_bytes());
    out.extend(text.as_bytes().iter().take(end));
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (first, after) = rest.split_first_chunk::<N>()?;
    *rest = after;
    Some(*first)
}

fn long(rest: &mut &[u8]) -> Option<u64> {
    take(rest).map(u64::from_le_bytes)
}

fn short(rest: &mut &[u8]) -> Option<u32> {
    take(rest).map(u32::from_le_bytes)
}

fn word(rest: &mut &[u8]) -> Option<String> {
    let length = u16::from_le_bytes(take(rest)?);
    let (text, after) = rest.split_at_checked(usize::from(length))?;
    *rest = after;
    String::from_utf8(text.to_vec()).ok()
}
