//! What a program's token may be for: a short fixed list. Whatever no scope covers (second proofs,
//! passwords, decisions, signatures, accounts, tokens) no token can do.

use std::fmt;

/// One thing a token may be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Read what registers say.
    Read,
    /// Open the content of files.
    Open,
    /// Make records and act on them.
    Act,
    /// Fetch the log, its tiles and its proofs.
    Log,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 4] = [Self::Read, Self::Open, Self::Act, Self::Log];

    /// The stable key.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Open => "open",
            Self::Act => "act",
            Self::Log => "log",
        }
    }

    /// Finds a scope by its key.
    #[must_use]
    pub fn parse_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.key() == key)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}
