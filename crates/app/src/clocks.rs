//! Clocks: started, stopped and moved by the acts of their record; what they warn of, escalate and do
//! at expiry is worked off in rounds, each moment once, however many servers run.

use crate::{core::App, error::Error, facts::Around, limits, log, perform::Engine};
use access::{Act, SystemReason};
use domain::{ClockId, Date, PersonId, Timestamp};
use jiff::tz::TimeZone;
use registers::{
    ClockDef, Definition, Facts, Party,
    clocks::DueAt,
    model::{Due, Trigger},
};
use serde_json::{Map, Value};
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
                let mut old = old.clone();
                old.stopped_at = Some(row.occurred_at.max(old.started_at));
                old.next_at = None;
                changed.push(old);
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
                let mut old = old.clone();
                old.stopped_at = Some(row.occurred_at.max(old.started_at));
                old.next_at = None;
                changed.push(old);
                changed.extend(anew);
            }
            facts = Some(known);
        }
        // what is over when it is written down has no deadline any more
        let over = clock.stop.iter().any(|stop| holds(stop, row));
        let start = starts(&clock.start, before, row, &engine.inner.zone).filter(|_| !over);
        if let Some(start) = start {
            let known = match facts.take() {
                Some(known) => known,
                None => engine.facts(definition, row, &Around::default())?,
            };
            changed.extend(begin(engine, clock, row, &known, start)?);
            facts = Some(known);
        }
    }
    Ok(changed)
}

