//! States of a record's or a line's life.

use domain::Text;
use serde::Serialize;

use super::is_false;

/// One state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct State {
    /// Key, unique in its register or line.
    pub key: String,
    /// Name shown to people.
    pub name: Text,
    /// Where a record stands before its first action is through.
    #[serde(skip_serializing_if = "is_false")]
    pub initial: bool,
    /// The record is closed.
    #[serde(rename = "final", skip_serializing_if = "is_false")]
    pub is_final: bool,
}
