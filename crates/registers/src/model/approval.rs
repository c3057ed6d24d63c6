//! Approvals: the decisions an action waits for.

use domain::Text;
use serde::Serialize;

use super::is_false;
use crate::{Expr, WhoSet};

/// The decisions one action waits for, in order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Approval {
    /// The action that waits.
    pub action: String,
    /// The decisions.
    pub steps: Vec<Step>,
    /// Nobody decides twice. That nobody decides on their own request always holds.
    pub distinct: bool,
    /// State a record goes to that existed only to wait, when the decision is no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// Name of the step on the form (部门意见, 保密办意见 …).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// Who decides.
    pub who: WhoSet,
    /// Needed only when this holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Expr>,
    /// How many of them must agree.
    pub quorum: u32,
    /// Runs beside the step before it instead of after it.
    #[serde(skip_serializing_if = "is_false")]
    pub parallel: bool,
    /// Needs a fresh second factor.
    #[serde(skip_serializing_if = "is_false")]
    pub step_up: bool,
    /// Whoever decides here may have somebody else decide for them, for a time.
    #[serde(skip_serializing_if = "is_false")]
    pub delegate: bool,
    /// It is no decision: whoever signs the action, by this place among its signers, signs it here, in
    /// their inbox. The language adds such steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signs: Option<usize>,
}
