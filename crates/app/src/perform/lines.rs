//! Lines: child records, kept as records of a register of their own, so that versions, clocks,
//! signatures and reservations serve them as they serve any record. What this room adds is what binds
//! them to their record: they are given with an act of it or filled from a query at one moment, are as
//! secret as it is, lead it on, follow its acts, and end with it.
//!
//! Lines that an act gives stand in the record's body under the key of their kind until they are made;
//! so an approval freezes them with everything else that is asked for.

mod fill;

pub(super) use fill::{fill, fills};

use super::{
    Nested, approvals,
    commit::{self, Change},
    effects::Terms,
    engine::Engine,
    request::Found,
};
use crate::{
    error::{Error, FieldProblem, text},
    facts::{Around, Collector, For},
    labels, limits,
};
use access::Granted;
use domain::{RecordId, Timestamp};
use registers::{
    Action, Definition, Field, FieldKind, LabelRule,
    model::{Line, LineOf, ParentMove, WITHDRAWN},
};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use store::{LineNo, RecordRow};

/// What the program does to a line whose record has ended.
const CLOSE: &str = "close";
/// What the program does to a line that was given anew.
const WITHDRAW: &str = "withdraw";

/// Lines about to be made, by the key of their kind.
pub(super) type Given = BTreeMap<String, Vec<Map<String, Value>>>;

/// Takes the lines that an act gives out of the body of its record.
pub(super) fn take(definition: &Definition, row: &mut RecordRow) -> Given {
    let mut given = Given::new();
    for line in &definition.lines {
        let rows: Vec<_> = line.given(&row.body).cloned().collect();
        if row.body.remove(&line.key).is_some() {
            given.insert(line.key.clone(), rows);
        }
    }
    given
}

/// Makes the lines that an act gives.
pub(super) fn make(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    change: &Change<'_>,
    of: &RecordRow,
    given: &Given,
) -> Result<(), Error> {
    for line in &change.definition.lines {
        let Some(rows) = given.get(&line.key).filter(|rows| !rows.is_empty()) else {
            continue;
        };
        let definition = engine.definition(&line.register_key(&change.definition.key))?;
        let mut no = engine.tx.last_line(of.id, &definition.key)?;
        for body in rows {
            no += 1;
            let mut row = blank(engine, definition, of, no)?;
            row.body = body.clone();
            // WHY: after a decision that is the decider, whose act the entry tells
            row.created_by = granted.actor().account();
            row.body.retain(|_, value| !value.is_null());
            let terms = because(of.id);
            let change = Change {
                definition,
                action: change.action,
                draw: None,
                before: None,
                terms: &terms,
                under: None,
            };
            commit::commit(engine, granted, row, &change)?;
        }
    }
    Ok(())
}

/// A line about to be made. WHY no drafter: its record gives the grounds on which it is seen.
pub(super) fn blank(
    engine: &Engine<'_, '_>,
    definition: &Definition,
    of: &RecordRow,
    no: i64,
) -> Result<RecordRow, Error> {
    let mut row = engine.blank(&definition.key, of.occurred_at)?;
    let initial = definition.initial_state();
    row.state = initial.map(|state| state.key.clone()).unwrap_or_default();
    row.drafter = None;
    row.label = of.label.clone();
    row.line = Some(LineNo { of: of.id, no });
    Ok(row)
}

fn because(cause: RecordId) -> Terms {
    Terms {
        cause: Some(cause),
        ..Terms::default()
    }
}

/// A line of a record that is there, about to be made by an act of its own.
pub(super) fn new<'e>(
    engine: &mut Engine<'e, '_>,
    of: RecordId,
    key: &str,
) -> Result<(&'e Definition, RecordRow), Error> {
    let of = engine.tx.lock_record(of)?.ok_or(Error::NotFound)?;
    super::carry::check(engine, &of)?;
    let register = engine.definition(&of.register)?;
    let line = register.line(key).ok_or(Error::NotFound)?;
    let definition = engine.definition(&line.register_key(&register.key))?;
    let there = engine
        .tx
        .count_lines(of.id, &definition.key, &[WITHDRAWN])?;
    count(line, there + 1)?;
    let last = engine.tx.last_line(of.id, &definition.key)?;
    Ok((definition, blank(engine, definition, &of, last + 1)?))
}

