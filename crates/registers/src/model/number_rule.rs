//! How the records of a register are numbered.

use serde::Serialize;

use super::is_false;
use crate::{Expr, NumberFormat};

/// Which number a record gets, and when.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NumberRule {
    /// The printed form.
    pub format: NumberFormat,
    /// Action that draws it: registered, not drafted.
    pub at: Vec<String>,
    /// One series per level, so that gaps tell nothing about other levels.
    #[serde(skip_serializing_if = "is_false")]
    pub per_level: bool,
    /// The unit's code, for a format that prints it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Expr>,
}
