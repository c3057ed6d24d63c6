//! Running the workspace's tests and counting them.
//!
//! `cargo nextest` where it is installed, else plain `cargo test`; the counts come from what either
//! prints, which is shown as it comes. Tests that need PostgreSQL find it in `RUPING_TEST_POSTGRES`;
//! without it they run on SQLite alone.

use crate::command::{cargo, run, spell, succeeds, target_folder};
use crate::{lints, postgres};
use anyhow::{Context, Result, bail};
use std::fmt;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// How many tests did what.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Counts {
    /// At least one test ran and none failed.
    pub(crate) fn all_passed(self) -> bool {
        self.failed == 0 && self.passed > 0
    }

    /// Both together.
    pub(crate) fn and(self, more: Self) -> Self {
        Self {
            passed: self.passed + more.passed,
            failed: self.failed + more.failed,
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// How the tests shall run.
#[derive(Debug)]
pub(crate) struct Suite {
    postgres: Option<String>,
    linted: bool,
    snapshots: Snapshots,
}

/// What happens to a snapshot that differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Snapshots {
    Read,
    Write,
}

impl Suite {
    /// A snapshot that differs is a failure.
    pub(crate) fn reading_snapshots() -> Self {
        Self {
            postgres: None,
            linted: false,
            snapshots: Snapshots::Read,
        }
    }

    /// A snapshot that differs is written again.
    pub(crate) fn writing_snapshots() -> Self {
        Self {
            postgres: None,
            linted: false,
            snapshots: Snapshots::Write,
        }
    }

    /// On PostgreSQL too, not only on SQLite.
    pub(crate) fn on_postgres(mut self, url: &str) -> Self {
        self.postgres = Some(url.to_owned());
        self
    }

    /// As [`lints::build`] has built it.
    pub(crate) fn with_lints(mut self) -> Self {
        self.linted = true;
        self
    }

    /// Runs every test but those in documentation.
    pub(crate) fn run(&self) -> Result<Counts> {
        let mut command = if succeeds(cargo(&["nextest", "--version"])) {
            let mut command = cargo(&["nextest", "run", "--locked", "--workspace"]);
            command.args(["--no-fail-fast", "--hide-progress-bar"]);
            command.args(["--status-level=slow", "--final-status-level=fail"]);
            // WHY: a test waits for servers of its own a good part of its time
            let processors = std::thread::available_parallelism().map_or(1, usize::from);
            command.arg(format!("--test-threads={}", processors + 1));
            command
        } else {
            println!("no cargo-nextest here: plain `cargo test`");
            let mut command = cargo(&["test", "--locked", "--workspace", "--no-fail-fast"]);
            command.arg("--tests");
            command
        };
        self.prepare(&mut command)?;
        let counts = watch(command, count)?;
        println!("{counts}");
        Ok(counts)
    }

    /// Runs the examples in documentation, which nextest does not know.
    pub(crate) fn run_doc_tests(&self) -> Result<()> {
        let mut command = cargo(&["test", "--locked", "--workspace", "--doc", "--quiet"]);
        if self.linted {
            lints::set(&mut command);
        }
        run(command)
    }

    /// The file in which insta noted each snapshot it read.
    pub(crate) fn references(&self) -> Result<PathBuf> {
        Ok(target_folder()?.join("xtask").join("snapshots.txt"))
    }

    fn prepare(&self, command: &mut Command) -> Result<()> {
        let references = self.references()?;
        if let Some(folder) = references.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&references, "")
            .with_context(|| format!("cannot write `{}`", references.display()))?;
        command.env("INSTA_SNAPSHOT_REFERENCES_FILE", &references);
        match self.snapshots {
            Snapshots::Read => command.env("INSTA_UPDATE", "no"),
            Snapshots::Write => command
                .env("INSTA_UPDATE", "always")
                .env("RUPING_BLESS", "1"),
        };
        match &self.postgres {
            Some(url) => command.env(postgres::VARIABLE, url),
            None => command.env_remove(postgres::VARIABLE),
        };
        if self.linted {
            lints::set(command);
        }
        Ok(())
    }
}

