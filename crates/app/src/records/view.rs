//! From a stored record to what one viewer may see of it.

use super::{lines, links, then};
use crate::{
    error::{Error, text},
    facts::{Around, Collector, For},
    labels,
    perform::{self, Engine, permitted},
    views::{ActionView, ClockView, LineView, RecordView},
    visibility::{self, Sight},
};
use access::{Grant, Viewer};
use domain::{RecordId, Text};
use registers::{Action, Definition, Facts, Who};
use serde_json::{Map, Value};
use std::{collections::BTreeSet, slice};
use store::{ClockRow, RecordRow, Visible};

/// A record after the viewer's own act, of which they wrote nothing.
pub(crate) fn view_own(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    id: RecordId,
) -> Result<RecordView, Error> {
    view_written(engine, viewer, id, &Map::new())
}

/// A record after the viewer's own act. They may have lost sight of it by the act itself: then they
/// are told what they did and what they wrote, and nothing besides.
pub(crate) fn view_written(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    id: RecordId,
    written: &Map<String, Value>,
) -> Result<RecordView, Error> {
    if let Some(view) = view_seen(engine, viewer, id)? {
        return Ok(view);
    }
    let row = engine.tx.record(id)?.ok_or(Error::NotFound)?;
    let mut view = plain(&row);
    view.fields.retain(|key, _| written.contains_key(key));
    view.number = None;
    Ok(view)
}

/// A record as it is now, if the viewer may see it.
pub(crate) fn view_seen(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    id: RecordId,
) -> Result<Option<RecordView>, Error> {
    let visible = visibility::visible(engine.inner, engine.tx, viewer, Grant::Handle, engine.now)?;
    let seen = engine.tx.visible_record(id, &visible)?;
    let sight = Sight {
        viewer: viewer.clone(),
        visible,
    };
    seen.map(|row| view(engine, &sight, &row)).transpose()
}

/// A record with clocks, actions and proof.
pub(super) fn view(
    engine: &mut Engine<'_, '_>,
    sight: &Sight,
    row: &RecordRow,
) -> Result<RecordView, Error> {
    let definition = engine.definition(&row.register)?;
    let read = then::today(engine, slice::from_ref(row))?;
    let row = read.first().unwrap_or(row);
    let links = links::known(
        engine.inner,
        engine.tx,
        &sight.visible,
        definition,
        [&row.body],
    )?;
    let mut collector = Collector::new(engine.inner, engine.now).seen_by(&sight.visible);
    let of = match row.line {
        Some(line) => engine.tx.record(line.of)?,
        None => None,
    };
    let computed = collector.computed(engine.tx, definition, row)?;
    let mut view = brief(engine, sight, (row, of.as_ref()), (computed, &links))?;
    let now = engine.now;
    view.clocks = engine
        .tx
        .clocks(row.id)?
        .iter()
        .map(|clock| clock_view(clock, now))
        .collect();
    view.actions = actions(engine, &sight.viewer, row)?;
    view.line = lines::place(engine, (row, of.as_ref()))?;
    view.lines = lines::of_record(engine, sight, definition, row)?;
    view.scans = scans(engine, &sight.viewer, row, &view.lines)?;
    view.entry = engine.tx.version_entry(row.id, row.version)?;
    Ok(view)
}

/// A record as a list shows it, a line with the record it is of, with its computed fields; `links` are the
/// records it names that the viewer may see.
pub(super) fn brief(
    engine: &mut Engine<'_, '_>,
    sight: &Sight,
    (row, of): (&RecordRow, Option<&RecordRow>),
    (computed, links): (Map<String, Value>, &BTreeSet<RecordId>),
) -> Result<RecordView, Error> {
    let definition = engine.definition(&row.register)?;
    let mut view = plain(row);
    let computed = computed.into_iter().filter(|(_, value)| !value.is_null());
    view.fields.extend(computed);
    links::hide(engine.inner, definition, &mut view.fields, links);
    let stand = Stand {
        id: row.id,
        state: &row.state,
        body: &row.body,
        of: of.map(|of| &of.body),
        today: None,
    };
    view.fields = visible_fields(&sight.viewer, definition, &stand, view.fields);
    view.mark = labels::mark(engine.inner, engine.tx, row)?;
    Ok(view)
}

