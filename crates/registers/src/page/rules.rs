//! Which rules hold, from where, and how hard under each regime.

use crate::model::{Rule, RuleTest, Severity};
use crate::{Catalogue, Regimes};

use super::words::{both, code, codes, condition, table};

/// The regimes of a catalogue, each in force alone.
pub(super) struct Severities<'c> {
    regimes: Vec<(&'c str, Regimes)>,
}

impl<'c> Severities<'c> {
    pub(super) fn of(catalogue: &'c Catalogue) -> Self {
        let base = catalogue.regime(crate::BASE);
        let regimes = catalogue
            .regimes()
            .filter(|regime| regime.key != crate::BASE)
            .map(|regime| (regime.key.as_str(), Regimes::combine(base, &[regime])))
            .collect();
        Self { regimes }
    }

    /// One word where all regimes agree, else each with its own.
    fn of_rule(&self, rule: &Rule) -> String {
        let all: Vec<(&str, Severity)> = self
            .regimes
            .iter()
            .map(|(key, regimes)| (*key, regimes.severity(rule)))
            .collect();
        let first = all.first().map_or(rule.severity, |(_, severity)| *severity);
        if all.iter().all(|(_, severity)| *severity == first) {
            return word(first).to_owned();
        }
        let words: Vec<String> = all
            .iter()
            .map(|(key, severity)| format!("{key}: {}", word(*severity)))
            .collect();
        words.join("; ")
    }
}

pub(super) fn table_of(rules: &[Rule], severities: &Severities<'_>) -> String {
    let rows: Vec<Vec<String>> = rules.iter().map(|rule| row(rule, severities)).collect();
    let head = [
        "规则 Rule",
        "依据 Source",
        "级 Letter",
        "力度 Severity",
        "操作 On",
        "检查 Check",
        "提示 Says",
    ];
    table(&head, &rows)
}

fn row(rule: &Rule, severities: &Severities<'_>) -> Vec<String> {
    let test = match &rule.test {
        RuleTest::Check(check) => code(check.source()),
        RuleTest::By(name) => format!("程序 program {}", code(name)),
    };
    let test = match condition("若 if", rule.when.as_ref()) {
        Some(when) => format!("{test} {when}"),
        None => test,
    };
    vec![
        rule.id.clone(),
        rule.clause.clone(),
        rule.letter.word().to_owned(),
        severities.of_rule(rule),
        codes(&rule.on),
        test,
        both(&rule.say),
    ]
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Stop => "禁止 stop",
        Severity::Warn => "警告 warn",
        Severity::Off => "不适用 off",
    }
}
