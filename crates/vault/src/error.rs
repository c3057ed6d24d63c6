//! Everything that can go wrong in the vault, each with a stable code.
//!
//! Texts name ids, sizes and positions, never key bytes, content, levels or compartments:
//! they end up in logs that more people may read than the object itself.

use std::io;

use domain::ObjectId;

use crate::limits::{
    COMPARTMENTS_MAX, OBJECT_BYTES_MAX, SEALED_BYTES_MAX, WRAPPED_SECRET_BYTES_MAX,
};
use crate::wrapped::KeyId;

/// Why the vault refused.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The root key file has a length that no accepted form has.
    #[error(
        "a root key file holds 64 hexadecimal characters or 32 raw bytes, this one holds `{found}` bytes"
    )]
    RootKeyLength {
        /// Bytes in the file.
        found: usize,
    },
    /// The root key file has the length of the hexadecimal form but other characters.
    #[error("a root key file of 64 characters must be hexadecimal throughout")]
    RootKeyText,
    /// All bytes are zero: an unfilled file or a failed disk, not a key.
    #[error("the root key is all zeros")]
    RootKeyZero,
    /// The given root key is not the one that the check value was made with.
    #[error("the root key is not the one this was made with")]
    WrongRootKey,
    /// A key was wrapped by another generation of the root key.
    #[error(
        "the key was wrapped by root key generation `{wrapped}`, given is generation `{given}`"
    )]
    RootGeneration {
        /// Generation named in the wrapped key.
        wrapped: u32,
        /// Generation of the root key at hand.
        given: u32,
    },
    /// The bytes are not what they should be at all.
    #[error("not a {what}: the format mark or the layout is wrong")]
    Format {
        /// The expected thing.
        what: &'static str,
    },
    /// Made by a newer version of the vault.
    #[error("the {what} has format version `{version}`, which this build does not know")]
    Version {
        /// The thing.
        what: &'static str,
        /// The version as found, escaped.
        version: String,
    },
    /// An algorithm suite that this build does not have.
    #[error("algorithm suite `{byte}` is not known to this build")]
    Suite {
        /// The stored suite byte.
        byte: u8,
    },
    /// The level or compartments of a key-encryption key cannot be right.
    #[error(
        "a key-encryption key is named by a level and up to `{COMPARTMENTS_MAX}` compartments without control characters"
    )]
    KekId,
    /// There is no key-encryption key (any more) to unwrap with.
    #[error("the key-encryption key is gone or was never loaded")]
    KekGone,
    /// The key-encryption key belongs to another level or other compartments.
    #[error("wrapped or sealed under another level or other compartments than stated")]
    WrongKek,
    /// The data key was erased: the content can never be opened again.
    #[error("the key of object `{object}` is gone")]
    KeyGone {
        /// The object that stays closed.
        object: ObjectId,
    },
    /// A wrapped key was altered.
    #[error("the wrapped key `{key}` does not authenticate: altered, or put in another's place")]
    KeyDamaged {
        /// The wrapped key, or for a data key the key that wrapped it.
        key: KeyId,
    },
    /// The data key is not the one the object was sealed with.
    #[error("object `{object}` was sealed with another data key")]
    WrongKey {
        /// The object.
        object: ObjectId,
    },
    /// One object in another's place.
    #[error("expected object `{expected}`, found object `{found}`")]
    WrongObject {
        /// The object asked for.
        expected: ObjectId,
        /// The object that the bytes claim to be.
        found: ObjectId,
    },
    /// The object was sealed under another label than its row states.
    #[error("object `{object}` was sealed under another label than stated")]
    WrongLabel {
        /// The object.
        object: ObjectId,
    },
    /// The object is an authentic one, but another sealing than the one expected.
    #[error("object `{object}` was replaced by an older or a later sealing")]
    Replaced {
        /// The object.
        object: ObjectId,
    },
    /// The key is right, the header is not the one that was written.
    #[error("the header of object `{object}` was altered")]
    HeaderDamaged {
        /// The object.
        object: ObjectId,
    },
    /// Bytes are missing at the end.
    #[error("the object is cut off after `{found}` bytes")]
    Truncated {
        /// Stored bytes that are there.
        found: u64,
    },
    /// Bytes were added behind the end.
    #[error("the object has more than its `{expected}` bytes")]
    Extended {
        /// Stored bytes that belong to the object.
        expected: u64,
    },
    /// The last chunk does not authenticate, and its length was not known when it was sealed,
    /// so that it cannot be told whether it was cut, extended or altered.
    #[error("the end of the object, chunk `{chunk}`, was cut off, extended or altered")]
    EndDamaged {
        /// Number of the last chunk, from zero.
        chunk: u64,
    },
    /// A chunk does not authenticate: altered, moved, or taken from elsewhere.
    #[error("chunk `{chunk}` of the object was altered or moved")]
    Damaged {
        /// Number of the chunk, from zero.
        chunk: u64,
    },
    /// A sealed blob does not authenticate.
    #[error("the sealed blob was altered, belongs elsewhere, or has another key")]
    BlobDamaged,
    /// More plaintext than a sealed blob may hold.
    #[error("a sealed blob holds at most `{SEALED_BYTES_MAX}` bytes, given were `{found}`")]
    BlobTooLong {
        /// Bytes given.
        found: usize,
    },
    /// More plaintext than an object may hold.
    #[error("an object holds at most `{OBJECT_BYTES_MAX}` bytes")]
    ObjectTooLong,
    /// A root wraps keys and seeds only.
    #[error("a wrapped secret has 1 to `{WRAPPED_SECRET_BYTES_MAX}` bytes, given were `{found}`")]
    SecretLength {
        /// Bytes given.
        found: usize,
    },
    /// The writer got another number of bytes than was declared at its start.
    #[error("`{declared}` bytes were declared, `{given}` were given")]
    LengthMismatch {
        /// Declared plaintext bytes.
        declared: u64,
        /// Plaintext bytes given so far.
        given: u64,
    },
    /// The source of randomness failed.
    #[error("the source of randomness failed")]
    Random,
    /// The cryptographic library refused an operation that cannot fail with valid input.
    #[error("the cryptographic library refused an operation")]
    Crypto,
    /// The stored bytes could not be read.
    #[error("the stored object could not be read")]
    Read(#[source] io::Error),
}