/// A stored record as it is, before anything is left out.
fn plain(row: &RecordRow) -> RecordView {
    RecordView {
        id: row.id,
        register: row.register.clone(),
        number: row.number.clone(),
        state: row.state.clone(),
        version: row.version,
        label: row.label.clone(),
        mark: None,
        fields: row.body.clone(),
        lines: Vec::new(),
        line: None,
        clocks: Vec::new(),
        actions: Vec::new(),
        scans: Vec::new(),
        created_at: row.created_at,
        updated_at: row.updated_at,
        entry: None,
    }
}

/// Fields of a record, and of lines it is to get, as somebody may read them: no links to what they may not see, no hidden
/// fields.
pub(crate) fn shown(
    engine: &mut Engine<'_, '_>,
    (viewer, visible): (&Viewer, &Visible),
    row: &RecordRow,
    mut fields: Map<String, Value>,
) -> Result<Map<String, Value>, Error> {
    let definition = engine.definition(&row.register)?;
    let links = links::known(engine.inner, engine.tx, visible, definition, [&fields])?;
    links::hide(engine.inner, definition, &mut fields, &links);
    for line in &definition.lines {
        let lines = engine.definition(&line.register_key(&definition.key))?;
        let links = links::known(engine.inner, engine.tx, visible, lines, line.given(&fields))?;
        let state = line.initial_state().map_or("", |state| &state.key);
        let rows = fields.get_mut(&line.key).and_then(Value::as_array_mut);
        for given in rows.into_iter().flatten().filter_map(Value::as_object_mut) {
            let body = given.clone();
            links::hide(engine.inner, lines, given, &links);
            let stand = Stand {
                id: row.id,
                state,
                body: &body,
                of: Some(&row.body),
                today: None,
            };
            *given = visible_fields(viewer, lines, &stand, std::mem::take(given));
        }
    }
    let stand = Stand {
        id: row.id,
        state: &row.state,
        body: &row.body,
        of: None,
        today: None,
    };
    Ok(visible_fields(viewer, definition, &stand, fields))
}

/// Where fields stand: what decides who sees them.
pub(super) struct Stand<'s> {
    pub(super) id: RecordId,
    pub(super) state: &'s str,
    /// Everything that is written there, before anything is left out.
    pub(super) body: &'s Map<String, Value>,
    /// The same of the record, where they are a line's.
    pub(super) of: Option<&'s Map<String, Value>>,
    /// What is written there today, where they are of an earlier version: who is shown what was written
    /// then is named then and today.
    pub(super) today: Option<&'s Map<String, Value>>,
}

impl Stand<'_> {
    /// Whether a `visible` names the viewer: by a role, or by a field of the line or its record.
    fn names(&self, viewer: &Viewer, definition: &Definition, who: &Who) -> bool {
        let path = match who {
            Who::Role(key) => return viewer.roles.iter().any(|role| role.key() == key),
            Who::Field(path) => path.as_slice(),
            Who::HeadOf(_)
            | Who::HolderOf(_)
            | Who::Drafter
            | Who::Proposer
            | Who::System
            | Who::Staff => return false,
        };
        let Some(person) = viewer.person.map(RecordId::from) else {
            return false;
        };
        let own = || [Some(self.body), self.today];
        let (bodies, field) = match path {
            [record, field] if record == "record" => ([self.of, None], field),
            [field] if definition.field(field).is_some() => (own(), field),
            [field] => ([self.of, None], field),
            _ => return false,
        };
        let mut bodies = bodies.into_iter().flatten().peekable();
        bodies.peek().is_some() && bodies.all(|body| labels::ids(body.get(field)).contains(&person))
    }
}

