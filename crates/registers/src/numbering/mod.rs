//! Register numbers: their printed form, their series, and reading them back.
//!
//! `JY{year}-{seq:4}` prints `JY2026-0007`. Which sequence number is next is the database's
//! business (a row-locked counter per series, in the committing transaction); this module only
//! says which series a number belongs to.

mod parse;

use std::fmt;

use domain::Level;
use jiff::civil::Date;
use serde::{Serialize, Serializer};

pub use parse::NumberFormatError;

/// The printed form of a register's numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberFormat {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Fixed(String),
    Year,
    Month,
    /// At least this many digits.
    Sequence(usize),
    Unit,
    Level,
}

/// What a number is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberParts<'a> {
    /// The day it is drawn.
    pub day: Date,
    /// Its place in the series.
    pub sequence: u64,
    /// The code of the unit, for formats that print it.
    pub unit: Option<&'a str>,
    /// The highest level of the record, for formats that print it or count by it.
    pub level: Option<Level>,
}

/// A number read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedNumber {
    /// The year it prints.
    pub year: Option<i16>,
    /// The month it prints.
    pub month: Option<i8>,
    /// Its place in the series.
    pub sequence: u64,
    /// The unit code it prints.
    pub unit: Option<String>,
    /// The level it prints; nothing for open records.
    pub level: Option<Level>,
}

/// What an open record prints where a format prints the level.
const OPEN: &str = "公开";

impl NumberFormat {
    /// Reads a format such as `JY{year}-{seq:4}`.
    pub fn parse(text: &str) -> Result<Self, NumberFormatError> {
        parse::format(text).map(|parts| Self { parts })
    }

    /// Prints a number.
    pub fn render(&self, number: &NumberParts<'_>) -> String {
        let mut printed = String::new();
        for part in &self.parts {
            match part {
                Part::Fixed(text) => printed.push_str(text),
                Part::Year => printed.push_str(&format!("{:04}", number.day.year())),
                Part::Month => printed.push_str(&format!("{:02}", number.day.month())),
                Part::Sequence(width) => {
                    let width = *width;
                    printed.push_str(&format!("{:0width$}", number.sequence));
                }
                Part::Unit => printed.push_str(number.unit.unwrap_or_default()),
                Part::Level => printed.push_str(number.level.map_or(OPEN, Level::zh)),
            }
        }
        printed
    }

    /// The series a number is counted in: one per year if the format prints the year, and so on;
    /// with `per_level`, one per level as well.
    pub fn series(&self, number: &NumberParts<'_>, per_level: bool) -> String {
        let mut series = Vec::new();
        let prints = |wanted: &Part| self.parts.iter().any(|part| part == wanted);
        if prints(&Part::Year) {
            series.push(format!("y{:04}", number.day.year()));
        }
        if prints(&Part::Month) {
            series.push(format!("m{:02}", number.day.month()));
        }
        if prints(&Part::Unit) {
            series.push(format!("u{}", number.unit.unwrap_or_default()));
        }
        if per_level || prints(&Part::Level) {
            series.push(format!("l{}", number.level.map_or("open", Level::key)));
        }
        if series.is_empty() {
            "all".to_owned()
        } else {
            series.join("/")
        }
    }

    /// Whether the format prints the unit's code.
    pub fn prints_unit(&self) -> bool {
        self.parts.contains(&Part::Unit)
    }

    /// Whether the format prints the level.
    pub fn prints_level(&self) -> bool {
        self.parts.contains(&Part::Level)
    }

    /// Reads a number of this form back.
    pub fn read(&self, number: &str) -> Option<ParsedNumber> {
        parse::number(&self.parts, number)
    }

    /// Whether a text has the form of this register's numbers.
    pub fn matches(&self, number: &str) -> bool {
        self.read(number).is_some()
    }
}

impl fmt::Display for NumberFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            match part {
                Part::Fixed(text) => f.write_str(text)?,
                Part::Year => f.write_str("{year}")?,
                Part::Month => f.write_str("{month}")?,
                Part::Sequence(width) => write!(f, "{{seq:{width}}}")?,
                Part::Unit => f.write_str("{unit}")?,
                Part::Level => f.write_str("{level}")?,
            }
        }
        Ok(())
    }
}

impl Serialize for NumberFormat {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests;