/// Too many lines of one kind.
fn count(line: &Line, lines: i64) -> Result<(), Error> {
    let most = line.max.map_or(limits::LINES, |max| max.min(limits::LINES));
    if usize::try_from(lines).is_ok_and(|lines| lines <= most) {
        return Ok(());
    }
    Err(Error::Fields(vec![FieldProblem {
        field: line.key.clone(),
        code: "register.field_too_many".to_owned(),
        say: text(
            &format!("最多 {most} 项"),
            &format!("takes at most {most} entries"),
        ),
    }]))
}

/// Whether the lines an act gives find room beside those that are there.
pub(super) fn check_count(engine: &mut Engine<'_, '_>, found: &Found<'_>) -> Result<(), Error> {
    for line in &found.definition.lines {
        let given = line.given(&found.row.body).count();
        if given > 0 {
            let register = line.register_key(&found.definition.key);
            // what is given anew takes the place of what was given before
            let there = match found.before {
                Some(_) if !found.action.is_initial() => {
                    engine
                        .tx
                        .count_lines(found.row.id, &register, &[WITHDRAWN])?
                }
                Some(_) | None => 0,
            };
            count(line, there + i64::try_from(given).map_err(Error::internal)?)?;
        }
    }
    Ok(())
}

/// What a line waits for: its record is open, and where lines are begun in their order, those ahead of
/// it have been.
pub(super) fn check_turn(engine: &mut Engine<'_, '_>, found: &Found<'_>) -> Result<(), Error> {
    let row = &found.row;
    let Some(place) = row.line else { return Ok(()) };
    let of = engine.tx.record(place.of)?.ok_or_else(gone)?;
    if !of.open {
        return Err(Error::conflict(
            "line.record_closed",
            "所属记录已办结，不能再办理其明细",
            "the record this line belongs to is closed",
        ));
    }
    let (_, line) = kind(engine, row)?;
    let waits = line.initial_state().map_or("", |state| &state.key);
    let begins = found.before.is_some()
        && row.state == waits
        && found.action.to.as_ref().is_some_and(|to| to != waits);
    if !line.order || !begins {
        return Ok(());
    }
    let ahead = engine
        .tx
        .lines(place.of, (&row.register, &[WITHDRAWN]), 0, place.no)?;
    let ahead = ahead
        .iter()
        .filter(|one| one.line.is_some_and(|at| at.no < place.no));
    if ahead.into_iter().any(|one| one.state == waits) {
        return Err(Error::conflict(
            "line.order",
            "须按顺序办理：前面还有一行没有开始",
            "lines are begun in their order: one ahead of it has not been",
        ));
    }
    Ok(())
}

fn gone() -> Error {
    Error::defect("a line's record is gone")
}

/// The register and the kind that a line is of.
fn kind<'e>(engine: &Engine<'e, '_>, row: &RecordRow) -> Result<(&'e Definition, &'e Line), Error> {
    let lines = engine.definition(&row.register)?;
    let LineOf { register, line } = lines.line_of.as_ref().ok_or_else(gone)?;
    let register = engine.definition(register)?;
    let line = register.line(line).ok_or_else(gone)?;
    Ok((register, line))
}

/// Lines that who asks again gives anew take the place of those given before.
pub(super) fn replace(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    definition: &Definition,
    row: &RecordRow,
) -> Result<(), Error> {
    for line in &definition.lines {
        if !row.body.contains_key(&line.key) {
            continue;
        }
        let lines = engine.definition(&line.register_key(&definition.key))?;
        for before in of_kind(engine, row.id, lines)? {
            end(engine, granted, (lines, WITHDRAW), &before)?;
        }
    }
    Ok(())
}

