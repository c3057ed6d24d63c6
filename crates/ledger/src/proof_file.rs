//! `.tlog-proof` files (C2SP tlog-proof): one entry, its place, the hashes that lead to the root and
//! the signed checkpoint, in one small text file that is checked offline from the verifier key. The
//! `extra` line carries the entry's canonical bytes; it is believed only once they hash to the leaf.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::checkpoint::{Checkpoint, parse_decimal};
use crate::entry::Entry;
use crate::error::Error;
use crate::hash::{Hash, TreeHead, leaf_hash};
use crate::limits::{MAX_ENTRY_BYTES, MAX_PROOF_FILE_BYTES, MAX_PROOF_HASHES};
use crate::note::{SignedNote, VerifierKey};
use crate::proof::{inclusion, verify_inclusion};
use crate::reader::TileReader;

/// First line of the file.
pub const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// A proof file as read: nothing in it is to be believed before [`ProofFile::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofFile {
    extra: Option<Vec<u8>>,
    index: u64,
    hashes: Vec<Hash>,
    checkpoint: SignedNote,
}

/// What a verified proof file shows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Proved {
    /// Name of the log.
    pub origin: String,
    /// Size and root of the log when the proof was made.
    pub head: TreeHead,
    /// Place of the entry, from 0.
    pub index: u64,
    /// The entry's canonical bytes.
    pub entry: Vec<u8>,
}

impl Proved {
    /// The entry itself.
    ///
    /// # Errors
    /// When the log holds something that this version of the product does not know as an entry;
    /// that it is in the log is proved all the same.
    pub fn parse_entry(&self) -> Result<Entry, Error> {
        Entry::parse(&self.entry)
    }
}

impl ProofFile {
    /// Makes the proof file of one entry. `checkpoint` is the signed note of the reader's head.
    ///
    /// # Errors
    /// [`Error::OutOfRange`], [`Error::CheckpointMismatch`] when the note is not of that head, and
    /// the errors of [`TileReader`].
    pub fn create(
        reader: &mut TileReader<'_>,
        checkpoint: &[u8],
        key: &VerifierKey,
        index: u64,
    ) -> Result<Self, Error> {
        if Checkpoint::open(checkpoint, key)?.head() != reader.head() {
            return Err(Error::CheckpointMismatch);
        }
        let hashes = inclusion(reader, index)?;
        let entry = reader.entry(index)?;
        let checkpoint = SignedNote::parse(checkpoint)?;
        Ok(Self {
            extra: Some(entry),
            index,
            hashes,
            checkpoint,
        })
    }

    /// Reads a proof file, strictly: printing it gives the same bytes.
    ///
    /// # Errors
    /// [`Error::Malformed`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > MAX_PROOF_FILE_BYTES {
            return Err(malformed("it is too long"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| malformed("it is not UTF-8"))?;
        let (proof, note) = text
            .split_once("\n\n")
            .ok_or_else(|| malformed("it has no checkpoint"))?;
        let mut lines = proof.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(malformed("it does not begin with c2sp.org/tlog-proof@v1"));
        }
        let extra = match lines.peek().and_then(|line| line.strip_prefix("extra ")) {
            Some(encoded) => {
                lines.next();
                Some(parse_extra(encoded)?)
            }
            None => None,
        };
        let index = lines.next().and_then(|line| line.strip_prefix("index "));
        let index = index
            .and_then(parse_decimal)
            .ok_or_else(|| malformed("its index line is wrong"))?;
        let hashes = lines
            .take(MAX_PROOF_HASHES + 1)
            .map(|line| Hash::parse_base64(line).ok_or_else(|| malformed("a hash line is wrong")))
            .collect::<Result<Vec<_>, _>>()?;
        if hashes.len() > MAX_PROOF_HASHES {
            return Err(malformed("it has too many hashes"));
        }
        Ok(Self {
            extra,
            index,
            hashes,
            checkpoint: SignedNote::parse(note.as_bytes())?,
        })
    }

    /// Checks everything from the verifier key alone: the checkpoint's signature and origin, and
    /// that the entry in the file is at its index of the signed tree.
    ///
    /// # Errors
    /// [`Error::CheckpointSignature`], [`Error::CheckpointOrigin`], [`Error::OutOfRange`],
    /// [`Error::InclusionInvalid`] or [`Error::ProofWithoutEntry`].
    pub fn verify(&self, key: &VerifierKey) -> Result<Proved, Error> {
        let checkpoint = Checkpoint::open(self.checkpoint.to_string().as_bytes(), key)?;
        let entry = self.extra.as_ref().ok_or(Error::ProofWithoutEntry)?;
        let head = checkpoint.head();
        verify_inclusion(&head, self.index, &leaf_hash(entry), &self.hashes)?;
        let origin = checkpoint.origin().to_owned();
        Ok(Proved {
            origin,
            head,
            index: self.index,
            entry: entry.clone(),
        })
    }

    /// The index it claims; not to be believed before [`Self::verify`].
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The entry it claims to prove, for showing a file whose key is not at hand; not to be
    /// believed before [`Self::verify`].
    #[must_use]
    pub fn unverified_entry(&self) -> Option<&[u8]> {
        self.extra.as_deref()
    }

    /// The checkpoint it carries; not to be believed before [`Self::verify`].
    #[must_use]
    pub const fn checkpoint(&self) -> &SignedNote {
        &self.checkpoint
    }
}

impl fmt::Display for ProofFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.hashes
            .iter()
            .try_for_each(|hash| writeln!(f, "{}", hash.to_base64()))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

fn parse_extra(encoded: &str) -> Result<Vec<u8>, Error> {
    let bytes = STANDARD
        .decode(encoded)
        .map_err(|_| malformed("its extra line is not base64"))?;
    if bytes.len() > MAX_ENTRY_BYTES {
        return Err(malformed("the entry in its extra line is too long"));
    }
    Ok(bytes)
}

const fn malformed(what: &'static str) -> Error {
    Error::Malformed {
        kind: "proof file",
        what,
    }
}

#[cfg(test)]
mod tests;
