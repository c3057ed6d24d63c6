//! Objects: content of any size, sealed in chunks so that a range can be read without opening
//! the rest, and written without holding more than one chunk.
//!
//! Layout: header ([`HEADER_BYTES`]), then chunks of 64 KiB plaintext each with its tag; the
//! last one may be shorter, and is empty only where the whole object is. The nonce of a chunk
//! is its place (STREAM: prefix, counter, last flag), the whole header is authenticated with
//! each. An object is never changed: new content is a new object with a new data key.

mod header;
mod reader;
mod source;
mod writer;

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod tests;

use std::fmt;

use domain::ObjectId;

use crate::crypto::{self, Aead, Label, NotAuthentic, derive, sha256};
use crate::data_key::DataKey;
use crate::error::Error;
use crate::kek::KekId;
use crate::limits::{CHUNK_BYTES, HEADER_BYTES, NONCE_BYTES, OBJECT_BYTES_MAX, TAG_BYTES};
use crate::secret::Secret;
use crate::suite::Suite;

pub use reader::{Blocks, ObjectReader};
pub use source::ReadAt;
pub use writer::{ObjectWriter, Sealed};

/// Bytes of the random part of every nonce.
const PREFIX_BYTES: usize = 7;
/// Bytes of the salt, of a shortened tag and of the key check in the header.
const SHORT_BYTES: usize = 16;

/// The digest of a label in its canonical text, as it was when the object was sealed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct LabelDigest([u8; 32]);

impl LabelDigest {
    /// Digests the label's canonical text.
    ///
    /// # Errors
    /// [`Error::Crypto`], which does not happen.
    pub fn of(canonical: &str) -> Result<Self, Error> {
        sha256(&[b"ruping/vault/v1/label\0", canonical.as_bytes()].concat()).map(Self)
    }

    /// A digest as it was stored.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The digest as it is stored.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// WHY: labels are few and guessable, so their digest tells the label.
impl fmt::Debug for LabelDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LabelDigest([redacted])")
    }
}

/// What an object is sealed under. Both parts stand in the header as tags keyed by the data
/// key, so that a stolen object does not tell its level. They stay what they were at sealing:
/// whoever moves an object to another label by re-wrapping its data key keeps these two with
/// its row, or seals the content anew as another object.
#[derive(Debug, Clone, Copy)]
pub struct Binding<'a> {
    /// The level and compartments of the key-encryption key.
    pub kek: &'a KekId,
    /// The label.
    pub label: &'a LabelDigest,
}

/// Whether the length of the content is known before it is sealed. It should be: only then can
/// a cut-off object always be told from an altered one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlainLength {
    /// Exactly so many bytes will come.
    Known(u64),
    /// It shows at the end.
    Unknown,
}

/// Names one sealing: the tag of the object's header. A row that keeps it notices when an
/// object is replaced by an older one that was sealed with the same data key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealId([u8; 32]);

impl SealId {
    /// An id as it was stored.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The id as it is stored.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// What an opened object says of itself; all of it authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObjectInfo {
    /// The object.
    pub object: ObjectId,
    /// The suite of its content.
    pub suite: Suite,
    /// Bytes of content.
    pub plaintext_bytes: u64,
    /// Bytes as stored.
    pub stored_bytes: u64,
    /// This sealing.
    pub seal: SealId,
}

/// Stored bytes of an object with `plaintext_bytes` of content.
///
/// # Errors
/// [`Error::ObjectTooLong`] beyond [`OBJECT_BYTES_MAX`].
pub fn stored_len(plaintext_bytes: u64) -> Result<u64, Error> {
    if plaintext_bytes > OBJECT_BYTES_MAX {
        return Err(Error::ObjectTooLong);
    }
    Ok(wide(HEADER_BYTES) + plaintext_bytes + chunks(plaintext_bytes) * wide(TAG_BYTES))
}

/// How many chunks the content has; even none at all has one.
fn chunks(plaintext_bytes: u64) -> u64 {
    plaintext_bytes.div_ceil(wide(CHUNK_BYTES)).max(1)
}

/// WHY: no supported platform has a `usize` wider than 64 bits, so this never saturates.
fn wide(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

/// Which end of the object a chunk is at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    Middle,
    Last,
}

/// What is derived from the data key for one object.
struct StreamKeys {
    content: Aead,
    header: Secret<32>,
    binding: Secret<32>,
    check: [u8; SHORT_BYTES],
}

impl StreamKeys {
    fn derive(key: &DataKey, suite: Suite, salt: &[u8]) -> Result<Self, Error> {
        let with = |label| derive(key.secret(), salt, label, suite);
        // The check has no salt: were the salt altered, the key would still be known as right.
        let check = derive(key.secret(), b"", Label::ObjectKeyCheck, suite)?;
        Ok(Self {
            content: Aead::new(suite, &with(Label::ObjectContent)?)?,
            header: with(Label::ObjectHeader)?,
            binding: with(Label::ObjectBinding)?,
            check: shortened(check.expose())?,
        })
    }

    fn tag_kek(&self, kek: &KekId) -> Result<[u8; SHORT_BYTES], Error> {
        let message = [b"kek\0".as_slice(), &kek.binding()].concat();
        shortened(&crypto::mac(&self.binding, &message)?)
    }

    fn tag_label(&self, label: &LabelDigest) -> Result<[u8; SHORT_BYTES], Error> {
        let message = [b"label\0".as_slice(), label.as_bytes()].concat();
        shortened(&crypto::mac(&self.binding, &message)?)
    }
}

fn shortened(tag: &[u8; 32]) -> Result<[u8; SHORT_BYTES], Error> {
    tag.first_chunk().copied().ok_or(Error::Crypto)
}

/// Seals and opens single chunks of one object.
struct ChunkCipher {
    content: Aead,
    prefix: [u8; PREFIX_BYTES],
    header: Vec<u8>,
}

impl ChunkCipher {
    fn seal(
        &self,
        chunk: u32,
        position: Position,
        plaintext: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        self.content
            .seal(self.nonce(chunk, position), &self.header, plaintext, out)
    }

    fn open(
        &self,
        chunk: u32,
        position: Position,
        sealed: &[u8],
        out: &mut [u8],
    ) -> Result<(), NotAuthentic> {
        self.content
            .open(self.nonce(chunk, position), &self.header, sealed, out)
    }

    /// Prefix, counter (big-endian), 1 for the last chunk and 0 for all others.
    fn nonce(&self, chunk: u32, position: Position) -> [u8; NONCE_BYTES] {
        let [a, b, c, d, e, f, g] = self.prefix;
        let [w, x, y, z] = chunk.to_be_bytes();
        let last = match position {
            Position::Middle => 0,
            Position::Last => 1,
        };
        [a, b, c, d, e, f, g, w, x, y, z, last]
    }
}