/// The clock rows of a record that is carried over. What runs goes on as it was started; a clock that the
/// definition of before did not know starts if the state or the field that starts it is there, and one
/// that the record has stopped by now stops.
pub(crate) fn carried(
    engine: &mut Engine<'_, '_>,
    definition: &Definition,
    row: &RecordRow,
) -> Result<Vec<ClockRow>, Error> {
    if definition.clocks.is_empty() {
        return Ok(Vec::new());
    }
    let kept = engine.tx.clocks(row.id)?;
    let facts = engine.facts(definition, row, &Around::default())?;
    let mut changed = Vec::new();
    for clock in &definition.clocks {
        let over = clock.stop.iter().any(|stop| holds(stop, row));
        let mut known = kept.iter().filter(|old| old.key == clock.key).peekable();
        if known.peek().is_none() && !over {
            let start = starts(&clock.start, None, row, &engine.inner.zone);
            if let Some(start) = start {
                changed.extend(begin(engine, clock, row, &facts, start)?);
            }
        }
        for old in known.filter(|old| over && old.stopped_at.is_none()) {
            let mut old = old.clone();
            old.stopped_at = Some(row.occurred_at.max(old.started_at));
            old.next_at = None;
            changed.push(old);
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

/// From when a clock counts that this act starts; none if it does not start one.
fn starts(
    trigger: &Trigger,
    before: Option<&RecordRow>,
    row: &RecordRow,
    zone: &TimeZone,
) -> Option<Timestamp> {
    match trigger {
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
    }
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

impl App {
    /// One round: everything that is due by now. Tells how many clocks it looked at.
    pub async fn tick(&self) -> Result<usize, Error> {
        let now = self.inner.now();
        let due = self
            .read_tx(move |_, tx| Ok(tx.clocks_due(now, limits::CLOCKS)?))
            .await?;
        let count = due.len();
        for clock in due {
            let done = self
                .transact_anew(move |inner, tx| {
                    let mut engine = Engine::new(inner, tx, now, Vec::new());
                    fire(&mut engine, clock.id)
                })
                .await;
            // one clock that cannot act must not stop the others; it stays due and is told of again
            if let Err(error) = done {
                tracing::error!(%error, clock = %clock.id, "a clock could not act");
            }
        }
        Ok(count)
    }
}

/// Works off the moments of one clock that have come.
fn fire(engine: &mut Engine<'_, '_>, id: ClockId) -> Result<(), Error> {
    let Some(mut clock) = engine.tx.lock_clock(id)? else {
        return Ok(());
    };
    if clock.next_at.is_none_or(|at| at > engine.now) {
        return Ok(());
    }
    let gone = || Error::defect("a clock's record");
    // whatever locks both locks the record before its line
    let root = engine.tx.record(clock.record)?.ok_or_else(gone)?.root();
    engine.tx.lock_record(root)?;
    let row = engine.hold(clock.record)?.ok_or_else(gone)?;
    let definition = engine.definition(&row.register)?;
    let Some(rule) = definition.clocks.iter().find(|rule| rule.key == clock.key) else {
        clock.next_at = None;
        return keep(engine, &row, &clock, "clock.dropped", &[]);
    };
    let facts = engine.facts(definition, &row, &Around::default())?;
    let due = DueAt {
        at: clock.due_at,
        day: due_day(rule, &facts, &clock)?,
    };
    let now = engine.now;
    for at in moments(rule, due, &facts) {
        if at <= now && !clock.fired.contains(&at.to_string()) {
            clock.fired.push(at.to_string());
        }
    }
    let overdue = clock.due_at <= now && clock.expired_at.is_none();
    if overdue {
        clock.expired_at = Some(now);
    }
    clock.next_at = next(rule, due, &facts, &clock.fired);
    let to = recipients(engine, rule, &row, &facts, clock.due_at <= now)?;
    let what = if clock.due_at <= now {
        "clock.overdue"
    } else {
        "clock.warned"
    };
    keep(engine, &row, &clock, what, &to)?;
    match &rule.expire {
        Some(action) if overdue => expire(engine, definition, &row, action),
        _ => Ok(()),
    }
}

/// Whole-day deadlines remember their day, so that warnings fall on days too.
fn due_day(rule: &ClockDef, facts: &Facts<'_>, clock: &ClockRow) -> Result<Option<Date>, Error> {
    let due = registers::clocks::due(rule, facts, clock.started_at).map_err(Error::internal)?;
    Ok(due
        .filter(|due| due.at == clock.due_at)
        .and_then(|due| due.day))
}

/// Whoever the record's persons are hears of a warning; those above them once it is due.
fn recipients(
    engine: &mut Engine<'_, '_>,
    rule: &ClockDef,
    row: &RecordRow,
    facts: &Facts<'_>,
    escalate: bool,
) -> Result<Vec<PersonId>, Error> {
    let mut persons: Vec<PersonId> = Vec::new();
    let definition = engine.definition(&row.register)?;
    for field in &definition.fields {
        if field.kind == registers::FieldKind::Person {
            let ids = crate::labels::ids(row.body.get(&field.key));
            persons.extend(ids.into_iter().map(PersonId::from));
        }
    }
    persons.extend(row.drafter);
    if let (true, Some(who)) = (escalate, &rule.escalate) {
        for party in who.resolve(facts).map_err(Error::internal)? {
            match party {
                Party::Person(id) => persons.extend(id.parse::<PersonId>()),
                Party::Role(role) => {
                    let with_role = engine
                        .tx
                        .accounts()?
                        .into_iter()
                        .filter(|one| one.roles.contains(&role));
                    persons.extend(with_role.filter_map(|one| one.person));
                }
                Party::Staff | Party::System => {}
            }
        }
    }
    persons.sort_unstable();
    persons.dedup();
    Ok(persons)
}

fn keep(
    engine: &mut Engine<'_, '_>,
    row: &RecordRow,
    clock: &ClockRow,
    what: &'static str,
    to: &[PersonId],
) -> Result<(), Error> {
    let act = Act::new("clock.note", &row.register, "office");
    let granted = access::decide_system(&act, SystemReason::Clock)
        .map_err(|denied| Error::denied(&denied))?;
    let about = log::About {
        register: Some(row.register.clone()),
        record: Some(row.id),
        facts: vec![
            ("clock", clock.key.clone()),
            ("due", clock.due_at.to_string()),
        ],
        ..log::About::default()
    };
    let entry = log::entry(engine.inner, granted.as_ref(), what, &about, engine.now)?;
    let now = engine.now;
    engine.tx.write::<_, Error>(granted.as_ref(), |door| {
        door.put_clock(clock)?;
        for person in to {
            door.put_notice(*person, row.id, what, now)?;
        }
        Ok((entry, ()))
    })
}

/// The action at expiry, done by the product itself because the law has already decided.
fn expire(
    engine: &mut Engine<'_, '_>,
    definition: &Definition,
    row: &RecordRow,
    action: &str,
) -> Result<(), Error> {
    if !definition
        .action(action)
        .is_some_and(|action| action.is_from(&row.state))
    {
        return Ok(());
    }
    let name = format!("{}.{action}", definition.key);
    let mut act = Act::new(&name, &definition.key, "office");
    act.at_expiry = true;
    let granted = access::decide_system(&act, SystemReason::Clock)
        .map_err(|denied| Error::denied(&denied))?;
    let nested = crate::perform::Nested {
        action,
        set: Map::new(),
        cause: row.id,
        occurred_at: engine.now,
    };
    engine.act_on(granted.as_ref(), row.id, nested)?;
    Ok(())
}
