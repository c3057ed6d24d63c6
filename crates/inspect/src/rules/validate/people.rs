//! Numbers and addresses of people.

use super::digits;

/// Provinces and the like, by the first two digits of GB/T 2260.
const REGIONS: [u32; 35] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
    53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83,
];

/// GB 11643: region, day of birth, ISO 7064 modulo 11-2.
pub(super) fn prc_id(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let Some((body, check)) = text.split_at_checked(17) else {
        return false;
    };
    let Some(values) = digits(body).filter(|_| check.len() == 1) else {
        return false;
    };
    let sum: u32 = values
        .iter()
        .zip(WEIGHTS)
        .map(|(value, weight)| value * weight)
        .sum();
    let wanted = "10X98765432".chars().nth((sum % 11) as usize);
    let fits = check.chars().next().map(|c| c.to_ascii_uppercase()) == wanted;
    fits && region(&values) && day(body.get(6..10), body.get(10..12), body.get(12..14))
}

/// The number of before 1999; it has no check digit, so rules ask for a word near it.
pub(super) fn prc_id_15(text: &str) -> bool {
    let Some(values) = digits(text) else {
        return false;
    };
    let year = text.get(6..8).map(|year| format!("19{year}"));
    values.len() == 15 && region(&values) && day(year.as_deref(), text.get(8..10), text.get(10..12))
}

fn region(values: &[u32]) -> bool {
    matches!(values, [first, second, ..] if REGIONS.contains(&(first * 10 + second)))
}

fn day(year: Option<&str>, month: Option<&str>, day: Option<&str>) -> bool {
    let number = |text: Option<&str>| {
        text.and_then(|text| text.parse::<u32>().ok())
            .unwrap_or_default()
    };
    let (year, month, day) = (number(year), number(month), number(day));
    let leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1900..=2099).contains(&year) && (1..=last).contains(&day)
}

/// Mobile numbers of the mainland: the ranges that are in use.
pub(super) fn mobile(text: &str) -> bool {
    let text = text
        .strip_prefix("86")
        .filter(|rest| rest.len() == 11)
        .unwrap_or(text);
    let Some(values) = digits(text) else {
        return false;
    };
    let range = match values.as_slice() {
        [1, 3 | 5 | 7 | 8 | 9, ..] => values.get(1..3) != Some(&[5, 4]),
        [1, 4, third, ..] => matches!(third, 0 | 1 | 4..=9),
        [1, 6, third, ..] => matches!(third, 2 | 5 | 6 | 7),
        _ => false,
    };
    let same = |from: usize| {
        values
            .get(from..)
            .is_some_and(|rest| rest.iter().all(|digit| Some(digit) == rest.first()))
    };
    values.len() == 11 && range && !same(3)
}

/// Telephone numbers with their area.
pub(super) fn phone(text: &str) -> bool {
    let Some(values) = digits(text) else {
        return false;
    };
    match values.as_slice() {
        [0, 1 | 2, _, first, ..] => values.len() == 11 && *first >= 2,
        [0, 3..=9, _, _, first, ..] => matches!(values.len(), 11 | 12) && *first >= 2,
        _ => false,
    }
}

pub(super) fn passport(text: &str) -> bool {
    let letters = text.chars().take_while(char::is_ascii_uppercase).count();
    let number = text.get(letters..).unwrap_or_default();
    let fits = match letters {
        1 => {
            "DEGHKMPS".contains(text.chars().next().unwrap_or_default())
                && matches!(number.len(), 7 | 8)
        }
        2 => text.starts_with('E') && number.len() == 7,
        _ => false,
    };
    fits && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Permits of people of Hong Kong and Macao for the mainland, and of the mainland for them.
pub(super) fn permit(text: &str) -> bool {
    let number = text.get(1..).unwrap_or_default();
    text.starts_with(['H', 'M', 'C', 'W'])
        && matches!(number.len(), 8 | 10)
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Permits of people of Taiwan for the mainland.
pub(super) fn taiwan_permit(text: &str) -> bool {
    matches!(text.len(), 8 | 10) && digits(text).is_some()
}

pub(super) fn email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else {
        return false;
    };
    let top = host
        .rsplit_once('.')
        .map(|(_, top)| top.to_ascii_lowercase());
    let example = [
        "example.com",
        "example.org",
        "example.net",
        "test.com",
        "domain.com",
        "localhost",
    ];
    let file = ["png", "jpg", "gif", "js", "css", "svg", "webp", "py", "rs"];
    let top_fits = top.as_deref().is_some_and(|top| {
        top.len() >= 2 && !file.contains(&top) && top.bytes().all(|byte| byte.is_ascii_alphabetic())
    });
    top_fits
        && !name.is_empty()
        && !name.starts_with('.')
        && !example
            .iter()
            .any(|example| host.eq_ignore_ascii_case(example))
}
