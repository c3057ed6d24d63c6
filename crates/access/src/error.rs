//! The one error type of this crate: a key from outside that names nothing here.
//!
//! A refusal is not an error but a decision ([`crate::Denied`]); a bad policy file is a list of
//! [`crate::PolicyReport`]s. Messages quote what was given, cut to a short prefix.

/// A key from outside that is not one of this crate's closed lists.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not the key of a role.
    #[error("`{value}` is not a role")]
    Role {
        /// What was given, shortened.
        value: String,
    },
    /// Not the key of a grant.
    #[error("`{value}` is not a grant")]
    Grant {
        /// What was given, shortened.
        value: String,
    },
    /// Not the key of a ground.
    #[error("`{value}` is not a ground")]
    Ground {
        /// What was given, shortened.
        value: String,
    },
    /// Not the nature of a register.
    #[error("`{value}` is not the nature of a register")]
    Nature {
        /// What was given, shortened.
        value: String,
    },
}

impl Error {
    /// The stable dotted code clients translate by.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Role { .. } => "access.role",
            Self::Grant { .. } => "access.grant",
            Self::Ground { .. } => "access.ground",
            Self::Nature { .. } => "access.nature",
        }
    }
}

/// Shortens a value for a message.
pub(crate) fn quoted(value: &str) -> String {
    value
        .chars()
        .filter(|c| !c.is_control())
        .take(crate::limits::QUOTED_CHARS_MAX)
        .collect()
}
