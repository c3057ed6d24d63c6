//! Labels of records, and reservations: the fields they need.

use super::Places;
use crate::load::mistake::Mistake;
use crate::load::wanted::Spot;
use crate::model::{Definition, LabelRule};

pub(super) fn check(definition: &Definition, places: &Places<'_, '_>) {
    if !definition.label.proposes() {
        return;
    }
    for (key, kinds) in LabelRule::PROPOSED {
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
