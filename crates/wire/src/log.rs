//! The log as the auditor reads it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// How entries are asked for.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LogQuery {
    /// Only entries after this `n`.
    #[serde(default)]
    #[param(required = false)]
    pub after: i64,
    /// At most so many, up to 200.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(nullable = false, minimum = 1, maximum = 200)]
    pub limit: Option<i64>,
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
}
