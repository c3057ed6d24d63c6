//! The root key: 32 bytes that everything else hangs on, and what is derived from them.
//!
//! It comes from a key file or, through argon2id, from a passphrase; reading and stretching
//! are the caller's, as is wiping what was read. It must never be stored inside the data
//! folder and never leave this module except by [`RootKey::to_hex`], for the one file.

use std::fmt;

use zeroize::Zeroize;

use crate::crypto::{Aead, Label, derive, same};
use crate::error::Error;
use crate::limits::{NONCE_BYTES, TAG_BYTES, WRAPPED_SECRET_BYTES_MAX};
use crate::random::{self, Random};
use crate::secret::{Secret, SecretBytes, SecretString};
use crate::suite::Suite;
use crate::wrapped::{KeyCheck, KeyId, KeyUse, RootWrap, WrappedHead, WrappedKey};

/// WHY: what the root wraps and derives stays on one suite until a format version 2; objects
/// name their own.
const SUITE: Suite = Suite::Aes256Gcm;

/// The root key in memory, with its generation (1 unless said otherwise).
pub struct RootKey {
    secret: Secret<32>,
    generation: u32,
}

impl RootKey {
    /// Takes 32 uniformly random bytes, or the 32 bytes that argon2id made of a passphrase.
    ///
    /// # Errors
    /// [`Error::RootKeyZero`] when all of them are zero.
    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, Error> {
        Self::from_secret(Secret::new(bytes))
    }

    /// As [`RootKey::from_bytes`], for bytes that are already guarded.
    ///
    /// # Errors
    /// [`Error::RootKeyZero`] when all of them are zero.
    pub fn from_secret(secret: Secret<32>) -> Result<Self, Error> {
        if same(secret.expose(), &[0; 32]) {
            return Err(Error::RootKeyZero);
        }
        Ok(Self {
            secret,
            generation: 1,
        })
    }

    /// Reads the content of a root key file: 64 hexadecimal characters and at most one line
    /// ending, or 32 raw bytes. The caller wipes `content`.
    ///
    /// # Errors
    /// [`Error::RootKeyLength`], [`Error::RootKeyText`] or [`Error::RootKeyZero`].
    pub fn parse_file(content: &[u8]) -> Result<Self, Error> {
        if let Some(raw) = Secret::from_slice(content) {
            return Self::from_secret(raw);
        }
        let text = content.strip_suffix(b"\n").unwrap_or(content);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if text.len() != 64 {
            return Err(Error::RootKeyLength {
                found: content.len(),
            });
        }
        let mut secret = Secret::new([0; 32]);
        // WHY: the library's error would quote a character of the key.
        hex::decode_to_slice(text, secret.expose_mut()).map_err(|_| Error::RootKeyText)?;
        Self::from_secret(secret)
    }

    /// Makes a new root key.
    ///
    /// # Errors
    /// [`Error::Random`] when the source fails.
    pub fn generate(random: &dyn Random) -> Result<Self, Error> {
        Self::from_secret(Secret::random(random)?)
    }

    /// The same key under another generation number, which the data folder keeps.
    #[must_use]
    pub fn with_generation(mut self, generation: u32) -> Self {
        self.generation = generation;
        self
    }

    /// The 64 hexadecimal characters for a key file, without a line ending.
    #[must_use]
    pub fn to_hex(&self) -> SecretString {
        SecretString::new(hex::encode(self.secret.expose()))
    }

    /// Tells a wrong root key before anything is opened with it.
    ///
    /// # Errors
    /// [`Error::WrongRootKey`] when `check` was made with another one.
    pub fn verify(&self, check: &KeyCheck) -> Result<(), Error> {
        if same(self.check_value()?.as_bytes(), check.as_bytes()) {
            return Ok(());
        }
        Err(Error::WrongRootKey)
    }

