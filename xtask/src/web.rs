//! The front end in `web/`: its packages as the lock file names them, its checks, its build.
//!
//! Nothing else here needs Node, and a program built without its pages says so itself. Packages run no
//! scripts of their own when they are installed.

use crate::command::{command, output, run, succeeds};
use crate::suite::{self, Counts};
use crate::{house, tools};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

/// The oldest Node that the packages run on.
const NODE: u32 = 20;

/// What the gate asks of it, in this order; the last makes what the program embeds.
const CHECKS: [&[&str]; 3] = [
    &["run", "check"],
    &["run", "types", "--", "--check"],
    &["run", "build"],
];

/// `cargo xtask web`: builds the pages, for the next build of the program to embed.
pub(crate) fn build() -> Result<()> {
    ensure()?;
    run(npm(&["run", "build"]))
}

/// Runs every check and builds the pages; a check that fails hides no later one.
pub(crate) fn check() -> Result<()> {
    ensure()?;
    let failed: Vec<String> = CHECKS
        .iter()
        .filter_map(|arguments| run(npm(arguments)).err())
        .map(|error| format!("{error:#}"))
        .collect();
    if !failed.is_empty() {
        bail!("{}", failed.join("\n"));
    }
    Ok(())
}

/// Runs its own tests and counts them.
pub(crate) fn test() -> Result<Counts> {
    ensure()?;
    let counts = suite::watch(npm(&["test"]), count)?;
    println!("{counts}");
    Ok(counts)
}

/// Writes the types again that the interface's snapshot gives.
pub(crate) fn write_types() -> Result<()> {
    ensure()?;
    run(npm(&["run", "types"]))
}

/// Whether Node is here and new enough.
pub(crate) fn has_node() -> bool {
    succeeds(npm(&["--version"])) && node_version().is_ok_and(|version| version >= NODE)
}

/// npm in the front end's folder.
pub(crate) fn npm(arguments: &[&str]) -> Command {
    let mut npm = command("npm", arguments);
    npm.current_dir(house::root().join("web"));
    npm
}

/// Sees to it that its tools and packages are here.
pub(crate) fn ensure() -> Result<()> {
    tools::ensure_node()?;
    let version = node_version()?;
    if version < NODE {
        bail!(
            "Node {version} is too old for the front end: install Node {NODE} or newer \
             (https://nodejs.org, or the package `nodejs` of Debian 13) and try again"
        );
    }
    let folder = house::root().join("web");
    let locked = changed(&folder.join("package-lock.json"));
    // npm writes this last, so it is not there after an installation that broke off
    let installed = changed(&folder.join("node_modules").join(".package-lock.json"));
    if is_stale(locked, installed) {
        run(npm(&["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))?;
    }
    Ok(())
}

fn node_version() -> Result<u32> {
    let said = output(command("node", &["--version"]))?;
    major(&said).with_context(|| format!("`node --version` says `{}`", said.trim()))
}

/// What Vitest says at its end: `      Tests  1 failed | 11 passed (12)`.
fn count(lines: &[String]) -> Counts {
    let mut said = lines
        .iter()
        .filter_map(|line| line.trim_start().strip_prefix("Tests  "));
    let mut counts = Counts::default();
    for part in said.next_back().unwrap_or_default().split(['|', '(']) {
        match part.trim().split_once(' ') {
            Some((number, "passed")) => counts.passed = number.parse().unwrap_or_default(),
            Some((number, "failed")) => counts.failed = number.parse().unwrap_or_default(),
            _ => {}
        }
    }
    counts
}

/// The number before the first dot.
fn major(version: &str) -> Option<u32> {
    let number = version.trim().strip_prefix('v')?;
    number.split('.').next()?.parse().ok()
}

fn changed(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|about| about.modified()).ok()
}

/// Whether packages are missing, or were installed before the lock file changed.
fn is_stale(locked: Option<SystemTime>, installed: Option<SystemTime>) -> bool {
    installed.is_none() || installed < locked
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn versions_of_node_are_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("v8.1"), Some(8));
        assert_eq!(major("20.1.0"), None);
        assert_eq!(major(""), None);
    }

    #[test]
    fn what_vitest_says_is_counted() {
        let counted = |lines: &[&str]| {
            let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
            let counts = count(&lines);
            (counts.passed, counts.failed)
        };
        let all = [
            " ✓ src/app/guard.test.ts (1 test) 15ms",
            " Test Files  2 passed (2)",
            "      Tests  3 passed (3)",
        ];
        assert_eq!(counted(&all), (3, 0));
        let some = ["      Tests  2 failed | 9 passed | 1 skipped (12)"];
        assert_eq!(counted(&some), (9, 2));
        assert_eq!(counted(&["3 passed", " Test Files  2 passed (2)"]), (0, 0));
    }

    #[test]
    fn packages_are_installed_again_when_the_lock_file_is_newer() {
        let early = SystemTime::UNIX_EPOCH;
        let late = early + Duration::from_secs(1);
        assert!(is_stale(Some(early), None));
        assert!(is_stale(Some(late), Some(early)));
        assert!(!is_stale(Some(early), Some(early)));
        assert!(!is_stale(Some(early), Some(late)));
    }
}
