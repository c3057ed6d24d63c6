//! Why a text is not a mark, and which rule says so.

use crate::TermError;
use crate::limits::MARK_CHARS_MAX;

/// Why a text is not a mark. Every message names the rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MarkError {
    /// Nothing there.
    #[error("the mark is empty (R-161)")]
    Empty,
    /// Longer than any mark may be.
    #[error("the mark is longer than {MARK_CHARS_MAX} characters (R-161)")]
    TooLong,
    /// A state secret's level, but not the form of its mark.
    #[error("`{value}` is not level, ★ and period, as in `机密★10年` (R-161)")]
    StateForm {
        /// What was given, shortened.
        value: String,
    },
    /// A ★ where no state secret is.
    #[error("`{value}` carries ★, which is reserved for state secrets (R-172)")]
    Star {
        /// What was given, shortened.
        value: String,
    },
    /// A work secret's mark with something added.
    #[error("`{value}` is not a work secret's mark: write `内部` or `内部事项 注意保管` (R-522)")]
    WorkForm {
        /// What was given, shortened.
        value: String,
    },
    /// A trade secret's level, but not the three parts of its mark.
    #[error("`{value}` is not owner, level and period, as in `华光 核心商密 5年` (R-532)")]
    TradeForm {
        /// What was given, shortened.
        value: String,
    },
    /// A condition no trade secret may have.
    #[error(
        "`{value}` is not a period of trade secrets: write years, months, days, `长期` or `公布前` (R-533)"
    )]
    TradePeriod {
        /// What was given, shortened.
        value: String,
    },
    /// No word of any mark in it.
    #[error("`{value}` is not a mark (R-161)")]
    Unknown {
        /// What was given, shortened.
        value: String,
    },
    /// The period does not parse.
    #[error(transparent)]
    Term(#[from] TermError),
}

impl MarkError {
    /// The stable dotted code clients translate by.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "domain.mark.empty",
            Self::TooLong => "domain.mark.too_long",
            Self::StateForm { .. } => "domain.mark.state_form",
            Self::Star { .. } => "domain.mark.star",
            Self::WorkForm { .. } => "domain.mark.work_form",
            Self::TradeForm { .. } => "domain.mark.trade_form",
            Self::TradePeriod { .. } => "domain.mark.trade_period",
            Self::Unknown { .. } => "domain.mark.unknown",
            Self::Term(error) => error.code(),
        }
    }

    /// The rule the text breaks.
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::Empty | Self::TooLong | Self::StateForm { .. } | Self::Unknown { .. } => "R-161",
            Self::Star { .. } => "R-172",
            Self::WorkForm { .. } => "R-522",
            Self::TradeForm { .. } => "R-532",
            Self::TradePeriod { .. } => "R-533",
            Self::Term(error) => error.rule(),
        }
    }
}
