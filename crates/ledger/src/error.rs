//! What can go wrong in this crate, with the stable dotted code of each case. Messages name files,
//! indices and key names only: never entry content, never key bytes.

use crate::limits::MAX_ENTRY_BYTES;
use crate::source::BoxError;

/// A failure to read, write, sign or prove the log. What a *verification* finds wrong is not an
/// error but a [`crate::Verification`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The storage itself failed (permission, disk, network); says nothing about the log.
    #[error("could not read `{path}` of the log")]
    Unreadable {
        /// Path inside the log folder.
        path: String,
        /// The storage's own error.
        #[source]
        source: BoxError,
    },
    /// A file that the checkpoint's size requires is not there.
    #[error("`{path}` is missing from the log")]
    MissingFile {
        /// Path inside the log folder.
        path: String,
    },
    /// A log file has the wrong length or structure.
    #[error("`{path}` is malformed: {what}")]
    MalformedFile {
        /// Path inside the log folder.
        path: String,
        /// What rule of the format it breaks.
        what: &'static str,
    },
    /// Bytes that are not the kind of document they should be.
    #[error("malformed {kind}: {what}")]
    Malformed {
        /// `checkpoint`, `signed note`, `proof file`, `entry` or `path`.
        kind: &'static str,
        /// What rule of the format it breaks.
        what: &'static str,
    },
    /// A key string that is not one; the string itself is never shown.
    #[error("malformed {kind} key: {what}")]
    MalformedKey {
        /// `verifier` or `signer`.
        kind: &'static str,
        /// What rule of the format it breaks.
        what: &'static str,
    },
    /// A tile does not hash to the value that the tree above it holds.
    #[error("tile `{path}` does not belong to the signed tree")]
    TileChanged {
        /// Path inside the log folder.
        path: String,
    },
    /// The bytes of an entry do not hash to its leaf.
    #[error("entry `{index}` does not belong to the signed tree")]
    EntryChanged {
        /// Index of the entry, from 0.
        index: u64,
    },
    /// The stored tiles, or a proof, lead to another root than the checkpoint's.
    #[error("the stored tiles do not lead to the root of the checkpoint")]
    CheckpointMismatch,
    /// No valid signature of the expected key.
    #[error("the checkpoint has no valid signature of `{key}`")]
    CheckpointSignature {
        /// Name of the key that should have signed.
        key: String,
    },
    /// The checkpoint belongs to another log.
    #[error("the checkpoint is of the log `{found}`, not of `{expected}`")]
    CheckpointOrigin {
        /// Name of the verifier key, which is the log's origin.
        expected: String,
        /// Origin line of the checkpoint.
        found: String,
    },
    /// An entry that does not fit the `u16` length prefix.
    #[error("an entry of `{bytes}` bytes is longer than {MAX_ENTRY_BYTES}")]
    EntryTooLong {
        /// Its length.
        bytes: usize,
    },
    /// More entries in one append than [`crate::limits::MAX_APPEND_ENTRIES`].
    #[error("`{count}` entries are too many for one append")]
    TooManyEntries {
        /// How many were given.
        count: usize,
    },
    /// The log holds [`crate::limits::MAX_TREE_SIZE`] entries.
    #[error("the log is full")]
    TreeFull,
    /// An index or size outside the tree.
    #[error("index `{index}` is outside a log of size `{size}`")]
    OutOfRange {
        /// The index or size asked for.
        index: u64,
        /// The tree's size.
        size: u64,
    },
    /// An inclusion proof that does not lead to the root.
    #[error("the proof does not show that the entry is in the log")]
    InclusionInvalid,
    /// A consistency proof that does not lead to both roots.
    #[error("the proof does not show that the log only grew")]
    ConsistencyInvalid,
    /// A proof file without the `extra` line in which this product carries the entry.
    #[error("the proof file does not carry the entry it proves")]
    ProofWithoutEntry,
    /// An entry with a field that is missing, unknown, too long or not in canonical form.
    #[error("malformed entry")]
    MalformedEntry(#[source] serde_json::Error),
}

impl Error {
    /// The stable code under which users, programs and the error catalogue know this case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "ledger.unreadable",
            Self::MissingFile { .. } => "ledger.missing_tile",
            Self::MalformedFile { .. } | Self::Malformed { .. } => "ledger.malformed",
            Self::MalformedKey { .. } => "ledger.key_malformed",
            Self::TileChanged { .. } => "ledger.tile_changed",
            Self::EntryChanged { .. } => "ledger.entry_changed",
            Self::CheckpointMismatch => "ledger.checkpoint_mismatch",
            Self::CheckpointSignature { .. } => "ledger.checkpoint_signature",
            Self::CheckpointOrigin { .. } => "ledger.checkpoint_origin",
            Self::EntryTooLong { .. } => "ledger.entry_too_long",
            Self::TooManyEntries { .. } => "ledger.too_many_entries",
            Self::TreeFull => "ledger.full",
            Self::OutOfRange { .. } => "ledger.out_of_range",
            Self::InclusionInvalid => "ledger.inclusion_invalid",
            Self::ConsistencyInvalid => "ledger.consistency_invalid",
            Self::ProofWithoutEntry => "ledger.proof_without_entry",
            Self::MalformedEntry(_) => "ledger.entry_malformed",
        }
    }
}
