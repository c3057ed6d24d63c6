//! Letting an act wait: everything the decision is about goes under one digest.

use super::{
    Planned, Signs, about,
    close::supersede,
    deciders::{self, Round},
};
use crate::{
    caller::Caller,
    error::Error,
    labels, people,
    perform::{
        Placed,
        commit::{self, Change},
        effects::Terms,
        engine::Engine,
        lines, opening,
        request::Found,
    },
    records,
    views::Performed,
};
use access::Granted;
use aws_lc_rs::digest;
use domain::{AccountId, ApprovalId, Label, PersonId, RecordId, Timestamp};
use registers::{Action, Definition, Facts, FieldKind, Regimes};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use store::{ApprovalRow, RecordRow};

/// Freezes an act and lets it wait for its first decision. Only a record that is made by the act
/// is stored already; any other stays as it is until the act is carried out.
pub(in crate::perform) fn wait(
    engine: &mut Engine<'_, '_>,
    caller: &Caller,
    granted: &Granted,
    found: Found<'_>,
    facts: &Facts<'_>,
    (written, terms): (&Map<String, Value>, &Terms),
) -> Result<Performed, Error> {
    if let Some(before) = &found.before {
        supersede(engine, granted, before.id, caller)?;
    }
    let (definition, action) = (found.definition, found.action);
    let asked = Asked {
        input: changes(found.before.as_ref(), &found.row),
        label: match &found.before {
            Some(before) => before.label.join(&found.row.label),
            None => found.row.label.clone(),
        },
        occurred_at: found.row.occurred_at,
        state: opening::chosen(action, &found.row.state),
        step_up: caller.stepped_up(engine.now),
    };
    let row = standing(engine, granted, found, terms)?;
    let mut approval = ApprovalRow {
        id: ApprovalId::new(engine.now, engine.inner.random()?),
        record: row.id,
        register: row.register.clone(),
        action: action.key.clone(),
        digest: String::new(),
        frozen: Value::Null,
        steps: json!(planned(definition, &action.key, facts, &engine.placed)),
        step: 0,
        state: "pending".to_owned(),
        requested_by: caller.account,
        requested_person: caller.person,
        at: engine.now,
        closed_at: None,
        class: 0,
        once: definition
            .approval_of(&action.key)
            .is_none_or(|approval| approval.distinct),
        reason: None,
    };
    approval.frozen = freeze(
        engine,
        (definition, action),
        (&approval, &row),
        &asked,
        terms,
    )?;
    approval.digest = digest_of(&approval.frozen);
    open(engine, granted, &mut approval, &asked.label)?;
    let about = (&approval, &asked.label);
    deciders::assign(engine, granted, about, facts, Round::Begins)?;
    let viewer = people::viewer(engine.inner, engine.tx, caller, engine.now)?;
    let record = Box::new(records::view_written(engine, &viewer, row.id, written)?);
    Ok(Performed::Waiting {
        approval: approval.id,
        record,
    })
}

/// What is asked for, beside the record.
struct Asked {
    input: Map<String, Value>,
    label: Label,
    occurred_at: Timestamp,
    /// The state that opening stock is to stand in.
    state: Option<String>,
    step_up: bool,
}

/// The record while it waits: in its initial state if the act makes it, else as it was.
fn standing(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    found: Found<'_>,
    terms: &Terms,
) -> Result<RecordRow, Error> {
    let Found {
        definition,
        action,
        before,
        mut row,
    } = found;
    if let (Some(before), false) = (&before, action.is_initial()) {
        return Ok(before.clone());
    }
    if let Some(initial) = definition.initial_state() {
        row.state.clone_from(&initial.key);
    }
    row.open = true;
    if before.is_some() {
        lines::replace(engine, granted, definition, &row)?;
        row.label = labels::of(engine.tx, definition, &row)?;
    }
    let change = Change {
        definition,
        action: &action.key,
        draw: None,
        before: before.as_ref(),
        terms,
        under: None,
    };
    let row = commit::commit(engine, granted, row, &change)?;
    lines::is_there(engine, granted, (before.as_ref(), row))
}

/// Everything the decision is about.
fn freeze(
    engine: &mut Engine<'_, '_>,
    (definition, action): (&Definition, &Action),
    (approval, row): (&ApprovalRow, &RecordRow),
    asked: &Asked,
    terms: &Terms,
) -> Result<Value, Error> {
    let mut next = row.clone();
    next.body.extend(asked.input.clone());
    // what signs the making of a record is stored with it; what signs a change comes with the change
    let signed: Vec<Value> = engine
        .signed
        .iter()
        .filter(|_| !action.is_initial())
        .map(|one| json!({ "person": one.person, "method": one.method, "paper": one.paper }))
        .collect();
    let accepted: Vec<Value> = terms
        .accepted
        .iter()
        .map(|one| json!({ "rule": one.rule, "reason": one.reason }))
        .collect();
    // judged as it would become, as it will be when it is decided
    let becomes = super::proposed(engine, definition, action, approval, &next)?;
    let regimes = engine.regimes(definition, &becomes)?;
    let signers: Vec<PersonId> = engine.signed.iter().map(|one| one.person).collect();
    Ok(json!({
        "about": subject(approval),
        "signers": signers,
        "slips": engine.slips,
        "steps": approval.steps,
        "input": asked.input,
        "targets": targets(engine, definition, &next)?,
        "definition": definition.version,
        "rules": rules(definition, regimes),
        "occurred_at": asked.occurred_at,
        "state": asked.state,
        "comment": terms.comment,
        "accepted": accepted,
        "signed": signed,
        "step_up": asked.step_up,
    }))
}

