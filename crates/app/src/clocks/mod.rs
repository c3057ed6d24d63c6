//! Clocks: started, stopped and moved by the acts of their record (here) or by acts on records that name it
//! ([`heard`]); what they warn of, escalate and do at expiry is worked off in rounds ([`rounds`]).

mod heard;
mod rounds;

pub(crate) use heard::hear;

use crate::{error::Error, facts::Around, perform::Engine};
use domain::{ClockId, Date, Timestamp};
use jiff::tz::TimeZone;
use registers::{
    ClockDef, Definition, Facts,
    clocks::DueAt,
    model::{Due, Trigger},
};
use serde_json::Value;
use store::{ClockRow, RecordRow};

/// The clock rows an act changes: those it stops and those it starts.
pub(crate) fn moves(
    engine: &mut Engine<'_, '_>,
    definition: &Definition,
    before: Option<&RecordRow>,
    row: &RecordRow,
) -> Result<Vec<ClockRow>, Error> {
    if definition.clocks.is_empty() {
        return Ok(Vec::new());
    }
    let running = match before {
        Some(_) => engine.tx.clocks(row.id)?,
        None => Vec::new(),
    };
    // WHY: most acts start no clock, and of a record with many lines they are many facts
    let mut facts = None;
    let mut changed = Vec::new();
    for clock in &definition.clocks {
        for old in running
            .iter()
            .filter(|old| old.key == clock.key && old.stopped_at.is_none())
        {
            // a line that ends with its record has no deadline of its own any more
            let ended = row.line.is_some() && !row.open;
            if ended || clock.stop.iter().any(|stop| holds(stop, row)) {
                changed.push(stopped(old, row.occurred_at));
            }
        }
        // a deadline that was moved runs anew to its new day
        let moved = running.iter().find(|old| {
            old.key == clock.key && old.stopped_at.is_none() && reads_change(clock, before, row)
        });
        if let Some(old) = moved.filter(|old| !changed.iter().any(|one| one.id == old.id)) {
            let known = match facts.take() {
                Some(known) => known,
                None => engine.facts(definition, row, &Around::default())?,
            };
            let anew = begin(engine, clock, row, &known, old.started_at)?;
            if anew.as_ref().is_some_and(|new| new.due_at != old.due_at) {
                changed.push(stopped(old, row.occurred_at));
                changed.extend(anew);
            }
            facts = Some(known);
        }
        let begins = starting(clock, before, row, (&running, &changed), &engine.inner.zone);
        if let Some((start, instead)) = begins {
            let known = match facts.take() {
                Some(known) => known,
                None => engine.facts(definition, row, &Around::default())?,
            };
            if let Some(anew) = begin(engine, clock, row, &known, start)? {
                changed.extend(instead.map(|old| stopped(old, row.occurred_at)));
                changed.push(anew);
            }
            facts = Some(known);
        }
    }
    Ok(changed)
}

/// The clock rows of a record that is carried over. What runs goes on as it was started; a clock that the
/// definition of before did not know starts if the state or the field that starts it is there, one that the
/// record has stopped by now stops, and so does one that is gone from the definition.
pub(crate) fn carried(
    engine: &mut Engine<'_, '_>,
    definition: &Definition,
    row: &RecordRow,
) -> Result<Vec<ClockRow>, Error> {
    let kept = engine.tx.clocks(row.id)?;
    let is_known = |old: &ClockRow| definition.clocks.iter().any(|clock| clock.key == old.key);
    let gone = kept
        .iter()
        .filter(|old| old.stopped_at.is_none() && !is_known(old));
    let mut changed: Vec<ClockRow> = gone.map(|old| stopped(old, engine.now)).collect();
    if definition.clocks.is_empty() {
        return Ok(changed);
    }
    let facts = engine.facts(definition, row, &Around::default())?;
    for clock in &definition.clocks {
        let over = clock.stop.iter().any(|stop| holds(stop, row));
        let mut known = kept.iter().filter(|old| old.key == clock.key).peekable();
        if known.peek().is_none() && !over {
            let start = starts(clock, None, row, &engine.inner.zone);
            if let Some(start) = start {
                changed.extend(begin(engine, clock, row, &facts, start)?);
            }
        }
        for old in known.filter(|old| over && old.stopped_at.is_none()) {
            changed.push(stopped(old, row.occurred_at));
        }
    }
    Ok(changed)
}

