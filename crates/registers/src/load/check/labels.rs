//! Labels of records, and reservations: the fields they need.

use super::Places;
use crate::load::mistake::Mistake;
use crate::load::wanted::Spot;
use crate::model::{Definition, FieldKind, LabelRule};

/// What a proposed label is read from; only the level is always needed.
const PROPOSED: [(&str, &[FieldKind]); 5] = [
    ("level", &[FieldKind::Level]),
    ("term", &[FieldKind::Term]),
    (
        "compartments",
        &[FieldKind::Choices, FieldKind::Text, FieldKind::Table],
    ),
    ("scope_persons", &[FieldKind::Persons]),
    ("scope_units", &[FieldKind::Units]),
];

pub(super) fn check(definition: &Definition, places: &Places<'_, '_>) {
    if definition.label != LabelRule::Proposed {
        return;
    }
    for (key, kinds) in PROPOSED {
        let good = match definition.field(key) {
            Some(field) => kinds.contains(&field.kind),
            None => key != "level" && key != "term",
        };
        if !good {
            let kinds: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
            let kinds = kinds.join(" / ");
            places.note(&Spot::Label, Mistake::LabelNeedsField { field: key, kinds });
        }
    }
}
