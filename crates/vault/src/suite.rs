//! The algorithm suites, each with the byte that names it in every stored format.

use std::fmt;

use crate::error::Error;

/// An authenticated cipher. The byte is stored, so a value is never reused or renumbered.
///
/// Byte `2` is kept for SM4-GCM. Commercial cryptography is for what is not a state secret
/// say so where a suite is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Suite {
    /// AES-256 in GCM, keys and tags derived with HMAC-SHA-256.
    Aes256Gcm,
}

impl Suite {
    /// The byte that stands for the suite in stored formats.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::Aes256Gcm => 1,
        }
    }

    /// The suite of a stored byte.
    ///
    /// # Errors
    /// [`Error::Suite`] for a byte this build does not know.
    pub fn from_byte(byte: u8) -> Result<Self, Error> {
        match byte {
            1 => Ok(Self::Aes256Gcm),
            other => Err(Error::Suite { byte: other }),
        }
    }
}

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Aes256Gcm => "aes-256-gcm",
        })
    }
}
