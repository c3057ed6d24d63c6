//! What an account keeps for itself.

use domain::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A draft, a view or what else is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Kept {
    /// Under which key.
    pub key: String,
    /// What it says.
    #[schema(value_type = Object)]
    pub body: Value,
    /// When it was put there.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// What shall be kept.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeptBody {
    /// What it says.
    #[schema(value_type = Object)]
    pub body: Map<String, Value>,
}
