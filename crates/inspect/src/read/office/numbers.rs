//! Numbers of cells, roughly as a sheet shows them: days as days, the rest without an exponent.

/// Which formats of a workbook show a number as a day or a time.
#[derive(Debug, Default)]
pub(crate) struct Formats {
    /// Own formats, by number.
    dated: std::collections::HashSet<u32>,
    /// The format of each style of a cell.
    styles: Vec<u32>,
    /// Days count from 1904 on.
    pub(crate) from_1904: bool,
}

impl Formats {
    /// Takes an own format of the workbook.
    pub(crate) fn format(&mut self, number: u32, code: &str) {
        if is_date(code) {
            self.dated.insert(number);
        } else {
            self.dated.remove(&number);
        }
    }

    /// Takes the next style of a cell.
    pub(crate) fn style(&mut self, format: u32) {
        self.styles.push(format);
    }

    /// Whether a style shows days or times.
    pub(crate) fn is_dated(&self, style: usize) -> bool {
        let format = self.styles.get(style).copied().unwrap_or_default();
        matches!(format, 14..=22 | 27..=36 | 45..=47 | 50..=58) || self.dated.contains(&format)
    }

    /// A number in a style of a cell.
    pub(crate) fn shown(&self, number: f64, style: usize) -> String {
        let days = if self.from_1904 {
            number + 1_462.0
        } else {
            number
        };
        match self.is_dated(style).then(|| date(days)).flatten() {
            Some(date) => date,
            None => plain(number),
        }
    }
}

/// Whether a format writes Chinese words of its own, beside those of days.
pub(crate) fn writes_words(code: &str) -> bool {
    code.chars()
        .any(|letter| letter >= '\u{2e80}' && !"年月日时時分秒上下午星期周￥".contains(letter))
}

/// Whether a format shows a day or a time: letters of one outside quotes and brackets.
fn is_date(code: &str) -> bool {
    let (mut quoted, mut bracket, mut escaped) = (false, false, false);
    for letter in code.chars() {
        if escaped {
            escaped = false;
            continue;
        }
        match letter {
            '\\' | '_' | '*' => escaped = true,
            '"' => quoted = !quoted,
            '[' if !quoted => bracket = true,
            ']' => bracket = false,
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' | '年' | '月' | '日'
                if !quoted && !bracket =>
            {
                return true;
            }
            _ => {}
        }
    }
    false
}

/// A number of days since the end of 1899 as a day, with the time if there is one.
fn date(days: f64) -> Option<String> {
    if !(0.0..2_958_466.0).contains(&days) {
        return None;
    }
    let seconds = whole((days.fract() * 86_400.0).round())?;
    let day = whole(days.trunc())? + seconds / 86_400;
    let seconds = seconds % 86_400;
    let time = format!(
        "{:02}:{:02}:{:02}",
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    );
    if day == 0 {
        return Some(time);
    }
    // WHY: these sheets hold 1900 for a leap year, so days before March 1900 are one early
    let since_1970 = if day < 61 { day + 1 } else { day } - 25_569;
    let (year, month, day) = civil(since_1970);
    let date = format!("{year:04}-{month:02}-{day:02}");
    Some(if seconds == 0 {
        date
    } else {
        format!("{date} {time}")
    })
}

/// The Gregorian day of a number of days since 1970 (Howard Hinnant's formula).
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

fn whole(number: f64) -> Option<i64> {
    format!("{number:.0}").parse().ok()
}

/// A number without an exponent, as far as that is short enough to be read.
pub(crate) fn plain(number: f64) -> String {
    if number.abs() < 1e21 && (number == 0.0 || number.abs() > 1e-9) {
        // sheets keep 15 digits; what is beyond is the machine's rounding
        let short = format!("{number:.14e}").parse().unwrap_or(number);
        let short: f64 = if number.abs() < 1e15 { short } else { number };
        format!("{short}")
    } else {
        format!("{number:e}")
    }
}

#[cfg(test)]
mod tests {
    use super::{Formats, is_date, plain};

    #[test]
    fn days_are_shown_as_days_and_numbers_without_an_exponent() {
        let mut formats = Formats::default();
        formats.style(0);
        formats.style(14);
        formats.style(22);
        assert_eq!(formats.shown(45_292.0, 1), "2024-01-01");
        assert_eq!(formats.shown(45_292.5, 2), "2024-01-01 12:00:00");
        assert_eq!(formats.shown(59.0, 1), "1900-02-28");
        assert_eq!(formats.shown(45_292.0, 0), "45292");
        assert_eq!(plain(0.1 + 0.2), "0.3");
        assert_eq!(plain(123_456_789_012_345_680.0), "123456789012345680");
        assert_eq!(plain(1e300), "1e300");
    }

    #[test]
    fn letters_in_quotes_make_no_date() {
        assert!(is_date("yyyy/m/d"));
        assert!(is_date("[$-804]aaaa;@ d"));
        assert!(!is_date("0.00\"days\""));
        assert!(!is_date("[Red]0.00"));
    }
}
