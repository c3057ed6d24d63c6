//! Working days: weekends, public holidays, and make-up days that turn a weekend into work.
//!
//! Some deadlines count working days (R-112), most do not (R-601); the caller says which. The
//! days come from a pack's calendar, published by the State Council year by year.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

/// Public holidays and make-up working days.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    #[serde(default)]
    holidays: BTreeSet<Date>,
    #[serde(default)]
    makeup: BTreeSet<Date>,
}

impl Calendar {
    /// A calendar of days off and of make-up days 调休上班日; a day in both is worked.
    pub fn new(
        holidays: impl IntoIterator<Item = Date>,
        makeup: impl IntoIterator<Item = Date>,
    ) -> Self {
        Self {
            holidays: holidays.into_iter().collect(),
            makeup: makeup.into_iter().collect(),
        }
    }

    /// Adds the days of another calendar, such as the next year's.
    pub fn extend(&mut self, other: Self) {
        self.holidays.extend(other.holidays);
        self.makeup.extend(other.makeup);
    }

    /// Whether holidays of this year are known. Without them a working-day deadline is computed
    /// too early, which is safe but should be shown.
    pub fn knows(&self, year: i16) -> bool {
        self.holidays.iter().any(|day| day.year() == year)
    }

    /// Whether people work on this day.
    pub fn is_workday(&self, day: Date) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        self.makeup.contains(&day) || !(weekend || self.holidays.contains(&day))
    }

    /// The `count`-th working day after `start`; the start itself is not counted, and zero days
    /// later is the start. Stops at the last day of the year 9999.
    pub fn add_workdays(&self, start: Date, count: u32) -> Date {
        let mut day = start;
        let mut left = count;
        while left > 0 {
            let Ok(next) = day.tomorrow() else { return day };
            day = next;
            if self.is_workday(day) {
                left -= 1;
            }
        }
        day
    }

    /// How many working days lie after `start` up to and including `end`; zero if none.
    pub fn workdays_between(&self, start: Date, end: Date) -> u32 {
        let mut day = start;
        let mut count = 0;
        while day < end {
            let Ok(next) = day.tomorrow() else {
                return count;
            };
            day = next;
            count += u32::from(self.is_workday(day));
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    /// National Day and Mid-Autumn 2025 as the State Council published them.
    fn autumn_2025() -> Calendar {
        Calendar::new(
            (1..=8).map(|day| date(2025, 10, day)),
            [date(2025, 9, 28), date(2025, 10, 11)],
        )
    }

    #[test]
    fn r112_unclear_item_drafted_on_a_friday_is_due_after_ten_working_days() {
        let friday = date(2025, 9, 26);
        assert_eq!(friday.weekday(), Weekday::Friday);
        assert_eq!(autumn_2025().add_workdays(friday, 10), date(2025, 10, 16));
        assert_eq!(
            Calendar::default().add_workdays(friday, 10),
            date(2025, 10, 10)
        );
    }

    #[test]
    fn make_up_days_are_worked_and_holidays_are_not() {
        let calendar = autumn_2025();
        assert!(calendar.is_workday(date(2025, 9, 28)), "a Sunday made up");
        assert!(!calendar.is_workday(date(2025, 10, 1)), "a Wednesday off");
        assert!(
            !calendar.is_workday(date(2025, 10, 12)),
            "an ordinary Sunday"
        );
        assert!(calendar.knows(2025) && !calendar.knows(2026));
        let mut both = calendar.clone();
        both.extend(Calendar::new([date(2026, 1, 1)], []));
        assert!(both.knows(2026) && both.knows(2025));
    }

    #[test]
    fn the_end_of_the_calendar_stops_the_count() {
        let calendar = Calendar::default();
        assert_eq!(calendar.add_workdays(Date::MAX, 3), Date::MAX);
        assert_eq!(
            calendar.workdays_between(date(2026, 3, 2), date(2026, 3, 1)),
            0
        );
    }

    #[test]
    fn calendars_are_stored_as_lists_of_days() {
        let json = r#"{"holidays":["2025-10-01"],"makeup":["2025-09-28"]}"#;
        let calendar: Calendar = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&calendar).unwrap(), json);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn adding_and_counting_working_days_agree(offset in 0i32..400, count in 0u32..60) {
            let calendar = autumn_2025();
            let start = date(2025, 1, 1).saturating_add(jiff::Span::new().days(offset));
            let end = calendar.add_workdays(start, count);
            prop_assert_eq!(calendar.workdays_between(start, end), count);
            prop_assert!(count == 0 || calendar.is_workday(end));
        }
    }
}
