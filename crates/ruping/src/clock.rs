//! The real clock, made only here, and the clock of tests, a file that is read at every question.

use domain::{Clock, Timestamp};
use std::{
    path::PathBuf,
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

fn read(path: &PathBuf) -> Option<Timestamp> {
    std::fs::read_to_string(path).ok()?.trim().parse().ok()
}

/// The clock the arguments ask for.
pub(crate) fn make(test_clock: Option<PathBuf>) -> anyhow::Result<Arc<dyn Clock>> {
    let Some(path) = test_clock else {
        return Ok(Arc::new(SystemClock));
    };
    let first = read(&path)
        .ok_or_else(|| anyhow::anyhow!("{} holds no RFC 3339 instant", path.display()))?;
    Ok(Arc::new(FileClock {
        path,
        last: Mutex::new(first),
    }))
}
