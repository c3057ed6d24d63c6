//! Grounds that a record gives: to who drafted it, and to whom it gives a task while it is open.

use super::commit::{CARRY, Change};
use crate::{error::Error, labels};
use access::Ground;
use domain::{PersonId, Timestamp};
use registers::{Field, FieldKind};
use std::collections::BTreeSet;
use store::{RecordRow, Write};

/// Who drafted a record may know it; what a closed record gave to others ends with it.
pub(super) fn put(
    door: &mut Write<'_, '_>,
    row: &RecordRow,
    change: &Change<'_>,
    now: Timestamp,
) -> Result<(), Error> {
    if let (None, Some(person)) = (change.before, row.drafter) {
        door.add_ground(row.id, person, Ground::Drafter.key(), row.id, None)?;
    }
    if row.open {
        tasks(door, row, change, now)
    } else {
        Ok(door.end_grounds(row.id, now)?)
    }
}

/// Whom the record gives a task may know it while it is open and names them: who acts on it sees it.
fn tasks(
    door: &mut Write<'_, '_>,
    row: &RecordRow,
    change: &Change<'_>,
    now: Timestamp,
) -> Result<(), Error> {
    let fields = registers::tasks::fields(change.definition);
    let people = |row: &RecordRow| -> BTreeSet<PersonId> {
        let ids = fields
            .iter()
            .flat_map(|field| labels::ids(row.body.get(*field)));
        ids.map(PersonId::from).collect()
    };
    // what was closed had given its tasks back
    let before = change.before.filter(|before| before.open);
    let after = people(row);
    for person in after.difference(&before.map(people).unwrap_or_default()) {
        door.add_ground(row.root(), *person, Ground::Task.key(), row.id, None)?;
    }
    let Some(before) = before else { return Ok(()) };
    // WHY: a definition of before may have given tasks to others of its fields, and so do handings out
    let named = |row: &RecordRow| -> BTreeSet<PersonId> {
        let fields = change.definition.fields.iter();
        let persons = |field: &&Field| matches!(field.kind, FieldKind::Person | FieldKind::Persons);
        let ids = fields
            .filter(persons)
            .flat_map(|field| labels::ids(row.body.get(&field.key)));
        ids.map(PersonId::from).collect()
    };
    // a field may have gone, or have been given another key
    let everybody = |row: &RecordRow| -> BTreeSet<PersonId> {
        let ids = row.body.values().flat_map(|value| labels::ids(Some(value)));
        ids.map(PersonId::from).collect()
    };
    let known = if change.action == CARRY {
        everybody(before)
    } else {
        named(before)
    };
    let mut over: BTreeSet<PersonId> = known.difference(&named(row)).copied().collect();
    over.extend(people(before).difference(&after));
    for person in over {
        door.end_task(row.root(), person, row.id, now)?;
    }
    Ok(())
}
