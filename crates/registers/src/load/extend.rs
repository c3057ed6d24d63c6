//! Merging an extension into the register it extends.
//!
//! An extension may only add or tighten: another pack's fixed stops, states and actions stay as
//! they are.

use super::file::File;
use super::mistake::{Mistake, Thing};
use super::read::{Extension, Tightening};
use super::wanted::Wanted;
use super::{Draft, Drafts};
use crate::model::{Definition, Field, FieldKind, Required, Tile};

pub(super) fn apply<'t>(
    drafts: &mut Drafts<'t>,
    extension: Extension,
    wanted: Wanted<'t>,
    file: &'t File<'t>,
) {
    let at = extension.extends.at;
    let name = &extension.extends.value;
    if drafts.lost.contains(name) {
        return;
    }
    let Some(draft) = drafts.definitions.get_mut(name) else {
        let known = drafts.definitions.keys().map(String::as_str);
        file.note(at, Mistake::no_such(Thing::Register, name, known));
        return;
    };
    merge(draft, extension, wanted, file);
}

fn merge<'t>(draft: &mut Draft<'t>, extension: Extension, wanted: Wanted<'t>, file: &'t File<'t>) {
    let at = extension.extends.at;
    let definition = &mut draft.definition;
    for field in extension.fields {
        if definition.field(&field.key).is_some() || definition.line(&field.key).is_some() {
            file.note(
                at,
                Mistake::Duplicate {
                    what: "[[field]]",
                    key: field.key,
                },
            );
        } else {
            definition.fields.push(field);
        }
    }
    for clock in extension.clocks {
        if definition.clocks.iter().any(|known| known.key == clock.key) {
            file.note(
                at,
                Mistake::Duplicate {
                    what: "[[clock]]",
                    key: clock.key,
                },
            );
        } else {
            definition.clocks.push(clock);
        }
    }
    for print in extension.prints {
        if definition.prints.iter().any(|known| known.key == print.key) {
            file.note(
                at,
                Mistake::Duplicate {
                    what: "[[print]]",
                    key: print.key,
                },
            );
        } else {
            definition.prints.push(print);
        }
    }
    add_tiles(definition, extension.tiles, file, at);
    definition.rules.extend(extension.rules);
    for approval in extension.approvals {
        let same = definition
            .approvals
            .iter_mut()
            .find(|known| known.action == approval.action);
        match same {
            Some(known) => {
                known.steps.extend(approval.steps);
                known.distinct |= approval.distinct;
                known.refused = known.refused.take().or(approval.refused);
            }
            None => definition.approvals.push(approval),
        }
    }
    for tightening in extension.tighten {
        tighten(definition, tightening, file);
    }
    draft.wanted.push(wanted);
}

fn add_tiles(definition: &mut Definition, tiles: Vec<Tile>, file: &File<'_>, at: usize) {
    for tile in tiles {
        if definition.tiles.iter().any(|known| known.key == tile.key) {
            let (what, key) = ("[[tile]]", tile.key);
            file.note(at, Mistake::Duplicate { what, key });
        } else {
            definition.tiles.push(tile);
        }
    }
}

fn tighten(definition: &mut Definition, tightening: Tightening, file: &File<'_>) {
    let key = &tightening.field.value;
    let at = tightening.field.at;
    let known: Vec<String> = definition
        .fields
        .iter()
        .map(|field| field.key.clone())
        .collect();
    let Some(field) = definition.fields.iter_mut().find(|field| field.key == *key) else {
        let known = known.iter().map(String::as_str);
        file.note(at, Mistake::no_such(Thing::Field, key, known));
        return;
    };
    if tightening.mask.is_some() && field.kind != FieldKind::Text {
        let kind = field.kind.word();
        file.note(at, Mistake::FieldKeyForeign { key: "mask", kind });
        return;
    }
    if loosens(field, &tightening) {
        file.note(at, Mistake::Loosening { key: key.clone() });
        return;
    }
    if let Some(required) = tightening.required {
        field.required = required;
    }
    field.min = tightening.min.or(field.min);
    field.max = tightening.max.or(field.max);
    field.max_length = tightening.max_length.or(field.max_length);
    field.mask = tightening.mask.or_else(|| field.mask.take());
    field.unique |= tightening.unique;
}

/// Whether a change would ask for less than the register does now.
fn loosens(field: &Field, tightening: &Tightening) -> bool {
    let required = match (&field.required, &tightening.required) {
        (_, None | Some(Required::Always)) | (Required::Never, _) => false,
        (Required::Always | Required::When(_), Some(_)) => true,
    };
    let lower = |new: Option<f64>, old: Option<f64>| new.zip(old).is_some_and(|(n, o)| n < o);
    let longer = tightening
        .max_length
        .zip(field.max_length)
        .is_some_and(|(n, o)| n > o);
    // another form would let in what this one keeps out
    let other = tightening.mask.is_some() && field.mask.is_some() && tightening.mask != field.mask;
    other
        || required
        || lower(tightening.min, field.min)
        || lower(field.max, tightening.max)
        || longer
}
