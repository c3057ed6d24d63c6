//! Tile production: from the stored right edge and new entries to the files of the next checkpoint.
//! Appending the same entries to the same head always gives the same bytes, so a writer that died
//! half-way simply writes again. It does not touch storage: the caller stores the files in the given
//! order and goes on with [`Update::writer`] once they are all safe.

use crate::bundle;
use crate::checkpoint::Checkpoint;
use crate::error::Error;
use crate::hash::{Hash, TreeHead, leaf_hash};
use crate::limits::MAX_APPEND_ENTRIES;
use crate::note::Signer;
use crate::source::TileSource;
use crate::tile::{LogPath, MAX_LEVEL, TILE_WIDTH, edge_of, encode, read_or_full};
use crate::tree::{FullTile, Tree};

/// The state that an append needs: the tree's right edge and the bytes of its partial bundle.
#[derive(Clone, Debug)]
pub struct Writer {
    tree: Tree,
    bundle: Vec<u8>,
}

/// One file to store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFile {
    /// Path inside the log folder.
    pub path: String,
    /// Its whole content.
    pub bytes: Vec<u8>,
}

/// What an append produced.
#[derive(Clone, Debug)]
pub struct Update {
    /// Files to store in this order, each atomically; the checkpoint is last, so a reader never
    /// sees a checkpoint whose tiles are not there.
    pub files: Vec<LogFile>,
    /// Folders of partial files (`tile/0/000.p`) whose full file is among `files`; they may be
    /// deleted once the checkpoint is stored.
    pub superseded: Vec<String>,
    /// The new size and root.
    pub head: TreeHead,
    /// The writer for the next append, valid once `files` are stored.
    pub writer: Writer,
}

impl Writer {
    /// A writer for a log without entries.
    #[must_use]
    pub fn new() -> Self {
        Self {
            tree: Tree::new(),
            bundle: Vec::new(),
        }
    }

    /// A writer that goes on from a stored head. The stored edge and the partial bundle are
    /// authenticated against it, so a damaged log is not extended.
    ///
    /// # Errors
    /// [`Error::CheckpointMismatch`] or [`Error::EntryChanged`] for a damaged edge, and the errors
    /// of reading.
    pub fn open(source: &dyn TileSource, head: &TreeHead) -> Result<Self, Error> {
        let tree = Tree::load(source, head)?;
        let bundle = read_bundle(source, head.size, tree.edge(0))?;
        Ok(Self { tree, bundle })
    }

    /// Size and root that this writer goes on from.
    #[must_use]
    pub fn head(&self) -> TreeHead {
        self.tree.head()
    }

    /// Appends entries and signs the new head. With no entries it only signs the present head,
    /// which is how an empty log gets its first checkpoint.
    ///
    /// # Errors
    /// [`Error::EntryTooLong`], [`Error::TooManyEntries`] or [`Error::TreeFull`]; then nothing has
    /// happened, for the writer itself does not change.
    pub fn append<E: AsRef<[u8]>>(&self, entries: &[E], signer: &Signer) -> Result<Update, Error> {
        if entries.len() > MAX_APPEND_ENTRIES {
            return Err(Error::TooManyEntries {
                count: entries.len(),
            });
        }
        let mut next = self.clone();
        let mut files = Vec::new();
        let mut superseded = Vec::new();
        for entry in entries {
            next.push(
                entry.as_ref(),
                self.tree.size(),
                &mut files,
                &mut superseded,
            )?;
        }
        next.write_partials(&self.tree, &mut files);
        let head = next.tree.head();
        let note = Checkpoint::new(signer.name(), head)?.sign(signer)?;
        files.push(file(LogPath::Checkpoint, note.to_string().into_bytes()));
        Ok(Update {
            files,
            superseded,
            head,
            writer: next,
        })
    }

    fn push(
        &mut self,
        entry: &[u8],
        old_size: u64,
        files: &mut Vec<LogFile>,
        superseded: &mut Vec<String>,
    ) -> Result<(), Error> {
        bundle::push(&mut self.bundle, entry)?;
        let mut add = |path: LogPath, bytes, had_partial: bool| {
            let full = file(path, bytes);
            if had_partial {
                superseded.push(format!("{}.p", full.path));
            }
            files.push(full);
        };
        let Self { tree, bundle } = self;
        tree.push_tiles(leaf_hash(entry), &mut |tile| {
            let FullTile {
                level,
                number,
                hashes,
            } = tile;
            let (old_number, old_width) = edge_of(old_size, level);
            let had_partial = old_number == number && old_width > 0;
            if level == 0 {
                let path = LogPath::Entries {
                    number,
                    width: TILE_WIDTH,
                };
                add(path, std::mem::take(bundle), had_partial);
            }
            add(
                LogPath::Tile {
                    level,
                    number,
                    width: TILE_WIDTH,
                },
                encode(&hashes),
                had_partial,
            );
        })
    }

    /// The partial files of the new right edge, those that the old tree did not have already.
    fn write_partials(&self, old: &Tree, files: &mut Vec<LogFile>) {
        for level in 0..=MAX_LEVEL {
            let (number, width) = edge_of(self.tree.size(), level);
            if width == 0 || (number, width) == edge_of(old.size(), level) {
                continue;
            }
            if level == 0 {
                files.push(file(
                    LogPath::Entries { number, width },
                    self.bundle.clone(),
                ));
            }
            let hashes = self.tree.edge(level);
            files.push(file(
                LogPath::Tile {
                    level,
                    number,
                    width,
                },
                encode(hashes),
            ));
        }
    }
}

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

fn file(path: LogPath, bytes: Vec<u8>) -> LogFile {
    LogFile {
        path: path.to_string(),
        bytes,
    }
}

/// The bytes of the partial bundle, after each entry in it has been found to match its leaf.
fn read_bundle(source: &dyn TileSource, size: u64, leaves: &[Hash]) -> Result<Vec<u8>, Error> {
    let (number, width) = edge_of(size, 0);
    if width == 0 {
        return Ok(Vec::new());
    }
    let (_, bytes) = read_or_full(source, LogPath::Entries { number, width })?;
    let mut entries = bundle::entries(&bytes);
    let mut kept = Vec::with_capacity(bytes.len());
    for (index, leaf) in (number << 8..).zip(leaves) {
        match entries.next() {
            Some(Ok(entry)) if leaf_hash(entry) == *leaf => bundle::push(&mut kept, entry)?,
            _ => return Err(Error::EntryChanged { index }),
        }
    }
    Ok(kept)
}

#[cfg(test)]
mod tests;