impl Error {
    /// The stable dotted code; texts may change, codes do not.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::RootKeyLength { .. } | Self::RootKeyText => "vault.root_key_format",
            Self::RootKeyZero => "vault.root_key_zero",
            Self::WrongRootKey => "vault.wrong_root_key",
            Self::RootGeneration { .. } => "vault.root_generation",
            Self::Format { .. } => "vault.format",
            Self::Version { .. } => "vault.version",
            Self::Suite { .. } => "vault.suite",
            Self::KekId => "vault.kek_id",
            Self::KekGone => "vault.kek_gone",
            Self::WrongKek => "vault.wrong_kek",
            Self::KeyGone { .. } => "vault.key_gone",
            Self::KeyDamaged { .. } => "vault.key_damaged",
            Self::WrongKey { .. } => "vault.wrong_key",
            Self::WrongObject { .. } => "vault.wrong_object",
            Self::WrongLabel { .. } => "vault.wrong_label",
            Self::Replaced { .. } => "vault.replaced",
            Self::HeaderDamaged { .. } => "vault.header_damaged",
            Self::Truncated { .. } => "vault.truncated",
            Self::Extended { .. } => "vault.extended",
            Self::EndDamaged { .. } => "vault.end_damaged",
            Self::Damaged { .. } => "vault.damaged",
            Self::BlobDamaged => "vault.blob_damaged",
            Self::BlobTooLong { .. } => "vault.blob_too_long",
            Self::ObjectTooLong => "vault.object_too_long",
            Self::SecretLength { .. } => "vault.secret_length",
            Self::LengthMismatch { .. } => "vault.length_mismatch",
            Self::Random => "vault.random",
            Self::Crypto => "vault.crypto",
            Self::Read(_) => "vault.read",
        }
    }
}

/// Checks the four bytes that begin every stored form: three for the kind, one for its version.
pub(crate) fn check_magic(
    found: Option<[u8; 4]>,
    expected: [u8; 4],
    what: &'static str,
) -> Result<(), Error> {
    let ([a, b, c, version], [x, y, z, ours]) = (found.unwrap_or_default(), expected);
    if [a, b, c] != [x, y, z] {
        return Err(Error::Format { what });
    }
    if version != ours {
        return Err(Error::Version {
            what,
            version: version.escape_ascii().to_string(),
        });
    }
    Ok(())
}
