//! What clocks warn of, escalate and do at expiry: worked off in rounds, each moment once, however many
//! servers run.

use super::{moments, next};
use crate::{core::App, error::Error, facts::Around, limits, log, perform::Engine};
use access::{Act, SystemReason};
use domain::{ClockId, Date, PersonId};
use registers::{ClockDef, Definition, Facts, Party, clocks::DueAt};
use serde_json::Map;
use store::{ClockRow, RecordRow};

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
    let Some(clock) = due(engine, id)? else {
        return Ok(());
    };
    let gone = || Error::defect("a clock's record");
    // whatever locks both locks the record before its line
    let root = engine.tx.record(clock.record)?.ok_or_else(gone)?.root();
    engine.tx.lock_record(root)?;
    let row = engine.hold(clock.record)?.ok_or_else(gone)?;
    // WHY: where the record was behind, carrying it over may have stopped the clock
    let Some(mut clock) = due(engine, id)? else {
        return Ok(());
    };
    let definition = engine.definition(&row.register)?;
    let Some(rule) = definition.clocks.iter().find(|rule| rule.key == clock.key) else {
        clock.next_at = None;
        return keep(engine, &row, &clock, "clock.dropped", &[]);
    };
    let facts = engine.facts(definition, &row, &Around::default())?;
    let due_at = DueAt {
        at: clock.due_at,
        day: due_day(rule, &facts, &clock)?,
    };
    let now = engine.now;
    for at in moments(rule, due_at, &facts) {
        if at <= now && !clock.fired.contains(&at.to_string()) {
            clock.fired.push(at.to_string());
        }
    }
    let overdue = clock.due_at <= now && clock.expired_at.is_none();
    if overdue {
        clock.expired_at = Some(now);
    }
    clock.next_at = next(rule, due_at, &facts, &clock.fired);
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

/// A clock that has something to say by now.
fn due(engine: &mut Engine<'_, '_>, id: ClockId) -> Result<Option<ClockRow>, Error> {
    let clock = engine.tx.lock_clock(id)?;
    Ok(clock.filter(|clock| clock.next_at.is_some_and(|at| at <= engine.now)))
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
    let about = about(row, clock);
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

/// What an entry about a clock says.
pub(super) fn about(row: &RecordRow, clock: &ClockRow) -> log::About {
    log::About {
        register: Some(row.register.clone()),
        record: Some(row.id),
        facts: vec![
            ("clock", clock.key.clone()),
            ("due", clock.due_at.to_string()),
        ],
        ..log::About::default()
    }
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