/// Whether an act changes something that a clock's day is worked out from.
fn reads_change(clock: &ClockDef, before: Option<&RecordRow>, row: &RecordRow) -> bool {
    let (Due::Due(due), Some(before)) = (&clock.due, before) else {
        return false;
    };
    let paths = due.paths();
    let mut read = paths.iter().filter_map(|path| path.first());
    read.any(|field| before.body.get(field) != row.body.get(field))
}

fn holds(trigger: &Trigger, row: &RecordRow) -> bool {
    match trigger {
        Trigger::State(state) => row.state == *state,
        Trigger::Field(field) => row.body.get(field).is_some_and(|value| !value.is_null()),
        Trigger::Event(_) => false,
    }
}

/// From when a clock begins with an act, and instead of which. One that runs goes on, unless the field it counts
/// from has another value now.
fn starting<'r>(
    clock: &ClockDef,
    before: Option<&RecordRow>,
    row: &RecordRow,
    (running, changed): (&'r [ClockRow], &[ClockRow]),
    zone: &TimeZone,
) -> Option<(Timestamp, Option<&'r ClockRow>)> {
    // what is over when it is written down has no deadline any more
    if clock.stop.iter().any(|stop| holds(stop, row)) {
        return None;
    }
    let start = starts(clock, before, row, zone)?;
    let mut anew = changed.iter();
    if anew.any(|one| one.key == clock.key && one.stopped_at.is_none()) {
        return None;
    }
    let still = running.iter().find(|old| {
        let ends = changed.iter().any(|one| one.id == old.id);
        old.key == clock.key && old.stopped_at.is_none() && !ends
    });
    let by_field = clock
        .start
        .iter()
        .any(|one| matches!(one, Trigger::Field(_)));
    match still {
        Some(old) if !by_field || old.started_at == start => None,
        other => Some((start, other)),
    }
}

/// A clock that stops.
fn stopped(clock: &ClockRow, at: Timestamp) -> ClockRow {
    let mut clock = clock.clone();
    clock.stopped_at = Some(at.max(clock.started_at));
    clock.next_at = None;
    clock
}

/// From when a clock counts that this act starts; none if it does not start one.
fn starts(
    clock: &ClockDef,
    before: Option<&RecordRow>,
    row: &RecordRow,
    zone: &TimeZone,
) -> Option<Timestamp> {
    let mut started = clock.start.iter();
    started.find_map(|trigger| match trigger {
        Trigger::State(state) => {
            let entered = row.state == *state && before.is_none_or(|before| before.state != *state);
            entered.then_some(row.occurred_at)
        }
        Trigger::Field(field) => {
            let value = row.body.get(field)?;
            if before.is_some_and(|before| before.body.get(field) == Some(value)) {
                return None;
            }
            instant(value, zone)
        }
        Trigger::Event(_) => None,
    })
}

fn instant(value: &Value, zone: &TimeZone) -> Option<Timestamp> {
    let text = value.as_str()?;
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let day: Date = text.parse().ok()?;
    Some(
        day.at(0, 0, 0, 0)
            .to_zoned_datetime(zone.clone())
            .ok()?
            .timestamp(),
    )
}

fn begin(
    engine: &Engine<'_, '_>,
    clock: &ClockDef,
    row: &RecordRow,
    facts: &Facts<'_>,
    start: Timestamp,
) -> Result<Option<ClockRow>, Error> {
    let Some(due) = registers::clocks::due(clock, facts, start).map_err(Error::internal)? else {
        return Ok(None);
    };
    let mut new = ClockRow {
        id: ClockId::new(engine.now, engine.inner.random()?),
        record: row.id,
        key: clock.key.clone(),
        started_at: start,
        due_at: due.at,
        next_at: None,
        fired: Vec::new(),
        stopped_at: None,
        expired_at: None,
    };
    new.next_at = next(clock, due, facts, &new.fired);
    Ok(Some(new))
}

/// Every moment a clock has something to say, in order.
fn moments(clock: &ClockDef, due: DueAt, facts: &Facts<'_>) -> Vec<Timestamp> {
    let mut moments = registers::clocks::warnings(clock, due, facts);
    moments.push(due.at);
    moments.sort_unstable();
    moments.dedup();
    moments
}

fn next(clock: &ClockDef, due: DueAt, facts: &Facts<'_>, fired: &[String]) -> Option<Timestamp> {
    moments(clock, due, facts)
        .into_iter()
        .find(|at| !fired.contains(&at.to_string()))
}
