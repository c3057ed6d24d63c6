//! The inbox: decisions that wait for the caller, with the facts to decide on, and requests of the
//! caller that were sent back.

use super::{
    approvals::{self, Change},
    engine::Engine,
};
use crate::{
    accounts,
    caller::Caller,
    core::App,
    error::Error,
    paging::{self, Page, PageInput},
    people, records,
    views::{ApprovalView, DecisionView, NamedPerson, ReasonView},
    visibility,
};
use access::{Grant, Viewer};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{ApprovalId, RecordId, Timestamp};
use serde_json::Value;
use std::collections::BTreeSet;
use store::{ApprovalRow, DecisionRow, InboxQuery, RecordRow, Tx, Visible};

impl App {
    /// A page of what waits for the caller, oldest first.
    pub async fn inbox(
        &self,
        caller: &Caller,
        input: PageInput,
    ) -> Result<Page<ApprovalView>, Error> {
        let (caller, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| {
            accounts::live_account(tx, &caller)?;
            let mut engine = Engine::new(inner, tx, now, Vec::new());
            let viewer = people::viewer(engine.inner, engine.tx, &caller, now)?;
            let visible = visibility::visible(inner, engine.tx, &viewer, Grant::Handle, now)?;
            let query = InboxQuery {
                visible,
                account: caller.account,
                person: viewer.person,
                parties: approvals::awaited_as(&viewer),
                after: input.after.as_deref().map(after).transpose()?,
                limit: input.limit(),
            };
            let rows = engine.tx.inbox(&query)?;
            let next = paging::last_of_full(&rows, query.limit).map(cursor);
            let tx = &mut *engine.tx;
            let total = paging::total(input.count.as_deref(), |cap| tx.inbox_count(&query, cap))?;
            let items: Result<_, Error> = rows
                .iter()
                .map(|row| view(&mut engine, &viewer, &query.visible, row))
                .collect();
            Ok(Page {
                items: items?,
                next,
                total,
            })
        })
        .await
    }
}

fn cursor(last: &ApprovalRow) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("{}\n{}", last.at.as_millisecond(), last.id))
}

fn after(cursor: &str) -> Result<(Timestamp, ApprovalId), Error> {
    read(cursor).ok_or_else(paging::bad_cursor)
}

fn read(cursor: &str) -> Option<(Timestamp, ApprovalId)> {
    let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (at, id) = text.split_once('\n')?;
    let at = Timestamp::from_millisecond(at.parse().ok()?).ok()?;
    Some((at, id.parse().ok()?))
}

fn view(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    visible: &Visible,
    approval: &ApprovalRow,
) -> Result<ApprovalView, Error> {
    let definition = engine.definition(&approval.register)?;
    let row = engine.tx.record(approval.record)?.ok_or(Error::NotFound)?;
    let decisions = engine.tx.decisions(approval.id)?;
    let waits_for = approvals::open_steps(definition, approval, &decisions)
        .into_iter()
        .map(|open| open.index)
        .collect();
    let requested_by = match approval.requested_person {
        Some(id) => Some(named(engine.tx, id)?),
        None => None,
    };
    Ok(ApprovalView {
        id: approval.id,
        record: records::view_own(engine, viewer, row.id)?,
        action: approval.action.clone(),
        state: approval.state.clone(),
        reason: reason(engine, viewer, visible, approval, &row)?,
        frozen: frozen(engine, viewer, visible, approval, &row)?,
        digest: approval.digest.clone(),
        step: approval.step,
        steps: approvals::rounds(approval),
        waits_for,
        requested_by,
        at: approval.at,
        decisions: decision_views(engine.tx, decisions)?,
    })
}

fn named(tx: &mut Tx<'_>, id: domain::PersonId) -> Result<NamedPerson, Error> {
    let name = people::name(tx, id)?;
    Ok(NamedPerson { id, name })
}

fn decision_views(
    tx: &mut Tx<'_>,
    decisions: Vec<DecisionRow>,
) -> Result<Vec<DecisionView>, Error> {
    decisions
        .into_iter()
        .map(|one| {
            Ok(DecisionView {
                step: one.step,
                person: named(tx, one.person)?,
                on_behalf_of: one.for_person.map(|id| named(tx, id)).transpose()?,
                verdict: one.verdict,
                comment: one.comment,
                at: one.at,
            })
        })
        .collect()
}

/// Why it was sent back, as far as the viewer may know of it.
fn reason(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    visible: &Visible,
    approval: &ApprovalRow,
    row: &RecordRow,
) -> Result<Option<ReasonView>, Error> {
    let Some(reason) = &approval.reason else {
        return Ok(None);
    };
    let changes: Vec<Change> = reason
        .get("changed")
        .and_then(|changed| serde_json::from_value(changed.clone()).ok())
        .unwrap_or_default();
    let code = reason.get("code").and_then(Value::as_str);
    Ok(Some(ReasonView {
        code: code.unwrap_or_default().to_owned(),
        changed: approvals::told(engine, viewer, visible, row, &changes)?,
    }))
}

/// What is frozen, without the fields that are not shown to the viewer and the records they may not
/// see.
fn frozen(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    visible: &Visible,
    approval: &ApprovalRow,
    row: &RecordRow,
) -> Result<Value, Error> {
    let mut frozen = approval.frozen.clone();
    if let Some(Value::Object(input)) = frozen.get_mut("input") {
        *input = records::shown(engine, (viewer, visible), row, std::mem::take(input))?;
    }
    if let Some(Value::Object(targets)) = frozen.get_mut("targets") {
        let ids: BTreeSet<RecordId> = targets.keys().filter_map(|id| id.parse().ok()).collect();
        let seen = engine.tx.visible_among(&ids, visible)?;
        targets.retain(|id, _| id.parse().is_ok_and(|id: RecordId| seen.contains(&id)));
    }
    Ok(frozen)
}
