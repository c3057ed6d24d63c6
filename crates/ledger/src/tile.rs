//! The files of a log and their names (C2SP tlog-tiles): `checkpoint`, `tile/<L>/<N>[.p/<W>]` and
//! `tile/entries/<N>[.p/<W>]`. Parsing is strict and round-trips, so a server may map a URL to a
//! file by it without fear of `..` or of two names for one file.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;
use crate::hash::{HASH_BYTES, Hash};
use crate::limits::{MAX_BUNDLE_BYTES, MAX_TILE_BYTES, MAX_TREE_SIZE};
use crate::source::{TileSource, read_limited};

/// Hashes in a full tile and entries in a full bundle.
pub const TILE_WIDTH: u16 = 256;

/// Highest tile level that a log of [`MAX_TREE_SIZE`] can have.
pub const MAX_LEVEL: u8 = 6;

/// Name of the checkpoint file.
pub const CHECKPOINT: &str = "checkpoint";

/// One file of a log. `width` is 1..=256; 256 is the full file, less is a partial one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogPath {
    /// The signed checkpoint.
    Checkpoint,
    /// `width` hashes of subtrees of `256^level` entries each.
    Tile {
        /// 0 holds leaf hashes; each level above holds the hashes of full tiles below.
        level: u8,
        /// Position among the tiles of the level.
        number: u64,
        /// How many hashes.
        width: u16,
    },
    /// `width` entries, each after its `u16` length.
    Entries {
        /// Position among the bundles.
        number: u64,
        /// How many entries.
        width: u16,
    },
}

impl LogPath {
    /// Most bytes that this file may have.
    #[must_use]
    pub const fn limit_bytes(&self) -> usize {
        match self {
            Self::Checkpoint => crate::limits::MAX_NOTE_BYTES,
            Self::Tile { .. } => MAX_TILE_BYTES,
            Self::Entries { .. } => MAX_BUNDLE_BYTES,
        }
    }

    /// The same file in its full width (the checkpoint has only one).
    #[must_use]
    pub const fn full(self) -> Self {
        match self {
            Self::Checkpoint => Self::Checkpoint,
            Self::Tile { level, number, .. } => Self::Tile {
                level,
                number,
                width: TILE_WIDTH,
            },
            Self::Entries { number, .. } => Self::Entries {
                number,
                width: TILE_WIDTH,
            },
        }
    }
}

impl fmt::Display for LogPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (folder, number, width) = match self {
            Self::Checkpoint => return f.write_str(CHECKPOINT),
            Self::Tile {
                level,
                number,
                width,
            } => (level.to_string(), number, width),
            Self::Entries { number, width } => ("entries".to_owned(), number, width),
        };
        write!(f, "tile/{folder}/{}", number_path(*number))?;
        if *width < TILE_WIDTH {
            write!(f, ".p/{width}")?;
        }
        Ok(())
    }
}

impl FromStr for LogPath {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let path = parse(text).ok_or(Error::Malformed {
            kind: "path",
            what: "it names no file of a log",
        })?;
        // WHY: printing again is the whole strictness: one file has one name.
        if path.to_string() == text {
            Ok(path)
        } else {
            Err(Error::Malformed {
                kind: "path",
                what: "it is not in canonical form",
            })
        }
    }
}

fn parse(text: &str) -> Option<LogPath> {
    if text == CHECKPOINT {
        return Some(LogPath::Checkpoint);
    }
    let (folder, rest) = text.strip_prefix("tile/")?.split_once('/')?;
    let (name, width) = match rest.split_once(".p/") {
        Some((name, width)) => (
            name,
            width.parse().ok().filter(|w| (1..TILE_WIDTH).contains(w))?,
        ),
        None => (rest, TILE_WIDTH),
    };
    let number = parse_number(name)?;
    if folder == "entries" {
        return Some(LogPath::Entries { number, width });
    }
    let level = folder.parse().ok().filter(|level| *level <= MAX_LEVEL)?;
    Some(LogPath::Tile {
        level,
        number,
        width,
    })
}

/// 1234067 is `x001/x234/067`.
fn number_path(number: u64) -> String {
    let mut text = format!("{:03}", number % 1000);
    let mut rest = number / 1000;
    while rest > 0 {
        text = format!("x{:03}/{text}", rest % 1000);
        rest /= 1000;
    }
    text
}

fn parse_number(text: &str) -> Option<u64> {
    let mut number = 0_u64;
    for group in text.split('/') {
        let digits = group.strip_prefix('x').unwrap_or(group);
        if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        number = number
            .checked_mul(1000)?
            .checked_add(digits.parse().ok()?)?;
    }
    (number < MAX_TREE_SIZE).then_some(number)
}

/// Number of hashes of `level` that a tree of `size` has.
pub(crate) const fn hashes_at(size: u64, level: u8) -> u64 {
    size >> (8 * level as u32)
}

/// Number of the right-most tile of `level` and its width, 0 when the level ends with a full tile.
pub(crate) fn edge_of(size: u64, level: u8) -> (u64, u16) {
    let hashes = hashes_at(size, level);
    (hashes >> 8, u16::from(hashes.to_le_bytes()[0]))
}

/// Index of the first entry under hash `position` of tile (`level`, `number`).
pub(crate) fn first_entry(level: u8, number: u64, position: usize) -> u64 {
    let position = u64::try_from(position).unwrap_or(u64::MAX);
    (number << 8).saturating_add(position) << (8 * u32::from(level))
}

/// The bytes of the hashes, as a tile file holds them.
pub(crate) fn encode(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

/// Reads a tile of exactly `width` hashes; where its partial file is gone but the full one is
/// there, the first `width` hashes of that (tlog-tiles allows a log to delete partials then).
pub(crate) fn read_tile(
    source: &dyn TileSource,
    level: u8,
    number: u64,
    width: u16,
) -> Result<Vec<Hash>, Error> {
    let (path, bytes) = read_or_full(
        source,
        LogPath::Tile {
            level,
            number,
            width,
        },
    )?;
    let wrong = |what| Error::MalformedFile {
        path: path.clone(),
        what,
    };
    let (hashes, rest) = bytes.as_chunks::<HASH_BYTES>();
    if !rest.is_empty() {
        return Err(wrong("its length is not a multiple of 32"));
    }
    let width = usize::from(width);
    let expected = if path.contains(".p/") {
        width
    } else {
        usize::from(TILE_WIDTH)
    };
    if hashes.len() != expected {
        return Err(wrong("it has the wrong number of hashes"));
    }
    Ok(hashes
        .iter()
        .take(width)
        .map(|bytes| Hash::from_bytes(*bytes))
        .collect())
}

/// Reads a file or, for a partial one that is gone, the full one. Returns the path that was read.
pub(crate) fn read_or_full(
    source: &dyn TileSource,
    wanted: LogPath,
) -> Result<(String, Vec<u8>), Error> {
    let path = wanted.to_string();
    if let Some(bytes) = read_limited(source, &path, wanted.limit_bytes())? {
        return Ok((path, bytes));
    }
    let full = wanted.full().to_string();
    if full != path
        && let Some(bytes) = read_limited(source, &full, wanted.limit_bytes())?
    {
        return Ok((full, bytes));
    }
    Err(Error::MissingFile { path })
}

#[cfg(test)]
mod tests;
