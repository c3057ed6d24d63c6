//! Numbers of firms, banks, devices and nets; disorder of keys.

use super::digits;

/// GB 32100: unified social credit code, weights modulo 31.
pub(super) fn uscc(text: &str) -> bool {
    const LETTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    const WEIGHTS: [usize; 17] = [
        1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28,
    ];
    let Some(values) = text
        .chars()
        .map(|c| LETTERS.find(c))
        .collect::<Option<Vec<usize>>>()
    else {
        return false;
    };
    let [first, second, ..] = values.as_slice() else {
        return false;
    };
    if values.len() != 18 || *first == 0 || *second == 0 || *first > 31 {
        return false;
    }
    // WHY: a number of a person of 18 digits passes by chance in one of 31
    let region: Option<Vec<u32>> = text.get(2..8).and_then(digits);
    let known =
        region.is_some_and(|region| region.first().is_some_and(|first| (1..=8).contains(first)));
    let sum: usize = values
        .iter()
        .zip(WEIGHTS)
        .map(|(value, weight)| value * weight)
        .sum();
    let fits = known && values.last() == Some(&((31 - sum % 31) % 31));
    fits && !super::people::prc_id(text)
}

pub(super) fn luhn(text: &str) -> bool {
    let Some(digits) = digits(text) else {
        return false;
    };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => *digit,
            (_, twice) if twice > 9 => twice - 9,
            (_, twice) => twice,
        })
        .sum();
    digits.len() >= 12
        && sum.is_multiple_of(10)
        && digits.iter().any(|digit| Some(digit) != digits.first())
}

/// Cards of Chinese and international banks: issuer and check digit.
pub(super) fn bank_card(text: &str) -> bool {
    let issuer = match text.len() {
        16 => ["62", "4", "51", "52", "53", "54", "55", "35", "60", "65"]
            .iter()
            .any(|begin| text.starts_with(begin)),
        15 => text.starts_with("34") || text.starts_with("37"),
        17..=19 => {
            text.starts_with("62")
                || text.starts_with("60")
                || text.starts_with("95")
                || text.starts_with("43")
        }
        _ => false,
    };
    issuer && luhn(text)
}

/// Serial numbers of telephones; alone they are too like other numbers, so rules ask for a word near them.
pub(super) fn imei(text: &str) -> bool {
    text.len() == 15 && luhn(text)
}

/// ISO 13616: letters as numbers, modulo 97.
pub(super) fn iban(text: &str) -> bool {
    let lengths = [
        ("AD", 24),
        ("AT", 20),
        ("BE", 16),
        ("CH", 21),
        ("CY", 28),
        ("CZ", 24),
        ("DE", 22),
        ("DK", 18),
        ("ES", 24),
        ("FI", 18),
        ("FR", 27),
        ("GB", 22),
        ("GR", 27),
        ("HU", 28),
        ("IE", 22),
        ("IT", 27),
        ("LU", 20),
        ("NL", 18),
        ("NO", 15),
        ("PL", 28),
        ("PT", 25),
        ("RO", 24),
        ("SE", 24),
        ("SA", 24),
        ("AE", 23),
        ("TR", 26),
        ("IL", 23),
    ];
    let known = lengths
        .iter()
        .any(|(country, length)| text.starts_with(country) && text.len() == *length);
    let Some((begin, rest)) = text.split_at_checked(4).filter(|_| known) else {
        return false;
    };
    let mut left = 0_u32;
    for c in rest.chars().chain(begin.chars()) {
        let Some(value) = c.to_digit(36).filter(|_| !c.is_ascii_lowercase()) else {
            return false;
        };
        left = (left * if value > 9 { 100 } else { 10 } + value) % 97;
    }
    left == 1
}

pub(super) fn ipv4(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let fits = parts
        .iter()
        .all(|part| part.parse::<u8>().is_ok() && (part.len() == 1 || !part.starts_with('0')));
    fits && parts.len() == 4
        && !text.starts_with("0.")
        && !text.starts_with("127.")
        && !text.starts_with("255.")
}

/// Bits a character, by how often each stands there.
pub(crate) fn entropy(text: &str) -> f32 {
    let mut counts = [0_u16; 256];
    let mut all = 0_u16;
    for byte in text.bytes().take(4_096) {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
            all += 1;
        }
    }
    let whole = f32::from(all.max(1));
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f32::from(*count) / whole)
        .map(|share| -share * share.log2())
        .sum()
}

/// A key made by a machine: disordered, with digits, no word and no path.
pub(super) fn random(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    digits >= 2
        && letters >= 2
        && entropy(text) >= 3.0
        && !text.contains("EXAMPLE")
        && !is_stand_in(text)
}

/// A password as people choose them; what stands where one should be put is none.
pub(super) fn password(text: &str) -> bool {
    let kinds = [
        text.bytes().any(|byte| byte.is_ascii_digit()),
        text.bytes().any(|byte| byte.is_ascii_lowercase()),
        text.bytes().any(|byte| byte.is_ascii_uppercase()),
        text.bytes().any(|byte| byte.is_ascii_punctuation()),
    ];
    let code = text.starts_with(['$', '%', '&'])
        || text.contains(['\\', '(', ')', '[', ']', '{', '}', '<', '>', ';', ',']);
    let code = code || ["::", "->", "__"].iter().any(|sign| text.contains(sign));
    text.is_ascii()
        && kinds.iter().filter(|kind| **kind).count() >= 2
        && entropy(text) >= 2.0
        && !code
        && !is_stand_in(text)
        && (kinds.first() == Some(&true) || text.bytes().any(|byte| b"!@#$%^&*".contains(&byte)))
}

fn is_stand_in(text: &str) -> bool {
    let small = text.to_ascii_lowercase();
    [
        "example",
        "xxxx",
        "your",
        "changeme",
        "placeholder",
        "sample",
        "dummy",
        "<",
        "${",
        "****",
        "....",
        "redacted",
    ]
    .iter()
    .any(|word| small.contains(word))
}