/// The steps that apply on these facts; of those that are signed, the ones whose signatures are owed.
pub(super) fn planned(
    definition: &Definition,
    action: &str,
    facts: &Facts<'_>,
    placed: &Placed,
) -> Vec<Planned> {
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let mut planned: Vec<Planned> = Vec::new();
    // WHY: a round that lost its steps because they were signed at the counter would never end
    let (mut round, mut last) = (-1, None);
    for needed in registers::approvals::needed(definition, action, facts) {
        let signs = match needed.step.signs {
            None => None,
            Some(place) => match placed.owed(place) {
                Some(owed) => Some(Signs {
                    place,
                    many: owed.many,
                    persons: owed.persons.clone(),
                }),
                None => continue,
            },
        };
        if last != Some(needed.round) {
            round += 1;
            last = Some(needed.round);
        }
        planned.push(Planned {
            step: number(needed.index),
            round,
            signs,
        });
    }
    planned
}

/// What the act would write: every field it changes, with null for what it empties.
fn changes(before: Option<&RecordRow>, row: &RecordRow) -> Map<String, Value> {
    let Some(before) = before else {
        return row.body.clone();
    };
    let mut changed: Map<String, Value> = row
        .body
        .iter()
        .filter(|(key, value)| before.body.get(*key) != Some(*value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    for key in before.body.keys() {
        if !row.body.contains_key(key) {
            changed.insert(key.clone(), Value::Null);
        }
    }
    changed
}

/// Which approval it is, so that no digest fits another.
pub(super) fn subject(approval: &ApprovalRow) -> Value {
    json!({
        "approval": approval.id,
        "record": approval.record,
        "register": approval.register,
        "action": approval.action,
        "account": approval.requested_by,
        "person": approval.requested_person,
    })
}

/// The records it is about, with the field that names them; the record itself is in no field.
/// WHY: people, units and places change every day for reasons of their own; what counts of them,
/// clearance above all, the stops look at afresh.
pub(super) fn named(
    engine: &mut Engine<'_, '_>,
    definition: &Definition,
    row: &RecordRow,
) -> Result<BTreeMap<RecordId, String>, Error> {
    let mut named = lines::named(engine, definition, row)?;
    for field in &definition.fields {
        if matches!(field.kind, FieldKind::Link | FieldKind::Links) {
            for id in labels::ids(row.body.get(&field.key)) {
                named.entry(id).or_insert_with(|| field.key.clone());
            }
        }
    }
    Ok(named)
}

/// The versions of the record and of all it is about, each locked until the end.
pub(super) fn targets(
    engine: &mut Engine<'_, '_>,
    definition: &Definition,
    row: &RecordRow,
) -> Result<Map<String, Value>, Error> {
    let mut versions = Map::new();
    versions.insert(row.id.to_string(), row.version.into());
    for id in named(engine, definition, row)?.into_keys() {
        if let Some(target) = engine.tx.lock_record(id)? {
            versions.insert(id.to_string(), target.version.into());
        }
    }
    versions.extend(lines::versions(engine, definition, row.id)?);
    Ok(versions)
}

/// Digest over the definition with its rules, and how hard the regimes make them hold.
pub(super) fn rules(definition: &Definition, regimes: &Regimes) -> String {
    let severities: Vec<Value> = definition
        .rules
        .iter()
        .map(|rule| json!([rule.id, regimes.severity(rule)]))
        .collect();
    let parameters: Map<String, Value> = regimes
        .parameters
        .iter()
        .map(|(key, value)| (key.to_owned(), value.clone()))
        .collect();
    digest_of(&json!([definition, severities, parameters]))
}

pub(super) fn digest_of(value: &Value) -> String {
    hex::encode(digest::digest(
        &digest::SHA256,
        value.to_string().as_bytes(),
    ))
}

/// Stores a new approval with its log entry.
fn open(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    approval: &mut ApprovalRow,
    label: &Label,
) -> Result<(), Error> {
    let entry = crate::log::entry(
        engine.inner,
        granted,
        "approval.requested",
        &about(approval),
        engine.now,
    )?;
    engine.tx.write::<_, Error>(granted, |door| {
        approval.class = door.intern_class(&label.class())?;
        door.put_approval(approval)?;
        Ok((entry, ()))
    })
}

/// Whether somebody is who asked.
pub(super) fn is_asker(
    approval: &ApprovalRow,
    account: AccountId,
    person: Option<PersonId>,
) -> bool {
    account == approval.requested_by || (person.is_some() && person == approval.requested_person)
}
