//! The period of secrecy as it is decided and printed: 10年, 6个月, a date, a condition, 长期.
//!
//! A term is what somebody decided; [`Ends`] is what follows from it for one item. Keep the term
//! beside the label: 2034年1月1日 can no longer tell that 10年 was meant. Parsing here is strict,
//! as for a form field; finding sloppy marks in documents is the work of inspection.

use std::fmt;
use std::str::FromStr;

use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};

use crate::error::quoted;
use crate::limits::{CONDITION_CHARS_MAX, TERM_DAYS_MAX, TERM_MONTHS_MAX, TERM_YEARS_MAX};
use crate::{Ends, Level};

mod error;

pub use error::TermError;

/// The printed word for a period without an end date.
const LONG_TERM: &str = "长期";
/// What a condition usually ends with: before, after or when something happens.
const CONDITION_ENDINGS: [char; 3] = ['前', '后', '时'];
/// Units that make a text starting with a number a failed period rather than a condition.
const UNITS: [&str; 7] = ["年", "个", "月", "日", "天", "周", "小时"];

/// For how long something is secret: exactly one of these.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", try_from = "RawTerm")]
pub enum Term {
    /// Whole years from the start; the usual form from one year up.
    Years(u16),
    /// Whole months from the start; for periods under a year.
    Months(u16),
    /// Whole days from the start; only trade secrets use it.
    Days(u16),
    /// Secret through the day before this one.
    Until(Date),
    /// Secret until something happens: 会议开始前, 公布前.
    Condition(String),
    /// No end date; reviewed every year.
    LongTerm,
    /// The mark shows no period; it means the longest of its level.
    Unmarked,
}

impl Term {
    /// Reads a printed period, date or condition. Never yields [`Term::Unmarked`].
    pub fn parse(text: &str) -> Result<Self, TermError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TermError::Empty);
        }
        if text == LONG_TERM {
            return Ok(Self::LongTerm);
        }
        if let Some(date) = parse_date(text) {
            return date.map(Self::Until);
        }
        if let Some(period) = parse_period(text) {
            return period;
        }
        check_condition(text)?;
        Ok(Self::Condition(text.to_owned()))
    }

    /// When the secrecy of an item of this level ends that started on `start`.
    ///
    /// Years and months are added by the calendar, so 29 February falls on the 28th.
    /// An unmarked term means the longest of the level; at a level without a longest
    /// period it means no end date, which errs on the side of keeping the secret.
    pub fn ends(&self, start: Date, level: Level) -> Ends {
        match self {
            Self::Condition(event) => Ends::when(event.clone()),
            Self::LongTerm => Ends::long_term(),
            Self::Unmarked => match level.max_years() {
                Some(years) => Ends::on(add_years(start, years)),
                None => Ends::long_term(),
            },
            Self::Years(_) | Self::Months(_) | Self::Days(_) | Self::Until(_) => {
                self.end_date(start).map_or_else(Ends::none, Ends::on)
            }
        }
    }

    /// Whether the term is longer than its level allows unless otherwise provided.
    ///
    /// 长期 always is, because only a range reference can justify it; how long a
    /// condition takes cannot be known.
    pub fn exceeds_max(&self, level: Level, start: Date) -> bool {
        let Some(max_years) = level.max_years() else {
            return false;
        };
        if *self == Self::LongTerm {
            return true;
        }
        self.end_date(start)
            .is_some_and(|end| end > add_years(start, max_years))
    }

    /// Whether the period is counted in the wrong unit: a year and more belongs in years.
    pub const fn unit_warning(&self) -> bool {
        match self {
            Self::Months(months) => *months >= 12,
            Self::Days(days) => *days >= 365,
            Self::Years(_)
            | Self::Until(_)
            | Self::Condition(_)
            | Self::LongTerm
            | Self::Unmarked => false,
        }
    }

    /// The end of a term that has a computable day.
    fn end_date(&self, start: Date) -> Option<Date> {
        match self {
            Self::Years(years) => Some(add_years(start, *years)),
            Self::Months(months) => Some(start.saturating_add(Span::new().months(*months))),
            Self::Days(days) => Some(start.saturating_add(Span::new().days(*days))),
            Self::Until(date) => Some(*date),
            Self::Condition(_) | Self::LongTerm | Self::Unmarked => None,
        }
    }
}

/// The text as printed after the ★; empty for an unmarked term.
impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Years(years) => write!(f, "{years}年"),
            Self::Months(months) => write!(f, "{months}个月"),
            Self::Days(days) => write!(f, "{days}天"),
            Self::Until(date) => {
                write!(f, "{}年{}月{}日", date.year(), date.month(), date.day())
            }
            Self::Condition(condition) => f.write_str(condition),
            Self::LongTerm => f.write_str(LONG_TERM),
            Self::Unmarked => Ok(()),
        }
    }
}

impl FromStr for Term {
    type Err = TermError;

    fn from_str(text: &str) -> Result<Self, TermError> {
        Self::parse(text)
    }
}

/// The stored shape before its values are checked.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawTerm {
    Years(u16),
    Months(u16),
    Days(u16),
    Until(Date),
    Condition(String),
    LongTerm,
    Unmarked,
}

