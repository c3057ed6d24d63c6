//! Grounds: who may know a record beside its scope. One that nothing gave lets somebody know what
//! they may not.

use super::findings::Findings;
use crate::{core::Inner, error::Error, labels, limits};
use access::Ground;
use domain::{ApprovalId, RecordId, Timestamp};
use std::collections::BTreeSet;
use store::{GroundRow, RecordRow, Tx};

/// The grounds on a record.
pub(super) fn of_record(
    inner: &Inner,
    tx: &mut Tx<'_>,
    row: &RecordRow,
    findings: &mut Findings,
) -> Result<(), Error> {
    // an end that a server with a clock a little ahead has set is one
    let now = inner.now() + jiff::SignedDuration::from_millis(limits::CLOCK_BEHIND_MS);
    let kept = tx.grounds_on(row.id)?;
    let drafts = |ground: &GroundRow| {
        ground.kind == Ground::Drafter.key()
            && Some(ground.person) == row.drafter
            && ground.cause == row.id
            && ground.until.is_none()
    };
    if row.drafter.is_some() && !kept.iter().any(drafts) {
        findings.add(
            "check.ground_missing",
            "the drafter of a record has no ground on it",
            format!("record {}", row.id),
        );
    }
    missing_tasks(inner, tx, row, findings)?;
    for ground in kept {
        if !founded(tx, row, now, &ground)? {
            unfounded(&ground, findings);
        }
    }
    Ok(())
}

/// Whom an open record gives a task has the ground for it.
fn missing_tasks(
    inner: &Inner,
    tx: &mut Tx<'_>,
    row: &RecordRow,
    findings: &mut Findings,
) -> Result<(), Error> {
    let Some(definition) = inner.catalogue.kept_as(&row.register).filter(|_| row.open) else {
        return Ok(());
    };
    let fields = registers::tasks::fields(definition);
    let named: BTreeSet<RecordId> = fields
        .into_iter()
        .flat_map(|field| labels::ids(row.body.get(field)))
        .collect();
    if named.is_empty() {
        return Ok(());
    }
    let kept = tx.grounds_on(row.root())?;
    let given = |person: RecordId| {
        let mut kept = kept.iter();
        kept.any(|ground| {
            ground.kind == Ground::Task.key()
                && ground.cause == row.id
                && RecordId::from(ground.person) == person
                && ground.until.is_none()
        })
    };
    for person in named.into_iter().filter(|person| !given(*person)) {
        findings.add(
            "check.ground_missing",
            "somebody to whom a record gives a task has no ground on it",
            format!("record {} person {person}", row.root()),
        );
    }
    Ok(())
}

/// Grounds on what is no record.
pub(super) fn astray(tx: &mut Tx<'_>, findings: &mut Findings) -> Result<(), Error> {
    for ground in tx.grounds_astray()? {
        unfounded(&ground, findings);
    }
    Ok(())
}

fn unfounded(ground: &GroundRow, findings: &mut Findings) {
    findings.add(
        "check.ground_unfounded",
        format!(
            "a ground `{}` that nothing gave, or that has not ended",
            ground.kind
        ),
        format!("record {} person {}", ground.record, ground.person),
    );
}

/// Whether what a ground names as its cause has given it, and still does unless it has ended.
fn founded(
    tx: &mut Tx<'_>,
    row: &RecordRow,
    now: Timestamp,
    ground: &GroundRow,
) -> Result<bool, Error> {
    let Ok(kind) = Ground::parse_key(&ground.kind) else {
        return Ok(false);
    };
    match kind {
        Ground::Drafter => Ok(ground.cause == row.id && Some(ground.person) == row.drafter),
        Ground::Decision => {
            let approval = tx.approval_state(ApprovalId::from_uuid(ground.cause.as_uuid()))?;
            Ok(approval.is_some_and(|(_, state)| state == "pending" || ground.until.is_some()))
        }
        Ground::Task => {
            let Some(cause) = tx.record(ground.cause)? else {
                return Ok(false);
            };
            let person = ground.person.to_string();
            Ok({
                // who is not named any more has nothing by it any more
                let over = ground.until.is_some_and(|until| until <= now);
                let names = cause.body.values().any(|value| names(value, &person));
                let given = names && (cause.open || ground.until.is_some());
                over || (given && concerns(tx, row, &cause)?)
            })
        }
        // these follow from post, scope and holdings; no row gives them
        Ground::InScope
        | Ground::Custody
        | Ground::Directory
        | Ground::Cleared
        | Ground::Oversight
        | Ground::Office => Ok(false),
    }
}

/// Whether a cause gives its tasks on a record: on itself, and on the copy it moves with its document.
fn concerns(tx: &mut Tx<'_>, row: &RecordRow, cause: &RecordRow) -> Result<bool, Error> {
    if cause.root() == row.id {
        return Ok(true);
    }
    let mut named = labels::ids(cause.body.get("copy"));
    if named.is_empty()
        && let Some(of) = tx.record(cause.root())?
    {
        named = labels::ids(of.body.get("copy"));
    }
    for copy in named {
        let copy = tx.record(copy)?;
        let of = copy.map(|copy| (copy.id, labels::ids(copy.body.get("document"))));
        if of.is_some_and(|(copy, documents)| copy == row.id || documents.contains(&row.id)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a field's value names a person, in a list or a table too.
fn names(value: &serde_json::Value, person: &str) -> bool {
    match value {
        serde_json::Value::String(text) => text == person,
        serde_json::Value::Array(list) => list.iter().any(|one| names(one, person)),
        serde_json::Value::Object(map) => map.values().any(|one| names(one, person)),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {
            false
        }
    }
}
