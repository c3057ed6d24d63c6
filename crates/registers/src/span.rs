//! Lengths of time as definitions and parameters write them: `24h`, `10d`, `10wd`, `3mo`, `20y`.
//!
//! Only notation lives here; what a length means from a given instant is `clocks`.

use std::fmt;

use serde::{Serialize, Serializer};

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: SpanUnit,
}

/// What a length of time is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpanUnit {
    /// Minutes, `30min`.
    Minutes,
    /// Hours, `24h`: exact, weekends and nights count.
    Hours,
    /// Calendar days, `10d`: to the end of the tenth day.
    Days,
    /// Working days, `10wd`, by the site's calendar.
    Workdays,
    /// Calendar months, `3mo`.
    Months,
    /// Calendar years, `20y`.
    Years,
}

/// Largest count of a length; a thousand years in days stays below it.
const COUNT_MAX: u32 = 400_000;
/// Most years and months a length may have.
const YEARS_MAX: u32 = 1_000;

impl SpanUnit {
    const ALL: [(&'static str, Self); 6] = [
        ("min", Self::Minutes),
        ("h", Self::Hours),
        ("d", Self::Days),
        ("wd", Self::Workdays),
        ("mo", Self::Months),
        ("y", Self::Years),
    ];

    fn word(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, unit)| *unit == self)
            .map_or("", |(word, _)| word)
    }
}

impl Span {
    /// Reads `24h`, `10d`, `10wd`, `3mo`, `20y` or `30min`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.chars().take_while(char::is_ascii_digit).count();
        let (number, word) = text.split_at_checked(digits)?;
        let count: u32 = number.parse().ok()?;
        let unit = SpanUnit::ALL
            .iter()
            .find(|(known, _)| *known == word)
            .map(|(_, unit)| *unit)?;
        let most = match unit {
            SpanUnit::Years => YEARS_MAX,
            SpanUnit::Months => YEARS_MAX * 12,
            SpanUnit::Minutes | SpanUnit::Hours | SpanUnit::Days | SpanUnit::Workdays => COUNT_MAX,
        };
        (count <= most).then_some(Self { count, unit })
    }

    /// Minutes it takes at least, to compare lengths of different units (which is stricter).
    pub fn approximate_minutes(self) -> u64 {
        const DAY: u64 = 24 * 60;
        let each = match self.unit {
            SpanUnit::Minutes => 1,
            SpanUnit::Hours => 60,
            SpanUnit::Days => DAY,
            SpanUnit::Workdays => DAY * 7 / 5,
            SpanUnit::Months => DAY * 365 / 12,
            SpanUnit::Years => DAY * 365,
        };
        u64::from(self.count) * each
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.count, self.unit.word())
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A length before (`-1d`), at (`0d`) or after (`+1d`) a due time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Offset {
    /// Whether it lies before the due time.
    pub before: bool,
    /// How far from it.
    pub span: Span,
}

impl Offset {
    /// Reads `-1d`, `0d` or `+2h`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(rest) = text.strip_prefix('-') {
            return Span::parse(rest).map(|span| Self { before: true, span });
        }
        let rest = text.strip_prefix('+').unwrap_or(text);
        Span::parse(rest).map(|span| Self {
            before: false,
            span,
        })
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match (self.before, self.span.count) {
            (_, 0) => "",
            (true, _) => "-",
            (false, _) => "+",
        };
        write!(f, "{sign}{}", self.span)
    }
}

impl Serialize for Offset {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_print_as_they_are_read() {
        for text in ["30min", "24h", "10d", "10wd", "3mo", "20y"] {
            assert_eq!(Span::parse(text).unwrap().to_string(), text);
        }
        for text in [
            "",
            "d",
            "10",
            "10 d",
            "-1d",
            "1.5h",
            "99999999999d",
            "2000y",
            "10日",
        ] {
            assert_eq!(Span::parse(text), None, "{text}");
        }
    }

    #[test]
    fn offsets_carry_a_sign() {
        for text in ["-1d", "0d", "+1d", "-2h"] {
            assert_eq!(Offset::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Offset::parse("1d").unwrap().to_string(), "+1d");
        assert_eq!(Offset::parse("--1d"), None);
    }

    #[test]
    fn lengths_of_different_units_compare_by_time() {
        let minutes = |text| Span::parse(text).unwrap().approximate_minutes();
        assert!(minutes("24h") == minutes("1d"));
        assert!(minutes("10wd") > minutes("10d"));
        assert!(minutes("12mo") == minutes("1y"));
    }
}
