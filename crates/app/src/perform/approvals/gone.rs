//! What waits for an action that its register has no more: nobody can decide on it. It goes back to who
//! asked, who takes it back.

use super::{
    close,
    decide::{Decided, closed, sent_back},
    ready::Change,
};
use crate::{
    error::{Error, text},
    perform::engine::Engine,
    views::{Decision, Verdict},
};
use access::{Act, SystemReason, Viewer};
use registers::{Action, Definition, model::WITHDRAWN};
use store::{ApprovalRow, RecordRow};

/// Whether the definition in force has no such action, or a step that was asked for is none any more: nobody would
/// be awaited for it.
pub(super) fn is_gone(engine: &mut Engine<'_, '_>, approval: &ApprovalRow) -> Result<bool, Error> {
    let definition = engine.definition(&approval.register)?;
    let is_kept = |planned: &super::Planned| {
        let step = super::step(definition, &approval.action, planned.step);
        step.is_some_and(|step| step.signs == planned.signs.as_ref().map(|one| one.place))
    };
    let known = definition.action(&approval.action).is_some();
    Ok(!known || !super::plan(approval).iter().all(is_kept))
}

/// Sends a request that waits back to who asked.
pub(super) fn send_back(engine: &mut Engine<'_, '_>, approval: ApprovalRow) -> Result<(), Error> {
    let act = Act::new("approval.reassess", &approval.register, "office");
    let granted = access::decide_system(&act, SystemReason::Job);
    let granted = granted.map_err(|denied| Error::denied(&denied))?;
    close::send_back(
        engine,
        granted.as_ref(),
        approval,
        &[Change::of("definition")],
    )
}

/// What is answered to who decides on it all the same.
pub(super) fn answer(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    (approval, row): (ApprovalRow, RecordRow),
    asked: &Decision,
) -> Result<Decided, Error> {
    if asked.verdict == Verdict::Withdraw {
        let definition = engine.definition(&approval.register)?;
        let request = close::Withdrawn {
            ends_in: ends_in(engine, definition, &approval, &row)?,
            label: row.label.clone(),
            definition,
            approval,
            row,
        };
        let done = close::withdraw(engine, viewer, request, asked.comment.clone())?;
        return Ok(Decided::Answer(done));
    }
    if approval.state != "pending" {
        return Err(closed());
    }
    send_back(engine, approval)?;
    let why = text("台账规则", "the rules of the register");
    Ok(Decided::SentBack(sent_back(&[why])))
}

/// The state a record ends in that existed only to wait: it was made by what is asked, and is where it began.
fn ends_in(
    engine: &mut Engine<'_, '_>,
    definition: &Definition,
    approval: &ApprovalRow,
    row: &RecordRow,
) -> Result<Option<String>, Error> {
    let begun = definition.initial_state();
    if !row.open || begun.is_none_or(|state| state.key != row.state) {
        return Ok(None);
    }
    let versions = engine.tx.versions(row.id)?;
    let made = versions
        .first()
        .is_some_and(|first| first.action == approval.action);
    let action = definition.action(&approval.action);
    let made = made && action.is_none_or(Action::is_initial);
    if row.line.is_some() {
        return Ok(made.then(|| WITHDRAWN.to_owned()));
    }
    let cancelled = definition.action("cancel");
    let to = cancelled.and_then(|action| action.to.clone());
    let refused = definition.approval_of(&approval.action);
    let to = to.or_else(|| refused.and_then(|one| one.refused.clone()));
    Ok(to.filter(|_| made))
}
