//! Approvals: which decisions an action waits for on these facts.
//!
//! A step whose condition cannot be decided applies: leaving out a decision must never follow
//! from a missing fact. Who may take part (nobody on their own request; nobody twice when
//! `distinct`) is checked where decisions are made.

use crate::Facts;
use crate::model::{Approval, Definition, Step};

/// One decision that is needed, with its place among the definition's steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Needed<'d> {
    /// Place in `Approval::steps`, from 0; kept so that decisions stay with their step.
    pub index: usize,
    /// Round it belongs to, from 0: steps of one round run side by side.
    pub round: usize,
    /// The step.
    pub step: &'d Step,
}

/// The decisions an action waits for; empty when it waits for none.
pub fn needed<'d>(definition: &'d Definition, action: &str, facts: &Facts<'_>) -> Vec<Needed<'d>> {
    definition
        .approval_of(action)
        .map_or_else(Vec::new, |approval| steps(approval, facts))
}

/// The steps of an approval that apply.
pub fn steps<'d>(approval: &'d Approval, facts: &Facts<'_>) -> Vec<Needed<'d>> {
    let mut needed: Vec<Needed<'d>> = Vec::new();
    for (index, step) in approval.steps.iter().enumerate() {
        let left_out = step
            .when
            .as_ref()
            .is_some_and(|when| when.eval_bool(facts) == Ok(false));
        if left_out {
            continue;
        }
        let round = match needed.last() {
            None => 0,
            // what is signed comes after what is decided
            Some(before)
                if step.parallel && before.step.signs.is_some() == step.signs.is_some() =>
            {
                before.round
            }
            Some(before) => before.round + 1,
        };
        needed.push(Needed { index, round, step });
    }
    needed
}

#[cfg(test)]
mod tests;
