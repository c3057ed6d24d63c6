//! The gate: named steps, each timed, all of them run even when an earlier one failed.
//!
//! A developer wants every complaint of one run, so a failed step never hides the next one; only a
//! missing tool ends the run at once. The last line printed counts the tests.

use crate::command::{cargo, run};
use crate::suite::{Counts, Suite};
use crate::{arrows, journeys, lints, postgres, snapshots, tidy, tools, web};
use anyhow::{Result, bail};
use std::time::{Duration, Instant};

/// `cargo xtask test`: everything that must hold before a change is taken in.
pub(crate) fn test() -> Result<()> {
    let mut gate = Gate::default();
    if gate.step("tools", tools::ensure).is_none() {
        return gate.finish(Counts::default());
    }
    gate.step("fmt", fmt);
    // before anything is compiled: the program under test embeds what this builds
    gate.step("web", web::check);
    let pages = gate.counted("web tests", web::test);
    let linted = gate.step("clippy", lints::build);
    gate.step("arrows", arrows::check);
    gate.step("tidy", tidy::check);
    let server = gate.step("postgresql", postgres::Server::start);
    let mut tests = Suite::reading_snapshots();
    if linted.is_some() {
        tests = tests.with_lints();
    }
    if let Some(server) = &server {
        tests = tests.on_postgres(server.url());
    }
    let counts = gate.counted("tests", || tests.run());
    gate.step("doc tests", || tests.run_doc_tests());
    drop(server);
    if counts.all_passed() {
        gate.step("snapshots", || snapshots::check(&tests.references()?));
    }
    let seen = gate.counted("journeys", journeys::run);
    gate.finish(counts.and(pages).and(seen))
}

/// `cargo xtask quick`: what fits between two edits.
pub(crate) fn quick() -> Result<()> {
    let mut gate = Gate::default();
    gate.step("fmt", fmt);
    gate.step("arrows", arrows::check);
    gate.step("tidy", tidy::check);
    let tests = Suite::reading_snapshots();
    let counts = gate.counted("tests", || tests.run());
    gate.finish(counts)
}

fn fmt() -> Result<()> {
    run(cargo(&["fmt", "--all", "--check"]))
}

/// The steps done so far.
#[derive(Debug, Default)]
struct Gate {
    done: Vec<Step>,
}

#[derive(Debug)]
struct Step {
    name: &'static str,
    took: Duration,
    error: Option<String>,
}

impl Gate {
    /// Does one step; `None` when it failed.
    fn step<T>(&mut self, name: &'static str, work: impl FnOnce() -> Result<T>) -> Option<T> {
        println!("\n== {name}");
        let started = Instant::now();
        let result = work();
        let took = started.elapsed();
        let error = result.as_ref().err().map(|error| format!("{error:#}"));
        match &error {
            None => println!("-- {name}: ok, {:.1} s", took.as_secs_f64()),
            Some(error) => println!("-- {name}: FAILED, {:.1} s\n{error}", took.as_secs_f64()),
        }
        self.done.push(Step { name, took, error });
        result.ok()
    }

    /// A run of tests is a step that also counts.
    fn counted(&mut self, name: &'static str, run: impl FnOnce() -> Result<Counts>) -> Counts {
        let mut counts = Counts::default();
        self.step(name, || {
            counts = run()?;
            if counts.all_passed() {
                Ok(())
            } else {
                bail!("{counts}")
            }
        });
        counts
    }

    fn finish(self, counts: Counts) -> Result<()> {
        println!("\n== summary");
        for step in &self.done {
            let verdict = if step.error.is_some() { "FAILED" } else { "ok" };
            println!(
                "{:<12} {verdict:<6} {:>8.1} s",
                step.name,
                step.took.as_secs_f64()
            );
        }
        let failed = self.failed();
        if failed.is_empty() {
            println!("{counts}");
            return Ok(());
        }
        bail!("gate closed by {}\n{counts}", failed.join(", "))
    }

    fn failed(&self) -> Vec<&'static str> {
        let failed = self.done.iter().filter(|step| step.error.is_some());
        failed.map(|step| step.name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_closes_the_gate_but_hides_no_later_one() {
        let mut gate = Gate::default();
        gate.step("one", || -> Result<()> { bail!("broken") });
        let mut ran = false;
        gate.step("two", || {
            ran = true;
            Ok(())
        });
        assert!(ran);
        assert_eq!(gate.failed(), ["one"]);
        let said = gate.finish(Counts::default()).unwrap_err().to_string();
        assert_eq!(said, "gate closed by one\n0 passed, 0 failed");
    }

    #[test]
    fn a_test_that_failed_closes_the_gate() {
        let counts = Counts {
            passed: 3,
            failed: 1,
        };
        assert!(!counts.all_passed());
        assert!(!Counts::default().all_passed(), "no test ran: not a pass");
    }

    #[test]
    fn a_journey_that_failed_closes_the_gate_and_is_counted() {
        let counts = |passed, failed| Counts { passed, failed };
        let mut gate = Gate::default();
        let tests = gate.counted("tests", || Ok(counts(3, 0)));
        let seen = gate.counted("journeys", || Ok(counts(2, 1)));
        assert_eq!(gate.failed(), ["journeys"]);
        let said = gate.finish(tests.and(seen)).unwrap_err().to_string();
        assert_eq!(said, "gate closed by journeys\n5 passed, 1 failed");
    }
}
