//! Taking a register out in a file.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a file is asked for: every record the caller sees that meets the conditions.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Export {
    /// `csv`, `json` or `xlsx`.
    pub format: String,
    /// Conditions, as a list takes them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Words to look for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// `field` or `-field`; default newest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
    /// Language of heads and words, `zh` (the default) or `en`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}
