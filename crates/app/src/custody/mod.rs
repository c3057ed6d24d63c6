//! Custody: copies are made, received, lent, lost, found and destroyed, each movement with its record
//! and entry. Invariant: a copy has exactly one holding, changed only by a movement that says from
//! where; made + received = held + out + in transit + sent + returned + archived + destroyed + missing.

mod destroy;
mod intake;
mod loans;
mod losses;
mod movement;
pub(crate) mod view;

pub(crate) use destroy::destroy;
pub(crate) use intake::{make, number, receive, reproduce};
pub(crate) use loans::{circulate, lend, relocate, take_back};
pub(crate) use losses::{let_go, lose, restore};
pub(crate) use movement::Movement;

use crate::{
    error::Error,
    labels, log,
    perform::{Engine, Nested},
};
use access::{Granted, Ground};
use domain::{PersonId, RecordId, Timestamp};
use serde_json::{Map, Value};
use store::{HoldingRow, NewMovement, RecordRow, Status};

/// Where a copy goes.
#[derive(Clone, Debug)]
pub(crate) struct Move<'m> {
    /// Action of the copy's register.
    pub(crate) action: &'m str,
    /// Kind of movement.
    pub(crate) kind: Movement,
    /// Where it stands afterwards.
    pub(crate) to: Status,
    /// Who answers for it afterwards.
    pub(crate) person: Option<PersonId>,
    /// Where it is kept afterwards.
    pub(crate) place: Option<RecordId>,
    /// The record that moves it.
    pub(crate) cause: RecordId,
    /// When.
    pub(crate) at: Timestamp,
}

/// Moves a copy: its record, its holding and its line of custody together.
pub(crate) fn move_copy(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    copy: RecordId,
    to: &Move<'_>,
) -> Result<HoldingRow, Error> {
    let before = engine
        .tx
        .lock_holding(copy)?
        .ok_or_else(|| Error::defect("a copy without a holding"))?;
    // WHY: a time that nobody gave is when the request began; another may have moved the copy since,
    // and the clocks of two servers differ
    let at = if to.at == engine.now {
        to.at.max(before.since)
    } else {
        to.at
    };
    if at < before.since {
        return Err(before_last());
    }
    let mut set = Map::new();
    set.insert(
        "keeper".to_owned(),
        to.person.map(|id| id.to_string()).into(),
    );
    set.insert("place".to_owned(), to.place.map(|id| id.to_string()).into());
    if let (Status::Held, Some(keeper), Some(place)) = (to.to, to.person, to.place) {
        // where it goes back to when whoever borrows it returns it
        set.insert("home_keeper".to_owned(), keeper.to_string().into());
        set.insert("home_place".to_owned(), place.to_string().into());
    }
    let nested = Nested {
        action: to.action,
        set,
        cause: to.cause,
        occurred_at: at,
    };
    engine.act_on(granted, copy, nested)?;
    let new = NewMovement {
        copy,
        at,
        kind: to.kind.key(),
        to: to.to,
        person: to.person,
        place: to.place,
        cause: to.cause,
    };
    let about = log::About {
        register: Some("copy".to_owned()),
        record: Some(copy),
        facts: vec![
            ("status", to.to.key().to_owned()),
            ("cause", to.cause.to_string()),
        ],
        ..log::About::default()
    };
    let action = format!("custody.{}", to.kind.key());
    let entry = log::entry(engine.inner, granted, &action, &about, engine.now)?;
    let (id, now) = (entry.id, engine.now);
    engine.tx.write::<_, Error>(granted, |door| {
        Ok((entry, door.move_copy(&before, &new, id, now)?))
    })?;
    Ok(before)
}

/// A line of custody goes forward only: what happened to a copy happened after what happened to it
/// before.
fn before_last() -> Error {
    Error::conflict(
        "occurred_at.before_last_movement",
        "发生时间不能早于该载体的上一次变动",
        "what happened to a copy cannot have happened before its last movement",
    )
}

/// Gives a person the grounds that go with having a copy in their hands, for as long as the cause is
/// open, and enters them in the knowledge record.
pub(crate) fn entrust(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    holding: &HoldingRow,
    person: PersonId,
    cause: &RecordRow,
    how: &'static str,
) -> Result<(), Error> {
    let about = log::About {
        record: Some(holding.item),
        facts: vec![
            ("cause", cause.id.to_string()),
            ("how", how.to_owned()),
            ("person", person.to_string()),
            ("at", cause.occurred_at.to_string()),
        ],
        ..log::About::default()
    };
    let entry = log::entry(
        engine.inner,
        granted,
        "knowledge.entered",
        &about,
        engine.now,
    )?;
    let (copy, item, at) = (holding.copy, holding.item, cause.occurred_at);
    // who sees a line sees its record
    let (root, cause, id) = (cause.root(), cause.id, entry.id);
    engine.tx.write::<_, Error>(granted, |door| {
        for record in [root, copy, item] {
            door.add_ground(record, person, Ground::Task.key(), cause, None)?;
        }
        door.add_knowledge(item, person, how, at, (cause, id))?;
        Ok((entry, ()))
    })
}

/// The one record a link field names.
pub(crate) fn linked(row: &RecordRow, field: &str) -> Result<RecordId, Error> {
    optional(row, field).ok_or_else(|| Error::defect("a record lacks a link its effect needs"))
}

/// The record a link field names, if it names one.
pub(crate) fn optional(row: &RecordRow, field: &str) -> Option<RecordId> {
    labels::ids(row.body.get(field)).into_iter().next()
}

/// The copy an act is about: the record's own, or of a line that of its record.
pub(crate) fn copy_of(engine: &mut Engine<'_, '_>, row: &RecordRow) -> Result<RecordId, Error> {
    match optional(row, "copy") {
        Some(copy) => Ok(copy),
        None => {
            let of = engine.tx.record(row.root())?;
            linked(
                &of.ok_or_else(|| Error::defect("a line's record is gone"))?,
                "copy",
            )
        }
    }
}

/// An integer field.
pub(crate) fn integer(map: &Map<String, Value>, field: &str) -> Option<i64> {
    map.get(field).and_then(Value::as_i64)
}
