//! The walk over the whole tree, from the signed root down and from the first entry to the last.
//! INVARIANT: a tile's hashes are used only after the tile was found to hash to a value that is
//! itself authenticated. The right edge is authenticated first, by recomputing the root.

use super::{Fault, Reason, Stop, find};
use crate::bundle;
use crate::hash::{Hash, TreeHead, leaf_hash, tree_hash};
use crate::source::TileSource;
use crate::tile::{LogPath, MAX_LEVEL, TILE_WIDTH, edge_of, first_entry, read_or_full, read_tile};
use crate::tree::Tree;

/// Checks all that `head` covers.
pub(super) fn whole(source: &dyn TileSource, head: &TreeHead) -> Result<(), Stop> {
    let edge = load_edge(source, head.size)?;
    let walk = Walk { source };
    if edge.root() != head.root {
        return Err(find::in_edge(source, &edge));
    }
    // The upper levels cover the earlier entries.
    for level in (0..=MAX_LEVEL).rev() {
        let (number, width) = edge_of(head.size, level);
        if width > 0 {
            walk.below(level, number, width, edge.edge(level))?;
        }
    }
    Ok(())
}

fn load_edge(source: &dyn TileSource, size: u64) -> Result<Tree, Stop> {
    Tree::load_unchecked(source, size).map_err(|error| {
        // WHY: the path says which tile it was, and so from which entry on nothing is known.
        let first_bad = (0..=MAX_LEVEL).find_map(|level| {
            let (number, width) = edge_of(size, level);
            let path = LogPath::Tile {
                level,
                number,
                width,
            };
            let names = [path.to_string(), path.full().to_string()];
            let wrong = find::path_of(&error)?;
            (width > 0 && names.contains(wrong)).then(|| first_entry(level, number, 0))
        });
        Stop::from_error(error, first_bad)
    })
}

struct Walk<'a> {
    source: &'a dyn TileSource,
}

impl Walk<'_> {
    /// Checks everything under an authenticated tile, and what is left of its partial files.
    fn below(&self, level: u8, number: u64, width: u16, tile: &[Hash]) -> Result<(), Stop> {
        self.leftover_tiles(level, number, tile)?;
        if level == 0 {
            return self.entries(number, width, tile);
        }
        for (child, expected) in (number << 8..).zip(tile) {
            self.full_tile(level - 1, child, expected)?;
        }
        Ok(())
    }

    fn full_tile(&self, level: u8, number: u64, expected: &Hash) -> Result<(), Stop> {
        let start = first_entry(level, number, 0);
        let tile = read_tile(self.source, level, number, TILE_WIDTH)
            .map_err(|error| Stop::from_error(error, Some(start)))?;
        if tree_hash(&tile) != *expected {
            return Err(find::in_tile(self.source, level, number, &tile));
        }
        self.below(level, number, TILE_WIDTH, &tile)
    }

    fn entries(&self, number: u64, width: u16, leaves: &[Hash]) -> Result<(), Stop> {
        let start = first_entry(0, number, 0);
        let wanted = LogPath::Entries { number, width };
        let (path, mut bytes) = read_or_full(self.source, wanted)
            .map_err(|error| Stop::from_error(error, Some(start)))?;
        if path != wanted.to_string() {
            // WHY: a full bundle stands in for a partial one; what is beyond is not sealed yet.
            let sealed: usize = bundle::entries(&bytes)
                .take(leaves.len())
                .map_while(Result::ok)
                .map(|entry| entry.len() + 2)
                .sum();
            bytes.truncate(sealed);
        }
        check_bundle(&path, &bytes, leaves, start)?;
        let full = wanted.full();
        for width in self.leftovers(&full.to_string(), start)? {
            let sealed = leaves.get(..usize::from(width));
            let path = LogPath::Entries {
                number,
                width: u16::from(width),
            };
            if let Some((leaves, (path, bytes))) = sealed.zip(self.leftover(path, start)?) {
                check_bundle(&path, &bytes, leaves, start)?;
            }
        }
        Ok(())
    }

    fn leftover_tiles(&self, level: u8, number: u64, tile: &[Hash]) -> Result<(), Stop> {
        let start = first_entry(level, number, 0);
        let full = LogPath::Tile {
            level,
            number,
            width: TILE_WIDTH,
        }
        .to_string();
        for width in self.leftovers(&full, start)? {
            let Some(sealed) = tile.get(..usize::from(width)) else {
                continue;
            };
            let path = LogPath::Tile {
                level,
                number,
                width: u16::from(width),
            }
            .to_string();
            let old = read_tile(self.source, level, number, u16::from(width))
                .map_err(|error| Stop::from_error(error, Some(start)))?;
            if let Some(position) = find::first_difference(&old, sealed) {
                let first_bad = first_entry(level, number, position);
                return Err(Fault::stop(Reason::TileChanged, Some(first_bad), &path));
            }
        }
        Ok(())
    }

    fn leftovers(&self, full_path: &str, start: u64) -> Result<Vec<u8>, Stop> {
        let mut widths = self.source.partial_widths(full_path).map_err(|source| {
            let error = crate::Error::Unreadable {
                path: full_path.to_owned(),
                source,
            };
            Stop::from_error(error, Some(start))
        })?;
        widths.retain(|width| *width > 0);
        widths.sort_unstable();
        widths.dedup();
        Ok(widths)
    }

    fn leftover(&self, path: LogPath, start: u64) -> Result<Option<(String, Vec<u8>)>, Stop> {
        let name = path.to_string();
        crate::source::read_limited(self.source, &name, path.limit_bytes())
            .map(|bytes| bytes.map(|bytes| (name, bytes)))
            .map_err(|error| Stop::from_error(error, Some(start)))
    }
}

/// Compares the entries of a bundle with their authenticated leaves.
fn check_bundle(path: &str, bytes: &[u8], leaves: &[Hash], start: u64) -> Result<(), Stop> {
    let mut entries = bundle::entries(bytes);
    for (index, leaf) in (start..).zip(leaves) {
        let reason = match entries.next() {
            Some(Ok(entry)) if leaf_hash(entry) == *leaf => continue,
            Some(Ok(_)) => find::what_happened(bytes, leaves, index - start),
            Some(Err(bundle::CutShort)) => Reason::Malformed,
            None => Reason::EntryRemoved,
        };
        return Err(Fault::stop(reason, Some(index), path));
    }
    let beyond = start.saturating_add(u64::try_from(leaves.len()).unwrap_or(u64::MAX));
    match entries.next() {
        None => Ok(()),
        Some(Ok(_)) => Err(Fault::stop(Reason::EntryInserted, Some(beyond), path)),
        Some(Err(_)) => Err(Fault::stop(Reason::Malformed, Some(beyond), path)),
    }
}
