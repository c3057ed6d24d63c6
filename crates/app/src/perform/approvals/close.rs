//! The other ends of an approval: sent back, refused, taken back by who asked; and asking again.

use super::{
    Case, Change, decide::closed, deciders::release, freeze::is_asker, keep, turn::not_yours,
};
use crate::{
    caller::Caller,
    error::Error,
    labels,
    perform::{
        commit::{self, Change as Commit},
        effects::Terms,
        engine::Engine,
        lines, request,
    },
    views::Performed,
};
use access::{Act, Grant, Granted, Viewer};
use domain::{AccountId, Label, PersonId, RecordId};
use registers::{Action, Definition, model::WITHDRAWN};
use serde_json::json;
use store::{ApprovalRow, DecisionRow, RecordRow, Tx};

/// A decider's no: sent back for changes, or for good.
pub(super) fn say_no(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    granted: &Granted,
    mut case: Case<'_>,
    decision: &DecisionRow,
) -> Result<Performed, Error> {
    let returned = decision.verdict == "return";
    let what = if returned { "returned" } else { "refused" };
    if returned {
        case.approval.reason = Some(json!({ "code": "approval.returned" }));
    }
    what.clone_into(&mut case.approval.state);
    case.approval.closed_at = Some(engine.now);
    let asker = case.approval.requested_person;
    keep(engine, granted, &case.approval, what, Some(decision), asker)?;
    let (id, approval) = (case.row.id, case.approval.clone());
    let to = refused_state(&case).filter(|_| !returned && only_waits(&case));
    if let Some(to) = to {
        let said = (what, decision.comment.clone());
        let ended = (case.definition, &case.row, &approval);
        end_record(engine, granted, ended, to, said)?;
    }
    let done = request::done(engine, viewer, id)?;
    release(engine, granted, &approval)?;
    Ok(done)
}

/// Sends a request back whose facts have changed; nobody has decided on it.
pub(super) fn send_back(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    mut approval: ApprovalRow,
    changes: &[Change],
) -> Result<(), Error> {
    "returned".clone_into(&mut approval.state);
    approval.closed_at = Some(engine.now);
    approval.reason = Some(json!({ "code": "approval.facts_changed", "changed": changes }));
    let asker = approval.requested_person;
    keep(engine, granted, &approval, "returned", None, asker)?;
    release(engine, granted, &approval)
}

/// A request that its asker takes back.
pub(super) struct Withdrawn<'e> {
    pub definition: &'e Definition,
    pub approval: ApprovalRow,
    pub row: RecordRow,
    /// As secret as the record is and as it would have become.
    pub label: Label,
    /// The state a record ends in that existed only to wait.
    pub ends_in: Option<String>,
}

impl<'e> From<Case<'e>> for Withdrawn<'e> {
    fn from(case: Case<'e>) -> Self {
        // a line that existed only to wait is taken back, whatever else it could come to
        let cancelled = case.definition.action("cancel");
        let to = cancelled
            .filter(|_| case.row.line.is_none())
            .and_then(|action| action.to.clone())
            .or_else(|| refused_state(&case));
        Self {
            definition: case.definition,
            label: case.label(),
            ends_in: to.filter(|_| only_waits(&case)),
            approval: case.approval,
            row: case.row,
        }
    }
}

/// The asker takes the request back, while it waits or after it was sent back.
pub(super) fn withdraw(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    request: Withdrawn<'_>,
    comment: Option<String>,
) -> Result<Performed, Error> {
    let mut approval = request.approval;
    if !is_asker(&approval, viewer.account, viewer.person) {
        return Err(not_yours());
    }
    if !matches!(approval.state.as_str(), "pending" | "returned") {
        return Err(closed());
    }
    let act = Act::new("approval.withdraw", &request.definition.key, "office");
    let grounds = request::record_grounds(engine, viewer, &request.row)?;
    let granted = access::decide(
        viewer,
        &request.label.class(),
        &grounds,
        Grant::Handle,
        &act,
        &engine.inner.policies,
    )
    .map_err(|denied| Error::denied(&denied))?;
    "withdrawn".clone_into(&mut approval.state);
    approval.reason = None;
    approval.closed_at = Some(engine.now);
    keep(engine, &granted, &approval, "withdrawn", None, None)?;
    if let Some(to) = request.ends_in {
        let said = ("withdrawn", comment);
        let ended = (request.definition, &request.row, &approval);
        end_record(engine, &granted, ended, to, said)?;
    }
    let done = request::done(engine, viewer, request.row.id)?;
    release(engine, &granted, &approval)?;
    Ok(done)
}

