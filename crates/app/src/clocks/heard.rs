//! Clocks that acts on other records start and stop (`event:…`): those of the records that the acted one
//! names.

use super::{begin, rounds::about, stopped};
use crate::{error::Error, facts::Around, labels, log, perform::Engine};
use access::Granted;
use domain::RecordId;
use registers::{
    ClockDef, Definition,
    model::{EventName, Trigger},
};
use std::collections::BTreeSet;
use store::{ClockRow, RecordRow};

/// Lets the records that this one names hear of an act that was carried out on it.
pub(crate) fn hear(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    (definition, action): (&Definition, &str),
    row: &RecordRow,
) -> Result<(), Error> {
    let catalogue = &engine.inner.catalogue;
    let listeners: Vec<&Definition> = catalogue.listeners(&definition.key, action).collect();
    if listeners.is_empty() {
        return Ok(());
    }
    let event = EventName {
        register: definition.key.clone(),
        action: action.to_owned(),
    };
    for listener in listeners {
        for id in named(definition, row, &listener.key) {
            tell(engine, granted, (listener, &event), id, row)?;
        }
    }
    Ok(())
}

/// The records of a register that a record names, in the order of their ids: so are they locked.
fn named(definition: &Definition, row: &RecordRow, register: &str) -> BTreeSet<RecordId> {
    let fields = definition.fields.iter();
    let links = fields.filter(|field| field.target() == Some(register));
    links
        .flat_map(|field| labels::ids(row.body.get(&field.key)))
        .collect()
}

fn tell(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    (listener, event): (&Definition, &EventName),
    id: RecordId,
    by: &RecordRow,
) -> Result<(), Error> {
    // WHY without a lock first: many acts name one record, and most find its clock running already
    let known = engine.tx.clocks(id)?;
    if !listener
        .clocks
        .iter()
        .any(|clock| moves(clock, event, &known))
    {
        return Ok(());
    }
    let Some((row, None)) = engine.hold_as_it_is(id)? else {
        tracing::warn!(record = %id, %event, "a clock did not hear of an act: its record is gone or behind");
        return Ok(());
    };
    if !row.open {
        return Ok(());
    }
    let kept = engine.tx.clocks(id)?;
    let facts = engine.facts(listener, &row, &Around::default())?;
    let mut changed = Vec::new();
    for clock in &listener.clocks {
        let (starts, stops) = (has(&clock.start, event), has(&clock.stop, event));
        let runs = |one: &&ClockRow| one.key == clock.key && one.stopped_at.is_none();
        let mut running = kept.iter().filter(runs).peekable();
        let begins = starts && (stops || running.peek().is_none());
        if stops {
            changed.extend(running.map(|old| stopped(old, by.occurred_at)));
        }
        // what its record has stopped by now does not start again
        if begins && !clock.stop.iter().any(|stop| super::holds(stop, &row)) {
            changed.extend(begin(engine, clock, &row, &facts, by.occurred_at)?);
        }
    }
    keep(engine, granted, &row, &changed)
}

fn has(triggers: &[Trigger], event: &EventName) -> bool {
    let mut events = triggers.iter();
    events.any(|one| matches!(one, Trigger::Event(named) if named == event))
}

/// Whether an event may start or stop a clock as things stand.
fn moves(clock: &ClockDef, event: &EventName, known: &[ClockRow]) -> bool {
    let mut of_it = known.iter().filter(|one| one.key == clock.key);
    let runs = of_it.any(|one| one.stopped_at.is_none());
    let (starts, stops) = (has(&clock.start, event), has(&clock.stop, event));
    if runs { stops } else { starts }
}

fn keep(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    row: &RecordRow,
    changed: &[ClockRow],
) -> Result<(), Error> {
    for clock in changed {
        let what = match clock.stopped_at {
            Some(_) => "clock.stopped",
            None => "clock.started",
        };
        let entry = log::entry(engine.inner, granted, what, &about(row, clock), engine.now)?;
        engine.tx.write::<_, Error>(granted, |door| {
            door.put_clock(clock)?;
            Ok((entry, ()))
        })?;
    }
    Ok(())
}
