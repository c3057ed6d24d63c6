//! What waits for decisions, and deciding.

use domain::{ApprovalId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{NamedPerson, Record};

/// An approval that waits.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Approval {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: ApprovalId,
    /// The record whose action waits.
    pub record: Record,
    /// The action.
    pub action: String,
    /// `pending`, or `returned`: sent back to the caller, who asks again or withdraws.
    pub state: String,
    /// Why it was sent back, or why nobody can decide on it.
    pub reason: Option<SentBack>,
    /// What is frozen: input, targets and their versions, as far as the caller may see it.
    #[schema(value_type = Object)]
    pub frozen: Value,
    /// Digest over all of it, hex.
    pub digest: String,
    /// Which round waits, from 0.
    pub step: i64,
    /// How many rounds there are.
    pub steps: i64,
    /// The steps of the definition that wait in this round, from 0.
    pub waits_for: Vec<i64>,
    /// Who asked.
    pub requested_by: Option<NamedPerson>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Decisions so far.
    pub decisions: Vec<Decision>,
}

/// Why a request was sent back, or waits in vain.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SentBack {
    /// `approval.returned` by a decider, `approval.facts_changed`, or `approval.nobody_left`: nobody
    /// who may decide is left; withdraw it, or have the role given to somebody.
    pub code: String,
    /// What changed, as far as the caller may know: field keys, `record`, `definition`, `steps`.
    pub changed: Vec<String>,
}

/// A decision taken.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Decision {
    /// For which step of the definition, from 0.
    pub step: i64,
    /// Who.
    pub person: NamedPerson,
    /// Whose decision it was, if they had delegated it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub on_behalf_of: Option<NamedPerson>,
    /// `approve`, `return` or `refuse`.
    pub verdict: String,
    /// What they said.
    pub comment: Option<String>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// Decides on an approval.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalDecision {
    /// What is decided.
    pub decision: Verdict,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub comment: Option<String>,
    /// The digest that was read: another one is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub digest: Option<String>,
}

impl From<Verdict> for ApprovalDecision {
    fn from(decision: Verdict) -> Self {
        Self {
            decision,
            comment: None,
            digest: None,
        }
    }
}

/// What may be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Go on.
    Approve,
    /// Back to the asker for changes.
    Return,
    /// No.
    Refuse,
    /// The asker's own: the request is taken back.
    Withdraw,
}
