//! The same act on many records, what became of each, and its undoing.

use std::collections::BTreeMap;

use domain::{JobId, RecordId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AcceptedWarning, RowProblem, Signature};

/// What is to be done to which records: those that are named, or everything of a list that the caller sees.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkRequest {
    /// Key of the action; its definition says that it is done in bulk.
    pub action: String,
    /// The records, each at the version that was seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<BulkItem>,
    /// A list in their place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<BulkQuery>,
    /// Field values, the same for all.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub input: serde_json::Map<String, serde_json::Value>,
    /// Warnings passed for all, each with its reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accept_warnings: Vec<AcceptedWarning>,
    /// The remark on every act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// When it happened, if not now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub occurred_at: Option<Timestamp>,
    /// Only tell what would happen.
    #[serde(default)]
    pub dry_run: bool,
    /// All of them or none, up to 5,000; else each by itself, up to 100,000.
    #[serde(default)]
    pub atomic: bool,
    /// Signatures given at the counter, once for all of them; with `atomic` or `dry_run`, for up to 500.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<Signature>,
}

/// A record at the version that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkItem {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: RecordId,
    /// Its version.
    pub version: i64,
}

/// Conditions and words, as a list takes them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkQuery {
    /// Conditions, joined by commas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Words to look for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
}

/// How a bulk act is undone.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkUndo {
    /// The remark on every act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Only tell what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

/// A bulk act and how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Bulk {
    /// Its id; none where it was tried or refused and nothing was kept.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub id: Option<JobId>,
    /// The register.
    pub register: String,
    /// The action.
    pub action: String,
    /// `tried`, `refused` (one would not do, so none was done), `running`, `checked` (every one was tried),
    /// `done`, `stopped` or `failed`.
    pub state: String,
    /// Whether it is only tried.
    pub dry_run: bool,
    /// Whether it is all or none.
    pub atomic: bool,
    /// How many records are `waiting`, `would` be acted on, were `done`, `waits` for decisions, `failed`.
    pub counts: BTreeMap<String, i64>,
    /// Whether it can be undone, as far as its action goes.
    pub can_undo: bool,
    /// The bulk act that it undoes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub undoes: Option<JobId>,
    /// The one that undid it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub undone: Option<JobId>,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// The first of its records; all of those that were only tried.
    pub items: Vec<BulkOutcome>,
}

/// A record and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BulkOutcome {
    /// Its number among the records, from 1.
    pub row: i64,
    /// The record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub record: Option<RecordId>,
    /// `waiting`, `would`, `done`, `waits` or `failed`.
    pub outcome: String,
    /// What is wrong with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<RowProblem>,
}
