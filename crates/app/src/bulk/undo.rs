//! Undoing a bulk act: by acts of its own, on every record or on none, and only while each is still at the version
//! the bulk act left.

use super::{BulkView, Errand, Item};
use crate::{
    batch::{self, Body, Kind, Of, Records},
    caller::Caller,
    core::{App, Inner},
    error::Error,
    keys, limits,
    perform::check_words,
    records,
};
use domain::JobId;
use registers::{Action, Definition};
use serde_json::{Map, Value};
use store::{BatchLine, BatchRow, Tx};

/// How a bulk act is undone.
#[derive(Debug, Clone, Default)]
pub struct BulkUndo {
    /// The remark on every act.
    pub comment: Option<String>,
    /// Only tell what would happen.
    pub dry_run: bool,
}

impl App {
    /// Undoes a bulk act of the caller's own.
    pub async fn undo_bulk(
        &self,
        caller: &Caller,
        id: JobId,
        undo: BulkUndo,
    ) -> Result<BulkView, Error> {
        check_words(undo.comment.as_deref(), None)?;
        let account = caller.account;
        let found = self.read_tx(move |inner, tx| {
            let row = batch::seen(tx, (id, Kind::Records), account)?;
            let body = Body::of(&row)?;
            let Some((definition, action)) = possible(inner, &row, &body) else {
                return Err(no_undo());
            };
            let done = definition.action(&body.action);
            let again = done.is_some_and(|done| done.key == action.key);
            let mut items = Vec::new();
            for line in batch::all_lines(tx, id, "made")? {
                items.push(item(inner, tx, (&body, again), &line)?);
            }
            Ok((row, action.key.clone(), items))
        });
        let (row, action, items) = found.await?;
        if items.is_empty() {
            return Err(no_undo());
        }
        let now = self.inner.now();
        let few = items.len() <= limits::BULK_ATOMIC;
        let comment = undo
            .comment
            .unwrap_or_else(|| format!("撤销批量办理 / undo {id}"));
        let records = Records {
            atomic: few,
            tried_first: true,
            undoes: Some(id),
            ..Records::default()
        };
        let errand = Errand {
            row: BatchRow {
                id: JobId::new(now, self.inner.random()?),
                state: "running".to_owned(),
                body: Value::Null,
                created_at: now,
                ..row
            },
            body: Body {
                dry_run: undo.dry_run,
                comment: Some(comment),
                person: caller.person,
                ..Body::new(&action, Of::Records(records))
            },
            items,
            repeat: None,
        };
        self.carry_out(caller, errand).await
    }
}

/// The action by which a bulk act can be undone, as far as the register and its own state go.
pub(super) fn possible<'i>(
    inner: &'i Inner,
    row: &BatchRow,
    body: &Body,
) -> Option<(&'i Definition, &'i Action)> {
    let over = ["done", "stopped", "failed"].contains(&row.state.as_str());
    let undone = body.records().ok()?.undone.is_some();
    let definition = inner.catalogue.kept_as(&row.register)?;
    let action = definition.undo_of(definition.action(&body.action)?)?;
    (over && !undone && !body.dry_run).then_some((definition, action))
}

/// What is done to a record to undo what was done to it.
fn item(
    inner: &Inner,
    tx: &mut Tx<'_>,
    (body, again): (&Body, bool),
    line: &BatchLine,
) -> Result<Item, Error> {
    let before: Item = serde_json::from_value(line.asked.clone()).map_err(Error::internal)?;
    let left = line.result.as_ref().and_then(|told| told.get("version"));
    let left = left.and_then(Value::as_i64).ok_or_else(no_undo)?;
    let set = before.input.as_ref().unwrap_or(&body.records()?.input);
    let input = if again {
        values_before(inner, tx, &before, set)?
    } else {
        Map::new()
    };
    Ok(Item {
        id: before.id,
        version: left,
        input: Some(input),
    })
}

/// The values that fields had before they were set.
fn values_before(
    inner: &Inner,
    tx: &mut Tx<'_>,
    before: &Item,
    set: &Map<String, Value>,
) -> Result<Map<String, Value>, Error> {
    let key = keys::open(inner, tx, keys::record_object(before.id))?;
    let (_, key) = key.ok_or_else(no_undo)?;
    let version = tx.versions_after(Some((before.id, before.version - 1)), 1)?;
    let version = version
        .first()
        .filter(|one| one.record == before.id && one.version == before.version);
    let content = records::open_version(&key, version.ok_or_else(no_undo)?)?;
    let fields = content.get("fields");
    let value = |field: &String| fields.and_then(|fields| fields.get(field)).cloned();
    let values = set
        .keys()
        .map(|field| (field.clone(), value(field).unwrap_or(Value::Null)));
    Ok(values.collect())
}

/// Says of a bulk act which other one undid it; refused where another was faster.
pub(super) fn mark(tx: &mut Tx<'_>, undone: JobId, by: &BatchRow) -> Result<(), Error> {
    let row = batch::own(tx, (undone, Kind::Records), by.account)?;
    let mut body = Body::of(&row)?;
    let records = body.records_mut()?;
    if records.undone.replace(by.id).is_some() {
        return Err(no_undo());
    }
    Ok(tx.keep().set_batch(row.id, &row.state, &body.json()?)?)
}

fn no_undo() -> Error {
    Error::conflict(
        "bulk.no_undo",
        "该批量办理不能撤销：尚未结束、没有办成的记录、已撤销，或该操作没有相反的操作",
        "this cannot be undone: it is not over, did nothing, was undone already, or its action has no way back",
    )
}
