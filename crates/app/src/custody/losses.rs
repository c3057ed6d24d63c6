//! Losses: a copy that cannot be found is out of everybody's hands; found, it is back in stock only
//! after its exposure has been assessed.

use super::{Move, linked, move_copy, optional};
use crate::{
    error::{Error, FieldProblem, text},
    perform::{Engine, Nested},
};
use access::Granted;
use domain::PersonId;
use serde_json::Map;
use store::{RecordRow, Status};

/// Ends the loan that holds a copy which is reported missing: it cannot be returned any more.
pub(crate) fn end_loan(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    row: &RecordRow,
) -> Result<(), Error> {
    let Some(holder) = engine.tx.reservation(linked(row, "copy")?)? else {
        return Ok(());
    };
    let is_loan = engine
        .tx
        .record(holder)?
        .is_some_and(|holder| holder.register == "loan");
    if is_loan {
        let nested = Nested {
            action: "lose",
            set: Map::new(),
            cause: row.id,
            occurred_at: row.occurred_at,
        };
        engine.act_on(granted, holder, nested)?;
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
        kind: "lost",
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
    let (Some(keeper), Some(place)) = (optional(row, "keeper"), optional(row, "place")) else {
        return Err(Error::Fields(vec![FieldProblem {
            field: "keeper".to_owned(),
            code: "register.field_required".to_owned(),
            say: text(
                "入库须填写保管人和存放地点",
                "to come back into stock a keeper and a place are required",
            ),
        }]));
    };
    let to = Move {
        action: "restore",
        kind: "found",
        to: Status::Held,
        person: Some(PersonId::from(keeper)),
        place: Some(place),
        cause: row.id,
        at: row.occurred_at,
    };
    move_copy(engine, granted, linked(row, "copy")?, &to)?;
    Ok(())
}
