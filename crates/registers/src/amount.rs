//! Amounts of money as text with two decimals, so that nothing is rounded on the way.

/// Reads `1234.50`, `1234.5`, `1234` or `-3` as hundredths.
pub fn hundredths(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    let has_point = digits.contains('.');
    let well_formed = !whole.is_empty()
        && whole.len() <= 15
        && fraction.len() <= 2
        && (!has_point || !fraction.is_empty())
        && is_digits(whole)
        && is_digits(fraction);
    if !well_formed {
        return None;
    }
    let cents: i64 = match fraction.len() {
        0 => 0,
        1 => fraction.parse::<i64>().ok()? * 10,
        _ => fraction.parse().ok()?,
    };
    let value = whole
        .parse::<i64>()
        .ok()?
        .checked_mul(100)?
        .checked_add(cents)?;
    Some(if negative { -value } else { value })
}

/// Writes hundredths as `1234.50`.
pub(crate) fn print(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let value = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}", value / 100, value % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_every_cent() {
        for (text, printed) in [
            ("0", "0.00"),
            ("12.5", "12.50"),
            ("-3", "-3.00"),
            ("0.07", "0.07"),
            ("-0.5", "-0.50"),
        ] {
            assert_eq!(print(hundredths(text).unwrap()), printed);
        }
        for text in [
            "",
            "-",
            "1.",
            ".5",
            "1.234",
            "1e3",
            "１２",
            "9999999999999999",
        ] {
            assert_eq!(hundredths(text), None, "{text}");
        }
    }
}
