//! One leaf of the log: who did what, when, to which ids, on which grounds, with salted commitments
//! to the content. Canonical JSON (RFC 8785), so an entry has exactly one form in bytes. It holds
//! no titles and no free text (see [`Token`]); what the ids mean is known to the database alone.

use std::collections::BTreeMap;
use std::fmt;

use domain::{Actor, EntryId, ObjectId, RecordId, VersionId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::hash::{Hash, sha256_parts};
use crate::limits::{MAX_ENTRY_BYTES, MAX_ENTRY_ITEMS};
use crate::token::Token;

/// Who acted: [`domain::Actor`] under the name it has in an entry.
pub type EntryActor = Actor;

/// Version of the entry's form, its field `v`.
pub const ENTRY_VERSION: u32 = 1;

/// Separates commitments from every other use of SHA-256 in the product.
const COMMITMENT_TAG: &[u8] = b"ruping commitment v1\n";

/// One leaf of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    // INVARIANT: fields stand in the order of their names, here and in everything they hold, which is
    // the order of canonical JSON; a property test holds the bytes against a canonicaliser
    /// What was done: an action of a register (`copy.lend`) or an event (`session.denied`).
    pub action: Token,
    /// Who did it.
    pub actor: EntryActor,
    /// When it happened, by the server's clock.
    pub at: Timestamp,
    /// What the act fixed, without telling it.
    pub commitments: Vec<Commitment>,
    /// Further facts that tell nothing by themselves (`repeated` → `12`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<Token, Token>,
    /// Grounds on which access was granted (`in_scope`, `custody`, …).
    pub grounds: Vec<Token>,
    /// Made in the transaction that wrote the entry.
    pub id: EntryId,
    /// Stored objects touched or erased, so that a restore can replay erasures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<ObjectId>,
    /// Policies that permitted the act.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<Token>,
    /// The record concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordId>,
    /// Key of the register, when a record is concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register: Option<Token>,
    /// [`ENTRY_VERSION`].
    pub v: u32,
    /// The version this act made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<VersionId>,
}

impl Entry {
    /// An entry with nothing but the fields that every entry has.
    #[must_use]
    pub const fn new(id: EntryId, at: Timestamp, actor: EntryActor, action: Token) -> Self {
        Self {
            v: ENTRY_VERSION,
            id,
            at,
            actor,
            action,
            register: None,
            record: None,
            version: None,
            grounds: Vec::new(),
            policies: Vec::new(),
            objects: Vec::new(),
            facts: BTreeMap::new(),
            commitments: Vec::new(),
        }
    }

    /// What the entry says under a key of [`Self::facts`].
    #[must_use]
    pub fn fact(&self, key: &str) -> Option<&str> {
        let mut facts = self.facts.iter();
        let found = facts.find(|(name, _)| name.as_str() == key);
        found.map(|(_, value)| value.as_str())
    }

    /// The canonical bytes, which are what the log stores and hashes.
    ///
    /// # Errors
    /// When a list or the whole is longer than [`crate::limits`] allows.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        self.check_limits()?;
        let bytes = serde_json::to_vec(self).map_err(Error::MalformedEntry)?;
        if bytes.len() > MAX_ENTRY_BYTES {
            return Err(Error::EntryTooLong { bytes: bytes.len() });
        }
        Ok(bytes)
    }

    /// Reads canonical bytes and nothing else: unknown fields, another version, another order or
    /// spelling are refused.
    ///
    /// # Errors
    /// [`Error::MalformedEntry`], [`Error::Malformed`] or [`Error::EntryTooLong`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > MAX_ENTRY_BYTES {
            return Err(Error::EntryTooLong { bytes: bytes.len() });
        }
        let entry: Self = serde_json::from_slice(bytes).map_err(Error::MalformedEntry)?;
        if entry.to_bytes()? == bytes {
            Ok(entry)
        } else {
            Err(Error::Malformed {
                kind: "entry",
                what: "it is not canonical JSON",
            })
        }
    }

    fn check_limits(&self) -> Result<(), Error> {
        if self.v != ENTRY_VERSION {
            return Err(Error::Malformed {
                kind: "entry",
                what: "its version is not known",
            });
        }
        let longest = [
            self.grounds.len(),
            self.policies.len(),
            self.objects.len(),
            self.facts.len(),
            self.commitments.len(),
        ];
        if longest.into_iter().any(|length| length > MAX_ENTRY_ITEMS) {
            return Err(Error::Malformed {
                kind: "entry",
                what: "a list in it is too long",
            });
        }
        Ok(())
    }
}

/// `SHA-256(tag || salt || content)`: fixes the content of a version without telling it. The salt
/// lies with the version, so erasing the version leaves nothing to guess against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    /// The version committed to.
    pub of: VersionId,
    /// The salted hash.
    pub sha256: Hash,
}

impl Commitment {
    /// Commits to `content`.
    #[must_use]
    pub fn new(of: VersionId, salt: &Salt, content: &[u8]) -> Self {
        Self {
            of,
            sha256: sha256_parts(&[COMMITMENT_TAG, salt.as_bytes(), content]),
        }
    }

    /// Whether salt and content are the ones committed to.
    #[must_use]
    pub fn opens(&self, salt: &Salt, content: &[u8]) -> bool {
        Self::new(self.of, salt, content) == *self
    }
}

/// 32 random bytes, made by the caller, kept encrypted with the version and zeroed on drop: whoever
/// has a salt can test guesses at the content.
#[derive(Clone, PartialEq, Eq)]
pub struct Salt(Zeroizing<[u8; 32]>);

impl Salt {
    /// Takes 32 bytes from a cryptographic random source.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, for storing with the version.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt([redacted])")
    }
}

#[cfg(test)]
mod tests;
