//! Names of circles inside the levels (a project, a source) that need their own admission.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::error::quoted;
use crate::limits::COMPARTMENT_CHARS_MAX;
use crate::term::is_invisible;

/// The name of a compartment: 1 to 64 visible characters, outer spaces removed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Compartment(String);

impl Compartment {
    /// Checks a name. Invisible characters are refused: two names that look alike must be one.
    pub fn parse(name: &str) -> Result<Self, Error> {
        let name = name.trim();
        let length = name.chars().count();
        if length == 0 || length > COMPARTMENT_CHARS_MAX || name.chars().any(is_invisible) {
            return Err(Error::Compartment {
                value: quoted(name),
                max: COMPARTMENT_CHARS_MAX,
            });
        }
        Ok(Self(name.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Compartment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Compartment {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::parse(name)
    }
}

impl TryFrom<String> for Compartment {
    type Error = Error;

    fn try_from(name: String) -> Result<Self, Error> {
        Self::parse(&name)
    }
}

impl From<Compartment> for String {
    fn from(compartment: Compartment) -> Self {
        compartment.0
    }
}