/// The open lines of a record that has ended end with it: what they held, they hold no longer.
pub(super) fn close(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    definition: &Definition,
    of: &RecordRow,
) -> Result<(), Error> {
    for line in &definition.lines {
        let lines = engine.definition(&line.register_key(&definition.key))?;
        for before in of_kind(engine, of.id, lines)? {
            end(engine, granted, (lines, CLOSE), &before)?;
        }
    }
    Ok(())
}

fn end(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    (definition, action): (&Definition, &str),
    before: &RecordRow,
) -> Result<(), Error> {
    if !definition.approvals.is_empty() {
        approvals::ends_with(engine, granted, before)?;
    }
    if !before.open {
        return Ok(());
    }
    // one that cannot be carried over ends as it is, in the words of its definition
    let (before, under) = engine.hold_as_it_is(before.id)?.ok_or_else(gone)?;
    let mut next = before.clone();
    next.open = false;
    if action == WITHDRAW {
        WITHDRAWN.clone_into(&mut next.state);
    }
    let terms = because(before.root());
    let change = Change {
        definition,
        action,
        draw: None,
        before: Some(&before),
        terms: &terms,
        under,
    };
    commit::commit(engine, granted, next, &change)?;
    Ok(())
}

/// All lines of one kind.
fn of_kind(
    engine: &mut Engine<'_, '_>,
    of: RecordId,
    lines: &Definition,
) -> Result<Vec<RecordRow>, Error> {
    let most = i64::try_from(limits::LINES).map_err(Error::internal)?;
    Ok(engine.tx.lines(of, (&lines.key, &[WITHDRAWN]), 0, most)?)
}

/// Every line of a record, whatever its kind; those that were withdrawn too, which can still be read.
pub(super) fn even_withdrawn(
    engine: &mut Engine<'_, '_>,
    definition: &Definition,
    of: RecordId,
) -> Result<Vec<RecordRow>, Error> {
    let mut all = Vec::new();
    for line in &definition.lines {
        let register = line.register_key(&definition.key);
        let mut after = 0;
        loop {
            // no line has the state ""
            let page = engine
                .tx
                .lines(of, (&register, &[]), after, limits::BACKLINKS)?;
            let Some(last) = page.last().and_then(|row| row.line) else {
                break;
            };
            after = last.no;
            all.extend(page);
        }
    }
    Ok(all)
}

/// The lines of a record as something that is signed or decided on tells them: each with its version.
pub(super) fn versions(
    engine: &mut Engine<'_, '_>,
    definition: &Definition,
    of: RecordId,
) -> Result<Map<String, Value>, Error> {
    let mut versions = Map::new();
    for line in &definition.lines {
        let lines = engine.definition(&line.register_key(&definition.key))?;
        for line in of_kind(engine, of, lines)? {
            versions.insert(line.id.to_string(), line.version.into());
        }
    }
    Ok(versions)
}

/// The records that the lines of a record name, given and stored ones, with the key of their kind.
pub(super) fn named(
    engine: &mut Engine<'_, '_>,
    definition: &Definition,
    row: &RecordRow,
) -> Result<BTreeMap<RecordId, String>, Error> {
    let mut named = BTreeMap::new();
    for line in &definition.lines {
        let lines = engine.definition(&line.register_key(&definition.key))?;
        let stored = of_kind(engine, row.id, lines)?;
        let bodies = line
            .given(&row.body)
            .chain(stored.iter().map(|one| &one.body));
        for body in bodies {
            for field in &line.fields {
                if matches!(field.kind, FieldKind::Link | FieldKind::Links) {
                    let ids = labels::ids(body.get(&field.key));
                    named.extend(ids.into_iter().map(|id| (id, line.key.clone())));
                }
            }
        }
    }
    Ok(named)
}

