//! Rules of the house that no compiler knows, checked on the text of the repository.
//!
//! Each check is one small file that takes files and returns findings; it reads nothing itself, so
//! its tests show that it can fail. Add a check when a rule was broken twice, not before.

mod database;
mod heads;
mod lexer;
mod links;
mod machine;
mod manifests;
mod notes;
mod sizes;

use crate::house::{self, File};
use crate::samples;
use anyhow::{Result, bail};
use std::fmt;

/// One broken rule at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Finding {
    path: String,
    line: usize,
    say: String,
}

impl Finding {
    fn new(file: &File, line: usize, say: impl Into<String>) -> Self {
        Self {
            path: file.path.clone(),
            line,
            say: say.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.path, self.line, self.say)
    }
}

/// Fails and names every finding of every check.
pub(crate) fn check() -> Result<()> {
    let files = house::files()?;
    let mut findings: Vec<String> = findings(&files).iter().map(Finding::to_string).collect();
    findings.extend(samples::stale()?);
    println!("{} files", files.len());
    if !findings.is_empty() {
        bail!("{}", findings.join("\n"));
    }
    Ok(())
}

fn findings(files: &[File]) -> Vec<Finding> {
    let root = house::root();
    let mut findings = Vec::new();
    for file in files {
        findings.extend(sizes::check(file));
        findings.extend(notes::check(file));
        findings.extend(database::check(file));
        findings.extend(machine::check(file));
        findings.extend(heads::check(file));
        findings.extend(manifests::check(file));
        findings.extend(links::check(file, &|path| root.join(path).exists()));
    }
    findings.extend(links::unlisted(files));
    findings
}

/// Numbers lines from one, as editors do.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().zip(1..).map(|(line, number)| (number, line))
}
