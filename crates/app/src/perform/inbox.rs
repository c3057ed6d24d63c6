//! The inbox: approvals that wait for the caller, with the facts to decide on.

use super::{
    approvals::{deciders, step_count},
    engine::Engine,
};
use crate::{
    accounts,
    caller::Caller,
    core::App,
    error::Error,
    facts::Around,
    people, records,
    views::{ApprovalView, DecisionView, NamedPerson},
    visibility,
};
use access::{Grant, Viewer};
use store::{ApprovalRow, RecordRow};

impl App {
    /// Approvals that wait for the caller, oldest first.
    pub async fn inbox(&self, caller: &Caller) -> Result<Vec<ApprovalView>, Error> {
        let (caller, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| {
            accounts::live_account(tx, &caller)?;
            let mut engine = Engine::new(inner, tx, now, Vec::new());
            let viewer = people::viewer(engine.inner, engine.tx, &caller, now)?;
            let visible = visibility::visible(inner, engine.tx, &viewer, Grant::Handle, now)?;
            let mut views = Vec::new();
            for approval in engine.tx.pending_approvals(1000)? {
                let Some(row) = engine.tx.visible_record(approval.record, &visible)? else {
                    continue;
                };
                if let Some(view) = view(&mut engine, &viewer, &approval, &row)? {
                    views.push(view);
                }
            }
            Ok(views)
        })
        .await
    }
}

fn view(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    approval: &ApprovalRow,
    row: &RecordRow,
) -> Result<Option<ApprovalView>, Error> {
    let around = Around {
        proposer: approval.requested_person,
        ..Around::default()
    };
    let facts = engine.facts(engine.definition(&approval.register)?, row, &around)?;
    let deciders = deciders(engine.tx, engine.inner, approval, &facts)?;
    if viewer
        .person
        .is_none_or(|person| !deciders.contains(&person))
    {
        return Ok(None);
    }
    let requested_by = match approval.requested_person {
        Some(id) => Some(NamedPerson {
            id,
            name: people::name(engine.tx, id)?,
        }),
        None => None,
    };
    let mut decisions = Vec::new();
    for one in engine.tx.decisions(approval.id)? {
        decisions.push(DecisionView {
            step: one.step,
            person: NamedPerson {
                id: one.person,
                name: people::name(engine.tx, one.person)?,
            },
            verdict: one.verdict,
            comment: one.comment,
            at: one.at,
        });
    }
    Ok(Some(ApprovalView {
        id: approval.id,
        record: records::view_own(engine, viewer, row.id)?,
        action: approval.action.clone(),
        frozen: approval.frozen.clone(),
        digest: approval.digest.clone(),
        step: approval.step,
        steps: step_count(approval),
        requested_by,
        at: approval.at,
        decisions,
    }))
}
