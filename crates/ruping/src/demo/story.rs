//! Tells what happens, in both languages, and stops at the first thing that is not as it must be:
//! what follows would tell of another world.

use client::Error;
use domain::Text;
use std::io::Write;

/// Columns of the names before what is said, so that lines stand below each other.
const NAME_COLUMNS: usize = 24;

/// Why the demonstration is not what it should be.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    /// A refusal that must come did not, or came for another reason.
    #[error("the refusal `{0}` did not come")]
    Refusal(String),
    /// Something that must be true is not.
    #[error("this does not hold: {0}")]
    Fact(String),
}

impl Failed {
    /// Its stable code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Refusal(_) => "demo.refusal_missing",
            Self::Fact(_) => "demo.does_not_hold",
        }
    }

    /// What it says to people.
    pub(crate) fn say(&self) -> Text {
        let zh = match self {
            Self::Refusal(name) => format!("应有的拒绝没有出现：{name}"),
            Self::Fact(what) => format!("不成立：{what}"),
        };
        Text::new(zh, self.to_string())
    }
}

/// The teller.
#[derive(Debug, Default)]
pub(super) struct Story {
    step: usize,
    refusals: usize,
}

impl Story {
    /// How many refusals came as they must.
    pub(super) fn refusals(&self) -> usize {
        self.refusals
    }

    pub(super) fn title(&self, zh: &str, en: &str) {
        say(&format!("\n{zh}\n{en}"));
    }

    /// The next step of the main job.
    pub(super) fn step(&mut self, zh: &str, en: &str) {
        self.step += 1;
        say(&format!("\n{:>2}  {zh}\n    {en}", self.step));
    }

    /// A fact worth showing.
    pub(super) fn fact(&self, name: &str, value: &str) {
        say(&format!("    ·  {} {value}", padded(name)));
    }

    /// Something that must be true.
    pub(super) fn must(&self, holds: bool, name: &str, value: &str) -> Result<(), Failed> {
        if holds {
            say(&format!("    ✓  {} {value}", padded(name)));
            return Ok(());
        }
        say(&format!("    ✗  {} {value}", padded(name)));
        Err(Failed::Fact(format!("{name} {value}")))
    }

    /// A refusal that must come, and why: a rule id or an error code.
    pub(super) fn refused<T>(
        &mut self,
        name: &str,
        result: Result<T, Error>,
    ) -> Result<(), Failed> {
        let error = match result {
            Err(error) if reasons(&error).iter().any(|reason| reason == name) => error,
            Err(error) => {
                say(&format!(
                    "    ✗  {} 理由不是 not by it: {error}",
                    padded(name)
                ));
                return Err(Failed::Refusal(name.to_owned()));
            }
            Ok(_) => {
                say(&format!(
                    "    ✗  {} 没有被拒绝 was not refused",
                    padded(name)
                ));
                return Err(Failed::Refusal(name.to_owned()));
            }
        };
        self.refusals += 1;
        let words = words(&error, name);
        say(&format!("    ✋ {} {}", padded(name), words.zh));
        say(&format!("       {} {}", padded(""), words.en));
        Ok(())
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
    let own = problem.rules.iter().filter(|rule| is_own(rule));
    reasons.extend(own.map(|rule| rule.clause.clone()));
    reasons.extend(problem.fields.iter().map(|field| field.code.clone()));
    reasons
}

/// What the program itself refuses, whatever the packs say; its clause is the rule it stands for.
fn is_own(rule: &wire::RuleProblem) -> bool {
    rule.letter == "invariant"
}

/// What the server says to people about that reason.
fn words(error: &Error, name: &str) -> Text {
    let Some(problem) = error.problem() else {
        return Text::new(error.to_string(), error.to_string());
    };
    let named = |rule: &&wire::RuleProblem| rule.id == name || is_own(rule) && rule.clause == name;
    if let Some(rule) = problem.rules.iter().find(named) {
        return Text::new(
            format!("{}（{}）", rule.say.zh, rule.clause),
            format!("{} ({})", rule.say.en, rule.clause),
        );
    }
    let field = problem.fields.iter().find(|field| field.code == name);
    let said = field.map(|field| &field.say).or(problem.say.as_ref());
    match said {
        Some(said) => Text::new(said.zh.clone(), said.en.clone()),
        None => Text::new(problem.detail.clone(), problem.detail.clone()),
    }
}

/// A name and blanks up to the column where what is said begins.
fn padded(name: &str) -> String {
    let blanks = NAME_COLUMNS.saturating_sub(width(name));
    format!("{name}{}", " ".repeat(blanks))
}

/// Columns a terminal gives a text: Chinese characters and their punctuation take two each.
fn width(text: &str) -> usize {
    text.chars()
        .map(|c| if c >= '\u{2e80}' { 2 } else { 1 })
        .sum()
}

/// Prints a line; a closed pipe ends the telling, not the job.
pub(super) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    drop(writeln!(out, "{line}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(code: &str, rules: &[&str]) -> Error {
        let mut problem = wire::Problem::new(422, "title", code, "detail");
        problem.rules = rules
            .iter()
            .map(|id| wire::RuleProblem {
                id: (*id).to_owned(),
                clause: "LAW 1".to_owned(),
                letter: "P".to_owned(),
                severity: "stop".to_owned(),
                say: wire::Text::new("不行", "no"),
            })
            .collect();
        Error::Problem(Box::new(problem))
    }

    #[test]
    fn only_the_named_refusal_counts() {
        let mut story = Story::default();
        let by = |rules: &[&str]| Err::<(), _>(problem("record.rules", rules));
        assert!(story.refused("R-131", by(&["R-102", "R-131"])).is_ok());
        assert!(
            story
                .refused("not_found", Err::<(), _>(problem("not_found", &[])))
                .is_ok()
        );
        let other = story.refused("R-131", by(&["R-102"])).unwrap_err();
        assert_eq!(other.code(), "demo.refusal_missing");
        assert!(story.refused("R-131", Ok(())).is_err());
        assert_eq!(story.refusals(), 2);
        assert_eq!(
            story.must(false, "a", "b").unwrap_err().code(),
            "demo.does_not_hold"
        );
    }

    #[test]
    fn names_of_both_scripts_take_the_same_room() {
        assert_eq!(width(&padded("收文号 number")), NAME_COLUMNS);
        assert_eq!(width(&padded("R-131")), NAME_COLUMNS);
        assert_eq!(
            padded("a much longer name than that"),
            "a much longer name than that"
        );
    }
}
