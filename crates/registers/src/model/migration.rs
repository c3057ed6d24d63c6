//! Steps that carry records of an older definition version over to this one.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Assignments;

/// What to do with the fields of a record written under version `from`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Migration {
    /// The version the record was written under; the result is of `from + 1`.
    pub from: u32,
    /// The kind of lines it is for; none where it is for the records themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// Old field key → new field key.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rename: BTreeMap<String, String>,
    /// Old fields that are no longer kept; nobody is shown them any more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<String>,
    /// New field → expression over the (renamed) old fields.
    #[serde(skip_serializing_if = "Assignments::is_empty")]
    pub set: Assignments,
    /// Old state → new state.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub states: BTreeMap<String, String>,
}
