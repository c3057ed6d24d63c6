//! From a stored record to what one viewer may see of it.

use crate::{
    error::{Error, text},
    facts::Around,
    labels,
    perform::{Engine, permitted},
    views::{ActionView, ClockView, RecordView},
};
use access::Viewer;
use domain::{RecordId, Text};
use registers::{Action, Definition};
use serde_json::{Map, Value};
use store::{ClockRow, RecordRow};

/// A record after the viewer's own act; they may have lost sight of it by the act itself, but know
/// what they did.
pub(crate) fn view_own(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    id: RecordId,
) -> Result<RecordView, Error> {
    let row = engine.tx.record(id)?.ok_or(Error::NotFound)?;
    view(engine, viewer, &row)
}

/// A record with clocks, actions and proof.
pub(crate) fn view(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    row: &RecordRow,
) -> Result<RecordView, Error> {
    let mut view = brief(engine, viewer, row)?;
    let now = engine.now;
    view.clocks = engine
        .tx
        .clocks(row.id)?
        .iter()
        .map(|clock| clock_view(clock, now))
        .collect();
    view.actions = actions(engine, viewer, row)?;
    view.entry = engine.tx.version_entry(row.id, row.version)?;
    Ok(view)
}

/// A record as a list shows it.
pub(super) fn brief(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    row: &RecordRow,
) -> Result<RecordView, Error> {
    let definition = engine.definition(&row.register)?;
    let mut fields = row.body.clone();
    if definition
        .fields
        .iter()
        .any(|field| field.compute.is_some())
    {
        let facts = engine.facts(definition, row, &Around::default())?;
        for (key, value) in registers::compute::computed(&definition.fields, &facts) {
            if !value.is_null() {
                fields.insert(key, value);
            }
        }
    }
    let fields = visible_fields(viewer, definition, &row.state, fields);
    Ok(RecordView {
        id: row.id,
        register: row.register.clone(),
        number: row.number.clone(),
        state: row.state.clone(),
        version: row.version,
        label: row.label.clone(),
        mark: labels::mark(engine.inner, engine.tx, row)?,
        fields,
        lines: Vec::new(),
        clocks: Vec::new(),
        actions: Vec::new(),
        created_at: row.created_at,
        updated_at: row.updated_at,
        entry: None,
    })
}

/// Leaves out fields that role or state hide.
pub(super) fn visible_fields(
    viewer: &Viewer,
    definition: &Definition,
    state: &str,
    mut fields: Map<String, Value>,
) -> Map<String, Value> {
    fields.retain(|key, _| {
        definition
            .field(key)
            .and_then(|field| field.visible.as_ref())
            .is_none_or(|visible| {
                // these roles always, and everybody in these states
                let role = viewer.roles.iter().any(|role| {
                    visible
                        .roles
                        .iter()
                        .any(|one| *one == registers::Who::Role(role.key().into()))
                });
                role || visible.states.iter().any(|one| one == state)
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
    let definition = engine.definition(&row.register)?;
    let candidates: Vec<&Action> = definition
        .actions
        .iter()
        .filter(|action| {
            action.is_from(&row.state) && !action.who.is_system() && action.to_any.is_empty()
        })
        .collect();
    if candidates.is_empty() {
        return Ok(Vec::new());
    }
    let waiting = engine
        .tx
        .approvals(row.id)?
        .iter()
        .any(|one| one.state == "pending");
    let around = Around {
        actor: viewer.person,
        proposer: viewer.person,
        ..Around::default()
    };
    let facts = engine.facts(definition, row, &around)?;
    Ok(candidates
        .into_iter()
        .map(|action| {
            let mut reasons: Vec<Text> = Vec::new();
            if waiting {
                reasons.push(text("正在等待审批", "waiting for a decision"));
            }
            if !permitted(viewer, action, &facts) {
                reasons.push(text("此操作不由您办理", "this action is not yours to do"));
            }
            ActionView {
                key: action.key.clone(),
                allowed: reasons.is_empty(),
                reasons,
            }
        })
        .collect())
}
