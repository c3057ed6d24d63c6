//! What a person still holds or owes, across registers: copies in their hands, loans that run,
//! decisions they asked for or have to take. Definitions say which fields make an open item
//! (`open_item = true`); what the person who is answered may not see is counted and not told, and
//! the engine itself reasons with everything.

use crate::{core::Inner, error::Error, labels, limits};
use domain::{PersonId, RecordId, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::{RecordRow, Tx, Visible};

/// A person's open items, one entry each: where it is, or only that it is there.
pub(crate) fn of(
    inner: &Inner,
    tx: &mut Tx<'_>,
    person: PersonId,
    seen_by: Option<&Visible>,
    now: Timestamp,
) -> Result<Vec<Value>, Error> {
    let mut rows: Vec<RecordRow> = Vec::new();
    let mut after = None;
    loop {
        let page = tx.open_backlinks(person.into(), after, limits::BACKLINKS)?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        rows.extend(page.into_iter().filter(|row| owes(inner, row, person)));
    }
    let mut known: BTreeSet<RecordId> = rows.iter().map(|row| row.id).collect();
    for record in tx.requests_open(person, now)? {
        if known.insert(record) {
            rows.extend(tx.record(record)?);
        }
    }
    rows.iter().map(|row| told(tx, row, seen_by)).collect()
}

/// Whether an open record counts as something this person has open.
fn owes(inner: &Inner, row: &RecordRow, person: PersonId) -> bool {
    let Some(definition) = inner.catalogue.kept_as(&row.register) else {
        return false;
    };
    definition
        .fields
        .iter()
        .filter(|field| field.open_item)
        .any(|field| labels::ids(row.body.get(&field.key)).contains(&person.into()))
}

fn told(tx: &mut Tx<'_>, row: &RecordRow, seen_by: Option<&Visible>) -> Result<Value, Error> {
    let seen = match seen_by {
        Some(visible) => tx.visible_record(row.id, visible)?.is_some(),
        None => true,
    };
    if !seen {
        return Ok(json!({ "hidden": true }));
    }
    Ok(json!({
        "register": row.register,
        "id": row.id,
        "number": row.number,
        "state": row.state,
    }))
}