fn refused_state(case: &Case<'_>) -> Option<String> {
    // a line that is not signed for is taken back
    if case.row.line.is_some() {
        return Some(WITHDRAWN.to_owned());
    }
    let approval = case.definition.approval_of(&case.action.key)?;
    approval.refused.clone()
}

/// Whether a record exists only to wait; any other stays as it was before it was asked about.
fn only_waits(case: &Case<'_>) -> bool {
    let initial = case.definition.initial_state();
    case.action.is_initial()
        && case.row.open
        && initial.is_some_and(|state| state.key == case.row.state)
}

/// Closes a record that existed only to wait.
fn end_record(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    (definition, row, approval): (&Definition, &RecordRow, &ApprovalRow),
    to: String,
    (action, comment): (&str, Option<String>),
) -> Result<(), Error> {
    // a record that waits is frozen with its lines
    if row.line.is_some() && super::waits(engine.tx, row.root())? {
        return Err(super::pending());
    }
    let mut next = row.clone();
    next.open = !definition.is_final(&to);
    next.state = to;
    if row.line.is_some() {
        next.label = labels::of(engine.tx, definition, &next)?;
    }
    let terms = Terms {
        comment,
        ..Terms::default()
    };
    let change = Commit {
        definition,
        action,
        draw: None,
        before: Some(row),
        terms: &terms,
        under: None,
    };
    let ended = commit::commit(engine, granted, next, &change)?;
    if ended.open {
        return Ok(());
    }
    lines::close(engine, granted, definition, &ended)?;
    // what follows from that follows from what was asked
    engine.actor = approval.requested_person;
    engine.account = Some(approval.requested_by);
    lines::is_withdrawn(engine, granted, (row, &ended), &terms)
}

/// Whether somebody may take the first action of a record once more: it was sent back to them.
pub(crate) fn asks_again(
    tx: &mut Tx<'_>,
    row: &RecordRow,
    action: &Action,
    (account, person): (Option<AccountId>, Option<PersonId>),
) -> Result<bool, Error> {
    let Some(account) = account.filter(|_| row.open && action.is_initial()) else {
        return Ok(false);
    };
    let newest = tx.approvals(row.id)?.into_iter().next_back();
    Ok(newest.is_some_and(|approval| {
        approval.state == "returned"
            && approval.action == action.key
            && is_asker(&approval, account, person)
    }))
}

/// What was sent back to somebody is answered by asking again.
pub(super) fn supersede(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    record: RecordId,
    caller: &Caller,
) -> Result<(), Error> {
    for approval in engine.tx.approvals(record)? {
        if approval.state == "returned" && is_asker(&approval, caller.account, caller.person) {
            overtake(engine, granted, approval, None)?;
        }
    }
    Ok(())
}

/// What waited to be signed on a line that ends with its record waits no longer; who asked is told.
pub(in crate::perform) fn ends_with(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    line: &RecordRow,
) -> Result<(), Error> {
    for approval in engine.tx.approvals(line.id)? {
        if matches!(approval.state.as_str(), "pending" | "returned") {
            let asker = approval.requested_person;
            overtake(engine, granted, approval.clone(), asker)?;
            release(engine, granted, &approval)?;
        }
    }
    Ok(())
}

/// Something else has come in the place of a request.
fn overtake(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    mut approval: ApprovalRow,
    told: Option<PersonId>,
) -> Result<(), Error> {
    "superseded".clone_into(&mut approval.state);
    approval.reason = None;
    approval.closed_at = Some(engine.now);
    keep(engine, granted, &approval, "superseded", None, told)
}
