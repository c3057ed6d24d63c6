//! Copy numbers 份号 as ranges: `000001-000005,000009`.
//!
//! Numbers of one range have the same width; a range never names a number twice.

use std::fmt;

use crate::limits;

/// Some copy numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberRange {
    width: usize,
    /// First and last of each run, ascending, never touching.
    runs: Vec<(u64, u64)>,
}

impl NumberRange {
    /// Reads numbers and runs, separated by commas. Full-width digits and commas are accepted.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(to_ascii)
            .collect();
        let mut width = None;
        let mut runs = Vec::new();
        for part in text.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            for number in [first, last] {
                let digits = number.len();
                let fits = (1..=limits::RANGE_DIGITS_MAX).contains(&digits)
                    && number.chars().all(|c| c.is_ascii_digit());
                if !fits || *width.get_or_insert(digits) != digits {
                    return None;
                }
            }
            let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
            if first > last || runs.len() >= limits::TABLE_ROWS_MAX {
                return None;
            }
            runs.push((first, last));
        }
        let range = Self {
            width: width?,
            runs: merged(runs)?,
        };
        (range.count() <= limits::RANGE_COUNT_MAX).then_some(range)
    }

    /// How many numbers it names.
    pub fn count(&self) -> u64 {
        self.runs.iter().map(|(first, last)| last - first + 1).sum()
    }

    /// The numbers, each as it is printed.
    pub fn numbers(&self) -> impl Iterator<Item = String> + '_ {
        let width = self.width;
        self.runs.iter().flat_map(move |(first, last)| {
            (*first..=*last).map(move |number| format!("{number:0width$}"))
        })
    }

    /// Whether it names this number.
    pub fn contains(&self, number: &str) -> bool {
        number.len() == self.width
            && number.parse::<u64>().is_ok_and(|number| {
                self.runs
                    .iter()
                    .any(|(first, last)| (*first..=*last).contains(&number))
            })
    }
}

/// Runs in order, neighbours joined; nothing when two overlap.
fn merged(mut runs: Vec<(u64, u64)>) -> Option<Vec<(u64, u64)>> {
    runs.sort_unstable();
    let mut merged: Vec<(u64, u64)> = Vec::with_capacity(runs.len());
    for (first, last) in runs {
        match merged.last_mut() {
            Some((_, before)) if first <= *before => return None,
            Some((_, before)) if first == *before + 1 => *before = last,
            _ => merged.push((first, last)),
        }
    }
    Some(merged)
}

fn to_ascii(c: char) -> char {
    match c {
        '，' | '、' => ',',
        '－' | '—' | '–' | '~' | '～' | '至' => '-',
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10).unwrap_or(c),
        other => other,
    }
}

impl fmt::Display for NumberRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.width;
        for (index, (first, last)) in self.runs.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            if first == last {
                write!(f, "{first:0width$}")?;
            } else {
                write!(f, "{first:0width$}-{last:0width$}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copy_numbers_are_counted_and_printed() {
        let range = NumberRange::parse("000001-000005，000009").unwrap();
        assert_eq!(range.count(), 6);
        assert_eq!(range.to_string(), "000001-000005,000009");
        assert!(range.contains("000003"));
        assert!(!range.contains("000006"));
        assert!(!range.contains("3"));
        assert_eq!(range.numbers().last().as_deref(), Some("000009"));
    }

    #[test]
    fn neighbouring_runs_join_and_overlaps_are_refused() {
        assert_eq!(
            NumberRange::parse("03-05,01-02").unwrap().to_string(),
            "01-05"
        );
        for text in [
            "",
            "1-",
            "5-1",
            "1-3,2",
            "01-3",
            "a",
            "1,,2",
            "000000-999999",
        ] {
            assert_eq!(NumberRange::parse(text), None, "{text}");
        }
    }
}
