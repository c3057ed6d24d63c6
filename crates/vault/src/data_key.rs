//! Data keys: one random key per object, stored only wrapped. Erasing the wrapped form erases
//! the object, wherever copies of its ciphertext are. A data key knows its object and must
//! never be used for another.

use std::fmt;

use domain::ObjectId;
use uuid::Uuid;

use crate::bytes::Fields;
use crate::error::{Error, check_magic};
use crate::limits::{NONCE_BYTES, TAG_BYTES};
use crate::random::Random;
use crate::secret::Secret;
use crate::suite::Suite;
use crate::wrapped::KeyId;

const MAGIC: [u8; 4] = *b"RPD1";
const WHAT: &str = "wrapped data key";
/// A 32-byte key and its tag.
const SEALED_KEY_BYTES: usize = 32 + TAG_BYTES;

/// The key of one object, in memory. New content gets a new object and a new key.
pub struct DataKey {
    object: ObjectId,
    suite: Suite,
    secret: Secret<32>,
}

impl DataKey {
    /// Makes the key of a new object.
    ///
    /// # Errors
    /// [`Error::Random`] when the source fails.
    pub fn generate(object: ObjectId, suite: Suite, random: &dyn Random) -> Result<Self, Error> {
        Ok(Self::new(object, suite, Secret::random(random)?))
    }

    pub(crate) fn new(object: ObjectId, suite: Suite, secret: Secret<32>) -> Self {
        Self {
            object,
            suite,
            secret,
        }
    }

    /// The object whose key this is.
    #[must_use]
    pub fn object(&self) -> ObjectId {
        self.object
    }

    /// The suite that its content is sealed with.
    #[must_use]
    pub fn suite(&self) -> Suite {
        self.suite
    }

    pub(crate) fn secret(&self) -> &Secret<32> {
        &self.secret
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DataKey({}, {}, [redacted])", self.object, self.suite)
    }
}

/// The open part of a wrapped data key; all of it is authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WrappedDataKeyHead {
    pub(crate) suite: Suite,
    pub(crate) content_suite: Suite,
    pub(crate) kek: KeyId,
    pub(crate) object: ObjectId,
}

impl WrappedDataKeyHead {
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&[self.suite.byte(), self.content_suite.byte(), 0, 0]);
        bytes.extend_from_slice(self.kek.as_bytes());
        bytes.extend_from_slice(self.object.as_uuid().as_bytes());
        bytes
    }
}

/// A data key as it is stored: 100 bytes. [`crate::Keyring`] makes and opens it.
#[derive(Clone, PartialEq, Eq)]
pub struct WrappedDataKey {
    head: WrappedDataKeyHead,
    nonce: [u8; NONCE_BYTES],
    sealed: [u8; SEALED_KEY_BYTES],
}

impl WrappedDataKey {
    pub(crate) fn new(head: WrappedDataKeyHead, body: &[u8]) -> Result<Self, Error> {
        let malformed = || Error::Format { what: WHAT };
        let mut fields = Fields::new(body);
        let nonce = fields.array().ok_or_else(malformed)?;
        let sealed = fields.rest().try_into().map_err(|_| malformed())?;
        Ok(Self {
            head,
            nonce,
            sealed,
        })
    }

    /// The object whose key this claims to be.
    #[must_use]
    pub fn object(&self) -> ObjectId {
        self.head.object
    }

    /// The key-encryption key that wrapped it.
    #[must_use]
    pub fn kek(&self) -> KeyId {
        self.head.kek
    }

    /// The stored form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.head.to_bytes();
        bytes.extend_from_slice(&self.nonce);
        bytes.extend_from_slice(&self.sealed);
        bytes
    }

    /// Reads the stored form. Nothing is authenticated before [`crate::Keyring::unwrap`].
    ///
    /// # Errors
    /// [`Error::Format`], [`Error::Version`] or [`Error::Suite`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut fields = Fields::new(bytes);
        check_magic(fields.array(), MAGIC, WHAT)?;
        let malformed = || Error::Format { what: WHAT };
        let [suite, content_suite, 0, 0] = fields.array().ok_or_else(malformed)? else {
            return Err(malformed());
        };
        let head = WrappedDataKeyHead {
            suite: Suite::from_byte(suite)?,
            content_suite: Suite::from_byte(content_suite)?,
            kek: KeyId::from_bytes(fields.array().ok_or_else(malformed)?),
            object: ObjectId::from_uuid(Uuid::from_bytes(fields.array().ok_or_else(malformed)?)),
        };
        Self::new(head, fields.rest())
    }

    /// Reads what the key store holds for `object`, where a missing row means that the key was
    /// erased.
    ///
    /// # Errors
    /// [`Error::KeyGone`] without a row, else those of [`WrappedDataKey::from_bytes`].
    pub fn from_row(object: ObjectId, row: Option<&[u8]>) -> Result<Self, Error> {
        Self::from_bytes(row.ok_or(Error::KeyGone { object })?)
    }

    pub(crate) fn head(&self) -> &WrappedDataKeyHead {
        &self.head
    }

    pub(crate) fn body(&self) -> ([u8; NONCE_BYTES], &[u8]) {
        (self.nonce, &self.sealed)
    }
}

impl fmt::Debug for WrappedDataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WrappedDataKey")
            .field("head", &self.head)
            .finish_non_exhaustive()
    }
}
