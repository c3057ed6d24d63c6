//! The growing Merkle tree, kept as its right edge: the hashes of the partial tile of each level.
//! That is at most 7 × 255 hashes whatever the size, is what the partial tile files hold, and is all
//! that appending and computing the root need.

use crate::error::Error;
use crate::hash::{Hash, TreeHead, tree_hash};
use crate::limits::MAX_TREE_SIZE;
use crate::source::TileSource;
use crate::tile::{MAX_LEVEL, TILE_WIDTH, edge_of, hashes_at, read_tile};

/// An append-only RFC 6962 tree that takes leaf hashes and yields the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// `edge[level]` holds the hashes of the level's partial tile, 0 to 255 of them.
    edge: Vec<Vec<Hash>>,
}

/// A tile that an append has just filled.
pub(crate) struct FullTile {
    pub(crate) level: u8,
    pub(crate) number: u64,
    pub(crate) hashes: Vec<Hash>,
}

impl Default for Tree {
    fn default() -> Self {
        Self::new()
    }
}

impl Tree {
    /// The tree without entries.
    #[must_use]
    pub fn new() -> Self {
        Self {
            size: 0,
            edge: vec![Vec::new(); usize::from(MAX_LEVEL) + 1],
        }
    }

    /// Reads the right edge of a stored tree and authenticates it: the edge alone determines the
    /// root, so a damaged tile cannot be built upon.
    ///
    /// # Errors
    /// [`Error::CheckpointMismatch`] when the stored edge does not give `head.root`; the errors of
    /// reading otherwise.
    pub fn load(source: &dyn TileSource, head: &TreeHead) -> Result<Self, Error> {
        let tree = Self::load_unchecked(source, head.size)?;
        if tree.root() == head.root {
            Ok(tree)
        } else {
            Err(Error::CheckpointMismatch)
        }
    }

    /// The stored edge as it is. INVARIANT: callers compare the root before they trust a hash.
    pub(crate) fn load_unchecked(source: &dyn TileSource, size: u64) -> Result<Self, Error> {
        if size > MAX_TREE_SIZE {
            return Err(Error::TreeFull);
        }
        let edge = (0..=MAX_LEVEL)
            .map(|level| match edge_of(size, level) {
                (_, 0) => Ok(Vec::new()),
                (number, width) => read_tile(source, level, number, width),
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { size, edge })
    }

    /// Number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Merkle tree hash of all leaves (RFC 6962 2.1).
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut lower: Option<Hash> = None;
        for hashes in &self.edge {
            if hashes.is_empty() && lower.is_none() {
                continue;
            }
            let row: Vec<Hash> = hashes.iter().copied().chain(lower).collect();
            lower = Some(tree_hash(&row));
        }
        lower.unwrap_or_else(|| tree_hash(&[]))
    }

    /// Size and root together.
    #[must_use]
    pub fn head(&self) -> TreeHead {
        TreeHead {
            size: self.size,
            root: self.root(),
        }
    }

    /// Appends the hash of one entry (see [`crate::leaf_hash`]).
    ///
    /// # Errors
    /// [`Error::TreeFull`] at [`MAX_TREE_SIZE`] leaves.
    pub fn push(&mut self, leaf: Hash) -> Result<(), Error> {
        self.push_tiles(leaf, &mut |_| {})
    }

    /// Appends a leaf and hands over each tile that it completes, lowest level first.
    pub(crate) fn push_tiles(
        &mut self,
        leaf: Hash,
        full: &mut dyn FnMut(FullTile),
    ) -> Result<(), Error> {
        if self.size >= MAX_TREE_SIZE {
            return Err(Error::TreeFull);
        }
        self.size += 1;
        let mut carry = leaf;
        for (level, hashes) in (0..=MAX_LEVEL).zip(&mut self.edge) {
            hashes.push(carry);
            if hashes.len() < usize::from(TILE_WIDTH) {
                break;
            }
            carry = tree_hash(hashes);
            let number = (hashes_at(self.size, level) >> 8) - 1;
            full(FullTile {
                level,
                number,
                hashes: std::mem::take(hashes),
            });
        }
        Ok(())
    }

    /// The hashes of the partial tile of `level`, empty when there is none.
    pub(crate) fn edge(&self, level: u8) -> &[Hash] {
        self.edge.get(usize::from(level)).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests;
