//! The real clock, made only here, and the clock of tests, a file that is read at every question.

use crate::complaint::Complaint;
use domain::{Clock, Date, SITE_ZONE_DEFAULT, Timestamp};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// The system's clock.
#[derive(Debug)]
struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The day it is, where no house says in which zone it lies.
pub(crate) fn today() -> anyhow::Result<Date> {
    Ok(Timestamp::now().in_tz(SITE_ZONE_DEFAULT)?.date())
}

/// A file holding an RFC 3339 instant; while it cannot be read the last instant stands.
#[derive(Debug)]
struct FileClock {
    path: PathBuf,
    last: Mutex<Timestamp>,
}

impl Clock for FileClock {
    fn now(&self) -> Timestamp {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(now) = read(&self.path) {
            *last = now;
        }
        *last
    }
}

fn read(path: &Path) -> Option<Timestamp> {
    std::fs::read_to_string(path).ok()?.trim().parse().ok()
}

/// The clock the arguments ask for.
pub(crate) fn make(test_clock: Option<PathBuf>) -> anyhow::Result<Arc<dyn Clock>> {
    let Some(path) = test_clock else {
        return Ok(Arc::new(SystemClock));
    };
    let first = read(&path).ok_or_else(|| {
        let name = path.display();
        Complaint::new(
            "clock.unreadable",
            &format!("测试时钟 `{name}` 中没有 RFC 3339 时刻（如 2026-03-02T01:00:00Z）"),
            &format!("the test clock `{name}` holds no RFC 3339 instant (2026-03-02T01:00:00Z)"),
        )
    })?;
    Ok(Arc::new(FileClock {
        path,
        last: Mutex::new(first),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_clock_is_what_its_file_says_and_stands_while_it_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clock");
        assert!(make(Some(path.clone())).is_err(), "there is no file yet");
        std::fs::write(&path, "2026-03-02T01:00:00Z\n").unwrap();
        let clock = make(Some(path.clone())).unwrap();
        assert_eq!(clock.now().to_string(), "2026-03-02T01:00:00Z");
        std::fs::write(&path, "2026-03-01T01:00:00Z").unwrap();
        assert_eq!(
            clock.now().to_string(),
            "2026-03-01T01:00:00Z",
            "earlier too"
        );
        std::fs::write(&path, "half an inst").unwrap();
        assert_eq!(clock.now().to_string(), "2026-03-01T01:00:00Z");
    }
}
