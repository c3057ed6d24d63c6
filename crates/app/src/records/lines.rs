//! The lines of a record as one viewer may see them: with their record, and page by page.

use super::{links, then, view};
use crate::{
    caller::Caller,
    core::App,
    error::Error,
    facts::{Around, Collector, For},
    limits,
    paging::{self, Page, PageInput},
    perform::{self, Engine},
    views::{ActionView, LinePlace, LineView, RecordView},
    visibility::{self, Sight},
};
use access::{Grant, Viewer};
use domain::RecordId;
use registers::{
    Action, Definition, Facts,
    model::{Line, LineOf, WITHDRAWN},
};
use serde_json::Map;
use std::{collections::BTreeSet, iter};
use store::{RecordRow, Visible};

impl App {
    /// A page of the lines of one kind that a record has.
    pub async fn lines(
        &self,
        caller: &Caller,
        of: RecordId,
        line: &str,
        input: PageInput,
    ) -> Result<Page<LineView>, Error> {
        let after = input.after.clone();
        let limit = input.limit().min(limits::LINES_SHOWN);
        let (caller, line, now) = (caller.clone(), line.to_owned(), self.inner.now());
        self.read_tx(move |inner, tx| {
            let sight = visibility::sight(inner, tx, &caller, Grant::Handle, now)?;
            let row = tx
                .visible_record(of, &sight.visible)?
                .ok_or(Error::NotFound)?;
            let mut engine = Engine::new(inner, tx, now, Vec::new());
            engine.actor = caller.person;
            let definition = engine.definition(&row.register)?;
            let line = definition.line(&line).ok_or(Error::NotFound)?;
            let lines = engine.definition(&line.register_key(&definition.key))?;
            let blind = is_blind(line, &row);
            let after = match after {
                Some(cursor) => place_after(&mut engine, (row.id, &lines.key), &cursor, blind)?,
                None => 0,
            };
            let untold = untold(line, &row);
            let rows = engine
                .tx
                .lines(row.id, (&lines.key, &untold), after, limit)?;
            let last = paging::last_of_full(&rows, limit);
            let next = last.and_then(|row| cursor(row, blind));
            let items = shown(&mut engine, &sight, (lines, line), &row, &rows)?;
            let total = paging::total(input.count.as_deref(), |_| {
                engine.tx.count_lines(row.id, &lines.key, &untold)
            })?;
            Ok(Page { items, next, total })
        })
        .await
    }
}

/// The first lines of every kind, as the viewer may see them now.
pub(crate) fn lines_seen(
    engine: &mut Engine<'_, '_>,
    viewer: Viewer,
    visible: Visible,
    of: &RecordRow,
) -> Result<Vec<LineView>, Error> {
    let definition = engine.definition(&of.register)?;
    of_record(engine, &Sight { viewer, visible }, definition, of)
}

/// The first lines of every kind, for the record itself.
pub(super) fn of_record(
    engine: &mut Engine<'_, '_>,
    sight: &Sight,
    definition: &Definition,
    of: &RecordRow,
) -> Result<Vec<LineView>, Error> {
    let mut all = Vec::new();
    for line in &definition.lines {
        let lines = engine.definition(&line.register_key(&definition.key))?;
        let untold = untold(line, of);
        let rows = engine
            .tx
            .lines(of.id, (&lines.key, &untold), 0, limits::LINES_SHOWN)?;
        all.extend(shown(engine, sight, (lines, line), of, &rows)?);
    }
    Ok(all)
}

/// Where a line of a record stands.
pub(super) fn place(
    engine: &Engine<'_, '_>,
    (row, of): (&RecordRow, Option<&RecordRow>),
) -> Result<Option<LinePlace>, Error> {
    let Some(place) = row.line else {
        return Ok(None);
    };
    let definition = engine.definition(&row.register)?;
    let Some(LineOf { register, line }) = &definition.line_of else {
        return Ok(None);
    };
    let kind = engine.definition(register)?.line(line);
    let blind = kind.is_some_and(|kind| of.is_some_and(|of| is_blind(kind, of)));
    Ok(Some(LinePlace {
        of: place.of,
        line: line.clone(),
        no: if blind { 0 } else { place.no },
    }))
}

/// States of lines that are not told: what was taken back, and what a blind count has not come to.
fn untold<'d>(line: &'d Line, of: &RecordRow) -> Vec<&'d str> {
    let kept_back = line.kept_back(&of.state).iter().map(String::as_str);
    iter::once(WITHDRAWN).chain(kept_back).collect()
}

/// Whether lines are counted blindly now. WHY: then their numbers would tell how many there are.
fn is_blind(line: &Line, of: &RecordRow) -> bool {
    !line.kept_back(&of.state).is_empty()
}

/// Where the next page goes on: behind the last line, by its number or, where that is not told, by what it is.
fn cursor(last: &RecordRow, blind: bool) -> Option<String> {
    let place = last.line?;
    Some(if blind {
        last.id.to_string()
    } else {
        place.no.to_string()
    })
}

