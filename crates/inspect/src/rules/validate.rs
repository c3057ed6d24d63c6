//! Checks that a pattern cannot make: check digits, dates, regions, disorder. Each has a name that rules use.

mod numbers;
mod people;
#[cfg(test)]
mod tests;

pub(crate) use numbers::entropy;

/// A check by its name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Validator(fn(&str) -> bool);

const ALL: [(&str, fn(&str) -> bool); 16] = [
    ("prc_id", people::prc_id),
    ("prc_id_15", people::prc_id_15),
    ("uscc", numbers::uscc),
    ("bank_card", numbers::bank_card),
    ("luhn", numbers::luhn),
    ("iban", numbers::iban),
    ("imei", numbers::imei),
    ("mobile", people::mobile),
    ("phone", people::phone),
    ("passport", people::passport),
    ("permit", people::permit),
    ("taiwan_permit", people::taiwan_permit),
    ("ipv4", numbers::ipv4),
    ("email", people::email),
    ("random", numbers::random),
    ("password", numbers::password),
];

impl Validator {
    pub(crate) fn named(name: &str) -> Option<Self> {
        ALL.iter()
            .find(|(known, _)| *known == name)
            .map(|(_, check)| Self(*check))
    }

    pub(crate) fn holds(self, text: &str) -> bool {
        self.0(text)
    }
}

/// The digits of a text, if it has nothing else.
fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|c| c.to_digit(10)).collect()
}