/// Leaves out fields that role, state or person hide. What is written of a person they see themselves.
pub(super) fn visible_fields(
    viewer: &Viewer,
    definition: &Definition,
    stand: &Stand<'_>,
    mut fields: Map<String, Value>,
) -> Map<String, Value> {
    let about_the_viewer = viewer.person.map(RecordId::from) == Some(stand.id);
    // of what the definition does not know it does not say who sees it
    fields.retain(|key, _| then::is_written(definition, key));
    fields.retain(|key, _| {
        definition
            .field(key)
            .and_then(|field| field.visible.as_ref())
            .is_none_or(|visible| {
                // these always, and everybody in these states
                let mut always = visible.roles.iter();
                about_the_viewer
                    || always.any(|who| stand.names(viewer, definition, who))
                    || visible.states.iter().any(|one| one == stand.state)
                        && (visible.only.is_empty()
                            || visible
                                .only
                                .iter()
                                .any(|who| stand.names(viewer, definition, who)))
            })
    });
    fields
}

fn clock_view(clock: &ClockRow, now: domain::Timestamp) -> ClockView {
    let state = if clock.stopped_at.is_some() {
        "stopped"
    } else if clock.expired_at.is_some() || clock.due_at <= now {
        "overdue"
    } else {
        "running"
    };
    ClockView {
        key: clock.key.clone(),
        started_at: clock.started_at,
        due_at: clock.due_at,
        state: state.to_owned(),
        fired: clock.fired.clone(),
    }
}

/// The actions of the record's state, and why the viewer may not do some of them.
fn actions(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    row: &RecordRow,
) -> Result<Vec<ActionView>, Error> {
    if row.line.is_some() && !row.open {
        return Ok(Vec::new());
    }
    let definition = engine.definition(&row.register)?;
    let mut candidates: Vec<&Action> = Vec::new();
    for action in &definition.actions {
        let possible = action.is_from(&row.state)
            || perform::asks_again(
                engine.tx,
                row,
                action,
                (Some(viewer.account), viewer.person),
            )?;
        if possible && is_for_people(action) {
            candidates.push(action);
        }
    }
    if candidates.is_empty() {
        return Ok(Vec::new());
    }
    let waiting = perform::is_waiting(engine.tx, row)?;
    let facts = engine.facts(definition, row, &seen_from(viewer, row))?;
    Ok(judged(&candidates, viewer, &facts, waiting))
}

/// The kinds of a record's lines on which the viewer may act by scanning. WHY not from the lines that are
/// shown alone: who counts blindly is shown none of those that wait.
fn scans(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    row: &RecordRow,
    shown: &[LineView],
) -> Result<Vec<String>, Error> {
    let definition = engine.definition(&row.register)?;
    let mut kinds = Vec::new();
    for line in &definition.lines {
        let Some(scan) = line.scan.as_ref().filter(|_| row.open) else {
            continue;
        };
        let may = |one: &LineView| {
            let mut actions = one.actions.iter();
            one.line == line.key && actions.any(|one| one.allowed && one.key == scan.action)
        };
        if shown.iter().any(may) || perform::may_scan(engine, viewer, row, line)? {
            kinds.push(line.key.clone());
        }
    }
    Ok(kinds)
}

/// Whether people do it, and not only to what is taken over.
pub(super) fn is_for_people(action: &Action) -> bool {
    !action.who.is_system() && action.to_any.is_empty()
}

/// The record as whoever looks at it would act on it.
pub(super) fn seen_from(viewer: &Viewer, row: &RecordRow) -> Around {
    Around {
        asked: For::Judging,
        actor: viewer.person,
        proposer: viewer.person,
        before: Some(row.clone()),
        ..Around::default()
    }
}

/// Which of these actions the viewer may do, and why not.
pub(super) fn judged(
    candidates: &[&Action],
    viewer: &Viewer,
    facts: &Facts<'_>,
    waiting: bool,
) -> Vec<ActionView> {
    let judge = |action: &&Action| {
        let mut reasons: Vec<Text> = Vec::new();
        if waiting {
            reasons.push(text("正在等待审批", "waiting for a decision"));
        }
        if !permitted(viewer, action, facts) {
            reasons.push(text("此操作不由您办理", "this action is not yours to do"));
        }
        ActionView {
            key: action.key.clone(),
            allowed: reasons.is_empty(),
            reasons,
        }
    };
    candidates.iter().map(judge).collect()
}
