//! Small sealed blobs, such as the body of a record's version: one byte string in, one out,
//! bound to the object of its data key and to whatever the caller names as its place.
//!
//! Layout: version (1) · suite (1) · nonce (12) · ciphertext · tag (16). Nonces are random, so
//! one data key may seal up to 2^32 blobs; it is meant for far fewer.

use crate::bytes::{Fields, encode_parts};
use crate::crypto::{Aead, Label, derive};
use crate::data_key::DataKey;
use crate::error::Error;
use crate::limits::{NONCE_BYTES, SEALED_BYTES_MAX, TAG_BYTES};
use crate::random::{self, Random};
use crate::secret::SecretBytes;
use crate::suite::Suite;

const VERSION: u8 = 1;
const WHAT: &str = "sealed blob";

/// Bytes that sealing adds to the plaintext.
pub const OVERHEAD_BYTES: usize = 2 + NONCE_BYTES + TAG_BYTES;

/// Seals `plaintext` for the place that `place` spells out (record id, version id, digest of
/// the label …); it opens only with the same parts in the same order.
///
/// # Errors
/// [`Error::BlobTooLong`], or when the source of randomness fails.
pub fn seal(
    key: &DataKey,
    place: &[&[u8]],
    plaintext: &[u8],
    random: &dyn Random,
) -> Result<Vec<u8>, Error> {
    if plaintext.len() > SEALED_BYTES_MAX {
        return Err(Error::BlobTooLong {
            found: plaintext.len(),
        });
    }
    let nonce: [u8; NONCE_BYTES] = random::array(random)?;
    let mut sealed = Vec::with_capacity(plaintext.len() + OVERHEAD_BYTES);
    sealed.extend_from_slice(&[VERSION, key.suite().byte()]);
    sealed.extend_from_slice(&nonce);
    aead(key)?.seal(nonce, &aad(key, place), plaintext, &mut sealed)?;
    Ok(sealed)
}

/// Opens what [`seal`] made with the same key for the same place.
///
/// # Errors
/// [`Error::BlobDamaged`] when it was altered, belongs elsewhere or has another key (these
/// cannot be told apart); [`Error::Format`], [`Error::Version`] or [`Error::Suite`] when it
/// does not look like a sealed blob of this build.
pub fn open(key: &DataKey, place: &[&[u8]], sealed: &[u8]) -> Result<SecretBytes, Error> {
    let malformed = || Error::Format { what: WHAT };
    let mut fields = Fields::new(sealed);
    let version = fields.byte().ok_or_else(malformed)?;
    if version != VERSION {
        return Err(Error::Version {
            what: WHAT,
            version: version.to_string(),
        });
    }
    let suite = Suite::from_byte(fields.byte().ok_or_else(malformed)?)?;
    let nonce = fields.array().ok_or_else(malformed)?;
    let rest = fields.rest();
    let length = rest.len().checked_sub(TAG_BYTES).ok_or_else(malformed)?;
    if length > SEALED_BYTES_MAX {
        return Err(Error::BlobTooLong { found: length });
    }
    if suite != key.suite() {
        return Err(Error::BlobDamaged);
    }
    let mut plaintext = SecretBytes::zeroed(length);
    aead(key)?
        .open(nonce, &aad(key, place), rest, plaintext.expose_mut())
        .map_err(|_| Error::BlobDamaged)?;
    Ok(plaintext)
}

fn aead(key: &DataKey) -> Result<Aead, Error> {
    Aead::new(
        key.suite(),
        &derive(key.secret(), b"", Label::SealedBlob, key.suite())?,
    )
}

fn aad(key: &DataKey, place: &[&[u8]]) -> Vec<u8> {
    let object = key.object().as_uuid();
    let head: [&[u8]; 2] = [&[VERSION, key.suite().byte()], object.as_bytes()];
    encode_parts(&[head.as_slice(), place].concat())
}

#[cfg(test)]
mod tests;
