//! Full verification of a log from its files and one verifier key: every entry against its leaf,
//! every tile against its parent, the right edge against the signed root, leftovers of partial files
//! against what they became, and optionally an older checkpoint kept elsewhere. It stops at the
//! first fault and names it. Memory stays at one bundle and one tile a level, whatever the size.

mod find;
mod reason;
mod walk;

use serde::Serialize;

use crate::checkpoint::Checkpoint;
use crate::error::Error;
use crate::hash::TreeHead;
use crate::note::VerifierKey;
use crate::proof::root_at;
use crate::reader::TileReader;
use crate::source::{TileSource, read_limited};
use crate::tile::{CHECKPOINT, LogPath};

pub use reason::Reason;

/// The answer of [`verify`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[must_use]
pub struct Verification {
    /// Whether everything that the checkpoint covers is there and unchanged.
    pub ok: bool,
    /// Number of entries that the signed checkpoint states; 0 when there is no valid one.
    pub size: u64,
    /// Lowest index that can no longer be vouched for. Absent when the fault has no place: a wrong
    /// checkpoint, a fork, or a log rewritten so that its files agree with each other.
    pub first_bad: Option<u64>,
    /// What was found first.
    pub reason: Option<Reason>,
    /// The file in which it was found.
    pub path: Option<String>,
}

/// The first fault found.
pub(crate) struct Fault {
    reason: Reason,
    first_bad: Option<u64>,
    path: Option<String>,
}

/// Why a check did not go on.
pub(crate) enum Stop {
    /// Something is wrong with the log.
    Fault(Fault),
    /// The storage failed, which says nothing about the log.
    Storage(Error),
}

impl Fault {
    pub(crate) fn stop(reason: Reason, first_bad: Option<u64>, path: &str) -> Stop {
        Stop::Fault(Self {
            reason,
            first_bad,
            path: Some(path.to_owned()),
        })
    }
}

impl Stop {
    /// Gives an error of reading its place in the log.
    pub(crate) fn from_error(error: Error, first_bad: Option<u64>) -> Self {
        let (reason, path) = match &error {
            Error::MissingFile { path } => (Reason::MissingTile, path.clone()),
            Error::MalformedFile { path, .. } => (Reason::Malformed, path.clone()),
            Error::TileChanged { path } => (Reason::TileChanged, path.clone()),
            Error::CheckpointSignature { .. } => (Reason::CheckpointSignature, CHECKPOINT.into()),
            Error::CheckpointOrigin { .. } => (Reason::CheckpointOrigin, CHECKPOINT.into()),
            Error::CheckpointMismatch => (Reason::CheckpointMismatch, CHECKPOINT.into()),
            Error::Malformed { .. } => (Reason::Malformed, CHECKPOINT.into()),
            Error::Unreadable { .. }
            | Error::MalformedKey { .. }
            | Error::EntryChanged { .. }
            | Error::EntryTooLong { .. }
            | Error::TooManyEntries { .. }
            | Error::TreeFull
            | Error::OutOfRange { .. }
            | Error::InclusionInvalid
            | Error::ConsistencyInvalid
            | Error::ProofWithoutEntry
            | Error::MalformedEntry(_) => return Self::Storage(error),
        };
        Self::Fault(Fault {
            reason,
            first_bad,
            path: Some(path),
        })
    }
}

/// Verifies a whole log. `kept` is the head of an older checkpoint of the same log, opened with
/// [`Checkpoint::open`] or typed from paper; only with it can truncation and forks be found, for
/// both leave a log that is consistent in itself.
///
/// # Errors
/// Only [`Error::Unreadable`]: the storage failed. Whatever is wrong with the log is in the answer.
pub fn verify(
    source: &dyn TileSource,
    key: &VerifierKey,
    kept: Option<&TreeHead>,
) -> Result<Verification, Error> {
    let mut size = 0;
    match check(source, key, kept, &mut size) {
        Ok(()) => Ok(Verification {
            ok: true,
            size,
            first_bad: None,
            reason: None,
            path: None,
        }),
        Err(Stop::Fault(Fault {
            reason,
            first_bad,
            path,
        })) => Ok(Verification {
            ok: false,
            size,
            first_bad,
            reason: Some(reason),
            path,
        }),
        Err(Stop::Storage(error)) => Err(error),
    }
}

fn check(
    source: &dyn TileSource,
    key: &VerifierKey,
    kept: Option<&TreeHead>,
    size: &mut u64,
) -> Result<(), Stop> {
    let limit = LogPath::Checkpoint.limit_bytes();
    let bytes = read_limited(source, CHECKPOINT, limit)
        .map_err(|error| Stop::from_error(error, None))?
        .ok_or_else(|| Fault::stop(Reason::CheckpointMissing, None, CHECKPOINT))?;
    let checkpoint =
        Checkpoint::open(&bytes, key).map_err(|error| Stop::from_error(error, None))?;
    let head = checkpoint.head();
    *size = head.size;
    if let Some(kept) = kept
        && kept.size > head.size
    {
        return Err(Fault::stop(Reason::Truncated, Some(head.size), CHECKPOINT));
    }
    walk::whole(source, &head)?;
    match kept {
        Some(kept) => compare(source, head, kept),
        None => Ok(()),
    }
}

/// Does the present log extend the kept one?
fn compare(source: &dyn TileSource, head: TreeHead, kept: &TreeHead) -> Result<(), Stop> {
    let root = TileReader::open(source, head)
        .and_then(|mut reader| root_at(&mut reader, kept.size))
        .map_err(|error| Stop::from_error(error, None))?;
    if root == kept.root {
        Ok(())
    } else {
        Err(Fault::stop(Reason::Forked, None, CHECKPOINT))
    }
}

#[cfg(test)]
mod tests;
