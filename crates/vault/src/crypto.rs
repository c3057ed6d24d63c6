//! The only module that calls the cryptographic library: key derivation (HKDF-SHA-256,
//! RFC 5869), HMAC-SHA-256 and authenticated encryption. It must never choose a nonce or a
//! label for its caller, and never leave plaintext behind that did not authenticate.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::{digest, hkdf, hmac};

use crate::error::Error;
use crate::limits::{NONCE_BYTES, TAG_BYTES};
use crate::secret::Secret;
use crate::suite::Suite;

/// Every label of the key hierarchy. A label separates what is derived from one secret;
/// changing one makes everything stored under it unreadable.
#[derive(Clone, Copy)]
pub(crate) enum Label {
    RootCheck,
    RootDatabase,
    RootSessionPepper,
    RootTokenPepper,
    RootWrapKek,
    RootWrapLogSeed,
    RootWrapIndexKey,
    RootWrapPepper,
    KekWrapDataKey,
    ObjectContent,
    ObjectHeader,
    ObjectBinding,
    ObjectKeyCheck,
    SealedBlob,
}

impl Label {
    fn text(self) -> &'static str {
        match self {
            Self::RootCheck => "ruping/vault/v1/root/check",
            Self::RootDatabase => "ruping/vault/v1/root/database",
            Self::RootSessionPepper => "ruping/vault/v1/root/session-pepper",
            Self::RootTokenPepper => "ruping/vault/v1/root/token-pepper",
            Self::RootWrapKek => "ruping/vault/v1/root/wrap-kek",
            Self::RootWrapLogSeed => "ruping/vault/v1/root/wrap-log-seed",
            Self::RootWrapIndexKey => "ruping/vault/v1/root/wrap-index-key",
            Self::RootWrapPepper => "ruping/vault/v1/root/wrap-pepper",
            Self::KekWrapDataKey => "ruping/vault/v1/kek/wrap-data-key",
            Self::ObjectContent => "ruping/vault/v1/object/content",
            Self::ObjectHeader => "ruping/vault/v1/object/header",
            Self::ObjectBinding => "ruping/vault/v1/object/binding",
            Self::ObjectKeyCheck => "ruping/vault/v1/object/key-check",
            Self::SealedBlob => "ruping/vault/v1/sealed",
        }
    }
}

/// `HKDF-Expand(HKDF-Extract(salt, secret), label || 0x00 || suite, 32)`. A suite that needs
/// fewer than 32 bytes takes the first ones.
pub(crate) fn derive(
    secret: &Secret<32>,
    salt: &[u8],
    label: Label,
    suite: Suite,
) -> Result<Secret<32>, Error> {
    let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(secret.expose());
    let mut derived = Secret::new([0; 32]);
    prk.expand(
        &[label.text().as_bytes(), &[0, suite.byte()]],
        hkdf::HKDF_SHA256,
    )
    .and_then(|okm| okm.fill(derived.expose_mut()))
    .map_err(|_| Error::Crypto)?;
    Ok(derived)
}

/// HMAC-SHA-256 of `message`.
pub(crate) fn mac(key: &Secret<32>, message: &[u8]) -> Result<[u8; 32], Error> {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.expose()), message);
    tag.as_ref().try_into().map_err(|_| Error::Crypto)
}

/// SHA-256 of `message`.
pub(crate) fn sha256(message: &[u8]) -> Result<[u8; 32], Error> {
    digest::digest(&digest::SHA256, message)
        .as_ref()
        .try_into()
        .map_err(|_| Error::Crypto)
}

/// Compares without telling where the two differ.
pub(crate) fn same(left: &[u8], right: &[u8]) -> bool {
    verify_slices_are_equal(left, right).is_ok()
}

/// The ciphertext did not authenticate. What that means (a wrong key, a changed byte, another
/// place) only the caller can say.
#[derive(Debug)]
pub(crate) struct NotAuthentic;

/// A key ready for authenticated encryption.
pub(crate) struct Aead(LessSafeKey);

impl Aead {
    pub(crate) fn new(suite: Suite, key: &Secret<32>) -> Result<Self, Error> {
        let algorithm = match suite {
            Suite::Aes256Gcm => &AES_256_GCM,
        };
        let key = UnboundKey::new(algorithm, key.expose()).map_err(|_| Error::Crypto)?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Appends ciphertext and tag to `out`. On failure `out` is as it was.
    pub(crate) fn seal(
        &self,
        nonce: [u8; NONCE_BYTES],
        aad: &[u8],
        plaintext: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        let start = out.len();
        out.resize(start + plaintext.len() + TAG_BYTES, 0);
        let room = out
            .get_mut(start..)
            .and_then(|room| room.split_at_mut_checked(plaintext.len()));
        let sealed = room.is_some_and(|(ciphertext, tag)| {
            let nonce = Nonce::assume_unique_for_key(nonce);
            self.0
                .seal_out_of_place_scatter(nonce, Aad::from(aad), plaintext, ciphertext, &[], tag)
                .is_ok()
        });
        if sealed {
            return Ok(());
        }
        out.truncate(start);
        Err(Error::Crypto)
    }

    /// Opens ciphertext and tag into `out`, which has the length of the plaintext. On failure
    /// `out` holds only zeros.
    pub(crate) fn open(
        &self,
        nonce: [u8; NONCE_BYTES],
        aad: &[u8],
        sealed: &[u8],
        out: &mut [u8],
    ) -> Result<(), NotAuthentic> {
        let opened = sealed
            .split_at_checked(out.len())
            .is_some_and(|(ciphertext, tag)| {
                let nonce = Nonce::assume_unique_for_key(nonce);
                tag.len() == TAG_BYTES
                    && self
                        .0
                        .open_separate_gather(nonce, Aad::from(aad), ciphertext, tag, out)
                        .is_ok()
            });
        if opened {
            return Ok(());
        }
        // WHY: on failure the library may have overwritten `out` in an unspecified way.
        out.fill(0);
        Err(NotAuthentic)
    }
}

impl fmt::Debug for Aead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests;