    /// The key of the embedded database as SQLCipher takes raw keys: `x'<64 hex>'`. A raw key
    /// skips the key stretching that would otherwise be paid for every connection.
    ///
    /// # Errors
    /// [`Error::Crypto`], which does not happen.
    pub fn database_key(&self) -> Result<SecretString, Error> {
        let key = self.derive(Label::RootDatabase)?;
        let mut digits = hex::encode(key.expose());
        let mut text = String::with_capacity(digits.len() + 3);
        text.push_str("x'");
        text.push_str(&digits);
        text.push('\'');
        digits.zeroize();
        Ok(SecretString::new(text))
    }

    /// What session identifiers are hashed with before they are stored. It changes with the
    /// root key, so a rotation ends all sessions.
    ///
    /// # Errors
    /// [`Error::Crypto`], which does not happen.
    pub fn session_pepper(&self) -> Result<Secret<32>, Error> {
        self.derive(Label::RootSessionPepper)
    }

    /// What program tokens are hashed with before they are stored. It changes with the root
    /// key; where tokens must survive a rotation, wrap a random one ([`crate::Purpose::Pepper`]).
    ///
    /// # Errors
    /// [`Error::Crypto`], which does not happen.
    pub fn token_pepper(&self) -> Result<Secret<32>, Error> {
        self.derive(Label::RootTokenPepper)
    }

    fn derive(&self, label: Label) -> Result<Secret<32>, Error> {
        derive(&self.secret, b"", label, SUITE)
    }

    fn recognise(&self, head: &WrappedHead) -> Result<(), Error> {
        if self.verify(&head.root_check).is_ok() && head.root_generation == self.generation {
            return Ok(());
        }
        if head.root_generation != self.generation {
            return Err(Error::RootGeneration {
                wrapped: head.root_generation,
                given: self.generation,
            });
        }
        Err(Error::WrongRootKey)
    }
}

impl RootWrap for RootKey {
    fn generation(&self) -> u32 {
        self.generation
    }

    fn check_value(&self) -> Result<KeyCheck, Error> {
        let derived = self.derive(Label::RootCheck)?;
        let (check, _) = derived
            .expose()
            .split_first_chunk::<16>()
            .ok_or(Error::Crypto)?;
        Ok(KeyCheck::from_bytes(*check))
    }

    fn wrap(
        &self,
        of: KeyUse<'_>,
        key_id: KeyId,
        secret: &[u8],
        random: &dyn Random,
    ) -> Result<WrappedKey, Error> {
        if secret.is_empty() || secret.len() > WRAPPED_SECRET_BYTES_MAX {
            return Err(Error::SecretLength {
                found: secret.len(),
            });
        }
        let head = WrappedHead {
            suite: SUITE,
            purpose: of.purpose,
            root_generation: self.generation,
            root_check: self.check_value()?,
            key_id,
        };
        let nonce: [u8; NONCE_BYTES] = random::array(random)?;
        let mut body = nonce.to_vec();
        Aead::new(SUITE, &self.derive(of.purpose.label())?)?.seal(
            nonce,
            &head.aad(of.context),
            secret,
            &mut body,
        )?;
        Ok(WrappedKey::new(head, body))
    }

    fn unwrap(&self, of: KeyUse<'_>, wrapped: &WrappedKey) -> Result<SecretBytes, Error> {
        let head = *wrapped.head();
        self.recognise(&head)?;
        let damaged = || Error::KeyDamaged { key: head.key_id };
        let (nonce, sealed) = wrapped
            .body()
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or_else(damaged)?;
        let length = sealed.len().checked_sub(TAG_BYTES).ok_or_else(damaged)?;
        if head.purpose != of.purpose || length > WRAPPED_SECRET_BYTES_MAX {
            return Err(damaged());
        }
        let mut secret = SecretBytes::zeroed(length);
        Aead::new(head.suite, &self.derive(of.purpose.label())?)?
            .open(*nonce, &head.aad(of.context), sealed, secret.expose_mut())
            .map_err(|_| damaged())?;
        Ok(secret)
    }
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RootKey([redacted], generation {})", self.generation)
    }
}

#[cfg(test)]
mod tests;
