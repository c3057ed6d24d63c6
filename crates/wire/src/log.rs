//! The log as the auditor reads it.

use crate::Text;
use domain::{AccountId, RecordId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// How entries are asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LogQuery {
    /// Goes on after the entry with this `n`: `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(nullable = false)]
    pub after: Option<i64>,
    /// At most so many, up to 200.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(nullable = false, minimum = 1, maximum = 200)]
    pub limit: Option<i64>,
    /// Which end comes first; the oldest if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(nullable = false, inline)]
    pub order: Option<LogOrder>,
    /// Only what happened at this time or later (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(nullable = false, value_type = String, format = DateTime)]
    pub from: Option<Timestamp>,
    /// Only what happened before this time (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(nullable = false, value_type = String, format = DateTime)]
    pub until: Option<Timestamp>,
    /// Only this event (`copy.lend`), or all that begin so, with a dot at the end (`session.`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(nullable = false, max_length = 200)]
    pub action: Option<String>,
    /// Only about records of this register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(nullable = false, max_length = 100)]
    pub register: Option<String>,
    /// Only about this record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(nullable = false, value_type = String)]
    pub record: Option<RecordId>,
    /// Only what this account did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(nullable = false, value_type = String)]
    pub account: Option<AccountId>,
}

/// Which end of the log comes first.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogOrder {
    /// As it was written.
    Oldest,
    /// Backwards.
    Newest,
}

/// A page of the log.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LogPage {
    /// What is on it.
    pub items: Vec<LogEntry>,
    /// `after` of the next page; none at the end. A page may hold less than was asked for although there is more: one
    /// question looks at so many entries and no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next: Option<i64>,
}

/// A log entry.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LogEntry {
    /// Order of insertion, the cursor.
    pub n: i64,
    /// Its index in the tree; none while it waits for its place.
    pub index: Option<u64>,
    /// Its content.
    #[schema(value_type = Object)]
    pub entry: Value,
    /// What happened, in words; none for an act of a definition that is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<Text>,
    /// The login name of the account that did it; none where the program did it by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub account: Option<String>,
}
