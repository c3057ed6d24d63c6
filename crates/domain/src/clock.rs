//! Time as a parameter: the trait everything that needs "now" takes.
//!
//! The real clock is made only in the binary. Instants are [`Timestamp`]; days are [`Date`] in the
//! site's zone, because a period ends on a day and not on an instant.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// The zone a site counts its days in unless configured otherwise.
pub const SITE_ZONE_DEFAULT: &str = "Asia/Shanghai";

/// Tells the time.
pub trait Clock: Send + Sync + Debug {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}

/// The calendar day of an instant in the site's zone.
pub fn today(now: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(now).date()
}

/// A clock that stands where it was put; for tests and for `--test-clock`.
#[derive(Debug)]
pub struct FixedClock(Mutex<Timestamp>);

impl FixedClock {
    /// A clock standing at `now`.
    pub fn new(now: Timestamp) -> Self {
        Self(Mutex::new(now))
    }

    /// Puts the clock to another instant, earlier or later.
    pub fn set(&self, now: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// Moves the clock by a duration; stops at the ends of the calendar.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.saturating_add(by).unwrap_or(*now);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_when_told() {
        let start: Timestamp = "2026-03-01T14:10:00Z".parse().unwrap();
        let clock = Arc::new(FixedClock::new(start));
        assert_eq!(clock.now(), start);
        clock.advance(SignedDuration::from_hours(24));
        assert_eq!(clock.now(), "2026-03-02T14:10:00Z".parse().unwrap());
        clock.set(start);
        assert_eq!(clock.now(), start);
    }

    #[test]
    fn a_day_is_the_sites_day() {
        let zone = TimeZone::get(SITE_ZONE_DEFAULT).unwrap();
        let late_evening_utc = "2026-02-28T16:00:00Z".parse().unwrap();
        assert_eq!(
            today(late_evening_utc, &zone),
            jiff::civil::date(2026, 3, 1)
        );
    }
}
