//! How the records of a register are numbered.

use serde::Serialize;

use super::is_false;
use crate::NumberFormat;

/// Which number a record gets, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NumberRule {
    /// The printed form.
    pub format: NumberFormat,
    /// Action that draws it: registered, not drafted.
    pub at: Vec<String>,
    /// One series per level, so that gaps tell nothing about other levels.
    #[serde(skip_serializing_if = "is_false")]
    pub per_level: bool,
}
