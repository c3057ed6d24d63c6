//! The journeys: people in a browser, on the program as it was just built, pages and all.

use crate::command::{cargo, run as run_command, target_folder};
use crate::suite::{self, Counts};
use crate::{tools, web};
use anyhow::{Result, bail};
use std::process::Command;

/// How the journeys find the program.
const PROGRAM: &str = "RUPING_BIN";

/// Where they leave their pictures.
const SHOTS: &str = "RUPING_SHOTS";

/// Runs them and counts them.
pub(crate) fn run() -> Result<Counts> {
    let counts = suite::watch(browser("journeys")?, count)?;
    println!("{counts}");
    Ok(counts)
}

/// `cargo xtask shots [FOLDER]`: a picture of every screen in every size and language, for people to look at.
pub(crate) fn shoot(folder: Option<&str>) -> Result<()> {
    web::build()?;
    run_command(cargo(&["build", "--locked", "--workspace"]))?;
    let folder = match folder {
        Some(folder) => std::path::absolute(folder)?,
        None => target_folder()?.join("shots"),
    };
    let mut command = browser("shots")?;
    command.env(SHOTS, &folder);
    run_command(command)?;
    println!("the pictures are in `{}`", folder.display());
    Ok(())
}

/// A script of the front end that opens a browser on the program as it was just built.
fn browser(script: &str) -> Result<Command> {
    web::ensure()?;
    tools::ensure_browser()?;
    let program = target_folder()?.join("debug").join("ruping");
    if !program.is_file() {
        bail!("no program to look at: `{}`", program.display());
    }
    let mut command = web::npm(&["run", script]);
    command.env(PROGRAM, program);
    Ok(command)
}

/// What Playwright says at its end: `  12 passed (1.2m)`, `  1 failed`. One that passed only when it was
/// tried again has failed once.
fn count(lines: &[String]) -> Counts {
    let mut counts = Counts::default();
    for line in lines {
        let Some((number, what)) = line
            .strip_prefix("  ")
            .and_then(|line| line.split_once(' '))
        else {
            continue;
        };
        let Ok(number) = number.parse::<u64>() else {
            continue;
        };
        match what.split(" (").next() {
            Some("passed") => counts.passed += number,
            Some("failed" | "flaky" | "interrupted" | "did not run") => counts.failed += number,
            _ => {}
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(lines: &[&str]) -> (u64, u64) {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        let counts = count(&lines);
        (counts.passed, counts.failed)
    }

    #[test]
    fn what_playwright_says_is_counted() {
        let all = ["Running 12 tests using 1 worker", "", "  12 passed (1.2m)"];
        assert_eq!(counted(&all), (12, 0));
        let some = [
            "  ✘  3 e2e/login.spec.ts:9:1 › somebody logs in (2.0s)",
            "  1 failed",
            "    e2e/login.spec.ts:9:1 › somebody logs in ──────",
            "  1 flaky",
            "    e2e/desk.spec.ts:4:1 › the desk ──────",
            "  2 skipped",
            "  3 did not run",
            "  5 passed (14.9s)",
        ];
        assert_eq!(counted(&some), (5, 5));
    }

    #[test]
    fn names_of_journeys_are_not_counted() {
        let lines = [
            "  ✓  1 e2e/exam.spec.ts:7:1 › 7 passed (1.0s)",
            "7 passed",
            "    7 failed",
            "  7 passed over",
            "  passed 7",
        ];
        assert_eq!(counted(&lines), (0, 0));
    }
}
