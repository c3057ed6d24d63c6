//! Authenticated reading: every hash and entry that comes out of a [`TileReader`] has been proved
//! to belong to the given head. The right edge is checked by recomputing the root, each full tile
//! by recomputing its hash and comparing it with its parent, up to the edge, without exception.
//! (WHY so strict: readers that skipped some of those tiles are CVE-2026-56865.)

use std::sync::Arc;

use crate::bundle;
use crate::error::Error;
use crate::hash::{Hash, TreeHead, leaf_hash, tree_hash};
use crate::source::TileSource;
use crate::tile::{LogPath, MAX_LEVEL, TILE_WIDTH, edge_of, hashes_at, read_or_full, read_tile};
use crate::tree::Tree;

/// Reads hashes and entries of one signed head from storage that is not trusted.
pub struct TileReader<'a> {
    source: &'a dyn TileSource,
    head: TreeHead,
    edge: Tree,
    /// The last authenticated full tile of each level, since proofs ask for neighbours.
    recent: Vec<Option<(u64, Arc<[Hash]>)>>,
}

impl std::fmt::Debug for TileReader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TileReader")
            .field("head", &self.head)
            .finish_non_exhaustive()
    }
}

impl<'a> TileReader<'a> {
    /// Reads the right edge and checks that it leads to `head.root`.
    ///
    /// # Errors
    /// [`Error::CheckpointMismatch`] when it does not, and the errors of reading.
    pub fn open(source: &'a dyn TileSource, head: TreeHead) -> Result<Self, Error> {
        let edge = Tree::load(source, &head)?;
        Ok(Self {
            source,
            head,
            edge,
            recent: vec![None; usize::from(MAX_LEVEL) + 1],
        })
    }

    /// The head everything is authenticated against.
    #[must_use]
    pub const fn head(&self) -> TreeHead {
        self.head
    }

    /// The leaf hash of an entry.
    ///
    /// # Errors
    /// [`Error::OutOfRange`], [`Error::TileChanged`], and the errors of reading.
    pub fn leaf(&mut self, index: u64) -> Result<Hash, Error> {
        if index >= self.head.size {
            return Err(Error::OutOfRange {
                index,
                size: self.head.size,
            });
        }
        self.subtree(0, index)
    }

    /// The bytes of an entry.
    ///
    /// # Errors
    /// As [`Self::leaf`], and [`Error::EntryChanged`] when the stored bytes do not match the leaf.
    pub fn entry(&mut self, index: u64) -> Result<Vec<u8>, Error> {
        let leaf = self.leaf(index)?;
        let number = index >> 8;
        let width = match edge_of(self.head.size, 0) {
            (edge, width) if edge == number => width,
            _ => TILE_WIDTH,
        };
        let (_, bytes) = read_or_full(self.source, LogPath::Entries { number, width })?;
        let position = usize::from(index.to_le_bytes()[0]);
        match bundle::entries(&bytes).nth(position) {
            Some(Ok(entry)) if leaf_hash(entry) == leaf => Ok(entry.to_vec()),
            Some(Ok(_) | Err(bundle::CutShort)) | None => Err(Error::EntryChanged { index }),
        }
    }

    /// `MTH(D[start:end])` (RFC 6962 2.1) for a range that RFC 6962's recursion can ask for: one
    /// whose `start` is a multiple of the largest power of two in its length.
    pub(crate) fn range(&mut self, start: u64, end: u64) -> Result<Hash, Error> {
        let length = end.saturating_sub(start);
        if length == 0 {
            return Ok(tree_hash(&[]));
        }
        if length.is_power_of_two() {
            let height = length.trailing_zeros();
            return self.subtree(height, start >> height);
        }
        let middle = start + split(length);
        let left = self.range(start, middle)?;
        let right = self.range(middle, end)?;
        Ok(tree_hash(&[left, right]))
    }

    /// Root of the `number`-th complete subtree of `2^height` leaves.
    fn subtree(&mut self, height: u32, number: u64) -> Result<Hash, Error> {
        let level = u8::try_from(height / 8).unwrap_or(u8::MAX);
        let inner = height % 8;
        let first = number << inner;
        let tile = self.tile(level, first >> 8)?;
        let from = usize::from(first.to_le_bytes()[0]);
        let hashes = tile.get(from..from + (1 << inner));
        let outside = Error::OutOfRange {
            index: first,
            size: self.head.size,
        };
        Ok(tree_hash(hashes.ok_or(outside)?))
    }

    /// An authenticated tile.
    fn tile(&mut self, level: u8, number: u64) -> Result<Arc<[Hash]>, Error> {
        if number == hashes_at(self.head.size, level) >> 8 {
            return Ok(self.edge.edge(level).into());
        }
        let slot = usize::from(level);
        if let Some(Some((recent, hashes))) = self.recent.get(slot)
            && *recent == number
        {
            return Ok(Arc::clone(hashes));
        }
        let hashes = read_tile(self.source, level, number, TILE_WIDTH)?;
        let parent = self.tile(level + 1, number >> 8)?;
        if parent.get(usize::from(number.to_le_bytes()[0])) != Some(&tree_hash(&hashes)) {
            let path = LogPath::Tile {
                level,
                number,
                width: TILE_WIDTH,
            }
            .to_string();
            return Err(Error::TileChanged { path });
        }
        let hashes: Arc<[Hash]> = hashes.into();
        if let Some(recent) = self.recent.get_mut(slot) {
            *recent = Some((number, Arc::clone(&hashes)));
        }
        Ok(hashes)
    }
}

/// The largest power of two smaller than `length` (RFC 6962 2.1), for `length` of at least 2.
pub(crate) const fn split(length: u64) -> u64 {
    1 << (63 - (length - 1).leading_zeros())
}

#[cfg(test)]
mod tests;
