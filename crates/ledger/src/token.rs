//! The only kind of string an entry may hold besides ids, times and hashes.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::error::Error;
use crate::limits::MAX_TOKEN_BYTES;

/// A key such as `copy.lend`, `R-213` or `state.secret`: 1 to 128 of `A-Z a-z 0-9 . _ : / @ + -`.
///
/// WHY: the log is open to people who may not know a title. A title, a name or a remark does not
/// fit a token, so it cannot slip into an entry by mistake.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(String);

impl Token {
    /// Takes a key that consists of token characters only.
    ///
    /// # Errors
    /// [`Error::Malformed`] otherwise; the text is not repeated in it.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let fits = (1..=MAX_TOKEN_BYTES).contains(&text.len());
        if fits && text.bytes().all(is_token_byte) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Error::Malformed {
                kind: "entry",
                what: "a key in it is empty, too long or has other characters than A-Za-z0-9._:/@+-",
            })
        }
    }

    /// The key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

const fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b':' | b'/' | b'@' | b'+' | b'-')
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Token {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Token {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}
