//! Grounds: who may know a record beside its scope. One that nothing gave lets somebody know what
//! they may not.

use super::findings::Findings;
use crate::error::Error;
use access::Ground;
use domain::{ApprovalId, Timestamp};
use store::{GroundRow, RecordRow, Tx};

/// The grounds on a record.
pub(super) fn of_record(
    tx: &mut Tx<'_>,
    row: &RecordRow,
    now: Timestamp,
    findings: &mut Findings,
) -> Result<(), Error> {
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
    for ground in kept {
        if !founded(tx, row, now, &ground)? {
            unfounded(&ground, findings);
        }
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
            let cause = tx.record(ground.cause)?;
            let person = ground.person.to_string();
            Ok(cause.is_some_and(|cause| {
                // who is not named any more has nothing by it any more
                let over = ground.until.is_some_and(|until| until <= now);
                let names = cause.body.values().any(|value| names(value, &person));
                over || names && (cause.open || ground.until.is_some())
            }))
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