/// The number that a page goes on behind.
fn place_after(
    engine: &mut Engine<'_, '_>,
    (of, register): (RecordId, &str),
    cursor: &str,
    blind: bool,
) -> Result<i64, Error> {
    if !blind && let Ok(no) = cursor.parse() {
        return Ok(no);
    }
    let id: RecordId = cursor.parse().map_err(|_| paging::bad_cursor())?;
    let row = engine.tx.record(id)?;
    let place = row
        .filter(|row| row.register == register)
        .and_then(|row| row.line);
    let place = place.filter(|place| place.of == of);
    place.map(|place| place.no).ok_or_else(paging::bad_cursor)
}

/// Every line of a kind, without what can be done with it.
pub(crate) fn all_lines(
    engine: &mut Engine<'_, '_>,
    sight: &Sight,
    (lines, line): (&Definition, &Line),
    of: &RecordRow,
) -> Result<Vec<RecordView>, Error> {
    let untold = untold(line, of);
    let mut all = Vec::new();
    let mut after = 0;
    loop {
        let rows = engine
            .tx
            .lines(of.id, (&lines.key, &untold), after, limits::LINES_SHOWN)?;
        all.extend(seen(engine, sight, lines, of, &rows)?);
        match paging::last_of_full(&rows, limits::LINES_SHOWN).and_then(|row| row.line) {
            Some(place) => after = place.no,
            None => return Ok(all),
        }
    }
}

/// Lines of one kind as the viewer may see them.
fn seen(
    engine: &mut Engine<'_, '_>,
    sight: &Sight,
    lines: &Definition,
    of: &RecordRow,
    rows: &[RecordRow],
) -> Result<Vec<RecordView>, Error> {
    let rows = then::today(engine, rows)?;
    let bodies = rows.iter().map(|row| &row.body);
    let known = links::known(engine.inner, engine.tx, &sight.visible, lines, bodies)?;
    let mut collector = Collector::new(engine.inner, engine.now).seen_by(&sight.visible);
    // WHY: what the record has is found out once, not for each of its lines
    let around = Around {
        asked: For::Computing,
        ..Around::default()
    };
    let record = if lines.fields.iter().any(|field| field.compute.is_some()) {
        let register = engine.definition(&of.register)?;
        let facts = collector.of_lines(engine.tx, (register, of), lines, &around)?;
        Some(facts)
    } else {
        None
    };
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows.iter() {
        let computed = match &record {
            Some(record) => {
                let facts = collector.in_record(engine.tx, lines, row, &around, record)?;
                registers::compute::computed(&lines.fields, &facts)
            }
            None => Map::new(),
        };
        shown.push(view::brief(
            engine,
            sight,
            (row, Some(of)),
            (computed, &known),
        )?);
    }
    Ok(shown)
}

/// The same, with what the viewer may do with each.
fn shown(
    engine: &mut Engine<'_, '_>,
    sight: &Sight,
    (lines, line): (&Definition, &Line),
    of: &RecordRow,
    rows: &[RecordRow],
) -> Result<Vec<LineView>, Error> {
    let views = seen(engine, sight, lines, of, rows)?;
    let mut desk = Desk::new(engine, sight, of)?;
    if !lines.approvals.is_empty() {
        let ids = rows.iter().map(|row| row.id).collect();
        desk.signed_later = engine.tx.waiting_among(&ids)?;
    }
    let blind = is_blind(line, of);
    let mut shown = Vec::with_capacity(rows.len());
    for (row, seen) in rows.iter().zip(views) {
        shown.push(LineView {
            id: row.id,
            line: line.key.clone(),
            no: row.line.filter(|_| !blind).map_or(0, |place| place.no),
            state: seen.state,
            version: seen.version,
            fields: seen.fields,
            actions: desk.actions(engine, &sight.viewer, lines, row)?,
        });
    }
    Ok(shown)
}

/// What the viewer may do with the lines of a record. WHY: what holds for the record is found out
/// once, not for each of its lines.
struct Desk<'i> {
    collector: Collector<'i>,
    record: Facts<'i>,
    waiting: bool,
    /// Lines that wait to be signed.
    signed_later: BTreeSet<RecordId>,
}

impl<'i> Desk<'i> {
    fn new(engine: &mut Engine<'i, '_>, sight: &Sight, of: &RecordRow) -> Result<Self, Error> {
        let definition = engine.definition(&of.register)?;
        let mut collector = Collector::new(engine.inner, engine.now);
        let around = Around {
            before: None,
            ..view::seen_from(&sight.viewer, of)
        };
        let record = collector.facts(engine.tx, definition, of, &around)?;
        Ok(Self {
            collector,
            record: record.for_lines(),
            waiting: perform::waits(engine.tx, of.id)?,
            signed_later: BTreeSet::new(),
        })
    }

    fn actions(
        &mut self,
        engine: &mut Engine<'_, '_>,
        viewer: &Viewer,
        lines: &Definition,
        row: &RecordRow,
    ) -> Result<Vec<ActionView>, Error> {
        let possible = |action: &&Action| action.is_from(&row.state) && view::is_for_people(action);
        let candidates: Vec<&Action> = lines.actions.iter().filter(possible).collect();
        if candidates.is_empty() || !row.open {
            return Ok(Vec::new());
        }
        let around = view::seen_from(viewer, row);
        let facts = self
            .collector
            .in_record(engine.tx, lines, row, &around, &self.record)?;
        let waiting = self.waiting || self.signed_later.contains(&row.id);
        Ok(view::judged(&candidates, viewer, &facts, waiting))
    }
}
