//! Approvals: the decisions an action waits for.

use domain::Text;
use serde::Serialize;

use super::{Action, SignMethod, is_false};
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

impl Step {
    /// An action that may be signed in the inbox waits there, after its decisions, for whoever has not signed
    /// at the counter: the steps for that.
    pub(crate) fn signing(action: &Action) -> Vec<Self> {
        let signers = action.sign.iter().enumerate();
        let in_inbox = signers.filter(|(_, signer)| signer.allows(SignMethod::Inbox));
        let mut steps: Vec<Self> = in_inbox
            .map(|(place, signer)| Self {
                name: Some(Text::new("签字", "Signature")),
                who: signer.who.clone(),
                when: signer.when.clone(),
                quorum: signer.count,
                parallel: true,
                step_up: true,
                delegate: false,
                signs: Some(place),
            })
            .collect();
        if let Some(first) = steps.first_mut() {
            first.parallel = false;
        }
        steps
    }
}

impl Approval {
    /// Adds to what actions wait for that they are signed in the inbox.
    pub(crate) fn add_signing(approvals: &mut Vec<Self>, actions: &[Action]) {
        for action in actions {
            let steps = Step::signing(action);
            if steps.is_empty() {
                continue;
            }
            let mut written = approvals.iter_mut();
            match written.find(|approval| approval.action == action.key) {
                Some(approval) => approval.steps.extend(steps),
                None => approvals.push(Self {
                    action: action.key.clone(),
                    steps,
                    distinct: true,
                    refused: None,
                }),
            }
        }
    }
}