/// Acts that an act of the record performs on its lines. Which lines those are is found out before the
/// first of them: what is done to one does not decide about the next.
pub(super) fn fan_out(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    (definition, action): (&Definition, &Action),
    of: &RecordRow,
) -> Result<Option<RecordId>, Error> {
    let mut last = None;
    for wanted in &action.fan_out {
        let line = definition.line(&wanted.line).ok_or_else(gone)?;
        let lines = engine.definition(&line.register_key(&definition.key))?;
        let possible = lines.action(&wanted.action).ok_or_else(gone)?;
        let mut follow = of_kind(engine, of.id, lines)?;
        follow.retain(|one| possible.is_from(&one.state));
        if let Some(when) = &wanted.when {
            let around = Around {
                asked: For::act(action),
                ..Around::default()
            };
            let mut collector = Collector::new(engine.inner, engine.now);
            let record = collector.facts(engine.tx, definition, of, &around)?;
            let record = record.for_lines();
            let mut holds = Vec::with_capacity(follow.len());
            for one in follow {
                let facts = collector.in_record(engine.tx, lines, &one, &around, &record)?;
                if when.eval_bool(&facts).map_err(undecided)? {
                    holds.push(one);
                }
            }
            follow = holds;
        }
        if possible.effect.is_some() {
            lock_named(engine, lines, &follow)?;
        }
        for one in follow {
            let nested = Nested {
                action: &wanted.action,
                set: Map::new(),
                cause: of.id,
                occurred_at: of.occurred_at,
            };
            last = Some(engine.act_on(granted, one.id, nested)?.id);
        }
    }
    Ok(last)
}

/// Locks what lines name, and what that names, in one order for everybody: their effects change it line
/// by line, and two lists may name the same documents the other way round.
fn lock_named(
    engine: &mut Engine<'_, '_>,
    lines: &Definition,
    rows: &[RecordRow],
) -> Result<(), Error> {
    let links = |definition: &Definition, row: &RecordRow| -> Vec<RecordId> {
        let kinds = |field: &&Field| matches!(field.kind, FieldKind::Link | FieldKind::Links);
        let fields = definition.fields.iter().filter(kinds);
        fields
            .flat_map(|field| labels::ids(row.body.get(&field.key)))
            .collect()
    };
    let mut named: BTreeSet<RecordId> = rows.iter().flat_map(|row| links(lines, row)).collect();
    for _ in 0..2 {
        let mut next = BTreeSet::new();
        for id in named {
            if let Some(row) = engine.tx.lock_record(id)? {
                next.extend(links(engine.definition(&row.register)?, &row));
            }
        }
        named = next;
    }
    Ok(())
}

fn undecided(error: impl std::fmt::Display) -> Error {
    tracing::warn!(%error, "whether a line follows its record could not be decided");
    Error::conflict(
        "line.fan_out",
        "无法确定哪些明细随之办理：所需内容缺失",
        "which lines follow cannot be worked out: something it needs is missing",
    )
}

/// The record follows its lines: its label what they name, its state theirs.
pub(super) fn lead(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    (before, row): (Option<&RecordRow>, &RecordRow),
    terms: &Terms,
) -> Result<(), Error> {
    let Some(place) = row.line else { return Ok(()) };
    // an act of the record on its lines leads it on once, when all of them are done
    if terms.cause == Some(place.of) {
        return Ok(());
    }
    let (register, line) = kind(engine, row)?;
    let of = relabel(engine, granted, (before, row), place.of)?;
    move_on(
        engine,
        granted,
        (register, &of),
        [line],
        (row.id, row.occurred_at),
    )
}

