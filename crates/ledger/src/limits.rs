//! Every bound this crate puts on bytes from outside. A log folder, a checkpoint and a proof file
//! may all come from an opponent, so nothing is allocated or looped over beyond these numbers.

/// Longest entry, in bytes: entry bundles prefix each entry with a `u16` (C2SP tlog-tiles).
pub const MAX_ENTRY_BYTES: usize = 65_535;

/// Longest entry bundle, in bytes: 256 entries of the longest kind with their prefixes.
pub const MAX_BUNDLE_BYTES: usize = 256 * (MAX_ENTRY_BYTES + 2);

/// Largest tile file, in bytes: 256 hashes of 32 bytes.
pub const MAX_TILE_BYTES: usize = 256 * 32;

/// Most entries a log may hold. With it every index, shifted by any level, stays inside `u64`.
pub const MAX_TREE_SIZE: u64 = 1 << 48;

/// Most entries one append may take; a longer queue is sequenced in several appends.
pub const MAX_APPEND_ENTRIES: usize = 131_072;

/// Longest signed note (checkpoint), in bytes. The signed-note text asks readers to take at least
/// 16 signatures, of which a post-quantum one may be 5 kB.
pub const MAX_NOTE_BYTES: usize = 128 * 1024;

/// Most signature lines of a note.
pub const MAX_SIGNATURES: usize = 64;

/// Longest key name (and so log origin), in bytes.
pub const MAX_KEY_NAME_BYTES: usize = 255;

/// Most hashes in an inclusion or consistency proof (a tree of 2^48 leaves needs 49 at most).
pub const MAX_PROOF_HASHES: usize = 64;

/// Longest `.tlog-proof` file, in bytes: an entry in base64, the hashes and the checkpoint.
pub const MAX_PROOF_FILE_BYTES: usize = 256 * 1024;

/// Most items in each list of an entry (grounds, policies, objects, commitments, facts).
pub const MAX_ENTRY_ITEMS: usize = 256;

/// Longest token inside an entry, in bytes.
pub const MAX_TOKEN_BYTES: usize = 128;
