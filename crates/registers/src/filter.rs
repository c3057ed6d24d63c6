//! The words in which a list is asked for: `field:value`, `field>=value`, `field<=value`, joined by commas.
//! How a condition is found is the business of whoever keeps the records; here it is only read.

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `:`, or one of several with `|` between them where states are meant.
    Is,
    /// `>=`.
    AtLeast,
    /// `<=`.
    AtMost,
}

/// One condition as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'f> {
    /// What is looked at: a field, or a word of the language.
    pub key: &'f str,
    /// How.
    pub comparison: Comparison,
    /// With what.
    pub value: &'f str,
}

/// How a deadline of a record stands, with the word for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClockIs {
    /// It runs, and is not due yet.
    Running,
    /// It runs, and the day has passed.
    Overdue,
    /// It was stopped in time.
    Met,
    /// It was stopped too late.
    Late,
}

impl ClockIs {
    /// Every way with the word for it.
    pub const ALL: [(&'static str, Self); 4] = [
        ("running", Self::Running),
        ("overdue", Self::Overdue),
        ("met", Self::Met),
        ("late", Self::Late),
    ];
}

const COMPARISONS: [(&str, Comparison); 3] = [
    (">=", Comparison::AtLeast),
    ("<=", Comparison::AtMost),
    (":", Comparison::Is),
];

/// The conditions of a filter; what is no condition is given back as it is written.
pub fn parts(filter: &str) -> impl Iterator<Item = Result<Part<'_>, &str>> {
    let written = filter.split(',').map(str::trim);
    written.filter(|part| !part.is_empty()).map(part)
}

/// One condition.
///
/// # Errors
/// The text itself, where it is none.
pub fn part(written: &str) -> Result<Part<'_>, &str> {
    let mut found = COMPARISONS.iter().filter_map(|(sign, comparison)| {
        let (key, value) = written.split_once(sign)?;
        let comparison = *comparison;
        Some(Part {
            key,
            comparison,
            value,
        })
    });
    found.next().ok_or(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_conditions_joined_by_commas() {
        let read: Vec<_> = parts("state:a|b, due>=2026-03-01,,x<=3 ,nothing").collect();
        let part = |key, comparison, value| {
            Ok(Part {
                key,
                comparison,
                value,
            })
        };
        let wanted = [
            part("state", Comparison::Is, "a|b"),
            part("due", Comparison::AtLeast, "2026-03-01"),
            part("x", Comparison::AtMost, "3"),
            Err("nothing"),
        ];
        assert_eq!(read, wanted);
    }
}
