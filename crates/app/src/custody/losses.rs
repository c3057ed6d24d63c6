//! Losses: a copy that cannot be found is out of everybody's hands; found, it is back in stock only
//! after its exposure has been assessed.

use super::{Move, Movement, linked, move_copy};
use crate::{
    error::Error,
    labels,
    perform::{Engine, Nested},
};
use access::Granted;
use domain::{PersonId, RecordId};
use serde_json::{Map, json};
use store::{RecordRow, Status};

/// Takes a copy that is reported missing off whatever open record holds it: it is struck from a
/// list of several (`strike`), and a record that was about it alone ends (`lose`). No loss waits
/// for paperwork: a register that reserves copies and lacks these actions does not load.
pub(crate) fn let_go(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    row: &RecordRow,
) -> Result<(), Error> {
    let copy = linked(row, "copy")?;
    let holder = match engine.tx.reservation(copy)? {
        Some(holder) if holder != row.id => engine.tx.record(holder)?,
        Some(_) | None => None,
    };
    let Some(holder) = holder else { return Ok(()) };
    let definition = engine.definition(&holder.register)?;
    let list = definition
        .fields
        .iter()
        .find(|field| field.reserve && labels::ids(holder.body.get(&field.key)).contains(&copy));
    let rest: Vec<RecordId> = list.map_or_else(Vec::new, |field| {
        let mut ids = labels::ids(holder.body.get(&field.key));
        ids.retain(|id| *id != copy);
        ids
    });
    let mut set = Map::new();
    let action = match list {
        Some(field) if !rest.is_empty() => {
            set.insert(field.key.clone(), json!(rest));
            registers::model::STRIKE
        }
        Some(_) | None => registers::model::LOSE,
    };
    let can = definition
        .action(action)
        .is_some_and(|action| action.is_from(&holder.state));
    if can {
        let nested = Nested {
            action,
            set,
            cause: row.id,
            occurred_at: row.occurred_at,
        };
        engine.act_on(granted, holder.id, nested)?;
    }
    Ok(())
}

/// Marks a copy as missing.
pub(crate) fn lose(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    row: &RecordRow,
) -> Result<(), Error> {
    let to = Move {
        action: "lose",
        kind: Movement::Lost,
        to: Status::Missing,
        person: None,
        place: None,
        cause: row.id,
        at: row.occurred_at,
    };
    move_copy(engine, granted, linked(row, "copy")?, &to)?;
    Ok(())
}

/// Takes a found copy back into stock.
pub(crate) fn restore(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    row: &RecordRow,
) -> Result<(), Error> {
    let (keeper, place) = (linked(row, "keeper")?, linked(row, "place")?);
    let to = Move {
        action: "restore",
        kind: Movement::Found,
        to: Status::Held,
        person: Some(PersonId::from(keeper)),
        place: Some(place),
        cause: row.id,
        at: row.occurred_at,
    };
    move_copy(engine, granted, linked(row, "copy")?, &to)?;
    Ok(())
}
