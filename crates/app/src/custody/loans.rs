//! Loans and circulation: out to one borrower or reader against their signature, and back to a keeper and
//! a place. A circulation goes from the registrar to each reader and back; its acts stand on the
//! readers' lines.

use super::{Move, copy_of, entrust, linked, move_copy};
use crate::{error::Error, perform::Engine};
use access::Granted;
use domain::PersonId;
use store::{RecordRow, Status};

/// Hands a copy to its borrower, who thereby comes to know it.
pub(crate) fn lend(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    row: &RecordRow,
) -> Result<(), Error> {
    let borrower = PersonId::from(linked(row, "borrower")?);
    let to = Move {
        action: "lend",
        kind: "lent",
        to: Status::Out,
        person: Some(borrower),
        place: None,
        cause: row.id,
        at: row.occurred_at,
    };
    let before = move_copy(engine, granted, linked(row, "copy")?, &to)?;
    entrust(engine, granted, &before, borrower, row, "borrowed")
}

/// Hands a copy to a reader, who thereby comes to know it.
pub(crate) fn circulate(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    line: &RecordRow,
) -> Result<(), Error> {
    let reader = PersonId::from(linked(line, "reader")?);
    let to = Move {
        action: "lend",
        kind: "circulated",
        to: Status::Out,
        person: Some(reader),
        place: None,
        cause: line.id,
        at: line.occurred_at,
    };
    let copy = copy_of(engine, line)?;
    let before = move_copy(engine, granted, copy, &to)?;
    entrust(engine, granted, &before, reader, line, "read")
}

/// Takes a copy back into stock, to the keeper and the place that the loan or the round says.
pub(crate) fn take_back(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    row: &RecordRow,
) -> Result<(), Error> {
    let copy = copy_of(engine, row)?;
    let to = Move {
        action: "return",
        kind: "returned",
        to: Status::Held,
        person: Some(PersonId::from(linked(row, "keeper")?)),
        place: Some(linked(row, "place")?),
        cause: row.id,
        at: row.occurred_at,
    };
    move_copy(engine, granted, copy, &to)?;
    Ok(())
}
