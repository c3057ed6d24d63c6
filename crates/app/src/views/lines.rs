//! Lines of a record, as one caller may see them.

use super::ActionView;
use domain::RecordId;
use serde_json::{Map, Value};

/// The place of a line.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct LinePlace {
    /// The record it belongs to.
    pub of: RecordId,
    /// Key of its kind.
    pub line: String,
    /// Counts the lines of the kind from 1; 0 while they are counted blindly.
    pub no: i64,
}

/// A line as one caller may see it with its record.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct LineView {
    /// Its id: a line is read and acted on like a record.
    pub id: RecordId,
    /// Key of its kind.
    pub line: String,
    /// Counts the lines of the kind from 1; 0 while they are counted blindly.
    pub no: i64,
    /// Key of its state.
    pub state: String,
    /// Its version, the value for `If-Match`.
    pub version: i64,
    /// Field values the caller may see.
    pub fields: Map<String, Value>,
    /// What the caller may do now, and why not.
    pub actions: Vec<ActionView>,
}