/// Shows a program's output as it comes and counts what its lines say; a bad exit without a single
/// failed test (a build error) is an error.
pub(crate) fn watch(mut command: Command, count: fn(&[String]) -> Counts) -> Result<Counts> {
    if std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", spell(&command)))?;
    let out = child.stdout.take().context("no standard output")?;
    let err = child.stderr.take().context("no standard error")?;
    let lines = std::thread::scope(|scope| {
        let from_err = scope.spawn(|| show(err));
        let mut lines = show(out);
        lines.extend(from_err.join().unwrap_or_default());
        lines
    });
    let status = child.wait()?;
    let counts = count(&lines);
    if !status.success() && counts.failed == 0 {
        bail!("`{}` ended with {status}", spell(&command));
    }
    Ok(counts)
}

fn show(from: impl Read) -> Vec<String> {
    let mut lines = Vec::new();
    for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        // WHY: a reader that went away (`| head`) must not end the test run
        drop(writeln!(std::io::stdout().lock(), "{line}"));
        lines.push(plain(&line));
    }
    lines
}

/// The line without colour codes.
fn plain(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(char) = chars.next() {
        if char == '\u{1b}' {
            chars.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(char);
        }
    }
    plain
}

/// What nextest's summary says or, without one, every `test result:` line of plain `cargo test`
/// together. Nextest repeats the output of failed tests, so only its last summary counts.
fn count(lines: &[String]) -> Counts {
    let is_summary = |line: &&String| line.trim_start().starts_with("Summary [");
    if let Some(summary) = lines.iter().rfind(is_summary) {
        return count_in(summary);
    }
    let results = lines.iter().filter(|line| line.starts_with("test result:"));
    results.fold(Counts::default(), |all, line| all.and(count_in(line)))
}

fn count_in(line: &str) -> Counts {
    let mut counts = Counts::default();
    for part in line.split([',', ';', ':', '.', '(', ')']) {
        let (number, word) = part.trim().split_once(' ').unwrap_or_default();
        let number: u64 = number.parse().unwrap_or_default();
        match word {
            "passed" => counts.passed += number,
            "failed" | "timed out" | "exec failed" => counts.failed += number,
            _ => {}
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(line: &str) -> Counts {
        count(&[plain(line)])
    }

    #[test]
    fn nextest_summaries_are_counted() {
        let all = "     Summary [   1.204s] 12 tests run: 12 passed (1 slow), 3 skipped";
        let counts = Counts {
            passed: 12,
            failed: 0,
        };
        assert_eq!(counted(all), counts);
        let some =
            "     Summary [   9.1s] 12 tests run: 9 passed, 1 failed, 2 timed out, 0 skipped";
        let counts = Counts {
            passed: 9,
            failed: 3,
        };
        assert_eq!(counted(some), counts);
    }

    #[test]
    fn plain_cargo_results_are_added_up() {
        let lines = [
            "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out",
            "test result: FAILED. 2 passed; 4 failed; 0 ignored; 0 measured; 0 filtered out",
        ];
        let counts = Counts {
            passed: 7,
            failed: 4,
        };
        assert_eq!(count(&lines.map(str::to_owned)), counts);
    }

    #[test]
    fn colour_does_not_hide_a_failure() {
        let line = "\u{1b}[31;1m     Summary\u{1b}[0m [ 0.1s] \u{1b}[1m2\u{1b}[0m tests run: \
                    \u{1b}[1m1\u{1b}[0m passed, \u{1b}[1m1\u{1b}[0m \u{1b}[31mfailed\u{1b}[0m, 0 skipped";
        let counts = Counts {
            passed: 1,
            failed: 1,
        };
        assert_eq!(counted(line), counts);
    }

    #[test]
    fn what_tests_themselves_print_is_not_counted() {
        assert_eq!(counted("7 passed, 7 failed"), Counts::default());
        let lines = [
            "    test result: FAILED. 0 passed; 1 failed; 0 ignored",
            "     Summary [ 1s] 9 tests run: 9 passed",
            "     Summary [ 2s] 2 tests run: 1 passed, 1 failed",
        ];
        let counts = Counts {
            passed: 1,
            failed: 1,
        };
        assert_eq!(count(&lines.map(str::to_owned)), counts);
    }
}
