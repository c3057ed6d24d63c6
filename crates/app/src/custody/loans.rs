//! Loans and circulation: out to one borrower or reader against their signature, and back to a keeper and
//! a place. A circulation goes from the registrar to each reader and back; its acts stand on the
//! readers' lines.

use super::{Move, Movement, copy_of, entrust, linked, move_copy};
use crate::{error::Error, perform::Engine};
use access::Granted;
use domain::PersonId;
use store::{RecordRow, Status};

/// Hands a copy to its borrower.
pub(crate) fn lend(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    row: &RecordRow,
) -> Result<(), Error> {
    hand_out(
        engine,
        granted,
        row,
        "borrower",
        (Movement::Lent, "borrowed"),
    )
}

/// Hands the copy of a line's record to the line's reader.
pub(crate) fn circulate(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    line: &RecordRow,
) -> Result<(), Error> {
    hand_out(
        engine,
        granted,
        line,
        "reader",
        (Movement::Circulated, "read"),
    )
}

/// Hands a copy to somebody, who thereby comes to know it: the kind of movement, and how.
fn hand_out(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    row: &RecordRow,
    field: &str,
    (kind, how): (Movement, &'static str),
) -> Result<(), Error> {
    let person = PersonId::from(linked(row, field)?);
    let to = Move {
        action: "lend",
        kind,
        to: Status::Out,
        person: Some(person),
        place: None,
        cause: row.id,
        at: row.occurred_at,
    };
    let copy = copy_of(engine, row)?;
    let before = move_copy(engine, granted, copy, &to)?;
    entrust(engine, granted, &before, person, row, how)
}

/// Takes a copy back into stock, to the keeper and the place that the loan or the round says.
pub(crate) fn take_back(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    row: &RecordRow,
) -> Result<(), Error> {
    put(engine, granted, row, ("return", Movement::Returned))
}

/// Enters a copy in stock with the keeper and at the place where a stock-take found it.
pub(crate) fn relocate(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    row: &RecordRow,
) -> Result<(), Error> {
    put(engine, granted, row, ("relocate", Movement::Relocated))
}

/// Puts a copy with a keeper and at a place: the copy's action, and the kind of movement.
fn put(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    row: &RecordRow,
    (action, kind): (&str, Movement),
) -> Result<(), Error> {
    let copy = copy_of(engine, row)?;
    let to = Move {
        action,
        kind,
        to: Status::Held,
        person: Some(PersonId::from(linked(row, "keeper")?)),
        place: Some(linked(row, "place")?),
        cause: row.id,
        at: row.occurred_at,
    };
    move_copy(engine, granted, copy, &to)?;
    Ok(())
}
