//! What a person was told by the product.

use domain::{RecordId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notice {
    /// The record it is about.
    #[schema(value_type = String, format = "uuid")]
    pub record: RecordId,
    /// Its register.
    pub register: String,
    /// Its number, once it has one.
    pub number: Option<String>,
    /// `clock.warned`, `clock.overdue` or `decide`.
    pub kind: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}
