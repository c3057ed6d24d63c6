//! Losses: a copy that cannot be found is out of everybody's hands; found, it is back in stock only
//! after its exposure has been assessed.

use super::{Move, linked, move_copy, optional};
use crate::{
    error::{Error, FieldProblem, text},
    perform::Engine,
};
use access::Granted;
use domain::PersonId;
use store::{RecordRow, Status};

/// Marks a copy as missing. A loan it was out on cannot be returned any more and is closed as lost.
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
