//! Baselines: the findings of an earlier scan, so that a later one tells what is new.
//!
//! INVARIANT: a baseline holds no text of any file; each finding is its rule, its path and a keyed digest.

use std::collections::{BTreeMap, BTreeSet};

use inspect::Status;
use serde::{Deserialize, Serialize};

use crate::beside::is_of_finding;
use crate::{Mistake, Salt, Told};

/// The version of the form.
const VERSION: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    salt: String,
    findings: Vec<Row>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    rule: String,
    path: String,
    digest: String,
    count: u64,
}

/// What makes a finding the same one: its path, its rule, its digest.
type Same = (String, String, String);

/// How often each finding is there.
#[derive(Debug, Clone)]
pub struct Findings {
    salt: Salt,
    counts: BTreeMap<Same, u64>,
}

impl Findings {
    /// None yet.
    #[must_use]
    pub fn new(salt: Salt) -> Self {
        Self {
            salt,
            counts: BTreeMap::new(),
        }
    }

    /// What digests are keyed with.
    #[must_use]
    pub fn salt(&self) -> &Salt {
        &self.salt
    }

    /// Takes a finding in.
    pub fn add(&mut self, path: &str, rule: &str, digest: &str) {
        let same = (path.to_owned(), rule.to_owned(), digest.to_owned());
        *self.counts.entry(same).or_default() += 1;
    }

    /// Reads what was written.
    ///
    /// # Errors
    /// It is no baseline, or one of another version.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        let file: File = serde_json::from_str(text).map_err(|error| mistake(error.line()))?;
        let salt = file.salt.parse().map_err(|_| mistake(0))?;
        if file.version != VERSION || !file.findings.iter().all(|row| is_of_finding(&row.digest)) {
            return Err(mistake(0));
        }
        let mut all = Self::new(salt);
        for row in file.findings {
            let count = all
                .counts
                .entry((row.path, row.rule, row.digest))
                .or_default();
            *count = count.saturating_add(row.count);
        }
        Ok(all)
    }

    /// As a file holds it: one finding a line, in order, so that two versions can be compared.
    #[must_use]
    pub fn to_text(&self) -> String {
        let rows: Vec<String> = self
            .counts
            .iter()
            .map(|((path, rule, digest), count)| {
                serde_json::json!({ "rule": rule, "path": path, "digest": digest, "count": count })
                    .to_string()
            })
            .collect();
        format!(
            "{{\"version\":{VERSION},\"salt\":\"{}\",\"findings\":[\n{}\n]}}\n",
            self.salt,
            rows.join(",\n")
        )
    }
}

fn mistake(line: usize) -> Mistake {
    Mistake {
        line,
        code: "scan.baseline",
        zh: "不是基线文件，或版本不符".to_owned(),
        en: "this is no baseline, or one of another version".to_owned(),
    }
}

/// A baseline that a scan is held against.
#[derive(Debug, Clone)]
pub struct Baseline {
    left: Findings,
    /// Files that were not read whole: what is missing there may still be there.
    unread: BTreeSet<String>,
}

impl Baseline {
    /// Nothing was met of it yet.
    #[must_use]
    pub fn new(findings: Findings) -> Self {
        Self {
            left: findings,
            unread: BTreeSet::new(),
        }
    }

    /// What its digests are keyed with.
    #[must_use]
    pub fn salt(&self) -> &Salt {
        &self.left.salt
    }

    /// Whether a finding is known; each is known as often as it was found then.
    pub fn knows(&mut self, path: &str, rule: &str, digest: &str) -> bool {
        let same = (path.to_owned(), rule.to_owned(), digest.to_owned());
        match self.left.counts.get_mut(&same) {
            Some(left) if *left > 0 => {
                *left -= 1;
                true
            }
            Some(_) | None => false,
        }
    }

    /// A file was met.
    pub fn met(&mut self, told: &Told) {
        if told.report.status != Status::Read {
            self.unread.insert(told.path.clone());
        }
    }

    /// How many findings are gone from files that were read whole, or with their files.
    #[must_use]
    pub fn gone(&self) -> u64 {
        let left = self.left.counts.iter();
        left.filter(|((path, _, _), _)| !self.unread.contains(path))
            .map(|(_, count)| *count)
            .fold(0, u64::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use inspect::Cause;
    use std::path::Path;

    fn salt() -> Salt {
        "00112233445566778899aabbccddeeff".parse().unwrap()
    }

    fn findings() -> Findings {
        let mut findings = Findings::new(salt());
        for path in ["b", "a\"机密", "b"] {
            findings.add(path, "mark.state", &"ab".repeat(16));
        }
        findings
    }

    #[test]
    fn what_was_written_is_read_again_and_stands_in_order() {
        let text = findings().to_text();
        let read = Findings::parse(&text).unwrap();
        assert_eq!((read.to_text(), read.salt()), (text.clone(), &salt()));
        assert_eq!(text.lines().count(), 4);
        let empty = Findings::new(salt()).to_text();
        assert_eq!(Findings::parse(&empty).unwrap().to_text(), empty);
    }

    #[test]
    fn a_finding_is_known_as_often_as_it_was_found_and_what_is_gone_is_counted() {
        let mut baseline = Baseline::new(findings());
        let digest = "ab".repeat(16);
        let known: Vec<bool> = (0..3)
            .map(|_| baseline.knows("b", "mark.state", &digest))
            .collect();
        assert_eq!(known, [true, true, false]);
        assert!(
            !baseline.knows("b", "other", &digest) && !baseline.knows("c", "mark.state", &digest)
        );
        assert_eq!(baseline.gone(), 1);
        let unread = Told::unread(Path::new("a\"机密"), None, Cause::Time);
        baseline.met(&unread);
        assert_eq!(baseline.gone(), 0, "nobody knows whether it is gone");
    }

    #[test]
    fn what_is_no_baseline_is_refused_with_its_line() {
        let good = findings().to_text();
        for (bad, line) in [
            (String::new(), 1),
            (good.replace("\"count\":2", "\"count\":-2"), 3),
            (good.replace("\"rule\"", "\"rlue\""), 2),
            (good.replace("\"version\":1", "\"version\":2"), 0),
            (good.replace("0011", "zz11"), 0),
            (good.replace("abab", "abaz"), 0),
        ] {
            let mistake = Findings::parse(&bad).unwrap_err();
            assert_eq!(
                (mistake.code, mistake.line),
                ("scan.baseline", line),
                "{bad}"
            );
        }
    }
}
