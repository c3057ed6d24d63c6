//! Tells what happens, in both languages, and counts what did not come as it must.

use client::Error;
use std::io::Write;

/// The teller.
#[derive(Debug, Default)]
pub(super) struct Story {
    step: usize,
    failures: usize,
}

impl Story {
    pub(super) fn failures(&self) -> usize {
        self.failures
    }

    pub(super) fn title(&self, zh: &str, en: &str) {
        say(&format!("\n{zh}\n{en}"));
    }

    /// The next step of the main job.
    pub(super) fn step(&mut self, zh: &str, en: &str) {
        self.step += 1;
        say(&format!("\n{:>2}. {zh} — {en}", self.step));
    }

    /// A fact worth showing.
    pub(super) fn fact(&self, text: &str) {
        say(&format!("    · {text}"));
    }

    /// Something that must be true.
    pub(super) fn must(&mut self, holds: bool, what: &str) {
        if holds {
            self.fact(what);
        } else {
            self.failures += 1;
            say(&format!("    ✗ 不成立 does not hold: {what}"));
        }
    }

    /// A refusal that must come, and why: a rule id or an error code.
    pub(super) fn refused<T>(&mut self, name: &str, result: Result<T, Error>) {
        match result {
            Ok(_) => {
                self.failures += 1;
                say(&format!("    ✗ 未被拒绝 was not refused: {name}"));
            }
            Err(error) if reasons(&error).iter().any(|reason| reason == name) => {
                say(&format!("    ✋ {name}: {}", words(&error, name)));
            }
            Err(error) => {
                self.failures += 1;
                say(&format!(
                    "    ✗ 被拒绝但理由不是 refused, but not by {name}: {error}"
                ));
            }
        }
    }
}

/// Rule ids and codes of a refusal.
fn reasons(error: &Error) -> Vec<String> {
    let Some(problem) = error.problem() else {
        return vec![error.code().to_owned()];
    };
    let mut reasons = vec![problem.code.clone()];
    reasons.extend(problem.rule.clone());
    reasons.extend(problem.rules.iter().map(|rule| rule.id.clone()));
    reasons.extend(problem.fields.iter().map(|field| field.code.clone()));
    reasons
}

fn words(error: &Error, name: &str) -> String {
    let Some(problem) = error.problem() else {
        return error.to_string();
    };
    let named = problem.rules.iter().find(|rule| rule.id == name);
    let rule = named.map(|rule| format!("{}（{}）", rule.say.zh, rule.clause));
    let field = problem.fields.first().map(|field| field.say.zh.clone());
    let said = problem.say.as_ref().map(|say| say.zh.clone());
    rule.or(field)
        .or(said)
        .unwrap_or_else(|| problem.detail.clone())
}

/// Prints a line; a closed pipe ends the telling, not the job.
pub(super) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    drop(writeln!(out, "{line}"));
}
