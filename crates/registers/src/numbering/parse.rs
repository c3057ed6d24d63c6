//! Reading number formats, and reading numbers by them.

use domain::Level;

use super::{OPEN, ParsedNumber, Part};
use crate::limits;

/// A format that cannot number anything.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberFormatError {
    /// A part that does not exist.
    #[error("`{{{part}}}` is not a part of a number")]
    UnknownPart {
        /// What stood in braces.
        part: String,
    },
    /// A brace without its partner.
    #[error("a brace is not closed")]
    Unclosed,
    /// No sequence, or several.
    #[error("a number needs exactly one `{{seq:N}}`")]
    Sequence,
    /// A part that stands twice.
    #[error("`{{{part}}}` stands twice")]
    Twice {
        /// The part.
        part: String,
    },
    /// A month without its year: numbers would come back every year.
    #[error("`{{month}}` needs `{{year}}`")]
    MonthWithoutYear,
    /// Two parts side by side that could not be told apart again.
    #[error("two parts stand side by side and could not be told apart")]
    Adjacent,
    /// Digits of a sequence outside 1 to 12.
    #[error("`{{seq:N}}` takes 1 to 12 digits")]
    Width,
    /// Longer than a number may be.
    #[error("the format is longer than {max} characters")]
    TooLong {
        /// The limit.
        max: usize,
    },
}

const FORMAT_CHARS_MAX: usize = 60;
const WIDTH_MAX: usize = 12;

pub(super) fn format(text: &str) -> Result<Vec<Part>, NumberFormatError> {
    if text.chars().count() > FORMAT_CHARS_MAX {
        return Err(NumberFormatError::TooLong {
            max: FORMAT_CHARS_MAX,
        });
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (fixed, after) = rest.split_once('{').unwrap_or((rest, ""));
        if fixed.contains('}') {
            return Err(NumberFormatError::Unclosed);
        }
        if !fixed.is_empty() {
            parts.push(Part::Fixed(fixed.to_owned()));
        }
        if fixed.len() == rest.len() {
            break;
        }
        let (name, after) = after.split_once('}').ok_or(NumberFormatError::Unclosed)?;
        parts.push(part(name)?);
        rest = after;
    }
    check(&parts)?;
    Ok(parts)
}

fn part(name: &str) -> Result<Part, NumberFormatError> {
    Ok(match name {
        "year" => Part::Year,
        "month" => Part::Month,
        "unit" => Part::Unit,
        "level" => Part::Level,
        _ => {
            let unknown = || NumberFormatError::UnknownPart {
                part: name.chars().take(30).collect(),
            };
            let width = name.strip_prefix("seq:").ok_or_else(unknown)?;
            let width: usize = width.parse().map_err(|_| NumberFormatError::Width)?;
            if !(1..=WIDTH_MAX).contains(&width) {
                return Err(NumberFormatError::Width);
            }
            Part::Sequence(width)
        }
    })
}

fn check(parts: &[Part]) -> Result<(), NumberFormatError> {
    let count = |wanted: fn(&Part) -> bool| parts.iter().filter(|part| wanted(part)).count();
    if count(|part| matches!(part, Part::Sequence(_))) != 1 {
        return Err(NumberFormatError::Sequence);
    }
    for part in [Part::Year, Part::Month, Part::Unit, Part::Level] {
        if parts.iter().filter(|other| **other == part).count() > 1 {
            let part = name_of(&part).to_owned();
            return Err(NumberFormatError::Twice { part });
        }
    }
    if parts.contains(&Part::Month) && !parts.contains(&Part::Year) {
        return Err(NumberFormatError::MonthWithoutYear);
    }
    let mut neighbours = parts.iter().zip(parts.iter().skip(1));
    if neighbours.any(|(a, b)| !can_stand_together(a, b)) {
        return Err(NumberFormatError::Adjacent);
    }
    Ok(())
}

fn name_of(part: &Part) -> &'static str {
    match part {
        Part::Year => "year",
        Part::Month => "month",
        Part::Unit => "unit",
        Part::Level => "level",
        Part::Sequence(_) => "seq",
        Part::Fixed(_) => "",
    }
}

/// Whether the end of the first part shows where the second begins.
fn can_stand_together(a: &Part, b: &Part) -> bool {
    match (a, b) {
        // fixed widths, and fixed words
        (Part::Year | Part::Month | Part::Level, _) | (Part::Fixed(_), _) => true,
        // a sequence may grow beyond its digits and a unit's code is free: the next must be a sign
        (Part::Sequence(_), Part::Fixed(next)) => !next.starts_with(|c: char| c.is_ascii_digit()),
        (Part::Sequence(_), Part::Level) => true,
        (Part::Sequence(_), _) => false,
        (Part::Unit, Part::Fixed(next)) => next.starts_with(|c: char| !c.is_alphanumeric()),
        (Part::Unit, _) => false,
    }
}

/// Reads a number; exactly what `render` prints is accepted.
pub(super) fn number(parts: &[Part], text: &str) -> Option<ParsedNumber> {
    let mut read = ParsedNumber {
        year: None,
        month: None,
        sequence: 0,
        unit: None,
        level: None,
    };
    let mut rest = text;
    for (index, part) in parts.iter().enumerate() {
        match part {
            Part::Fixed(fixed) => rest = rest.strip_prefix(fixed.as_str())?,
            Part::Year => {
                let (digits, after) = digits(rest, 4)?;
                read.year = Some(digits.parse().ok()?);
                rest = after;
            }
            Part::Month => {
                let (digits, after) = digits(rest, 2)?;
                read.month = Some(
                    digits
                        .parse()
                        .ok()
                        .filter(|month| (1..=12).contains(month))?,
                );
                rest = after;
            }
            Part::Sequence(width) => {
                let length = rest.chars().take_while(char::is_ascii_digit).count();
                let (digits, after) = digits(rest, length)?;
                let padded = length == *width || (length > *width && !digits.starts_with('0'));
                read.sequence = digits.parse().ok().filter(|n| *n <= limits::SEQUENCE_MAX)?;
                if !padded || read.sequence == 0 {
                    return None;
                }
                rest = after;
            }
            Part::Unit => {
                let end = match parts.get(index + 1) {
                    Some(Part::Fixed(next)) => rest.find(next.as_str())?,
                    _ => rest.len(),
                };
                let (unit, after) = rest.split_at_checked(end)?;
                read.unit = Some(unit.to_owned())
                    .filter(|unit| is_unit_code(unit))?
                    .into();
                rest = after;
            }
            Part::Level => {
                let (level, after) = level(rest)?;
                read.level = level;
                rest = after;
            }
        }
    }
    rest.is_empty().then_some(read)
}

fn digits(text: &str, length: usize) -> Option<(&str, &str)> {
    let (digits, rest) = text.split_at_checked(length)?;
    (length > 0 && digits.chars().all(|c| c.is_ascii_digit())).then_some((digits, rest))
}

/// A unit's code: letters and digits of any script, so that the sign after it ends it.
fn is_unit_code(unit: &str) -> bool {
    !unit.is_empty() && unit.chars().all(char::is_alphanumeric)
}

fn level(text: &str) -> Option<(Option<Level>, &str)> {
    if let Some(rest) = text.strip_prefix(OPEN) {
        return Some((None, rest));
    }
    Level::ALL
        .into_iter()
        .find_map(|level| Some((Some(level), text.strip_prefix(level.zh())?)))
}
