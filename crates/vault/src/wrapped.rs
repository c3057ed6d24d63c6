//! Keys and seeds at rest, wrapped by the root: the stored form, and the trait that a root
//! implements. The root key may be bytes in memory ([`crate::RootKey`]) or live in a security
//! module that only wraps and unwraps (PKCS#11); nothing above this trait can tell.

use std::fmt;

use crate::bytes::{Fields, encode_parts};
use crate::crypto::Label;
use crate::error::{Error, check_magic};
use crate::random::{self, Random};
use crate::secret::SecretBytes;
use crate::suite::Suite;

const MAGIC: [u8; 4] = *b"RPK1";
const WHAT: &str = "wrapped key";

/// Names one wrapped key for life: it stays the same when the key is wrapped anew.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 16]);

impl KeyId {
    /// A fresh random id.
    ///
    /// # Errors
    /// [`Error::Random`] when the source fails.
    pub fn random(random: &dyn Random) -> Result<Self, Error> {
        random::array(random).map(Self)
    }

    /// An id as it was stored.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The id as it is stored.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// Recognises a root key without revealing it: 16 bytes derived one way, kept openly beside
/// the data, so that a wrong key is told at once and not by a page of failures. It lets
/// someone who holds it test a guess, which is hopeless against a random key and costs one
/// argon2id run per guess against a passphrase.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyCheck([u8; 16]);

impl KeyCheck {
    /// A check value as it was stored.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The check value as it is stored.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Reads the hexadecimal form that `Display` writes.
    ///
    /// # Errors
    /// [`Error::Format`] for anything but 32 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut bytes = [0; 16];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| Error::Format {
            what: "key check value",
        })?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for KeyCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for KeyCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyCheck({self})")
    }
}

/// What a wrapped secret is for. Each purpose has a wrapping key of its own, so that a row of
/// one kind can never pass for another. The byte is stored: append only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// A key-encryption key.
    Kek,
    /// The seed of the log's signing key.
    LogSeed,
    /// The key of keyed fingerprints; random, as it is shared with a gateway elsewhere.
    IndexKey,
    /// A pepper that must outlive a rotation of the root key.
    Pepper,
}

impl Purpose {
    fn byte(self) -> u8 {
        match self {
            Self::Kek => 1,
            Self::LogSeed => 2,
            Self::IndexKey => 3,
            Self::Pepper => 4,
        }
    }

    fn from_byte(byte: u8) -> Option<Self> {
        [Self::Kek, Self::LogSeed, Self::IndexKey, Self::Pepper]
            .into_iter()
            .find(|purpose| purpose.byte() == byte)
    }

    pub(crate) fn label(self) -> Label {
        match self {
            Self::Kek => Label::RootWrapKek,
            Self::LogSeed => Label::RootWrapLogSeed,
            Self::IndexKey => Label::RootWrapIndexKey,
            Self::Pepper => Label::RootWrapPepper,
        }
    }
}

/// Which secret is wrapped: its purpose, and a context that the row must be found in (for a
/// key-encryption key its level, compartments and generation). The context is not stored.
#[derive(Debug, Clone, Copy)]
pub struct KeyUse<'a> {
    /// What it is for.
    pub purpose: Purpose,
    /// Where it belongs; may be empty where the purpose has only one secret.
    pub context: &'a [u8],
}

/// A root that wraps and unwraps: the root key in memory, or a security module.
pub trait RootWrap: fmt::Debug {
    /// Counts root keys, from 1; it tells which root a row waits for during a rotation.
    fn generation(&self) -> u32;

    /// Recognises this root; see [`KeyCheck`].
    ///
    /// # Errors
    /// When it cannot be computed.
    fn check_value(&self) -> Result<KeyCheck, Error>;

    /// Wraps a secret of 1 to [`crate::limits::WRAPPED_SECRET_BYTES_MAX`] bytes.
    ///
    /// # Errors
    /// [`Error::SecretLength`], or when the source of randomness fails.
    fn wrap(
        &self,
        of: KeyUse<'_>,
        key_id: KeyId,
        secret: &[u8],
        random: &dyn Random,
    ) -> Result<WrappedKey, Error>;

    /// Unwraps a secret.
    ///
    /// # Errors
    /// [`Error::RootGeneration`] or [`Error::WrongRootKey`] when another root wrapped it,
    /// [`Error::KeyDamaged`] when it was altered or belongs to another use.
    fn unwrap(&self, of: KeyUse<'_>, wrapped: &WrappedKey) -> Result<SecretBytes, Error>;
}

/// The open part of a wrapped key; all of it is authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrappedHead {
    /// The cipher that wraps.
    pub suite: Suite,
    /// What the secret is for.
    pub purpose: Purpose,
    /// The root that wrapped it.
    pub root_generation: u32,
    /// The check value of that root.
    pub root_check: KeyCheck,
    /// The id of the wrapped key.
    pub key_id: KeyId,
}

impl WrappedHead {
    fn to_bytes(self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&[self.suite.byte(), self.purpose.byte(), 0, 0]);
        bytes.extend_from_slice(&self.root_generation.to_be_bytes());
        bytes.extend_from_slice(self.root_check.as_bytes());
        bytes.extend_from_slice(self.key_id.as_bytes());
        bytes
    }

    /// What the wrapping authenticates besides the secret: this head and the context.
    #[must_use]
    pub fn aad(self, context: &[u8]) -> Vec<u8> {
        encode_parts(&[&self.to_bytes(), context])
    }
}

/// A wrapped key or seed as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct WrappedKey {
    head: WrappedHead,
    body: Vec<u8>,
}

impl WrappedKey {
    /// Joins a head with what the root made of the secret (for the root key in memory: nonce,
    /// ciphertext, tag; a security module may have a form of its own).
    #[must_use]
    pub fn new(head: WrappedHead, body: Vec<u8>) -> Self {
        Self { head, body }
    }

    /// The open part.
    #[must_use]
    pub fn head(&self) -> &WrappedHead {
        &self.head
    }

    /// The wrapped part.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The stored form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.head.to_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// Reads the stored form. Nothing is authenticated before [`RootWrap::unwrap`].
    ///
    /// # Errors
    /// [`Error::Format`], [`Error::Version`] or [`Error::Suite`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut fields = Fields::new(bytes);
        check_magic(fields.array(), MAGIC, WHAT)?;
        let malformed = || Error::Format { what: WHAT };
        let [suite, purpose, 0, 0] = fields.array().ok_or_else(malformed)? else {
            return Err(malformed());
        };
        let head = WrappedHead {
            suite: Suite::from_byte(suite)?,
            purpose: Purpose::from_byte(purpose).ok_or_else(malformed)?,
            root_generation: u32::from_be_bytes(fields.array().ok_or_else(malformed)?),
            root_check: KeyCheck(fields.array().ok_or_else(malformed)?),
            key_id: KeyId(fields.array().ok_or_else(malformed)?),
        };
        Ok(Self {
            head,
            body: fields.rest().to_vec(),
        })
    }

    /// Wraps the same secret by another root: one step of a root rotation.
    ///
    /// # Errors
    /// Those of [`RootWrap::unwrap`] and [`RootWrap::wrap`].
    pub fn rewrap(
        &self,
        of: KeyUse<'_>,
        from: &dyn RootWrap,
        to: &dyn RootWrap,
        random: &dyn Random,
    ) -> Result<Self, Error> {
        let secret = from.unwrap(of, self)?;
        to.wrap(of, self.head.key_id, secret.expose(), random)
    }
}

impl fmt::Debug for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WrappedKey")
            .field("head", &self.head)
            .finish_non_exhaustive()
    }
}
