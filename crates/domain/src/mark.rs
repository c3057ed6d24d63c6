//! The printed form of a decision: 机密★10年, 内部, 华光 核心商密 5年.
//!
//! Parser and printer of the mark grammar. Strict: this is what may
//! be printed or typed into a form. Finding damaged, scanned or sloppy marks in documents is the
//! work of inspection and must not loosen this grammar.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::error::quoted;
use crate::limits::{MARK_CHARS_MAX, OWNER_CHARS_MAX};
use crate::term::is_invisible;
use crate::{Family, Level, Term};

mod error;

pub use error::MarkError;

/// Stands between level and period of state secrets, and nowhere else.
const STAR: char = '★';
/// The two marks of work secrets.
const WORK: &str = "内部";
const WORK_CAREFUL: &str = "内部事项 注意保管";
/// What the condition of a trade secret ends with.
const BEFORE_PUBLICATION: &str = "公布前";

/// A mark as printed on an object. Made by [`Mark::for_level`] or [`Mark::parse`], so that the
/// level always belongs to the family of its form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Mark {
    /// 密级★保密期限.
    #[non_exhaustive]
    State {
        /// 绝密, 机密 or 秘密.
        level: Level,
        /// What stands after the ★.
        term: Term,
    },
    /// 内部, or 内部事项 注意保管: no level, no ★, no period.
    Work {
        /// Whether the longer form is meant.
        careful: bool,
    },
    /// Owner, level, period.
    #[non_exhaustive]
    Trade {
        /// The standard short name of the owner; without it the mark is incomplete.
        owner: Option<String>,
        /// 核心商密 or 普通商密.
        level: Level,
        /// The period; a trade mark without one is incomplete.
        term: Term,
    },
}

/// Something a person should look at in a mark that is otherwise well formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkFlag {
    /// No period printed: the longest of the level holds.
    NoPeriodMarked,
    /// A trade mark without its owner.
    NoOwnerMarked,
    /// 长期 on a state secret: no longer given without a range reference.
    LongTerm,
    /// The period is counted in a unit this family does not use for it.
    Unit,
}

impl MarkFlag {
    /// The rule that asks for the look.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::NoPeriodMarked => "R-135",
            Self::NoOwnerMarked => "R-532",
            Self::LongTerm => "R-136",
            Self::Unit => "R-134",
        }
    }
}

impl Mark {
    /// The mark of an item's decision. The owner is printed on trade marks only; a name that
    /// cannot stand in a mark is left out and flagged. Work marks print no period.
    pub fn for_level(level: Level, term: Term, owner: Option<&str>) -> Self {
        match level.family() {
            Family::State => Self::State { level, term },
            Family::Work => Self::Work { careful: false },
            Family::Trade => {
                let owner = owner.map(one_spaced).filter(|owner| is_owner(owner));
                Self::Trade { owner, level, term }
            }
        }
    }

    /// Reads a mark as it must be printed.
    pub fn parse(text: &str) -> Result<Self, MarkError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(MarkError::Empty);
        }
        if text.chars().count() > MARK_CHARS_MAX {
            return Err(MarkError::TooLong);
        }
        match text.split_once(STAR) {
            Some((head, tail)) => parse_starred(text, head, tail),
            None => parse_plain(text),
        }
    }

    /// The level it states.
    pub const fn level(&self) -> Level {
        match self {
            Self::State { level, .. } | Self::Trade { level, .. } => *level,
            Self::Work { .. } => Level::Internal,
        }
    }

    /// The period it states; work marks have none.
    pub const fn term(&self) -> Option<&Term> {
        match self {
            Self::State { term, .. } | Self::Trade { term, .. } => Some(term),
            Self::Work { .. } => None,
        }
    }

    /// What a person should look at before printing or accepting it.
    pub fn flags(&self) -> Vec<MarkFlag> {
        let mut flags = Vec::new();
        let state = matches!(self, Self::State { .. });
        match self.term() {
            Some(Term::Unmarked) => flags.push(MarkFlag::NoPeriodMarked),
            Some(Term::LongTerm) if state => flags.push(MarkFlag::LongTerm),
            Some(Term::Days(_)) if state => flags.push(MarkFlag::Unit),
            Some(term) if term.unit_warning() => flags.push(MarkFlag::Unit),
            Some(_) | None => {}
        }
        if matches!(self, Self::Trade { owner: None, .. }) {
            flags.push(MarkFlag::NoOwnerMarked);
        }
        flags
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::State { level, term } => write!(f, "{}{STAR}{term}", level.zh()),
            Self::Work { careful: false } => f.write_str(WORK),
            Self::Work { careful: true } => f.write_str(WORK_CAREFUL),
            Self::Trade { owner, level, term } => {
                if let Some(owner) = owner {
                    write!(f, "{owner} ")?;
                }
                f.write_str(level.zh())?;
                if *term == Term::Unmarked {
                    Ok(())
                } else {
                    write!(f, " {term}")
                }
            }
        }
    }
}

