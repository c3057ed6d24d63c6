//! Where the label of a record comes from.

use serde::{Serialize, Serializer};

/// The source of a record's label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LabelRule {
    /// Records are open.
    Open,
    /// As secret as what it is about: link fields, or `line.field` for links of lines.
    Join(Vec<String>),
    /// The record carries a label of its own, set by an effect.
    Own,
    /// From the fields `level`, `term`, `compartments`, `scope_persons` and `scope_units`.
    Proposed,
}

impl Serialize for LabelRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Open => serializer.serialize_str("open"),
            Self::Own => serializer.serialize_str("own"),
            Self::Proposed => serializer.serialize_str("proposed"),
            Self::Join(fields) => serializer.serialize_str(&format!("join({})", fields.join(", "))),
        }
    }
}
