//! The other ends of an approval: sent back, refused, taken back by who asked; and asking again.

use super::{
    Case, Change,
    decide::closed,
    deciders::{not_yours, release},
    freeze::is_asker,
    keep,
};
use crate::{
    caller::Caller,
    error::Error,
    perform::{
        commit::{self, Change as Commit},
        effects::Terms,
        engine::Engine,
        lines, request,
    },
    views::Performed,
};
use access::{Act, Grant, Granted, SystemReason, Viewer};
use domain::{AccountId, PersonId, RecordId};
use registers::Action;
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
    if !returned {
        let to = refused_state(&case);
        end_record(engine, granted, &case, to, (what, decision.comment.clone()))?;
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

/// Sends back what waits for an action that the definition has no more; true if it was such a request.
pub(super) fn send_back_if_gone(
    engine: &mut Engine<'_, '_>,
    approval: &ApprovalRow,
) -> Result<bool, Error> {
    let definition = engine.definition(&approval.register)?;
    if approval.state != "pending" || definition.action(&approval.action).is_some() {
        return Ok(false);
    }
    let act = Act::new("approval.reassess", &definition.key, "office");
    let granted = access::decide_system(&act, SystemReason::Job);
    let granted = granted.map_err(|denied| Error::denied(&denied))?;
    let changes = [Change::of("definition")];
    send_back(engine, granted.as_ref(), approval.clone(), &changes)?;
    Ok(true)
}

/// The asker takes the request back, while it waits or after it was sent back.
pub(super) fn withdraw(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    mut case: Case<'_>,
    comment: Option<String>,
) -> Result<Performed, Error> {
    if !is_asker(&case.approval, viewer.account, viewer.person) {
        return Err(not_yours());
    }
    if !matches!(case.approval.state.as_str(), "pending" | "returned") {
        return Err(closed());
    }
    let act = Act::new("approval.withdraw", &case.definition.key, "office");
    let grounds = request::record_grounds(engine, viewer, &case.row)?;
    let granted = access::decide(
        viewer,
        &case.label().class(),
        &grounds,
        Grant::Handle,
        &act,
        &engine.inner.policies,
    )
    .map_err(|denied| Error::denied(&denied))?;
    "withdrawn".clone_into(&mut case.approval.state);
    case.approval.reason = None;
    case.approval.closed_at = Some(engine.now);
    keep(engine, &granted, &case.approval, "withdrawn", None, None)?;
    let (id, approval) = (case.row.id, case.approval.clone());
    let cancelled = case.definition.action("cancel");
    let to = cancelled
        .and_then(|action| action.to.clone())
        .or_else(|| refused_state(&case));
    end_record(engine, &granted, &case, to, ("withdrawn", comment))?;
    let done = request::done(engine, viewer, id)?;
    release(engine, &granted, &approval)?;
    Ok(done)
}

fn refused_state(case: &Case<'_>) -> Option<String> {
    let approval = case.definition.approval_of(&case.action.key)?;
    approval.refused.clone()
}

/// Closes a record that existed only to wait; any other stays as it was before it was asked about.
fn end_record(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    case: &Case<'_>,
    to: Option<String>,
    (action, comment): (&str, Option<String>),
) -> Result<(), Error> {
    let initial = case.definition.initial_state();
    let waits = case.action.is_initial()
        && case.row.open
        && initial.is_some_and(|state| state.key == case.row.state);
    let Some(to) = to.filter(|_| waits) else {
        return Ok(());
    };
    let mut next = case.row.clone();
    next.open = !case.definition.is_final(&to);
    next.state = to;
    let terms = Terms {
        comment,
        ..Terms::default()
    };
    let change = Commit {
        definition: case.definition,
        action,
        draw: None,
        before: Some(&case.row),
        terms: &terms,
        under: None,
    };
    let ended = commit::commit(engine, granted, next, &change)?;
    if ended.open {
        return Ok(());
    }
    lines::close(engine, granted, case.definition, &ended)
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
    for mut approval in engine.tx.approvals(record)? {
        if approval.state == "returned" && is_asker(&approval, caller.account, caller.person) {
            "superseded".clone_into(&mut approval.state);
            approval.closed_at = Some(engine.now);
            keep(engine, granted, &approval, "superseded", None, None)?;
        }
    }
    Ok(())
}
