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
    /// What is frozen: input, targets and their versions.
    #[schema(value_type = Object)]
    pub frozen: Value,
    /// Digest over it, hex.
    pub digest: String,
    /// Which step waits.
    pub step: i64,
    /// How many steps there are.
    pub steps: i64,
    /// Who asked.
    pub requested_by: Option<NamedPerson>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Decisions so far.
    pub decisions: Vec<Decision>,
}

/// A decision taken.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Decision {
    /// Which step.
    pub step: i64,
    /// Who.
    pub person: NamedPerson,
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
}
