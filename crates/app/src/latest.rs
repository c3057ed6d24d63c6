//! The latest instant the log knows. INVARIANT: no entry is dated before those that stand already; so
//! while the clock is behind them nothing is written, and whoever asks is told why.

use crate::{
    error::{Error, text},
    limits,
};
use domain::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};

/// When the newest entry was made, as far as this program knows.
#[derive(Debug)]
pub(crate) struct Latest(AtomicI64);

impl Latest {
    pub(crate) fn unknown() -> Self {
        Self(AtomicI64::new(i64::MIN))
    }

    /// An entry of this instant stands.
    pub(crate) fn note(&self, at: Timestamp) {
        self.0.fetch_max(at.as_millisecond(), Ordering::Relaxed);
    }

    /// Refuses a clock that has gone back behind the log. WHY: servers that share a database differ
    /// by seconds, and clocks are set right by as much; that alone is let pass.
    pub(crate) fn check(&self, now: Timestamp) -> Result<(), Error> {
        let latest = self.0.load(Ordering::Relaxed);
        let behind = latest.saturating_sub(now.as_millisecond());
        if behind <= limits::CLOCK_BEHIND_MS {
            return Ok(());
        }
        let last = Timestamp::from_millisecond(latest).unwrap_or(Timestamp::MAX);
        Err(Error::Conflict {
            code: "clock.moved_back",
            say: text(
                &format!("服务器时钟（{now}）早于日志中最后一条记录（{last}），请校准时钟"),
                &format!(
                    "the server's clock ({now}) is behind the newest entry of the log ({last}); set \
                     the clock right"
                ),
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_clock_may_differ_by_seconds_but_not_go_back() {
        let latest = Latest::unknown();
        assert!(
            latest.check(Timestamp::MIN).is_ok(),
            "an empty log binds nobody"
        );
        latest.note(at("2026-03-02T01:00:00Z"));
        latest.note(at("2026-03-02T00:00:00Z"));
        assert!(latest.check(at("2026-03-02T01:00:01Z")).is_ok());
        assert!(latest.check(at("2026-03-02T00:59:00Z")).is_ok());
        let refused = latest.check(at("2026-03-02T00:58:59Z")).unwrap_err();
        assert!(
            matches!(
                refused,
                Error::Conflict {
                    code: "clock.moved_back",
                    ..
                }
            ),
            "{refused}"
        );
    }
}