impl FromStr for Mark {
    type Err = MarkError;

    fn from_str(text: &str) -> Result<Self, MarkError> {
        Self::parse(text)
    }
}

/// As printed. A mark is not read back from storage: the label and the term are.
impl Serialize for Mark {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

fn parse_starred(text: &str, head: &str, tail: &str) -> Result<Mark, MarkError> {
    let state_form = || MarkError::StateForm {
        value: quoted(text),
    };
    let Some(level) = levels_of(Family::State).find(|level| level.zh() == head) else {
        let about_state = levels_of(Family::State).any(|level| text.contains(level.zh()));
        return Err(if about_state {
            state_form()
        } else {
            MarkError::Star {
                value: quoted(text),
            }
        });
    };
    if tail.is_empty() {
        return Ok(Mark::State {
            level,
            term: Term::Unmarked,
        });
    }
    if tail.starts_with(char::is_whitespace) {
        return Err(state_form());
    }
    Ok(Mark::State {
        level,
        term: Term::parse(tail)?,
    })
}

fn parse_plain(text: &str) -> Result<Mark, MarkError> {
    let words = one_spaced(text);
    if words == WORK || words == WORK_CAREFUL {
        return Ok(Mark::Work {
            careful: words == WORK_CAREFUL,
        });
    }
    if let Some(level) = levels_of(Family::Trade).find(|level| text.contains(level.zh())) {
        return parse_trade(text, &words, level);
    }
    let value = quoted(text);
    if text.starts_with(WORK) {
        return Err(MarkError::WorkForm { value });
    }
    if levels_of(Family::State).any(|level| text.starts_with(level.zh())) {
        return Err(MarkError::StateForm { value });
    }
    Err(MarkError::Unknown { value })
}

fn parse_trade(text: &str, words: &str, level: Level) -> Result<Mark, MarkError> {
    let separated = format!(" {} ", level.zh());
    let (owner, period) = words
        .split_once(&separated)
        .filter(|(owner, _)| is_owner(owner))
        .ok_or_else(|| MarkError::TradeForm {
            value: quoted(text),
        })?;
    let term = Term::parse(period)?;
    if matches!(&term, Term::Condition(condition) if !condition.ends_with(BEFORE_PUBLICATION)) {
        return Err(MarkError::TradePeriod {
            value: quoted(period),
        });
    }
    Ok(Mark::Trade {
        owner: Some(owner.to_owned()),
        level,
        term,
    })
}

fn levels_of(family: Family) -> impl Iterator<Item = Level> {
    Level::ALL
        .into_iter()
        .filter(move |level| level.family() == family)
}

/// Whether a name can be the owner part: not empty, not too long, no word of the grammar in it.
fn is_owner(owner: &str) -> bool {
    !owner.is_empty()
        && owner.chars().count() <= OWNER_CHARS_MAX
        && !owner.contains(STAR)
        && !owner.chars().any(is_invisible)
        && !levels_of(Family::Trade).any(|level| owner.contains(level.zh()))
}

/// Runs of spaces, the wide one included, become one space.
fn one_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
