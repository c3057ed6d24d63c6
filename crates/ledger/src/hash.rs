//! RFC 6962 hashing over SHA-256: leaves, inner nodes, and the root of a list of hashes. Nothing
//! else in the crate calls the digest, so the domain prefixes (0x00 leaf, 0x01 node) that keep a
//! node from being passed off as an entry are applied in this one place.

use std::fmt;

use aws_lc_rs::digest::{Context, Digest, SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Length of a hash in bytes.
pub const HASH_BYTES: usize = 32;

/// A SHA-256 value: a leaf, a node, a root or a commitment. Printed and serialised in lower-case
/// hexadecimal; checkpoints and proof files use the base64 form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; HASH_BYTES]);

impl Hash {
    /// Wraps 32 bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; HASH_BYTES]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; HASH_BYTES] {
        &self.0
    }

    /// Standard base64 with padding, 44 characters.
    #[must_use]
    pub fn to_base64(self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads exactly the form that [`Self::to_base64`] prints.
    #[must_use]
    pub fn parse_base64(text: &str) -> Option<Self> {
        // WHY: the length test first, so that a hostile line is never decoded into a large buffer.
        if text.len() != 44 {
            return None;
        }
        let bytes = STANDARD.decode(text).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }

    /// Reads exactly 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn parse_hex(text: &str) -> Option<Self> {
        let lower = text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let mut bytes = [0; HASH_BYTES];
        (lower && hex::decode_to_slice(text, &mut bytes).is_ok()).then_some(Self(bytes))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse_hex(&text)
            .ok_or_else(|| de::Error::custom("a hash is 64 lower-case hexadecimal digits"))
    }
}

/// Size and root of a tree: what a checkpoint states and what two trees are compared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreeHead {
    /// Number of entries.
    pub size: u64,
    /// Merkle tree hash of all entries.
    pub root: Hash,
}

impl TreeHead {
    /// The head of the log before its first entry.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            size: 0,
            root: empty_root(),
        }
    }
}

/// `MTH({}) = SHA-256()` (RFC 6962 2.1).
#[must_use]
pub fn empty_root() -> Hash {
    sha256(&[])
}

/// `MTH({d}) = SHA-256(0x00 || d)` (RFC 6962 2.1).
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    // WHY: a one-shot digest of a small buffer costs half of a context, which is allocated; most
    // entries are a few hundred bytes long.
    let mut buffer = [0; 1024];
    match buffer.get_mut(1..=entry.len()) {
        Some(room) => {
            room.copy_from_slice(entry);
            sha256(buffer.get(..=entry.len()).unwrap_or(&[]))
        }
        None => sha256_parts(&[&[0x00], entry]),
    }
}

/// `SHA-256(0x01 || left || right)` (RFC 6962 2.1).
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut buffer = [0x01; 1 + 2 * HASH_BYTES];
    let (_, pair) = buffer.split_at_mut(1);
    let (first, second) = pair.split_at_mut(HASH_BYTES);
    first.copy_from_slice(&left.0);
    second.copy_from_slice(&right.0);
    sha256(&buffer)
}

/// Root of the tree whose leaves (or equally high subtrees, the last of which may be lower) have
/// these hashes. Pairing from the left and carrying an odd last one up gives the split of RFC 6962,
/// whose left part is the largest power of two smaller than the whole.
#[must_use]
pub fn tree_hash(hashes: &[Hash]) -> Hash {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        row = row
            .chunks(2)
            .filter_map(|pair| match pair {
                [left, right] => Some(node_hash(left, right)),
                [odd] => Some(*odd),
                _ => None,
            })
            .collect();
    }
    row.first().copied().unwrap_or_else(empty_root)
}

/// SHA-256 of several pieces as if they were one.
pub(crate) fn sha256_parts(parts: &[&[u8]]) -> Hash {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    from_digest(&context.finish())
}

fn sha256(bytes: &[u8]) -> Hash {
    from_digest(&digest(&SHA256, bytes))
}

fn from_digest(digest: &Digest) -> Hash {
    let mut bytes = [0; HASH_BYTES];
    for (to, from) in bytes.iter_mut().zip(digest.as_ref()) {
        *to = *from;
    }
    Hash(bytes)
}

#[cfg(test)]
mod tests;
