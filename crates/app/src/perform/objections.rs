//! What rules object to an act, and which of it may be passed with a reason.

use super::{
    engine::Engine,
    request::{self, Found},
};
use crate::{
    error::{Error, RuleProblem},
    views::AcceptedWarning,
};
use registers::{Facts, Severity, rules::RuleHit};
use serde_json::{Map, Value};

/// The rules that do not hold. A built-in correction has those of the fields it touches.
pub(super) fn of(
    engine: &mut Engine<'_, '_>,
    found: &Found<'_>,
    facts: &Facts<'_>,
    input: &Map<String, Value>,
) -> Result<Vec<RuleHit>, Error> {
    let regimes = engine.regimes(found.definition, &found.row)?;
    if request::corrects(found.action) {
        let touched: Vec<String> = input.keys().cloned().collect();
        let hits = registers::rules::on_correction(found.definition, &touched, facts, regimes);
        return Ok(hits);
    }
    let action = &found.action.key;
    Ok(registers::rules::evaluate(
        found.definition,
        action,
        facts,
        regimes,
    ))
}

/// Stops refuse, warnings need a recorded reason.
pub(super) fn passed(
    hits: &[RuleHit],
    accepted: &[AcceptedWarning],
    dry_run: bool,
) -> Result<Vec<RuleProblem>, Error> {
    let passed = |hit: &RuleHit| {
        hit.severity == Severity::Warn
            && accepted
                .iter()
                .any(|one| one.rule == hit.id && !one.reason.trim().is_empty())
    };
    let problems: Vec<RuleProblem> = hits
        .iter()
        .filter(|hit| !passed(hit))
        .map(rule_problem)
        .collect();
    if problems.is_empty() || dry_run {
        Ok(problems)
    } else {
        Err(Error::Rules(problems))
    }
}

/// A rule hit as callers read it.
pub(super) fn rule_problem(hit: &RuleHit) -> RuleProblem {
    if let Some(cause) = &hit.undecided {
        tracing::warn!(rule = %hit.id, %cause, "a rule could not be decided and counts as not kept");
    }
    told_problem(hit)
}

/// The same where nothing rests on it yet.
pub(super) fn told_problem(hit: &RuleHit) -> RuleProblem {
    RuleProblem {
        id: hit.id.clone(),
        clause: hit.clause.clone(),
        letter: word(&hit.letter),
        severity: word(&hit.severity),
        say: hit.say.clone(),
    }
}

fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}
