//! Rules on an action: which of them do not hold, and how hard they hold here.
//!
//! A rule that cannot be decided counts as not held: the facts it needs are missing, so nobody
//! has shown that it is kept. Checks of the program (`by = …`) are named for the caller to run.

use domain::Text;
use serde::Serialize;

use crate::model::{Definition, Letter, Rule, RuleTest, Severity};
use crate::regime::Regimes;
use crate::{Facts, rests};

/// A rule that does not hold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleHit {
    /// Id in the rule table.
    pub id: String,
    /// Law and article.
    pub clause: String,
    /// How sure the source is.
    pub letter: Letter,
    /// `Stop` refuses; `Warn` asks for a reason.
    pub severity: Severity,
    /// What to tell the person.
    pub say: Text,
    /// Field the message belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Why it could not be decided, if that is the case; for the log, not for people.
    #[serde(skip)]
    pub undecided: Option<String>,
}

impl RuleHit {
    /// The hit of a rule under the regimes in force; nothing when they switch it off.
    pub fn of(rule: &Rule, regimes: &Regimes) -> Option<Self> {
        let severity = regimes.severity(rule);
        (severity != Severity::Off).then(|| Self {
            id: rule.id.clone(),
            clause: rule.clause.clone(),
            letter: rule.letter,
            severity,
            say: rule.say.clone(),
            field: rule.field.clone(),
            undecided: None,
        })
    }
}

/// The rules of a record's action that do not hold on these facts.
pub fn evaluate(
    definition: &Definition,
    action: &str,
    facts: &Facts<'_>,
    regimes: &Regimes,
) -> Vec<RuleHit> {
    let rules = definition.rules_on(action);
    rules.filter_map(|rule| hit(rule, facts, regimes)).collect()
}

/// The rules that do not hold when these fields are corrected by the built-in action: those of the
/// actions that set a corrected field, as far as they read it, so that no stop is passed by.
pub fn on_correction(
    definition: &Definition,
    corrected: &[String],
    facts: &Facts<'_>,
    regimes: &Regimes,
) -> Vec<RuleHit> {
    let sets = |on: &String| {
        let action = definition.action(on);
        action.is_some_and(|action| action.input.iter().any(|input| corrected.contains(input)))
    };
    let judges =
        |rule: &&Rule| rule.on.iter().any(sets) && rests::reads_any(definition, rule, corrected);
    let rules = definition.rules.iter().filter(judges);
    rules.filter_map(|rule| hit(rule, facts, regimes)).collect()
}

/// The rules of an action that the program checks itself, with the names of their checks; only
/// those that are not switched off and whose condition holds (or cannot be decided).
pub fn by_program<'d>(
    definition: &'d Definition,
    action: &'d str,
    facts: &Facts<'_>,
    regimes: &Regimes,
) -> Vec<(&'d Rule, &'d str)> {
    let rules = definition.rules_on(action);
    rules
        .filter_map(|rule| check_by_program(rule, facts, regimes))
        .collect()
}

fn check_by_program<'d>(
    rule: &'d Rule,
    facts: &Facts<'_>,
    regimes: &Regimes,
) -> Option<(&'d Rule, &'d str)> {
    let RuleTest::By(check) = &rule.test else {
        return None;
    };
    let concerned = rule
        .when
        .as_ref()
        .is_none_or(|when| when.eval_bool(facts) != Ok(false));
    let on = concerned && regimes.severity(rule) != Severity::Off;
    on.then_some((rule, check.as_str()))
}

fn hit(rule: &Rule, facts: &Facts<'_>, regimes: &Regimes) -> Option<RuleHit> {
    let RuleTest::Check(check) = &rule.test else {
        return None;
    };
    let mut hit = RuleHit::of(rule, regimes)?;
    let concerned = rule
        .when
        .as_ref()
        .map_or(Ok(true), |when| when.eval_bool(facts));
    let held = concerned.and_then(|concerned| Ok(!concerned || check.eval_bool(facts)?));
    match held {
        Ok(true) => None,
        Ok(false) => Some(hit),
        Err(error) => {
            hit.undecided = Some(error.to_string());
            Some(hit)
        }
    }
}

#[cfg(test)]
mod cases;
#[cfg(test)]
mod tests;
