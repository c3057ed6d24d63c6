//! The one error type of this crate: a value from outside did not parse.
//!
//! Messages quote what was given so that a person can find it; they are cut to a short prefix
//! and never carry content of a classified item. `code` is stable and what clients translate by.

use crate::{MarkError, TermError};

/// A value from outside that is not a word of this vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not a hyphenated UUID where an id was expected.
    #[error("`{value}` is not a {kind} id")]
    Id {
        /// Which id was expected, e.g. `record`.
        kind: &'static str,
        /// What was given, shortened.
        value: String,
    },
    /// Not one of the level keys (`state.secret` …).
    #[error("`{value}` is not a level key")]
    Level {
        /// What was given, shortened.
        value: String,
    },
    /// Not one of the family keys (`state`, `work`, `trade`).
    #[error("`{value}` is not a family key")]
    Family {
        /// What was given, shortened.
        value: String,
    },
    /// A level stands under the key of another family.
    #[error("level `{level}` does not belong to family `{family}`")]
    LevelFamily {
        /// The family key it stood under.
        family: &'static str,
        /// The level key that stood there.
        level: &'static str,
    },
    /// A compartment name that is empty, too long or holds invisible characters.
    #[error("`{value}` is not a compartment name: 1 to {max} visible characters")]
    Compartment {
        /// What was given, shortened.
        value: String,
        /// The longest name allowed, in characters.
        max: usize,
    },
    /// A system part this version does not know.
    #[error("`{value}` is not a part of the system that acts on its own")]
    SystemActor {
        /// What was given, shortened.
        value: String,
    },
    /// A list of scope clauses with nothing in it: it would let everybody in by accident.
    #[error("a scope needs at least one clause; write `everyone` for open material")]
    EmptyScope,
    /// A period, date or condition that does not parse.
    #[error(transparent)]
    Term(#[from] TermError),
    /// A printed mark that does not parse.
    #[error(transparent)]
    Mark(#[from] MarkError),
}

impl Error {
    /// The stable dotted code clients translate by.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Id { .. } => "domain.id",
            Self::Level { .. } => "domain.level",
            Self::Family { .. } => "domain.family",
            Self::LevelFamily { .. } => "domain.level_family",
            Self::Compartment { .. } => "domain.compartment",
            Self::SystemActor { .. } => "domain.system_actor",
            Self::EmptyScope => "domain.empty_scope",
            Self::Term(error) => error.code(),
            Self::Mark(error) => error.code(),
        }
    }
}

/// Shortens a value for a message, so that a megabyte of input does not become a log line.
pub(crate) fn quoted(value: &str) -> String {
    const SHOWN_CHARS: usize = 40;
    let mut shown: String = value
        .chars()
        .take(SHOWN_CHARS)
        .filter(|c| !c.is_control())
        .collect();
    if value.chars().nth(SHOWN_CHARS).is_some() {
        shown.push('…');
    }
    shown
}