impl TryFrom<RawTerm> for Term {
    type Error = TermError;

    fn try_from(raw: RawTerm) -> Result<Self, TermError> {
        match raw {
            RawTerm::Years(years) => in_range(Self::Years(years), years, TERM_YEARS_MAX),
            RawTerm::Months(months) => in_range(Self::Months(months), months, TERM_MONTHS_MAX),
            RawTerm::Days(days) => in_range(Self::Days(days), days, TERM_DAYS_MAX),
            RawTerm::Until(date) => Ok(Self::Until(date)),
            // WHY: `{"condition":"10年"}` would be a period that no clock ever sees.
            RawTerm::Condition(text) => match Self::parse(&text)? {
                condition @ Self::Condition(_) => Ok(condition),
                Self::Years(_)
                | Self::Months(_)
                | Self::Days(_)
                | Self::Until(_)
                | Self::LongTerm
                | Self::Unmarked => Err(TermError::NotPeriod {
                    value: quoted(&text),
                }),
            },
            RawTerm::LongTerm => Ok(Self::LongTerm),
            RawTerm::Unmarked => Ok(Self::Unmarked),
        }
    }
}

fn in_range(term: Term, count: u16, max: u16) -> Result<Term, TermError> {
    if (1..=max).contains(&count) {
        Ok(term)
    } else {
        Err(TermError::OutOfRange {
            value: term.to_string(),
        })
    }
}

/// Adds years by the calendar; beyond year 9999 it stays on the last day there is.
fn add_years(start: Date, years: u16) -> Date {
    const SPAN_YEARS_MAX: u16 = 19_998;
    start.saturating_add(Span::new().years(years.min(SPAN_YEARS_MAX)))
}

/// `None` unless the text has the shape of a printed date.
fn parse_date(text: &str) -> Option<Result<Date, TermError>> {
    let (year, rest) = leading_digits(text);
    let (month, rest) = leading_digits(rest.strip_prefix('年')?);
    let (day, rest) = leading_digits(rest.strip_prefix('月')?);
    if rest != "日" || year.len() != 4 || month.is_empty() || day.is_empty() {
        return None;
    }
    let date = match (year.parse(), month.parse(), day.parse()) {
        (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day).ok(),
        _ => None,
    };
    Some(date.ok_or_else(|| TermError::NotADay {
        value: quoted(text),
    }))
}

/// `None` unless the text is Arabic digits and one unit.
fn parse_period(text: &str) -> Option<Result<Term, TermError>> {
    let (digits, unit) = leading_digits(text);
    if digits.is_empty() {
        return None;
    }
    let (make, max): (fn(u16) -> Term, u16) = match unit {
        "年" => (Term::Years, TERM_YEARS_MAX),
        "个月" => (Term::Months, TERM_MONTHS_MAX),
        "日" | "天" => (Term::Days, TERM_DAYS_MAX),
        _ => return None,
    };
    let out_of_range = || TermError::OutOfRange {
        value: quoted(text),
    };
    let count: u16 = match digits.parse() {
        Ok(count) if !digits.starts_with('0') => count,
        _ => return Some(Err(out_of_range())),
    };
    Some(in_range(make(count), count, max).map_err(|_| out_of_range()))
}

/// Whether a text may stand as a condition: no ★, nothing invisible, and not a failed period.
pub(crate) fn check_condition(text: &str) -> Result<(), TermError> {
    if text.chars().count() > CONDITION_CHARS_MAX {
        return Err(TermError::TooLong);
    }
    if text.contains('★') {
        return Err(TermError::Star);
    }
    if text.chars().any(is_invisible) {
        return Err(TermError::Invisible);
    }
    let failed_period = match text.strip_suffix(CONDITION_ENDINGS) {
        // WHY: 十年后 and 24小时 end like conditions, but somebody meant a period.
        Some(event) => {
            let event = event.trim_end_matches(['以', '之']);
            event.is_empty() || is_period_or_date(event) || is_period_or_date(text)
        }
        None => text.starts_with(is_digit) || starts_counted(text),
    };
    if failed_period {
        Err(TermError::NotPeriod {
            value: quoted(text),
        })
    } else {
        Ok(())
    }
}

/// Characters that make two texts look the same though they differ.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

fn leading_digits(text: &str) -> (&str, &str) {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    (text.strip_suffix(rest).unwrap_or_default(), rest)
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '０'..='９')
}

fn is_numeral(c: char) -> bool {
    is_digit(c) || "〇零一二两三四五六七八九十百千半".contains(c)
}

/// 十年, 3周…: a number and a unit at the start.
fn starts_counted(text: &str) -> bool {
    let rest = text.trim_start_matches(is_numeral);
    rest.len() < text.len() && UNITS.iter().any(|unit| rest.starts_with(unit))
}

/// 10年 in "10年后": the whole text is a number and a unit, or a date.
fn is_period_or_date(text: &str) -> bool {
    let rest = text.trim_start_matches(is_numeral);
    let counted =
        rest.len() < text.len() && (rest == "个月" || rest.is_empty() || UNITS.contains(&rest));
    counted || parse_date(text).is_some()
}

#[cfg(test)]
pub(crate) mod tests;
