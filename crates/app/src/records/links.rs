//! Links as one viewer may see them: an id in a field is left out where the record it names is hidden
//! from them, so that it is the same to them as one that was never written.

use crate::{core::Inner, error::Error, labels};
use domain::RecordId;
use registers::{Definition, Field, LabelRule};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use store::{Tx, Visible};

/// Which of the records that these fields name the viewer may see: one statement, or none where the
/// register only names what everybody sees.
pub(super) fn known<'f>(
    inner: &Inner,
    tx: &mut Tx<'_>,
    visible: &Visible,
    definition: &Definition,
    all: impl IntoIterator<Item = &'f Map<String, Value>>,
) -> Result<BTreeSet<RecordId>, Error> {
    if !definition.fields.iter().any(|field| may_hide(inner, field)) {
        return Ok(BTreeSet::new());
    }
    let mut named = BTreeSet::new();
    for fields in all {
        for field in &definition.fields {
            collect(inner, field, fields.get(&field.key), &mut named);
        }
    }
    Ok(tx.visible_among(&named, visible)?)
}

/// Leaves out what the viewer may not see.
pub(super) fn hide(
    inner: &Inner,
    definition: &Definition,
    fields: &mut Map<String, Value>,
    known: &BTreeSet<RecordId>,
) {
    hide_in(inner, &definition.fields, fields, known);
}

/// Whether a field names records that not everybody sees.
fn may_hide(inner: &Inner, field: &Field) -> bool {
    let of_target = field.target().is_some_and(|target| {
        inner
            .catalogue
            .definition(target)
            .is_none_or(|definition| definition.label != LabelRule::Open)
    });
    of_target || field.columns.iter().any(|column| may_hide(inner, column))
}

fn rows(value: Option<&Value>) -> impl Iterator<Item = &Map<String, Value>> {
    let rows = value.and_then(Value::as_array).into_iter().flatten();
    rows.filter_map(Value::as_object)
}

fn collect(inner: &Inner, field: &Field, value: Option<&Value>, named: &mut BTreeSet<RecordId>) {
    if !may_hide(inner, field) {
        return;
    }
    if field.target().is_some() {
        named.extend(labels::ids(value));
    }
    for row in rows(value) {
        for column in &field.columns {
            collect(inner, column, row.get(&column.key), named);
        }
    }
}

fn hide_in(
    inner: &Inner,
    all: &[Field],
    fields: &mut Map<String, Value>,
    known: &BTreeSet<RecordId>,
) {
    for field in all.iter().filter(|field| may_hide(inner, field)) {
        let seen = |value: &Value| labels::ids(Some(value)).iter().all(|id| known.contains(id));
        match fields.get_mut(&field.key) {
            Some(Value::Array(list)) if field.target().is_some() => list.retain(seen),
            Some(value) if field.target().is_some() && !seen(value) => {
                fields.remove(&field.key);
            }
            Some(Value::Array(list)) => {
                for row in list.iter_mut().filter_map(Value::as_object_mut) {
                    hide_in(inner, &field.columns, row, known);
                }
            }
            Some(_) | None => {}
        }
    }
}
