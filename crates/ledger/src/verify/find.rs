//! Naming a fault: which entry it begins at and what was done. Called once something is known to be
//! wrong; nothing here decides *whether* it is, so the unauthenticated hashes used here can mislead
//! only about the place inside the damaged part, never about the verdict.

use super::{Fault, Reason, Stop};
use crate::bundle;
use crate::error::Error;
use crate::hash::{Hash, leaf_hash, tree_hash};
use crate::source::TileSource;
use crate::tile::{LogPath, MAX_LEVEL, TILE_WIDTH, edge_of, first_entry, read_or_full, read_tile};
use crate::tree::Tree;

/// The right edge does not lead to the signed root: the first of its hashes that what lies below
/// does not bear out was changed. When all are borne out, the edge was rewritten to agree with the
/// files below, and only the checkpoint disagrees.
pub(super) fn in_edge(source: &dyn TileSource, edge: &Tree) -> Stop {
    name_in_edge(source, edge).unwrap_or_else(Stop::Storage)
}

fn name_in_edge(source: &dyn TileSource, edge: &Tree) -> Result<Stop, Error> {
    let tiles = || {
        (0..=MAX_LEVEL).rev().map(|level| {
            let (number, width) = edge_of(edge.size(), level);
            (level, number, width, edge.edge(level))
        })
    };
    for (level, number, width, tile) in tiles() {
        if let Some(position) = disagreement(source, level, number, tile)? {
            return Ok(changed(
                level,
                number,
                width,
                first_entry(level, number, position),
            ));
        }
    }
    for (level, number, _, tile) in tiles() {
        if let Some(index) = deeper(source, level, number, tile)? {
            return Ok(Stop::from_error(Error::CheckpointMismatch, Some(index)));
        }
    }
    Ok(Stop::from_error(Error::CheckpointMismatch, None))
}

/// A full tile does not hash to its authenticated parent.
pub(super) fn in_tile(source: &dyn TileSource, level: u8, number: u64, tile: &[Hash]) -> Stop {
    let index = match disagreement(source, level, number, tile) {
        Ok(Some(position)) => Ok(Some(first_entry(level, number, position))),
        Ok(None) => deeper(source, level, number, tile),
        Err(error) => Err(error),
    };
    match index {
        // WHY: nothing below contradicts the tile, so the whole range under it is in doubt.
        Ok(index) => {
            let index = index.unwrap_or_else(|| first_entry(level, number, 0));
            changed(level, number, TILE_WIDTH, index)
        }
        Err(error) => Stop::Storage(error),
    }
}

fn changed(level: u8, number: u64, width: u16, index: u64) -> Stop {
    let path = LogPath::Tile {
        level,
        number,
        width,
    }
    .to_string();
    Fault::stop(Reason::TileChanged, Some(index), &path)
}

/// First entry under a tile at which files further down contradict each other.
fn deeper(
    source: &dyn TileSource,
    level: u8,
    number: u64,
    tile: &[Hash],
) -> Result<Option<u64>, Error> {
    if level == 0 {
        return Ok(None);
    }
    for (child, _) in (number << 8..).zip(tile) {
        let Some(below) = readable(read_tile(source, level - 1, child, TILE_WIDTH))? else {
            continue;
        };
        if let Some(position) = disagreement(source, level - 1, child, &below)? {
            return Ok(Some(first_entry(level - 1, child, position)));
        }
        if let Some(index) = deeper(source, level - 1, child, &below)? {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

/// First position at which the hashes of a tile differ from what lies below it. Files that are
/// missing or malformed below say nothing and are passed over.
fn disagreement(
    source: &dyn TileSource,
    level: u8,
    number: u64,
    tile: &[Hash],
) -> Result<Option<usize>, Error> {
    if level == 0 {
        let width = u16::try_from(tile.len()).unwrap_or(TILE_WIDTH);
        let bundle = readable(read_or_full(source, LogPath::Entries { number, width }))?;
        let (_, bytes) = bundle.unwrap_or_default();
        return Ok(first_difference(&leaves_of(&bytes, tile.len()), tile));
    }
    for (position, (child, hash)) in (number << 8..).zip(tile).enumerate() {
        let below = readable(read_tile(source, level - 1, child, TILE_WIDTH))?;
        if below.is_some_and(|below| tree_hash(&below) != *hash) {
            return Ok(Some(position));
        }
    }
    Ok(None)
}

fn readable<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error @ Error::Unreadable { .. }) => Err(error),
        Err(_) => Ok(None),
    }
}

/// What was done to a bundle whose entry `position` does not match its leaf.
pub(super) fn what_happened(bytes: &[u8], leaves: &[Hash], position: u64) -> Reason {
    let found = leaves_of(bytes, leaves.len().saturating_add(1));
    let position = usize::try_from(position).unwrap_or(usize::MAX);
    let after = position.saturating_add(1);
    let shifted = |moved: Option<&[Hash]>, onto: Option<&[Hash]>| match (moved, onto) {
        (Some(moved), Some(onto)) => {
            let common = moved.len().min(onto.len());
            common > 0 && moved.get(..common) == onto.get(..common)
        }
        _ => false,
    };
    if same_set(&found, leaves) {
        Reason::EntriesReordered
    } else if shifted(found.get(position..), leaves.get(after..)) {
        Reason::EntryRemoved
    } else if shifted(found.get(after..), leaves.get(position..)) {
        Reason::EntryInserted
    } else {
        Reason::EntryChanged
    }
}

fn same_set(found: &[Hash], leaves: &[Hash]) -> bool {
    let (mut found, mut leaves) = (found.to_vec(), leaves.to_vec());
    found.sort_unstable();
    leaves.sort_unstable();
    found == leaves
}

/// Hashes of the first `most` entries that can be read.
fn leaves_of(bytes: &[u8], most: usize) -> Vec<Hash> {
    bundle::entries(bytes)
        .take(most)
        .map_while(Result::ok)
        .map(leaf_hash)
        .collect()
}

/// First position at which both have a hash and the hashes differ.
pub(super) fn first_difference(one: &[Hash], other: &[Hash]) -> Option<usize> {
    one.iter().zip(other).position(|(one, other)| one != other)
}

/// The file that an error of reading is about.
pub(super) const fn path_of(error: &Error) -> Option<&String> {
    if let Error::MissingFile { path } | Error::MalformedFile { path, .. } = error {
        Some(path)
    } else {
        None
    }
}
