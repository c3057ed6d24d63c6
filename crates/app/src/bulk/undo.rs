//! Undoing a bulk act: by acts of its own, on every record or on none, and only while each is still at the version
//! the bulk act left.

use super::{BulkView, Errand, Item, Pile, done_for_made};
use crate::{
    batch::{self, Body, Kind, Of, Records},
    caller::Caller,
    core::{App, Inner},
    error::Error,
    keys, limits,
    perform::check_words,
    records,
};
use domain::{JobId, RecordId};
use registers::{Action, Definition};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
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
            let counts = counts(tx, id)?;
            let (definition, action) =
                possible(inner, &row, (&body, &counts)).ok_or_else(no_undo)?;
            let done = definition.action(&body.action);
            let again = done.is_some_and(|done| done.key == action.key);
            let items = batch::all_lines(tx, id, "made")?;
            let items = items.iter().map(|line| item(line, again));
            let items = items.collect::<Result<Vec<_>, _>>()?;
            let records = body.records()?;
            let restores = if records.restores.is_empty() {
                records.input.keys().cloned().collect()
            } else {
                records.restores.clone()
            };
            Ok((row, action.key.clone(), (items, restores)))
        });
        let (row, action, (items, restores)) = found.await?;
        let now = self.inner.now();
        let comment = undo
            .comment
            .unwrap_or_else(|| format!("撤销批量办理 / undo {id}"));
        let records = Records {
            atomic: true,
            restores,
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
            pile: Pile::default(),
        };
        self.carry_out(caller, errand).await
    }
}

/// How many records came to what.
pub(super) fn counts(tx: &mut Tx<'_>, id: JobId) -> Result<BTreeMap<String, i64>, Error> {
    let counts = batch::counts(tx, id)?.into_iter();
    Ok(counts
        .map(|(word, many)| (done_for_made(word), many))
        .collect())
}

/// The action by which a bulk act can be undone, as far as the register and its own state go. WHY: what waits for
/// a decision is not done yet, and would be done after the undoing.
pub(super) fn possible<'i>(
    inner: &'i Inner,
    row: &BatchRow,
    (body, counts): (&Body, &BTreeMap<String, i64>),
) -> Option<(&'i Definition, &'i Action)> {
    let over = ["done", "stopped", "failed"].contains(&row.state.as_str());
    let done = counts.get("done").copied().unwrap_or_default();
    let few = usize::try_from(done).is_ok_and(|done| (1..=limits::BULK_ATOMIC).contains(&done));
    let done = few && !counts.contains_key("waits");
    let undone = body.records().ok()?.undone.is_some();
    let definition = inner.catalogue.kept_as(&row.register)?;
    let action = definition.undo_of(definition.action(&body.action)?)?;
    (over && done && !undone && !body.dry_run).then_some((definition, action))
}

/// What is done to a record to undo what was done to it.
fn item(line: &BatchLine, again: bool) -> Result<Item, Error> {
    let before: Item = serde_json::from_value(line.asked.clone()).map_err(Error::internal)?;
    let left = line.result.as_ref().and_then(|told| told.get("version"));
    Ok(Item {
        id: before.id,
        version: left.and_then(Value::as_i64).ok_or_else(no_undo)?,
        values_of: again.then_some(before.version),
    })
}

/// The values that fields had at a version; none where it cannot be opened any more.
pub(super) fn values(
    inner: &Inner,
    tx: &mut Tx<'_>,
    (id, number): (RecordId, i64),
    restores: &[String],
) -> Result<Option<Map<String, Value>>, Error> {
    let version = tx.versions_after(Some((id, number - 1)), 1)?;
    let version = version
        .first()
        .filter(|one| one.record == id && one.version == number);
    let key = keys::open(inner, tx, keys::record_object(id))?;
    let (Some(version), Some((_, key))) = (version, key) else {
        return Ok(None);
    };
    let content = records::open_version(&key, version)?;
    let fields = content.get("fields");
    let value = |field: &String| fields.and_then(|fields| fields.get(field)).cloned();
    let values = restores
        .iter()
        .map(|field| (field.clone(), value(field).unwrap_or(Value::Null)));
    Ok(Some(values.collect()))
}

/// Says of a bulk act which other one undid it, in the transaction that did; refused where another was faster.
pub(super) fn mark(tx: &mut Tx<'_>, by: &BatchRow, body: &Body) -> Result<(), Error> {
    let Some(undone) = body.records()?.undoes else {
        return Ok(());
    };
    // it may have been dropped as too old meanwhile
    let Some(row) = tx.lock_batch(undone)? else {
        return Ok(());
    };
    let mut body = Body::of(&row)?;
    let before = body.records_mut()?.undone.replace(by.id);
    // WHY: whoever takes the job up after the commit and before its end comes here again
    if before.is_some_and(|before| before != by.id) {
        return Err(no_undo());
    }
    Ok(tx.keep().set_batch(row.id, &row.state, &body.json()?)?)
}

fn no_undo() -> Error {
    Error::conflict(
        "bulk.no_undo",
        "该批量办理不能撤销：尚未结束、没有办成的记录、超过 5000 条、有的在等待审批、已撤销，或该操作没有相反的操作",
        "this cannot be undone: it is not over, did nothing or more than 5,000 records, has some that wait for a \
         decision, was undone already, or its action has no way back",
    )
}
