//! Why a text is not a term, and which rule says so.

use crate::limits::CONDITION_CHARS_MAX;

/// Why a text is not a term.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TermError {
    /// Nothing there.
    #[error("the period is empty (R-132)")]
    Empty,
    /// Longer than any condition may be.
    #[error("the condition is longer than {CONDITION_CHARS_MAX} characters")]
    TooLong,
    /// A ★ inside the period.
    #[error("`★` stands between level and period, not inside the period (R-161)")]
    Star,
    /// Characters nobody can see.
    #[error("the condition holds invisible characters")]
    Invisible,
    /// Starts like a period or date but is none.
    #[error("`{value}` is not a period: write `10年`, `6个月`, `30天` or `2031年5月1日` (R-170)")]
    NotPeriod {
        /// What was given, shortened.
        value: String,
    },
    /// A period of nothing, or of more than a lifetime.
    #[error("`{value}` is out of range")]
    OutOfRange {
        /// What was given, shortened.
        value: String,
    },
    /// A day the calendar does not have.
    #[error("`{value}` is not a day of the calendar")]
    NotADay {
        /// What was given, shortened.
        value: String,
    },
}

impl TermError {
    /// The stable dotted code clients translate by.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "domain.term.empty",
            Self::TooLong => "domain.term.too_long",
            Self::Star => "domain.term.star",
            Self::Invisible => "domain.term.invisible",
            Self::NotPeriod { .. } => "domain.term.not_period",
            Self::OutOfRange { .. } => "domain.term.out_of_range",
            Self::NotADay { .. } => "domain.term.not_a_day",
        }
    }

    /// The rule the text breaks.
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::Empty => "R-132",
            Self::Star | Self::TooLong | Self::Invisible | Self::NotADay { .. } => "R-161",
            Self::NotPeriod { .. } | Self::OutOfRange { .. } => "R-170",
        }
    }
}
