//! What an act would come to whose form somebody is still writing.

use crate::{error::RuleProblem, problems::Problem};
use domain::{Label, Text};
use registers::validate::Standing;
use serde_json::{Map, Value};

/// What an unfinished form comes to. Nothing was changed.
#[derive(Debug, Default)]
pub struct Unfinished {
    /// State afterwards; none where whoever asks may not do it.
    pub state: Option<String>,
    /// The fields that apply or are asked for depending on others.
    pub fields: Vec<Standing>,
    /// What is wrong with what was written, and what is not written yet.
    pub problems: Vec<Problem>,
    /// What fields hold by their default where the form leaves them out.
    pub filled: Map<String, Value>,
    /// Computed fields, as they would be.
    pub computed: Map<String, Value>,
    /// How secret it would be.
    pub label: Option<Label>,
    /// The same as a printed mark.
    pub mark: Option<String>,
    /// Rules that object or warn.
    pub rules: Vec<RuleProblem>,
    /// Rules that cannot be decided on what is written.
    pub undecided: Vec<RuleProblem>,
    /// The decisions it would wait for, in their order.
    pub decisions: Vec<DecisionAhead>,
    /// Why it cannot be done at all.
    pub refused: Vec<Problem>,
}

/// A decision that would be waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionAhead {
    /// Its place among the steps of the definition, from 0.
    pub step: usize,
    /// What the definition calls it.
    pub name: Option<Text>,
}
