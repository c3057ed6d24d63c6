//! Where the label of a record comes from.

use serde::{Serialize, Serializer};

use super::FieldKind;

/// The source of a record's label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LabelRule {
    /// Records are open.
    Open,
    /// As secret as what it is about: link fields, or `line.field` for links of lines; with the
    /// word `proposed` among them, and never less secret than its own fields propose.
    Join(Vec<String>),
    /// From the fields of [`LabelRule::PROPOSED`].
    Proposed,
    /// A line is as secret as the record it belongs to, and as what it names in these fields, after
    /// which the record follows; no definition writes it.
    Parent(Vec<String>),
}

impl LabelRule {
    /// What a proposed label is read from; `level` and `term` are always needed. The period runs
    /// from the issue date, without one from the written notice.
    pub const PROPOSED: [(&str, &[FieldKind]); 8] = [
        ("level", &[FieldKind::Level]),
        ("term", &[FieldKind::Term]),
        ("issue_date", &[FieldKind::Date]),
        ("notice_date", &[FieldKind::Date]),
        (
            "compartments",
            &[FieldKind::Choices, FieldKind::Text, FieldKind::Table],
        ),
        ("scope_persons", &[FieldKind::Persons]),
        ("scope_units", &[FieldKind::Units]),
        ("declassified_on", &[FieldKind::Date]),
    ];

    /// The source that stands for a record's own fields.
    pub const OWN_FIELDS: &'static str = "proposed";

    /// Whether the record's own fields propose a label.
    pub fn proposes(&self) -> bool {
        match self {
            Self::Proposed => true,
            Self::Join(sources) => sources.iter().any(|source| source == Self::OWN_FIELDS),
            Self::Open | Self::Parent(_) => false,
        }
    }
}

impl Serialize for LabelRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Open => serializer.serialize_str("open"),
            Self::Proposed => serializer.serialize_str("proposed"),
            Self::Parent(_) => serializer.serialize_str("parent"),
            Self::Join(fields) => serializer.serialize_str(&format!("join({})", fields.join(", "))),
        }
    }
}
