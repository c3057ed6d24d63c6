//! What a check has found so far, and how far it is.

use crate::log;
use serde::Serialize;

/// Problems that a report lists one by one.
const PROBLEMS: usize = 1000;
/// How often a long check says how far it is.
const TELL_EVERY: u64 = 10_000;

/// What `check` found.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Nothing is wrong.
    pub ok: bool,
    /// Entries that have their place in the log.
    pub size: u64,
    /// Entries that wait for theirs.
    pub pending: u64,
    /// What is wrong, at most a thousand.
    pub problems: Vec<Problem>,
    /// Versions and movements that went with the end of an older database, as the log says.
    #[serde(skip_serializing_if = "is_zero")]
    pub lost: u64,
    /// How many more problems there are.
    #[serde(skip_serializing_if = "is_zero")]
    pub more: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// One thing that is wrong.
#[derive(Debug, Clone, Serialize)]
pub struct Problem {
    /// Stable id (`check.version_changed`).
    pub id: &'static str,
    /// What is wrong.
    pub what: String,
    /// Where: ids only.
    #[serde(rename = "where")]
    pub place: String,
}

/// How far a long check is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being looked at: `entries`, `versions`, `files` …
    pub stage: &'static str,
    /// How many were.
    pub done: u64,
}

/// Who is told.
pub type Told = Box<dyn FnMut(Progress) + Send>;

pub(super) struct Findings {
    problems: Vec<Problem>,
    more: u64,
    lost: u64,
    at: Progress,
    told: Told,
}

impl Findings {
    pub(super) fn new(told: Told) -> Self {
        Self {
            problems: Vec::new(),
            more: 0,
            lost: 0,
            at: Progress { stage: "", done: 0 },
            told,
        }
    }

    pub(super) fn add(&mut self, id: &'static str, what: impl Into<String>, place: String) {
        if self.problems.len() < PROBLEMS {
            self.problems.push(Problem {
                id,
                what: what.into(),
                place,
            });
        } else {
            self.more += 1;
        }
    }

    /// Counts one more thing that is known to be lost: no problem, and not forgotten.
    pub(super) fn lose(&mut self) {
        self.lost += 1;
    }

    /// Counts one more thing of a stage.
    pub(super) fn count(&mut self, stage: &'static str) {
        if self.at.stage != stage {
            self.at = Progress { stage, done: 0 };
        }
        self.at.done += 1;
        if self.at.done.is_multiple_of(TELL_EVERY) {
            (self.told)(self.at);
        }
    }

    pub(super) fn report(self, end: log::End) -> Report {
        Report {
            ok: self.problems.is_empty(),
            size: end.size,
            pending: end.pending,
            problems: self.problems,
            lost: self.lost,
            more: self.more,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[test]
    fn a_long_check_says_how_far_it_is_and_lists_no_more_than_a_person_can_read() {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hears = Arc::clone(&heard);
        let told: Told = Box::new(move |progress| hears.lock().unwrap().push(progress.done));
        let mut findings = Findings::new(told);
        for number in 0..TELL_EVERY * 2 + 5 {
            findings.count("entries");
            if number < 1007 {
                findings.add("check.x", "wrong", number.to_string());
            }
        }
        findings.count("versions");
        assert_eq!(*heard.lock().unwrap(), [TELL_EVERY, TELL_EVERY * 2]);
        let report = findings.report(log::End {
            size: 5,
            pending: 1,
        });
        assert_eq!(
            (report.ok, report.problems.len(), report.more),
            (false, PROBLEMS, 7)
        );
    }
}