/// A line that waits to be made is there already: its record is as secret as what it names. It leads nothing on.
pub(super) fn is_there(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    (before, row): (Option<&RecordRow>, RecordRow),
) -> Result<RecordRow, Error> {
    let Some(place) = row.line else {
        return Ok(row);
    };
    engine.tx.lock_record(place.of)?;
    relabel(engine, granted, (before, &row), place.of)?;
    engine.tx.record(row.id)?.ok_or_else(gone)
}

/// A line that was taken back: what is left of its kind leads the record on, and nothing does where none is.
pub(super) fn is_withdrawn(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    (before, row): (&RecordRow, &RecordRow),
    terms: &Terms,
) -> Result<(), Error> {
    let Some(place) = row.line else { return Ok(()) };
    if engine
        .tx
        .count_lines(place.of, &row.register, &[WITHDRAWN])?
        > 0
    {
        return lead(engine, granted, (Some(before), row), terms);
    }
    relabel(engine, granted, (Some(before), row), place.of).map(drop)
}

/// The record of a line, as secret by now as what its lines name.
fn relabel(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    (before, row): (Option<&RecordRow>, &RecordRow),
    of: RecordId,
) -> Result<RecordRow, Error> {
    let of = engine.hold(of)?.ok_or_else(gone)?;
    if names_anew(engine.definition(&row.register)?, before, row) {
        commit::relabel(engine, granted, row, &of)?;
        return engine.tx.record(of.id)?.ok_or_else(gone);
    }
    Ok(of)
}

/// Whether a line names other things than before for the label of its record.
fn names_anew(lines: &Definition, before: Option<&RecordRow>, row: &RecordRow) -> bool {
    let (Some(before), LabelRule::Parent(sources)) = (before, &lines.label) else {
        return true;
    };
    let mut sources = sources.iter();
    // what was withdrawn names nothing any more
    let withdrawn = before.state != row.state && row.state == WITHDRAWN;
    withdrawn
        || before.label != row.label
        || sources.any(|field| before.body.get(field) != row.body.get(field))
}

/// The record after an act of its own: led on by the lines that the act performed something on.
pub(super) fn lead_on(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    (definition, action): (&Definition, &Action),
    (of, last): (RecordRow, Option<RecordId>),
) -> Result<RecordRow, Error> {
    let Some(last) = last else { return Ok(of) };
    let fanned = action.fan_out.iter();
    let lines = fanned.filter_map(|wanted| definition.line(&wanted.line));
    let of = engine.hold(of.id)?.ok_or_else(gone)?;
    let cause = engine.tx.record(last)?.ok_or_else(gone)?;
    commit::relabel(engine, granted, &cause, &of)?;
    let of = engine.tx.record(of.id)?.ok_or_else(gone)?;
    move_on(
        engine,
        granted,
        (definition, &of),
        lines,
        (of.id, of.occurred_at),
    )?;
    engine.tx.record(of.id)?.ok_or_else(gone)
}

/// Carries out the first move of a record that follows from these lines.
fn move_on<'l>(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    (register, of): (&Definition, &RecordRow),
    lines: impl IntoIterator<Item = &'l Line>,
    (cause, occurred_at): (RecordId, Timestamp),
) -> Result<(), Error> {
    if !of.open {
        return Ok(());
    }
    let possible = |follows: &&ParentMove| {
        let action = register.action(&follows.action);
        action.is_some_and(|action| action.is_from(&of.state))
    };
    for line in lines {
        let moves: Vec<_> = line.parent.iter().filter(possible).collect();
        if moves.is_empty() {
            continue;
        }
        let around = Around {
            asked: For::Moves(line.register_key(&register.key)),
            actor: engine.actor,
            ..Around::default()
        };
        let facts = engine.facts(register, of, &around)?;
        for follows in moves {
            if follows.when.eval_bool(&facts) == Ok(true) {
                let nested = Nested {
                    action: &follows.action,
                    set: Map::new(),
                    cause,
                    occurred_at,
                };
                engine.act_on(granted, of.id, nested)?;
                return Ok(());
            }
        }
    }
    Ok(())
}
