//! Reading records: one, a page, a history. Every answer passes the visibility predicate; what an
//! answer refers to is told only as an id, and only where the caller may see it.

mod board;
mod cursor;
mod filter;
mod history;
mod lines;
mod links;
mod names;
mod pages;
mod then;
mod view;

pub use board::{TilePartView, TileView};
pub(crate) use history::versions;
pub(crate) use lines::{all_lines, lines_seen};
pub(crate) use pages::{Pages, briefs};
pub(crate) use view::{shown, view_own, view_seen, view_written};

use crate::{
    caller::Caller,
    core::{App, Inner},
    error::Error,
    facts::Collector,
    paging::{self, Page},
    perform::Engine,
    views::{ListInput, RecordView},
    visibility,
};
use access::Grant;
use domain::{RecordId, Timestamp};
use registers::Definition;
use serde_json::{Map, Value};
use store::{Condition, ListQuery, Tx, VersionRow};

impl App {
    /// Definitions of the registers the caller works with.
    #[must_use]
    pub fn registers(&self, _caller: &Caller) -> Vec<&Definition> {
        self.inner.catalogue.definitions().collect()
    }

    /// One definition.
    pub fn definition(&self, _caller: &Caller, key: &str) -> Result<&Definition, Error> {
        self.inner.catalogue.definition(key).ok_or(Error::NotFound)
    }

    /// One record.
    pub async fn read(&self, caller: &Caller, id: RecordId) -> Result<RecordView, Error> {
        let (caller, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| {
            let sight = visibility::sight(inner, tx, &caller, Grant::Handle, now)?;
            let row = tx
                .visible_record(id, &sight.visible)?
                .ok_or(Error::NotFound)?;
            let mut engine = Engine::new(inner, tx, now, Vec::new());
            engine.actor = caller.person;
            view::view(&mut engine, &sight, &row)
        })
        .await
    }

    /// A page of a register.
    pub async fn list(
        &self,
        caller: &Caller,
        register: &str,
        input: ListInput,
    ) -> Result<Page<RecordView>, Error> {
        let register = register.to_owned();
        let (caller, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| {
            let definition = inner
                .catalogue
                .definition(&register)
                .ok_or(Error::NotFound)?;
            let sight = visibility::sight(inner, tx, &caller, Grant::Handle, now)?;
            let mut query = filter::query(inner, definition, sight.visible.clone(), &input)?;
            of_today(inner, definition, &mut query, false);
            let seal = cursor::Seal::new(inner, &caller, &definition.key, &input)?;
            query.after = input
                .after
                .as_deref()
                .map(|cursor| seal.read(cursor))
                .transpose()?;
            let reachable = only_visible_targets(tx, &query)?;
            let rows = if reachable {
                tx.list(&query)?
            } else {
                Vec::new()
            };
            let next = seal.next(definition, &query, &rows);
            let total = paging::total(input.count.as_deref(), |cap| tx.count(&query, cap))?;
            let mut engine = Engine::new(inner, tx, now, Vec::new());
            let mut collector = Collector::new(inner, now).seen_by(&sight.visible);
            let items = briefs(&mut engine, &sight, definition, &rows, &mut collector)?;
            let total = total.map(|total| if reachable { total } else { 0 });
            Ok(Page { items, next, total })
        })
        .await
    }
}

/// How many records of a register the caller sees, up to a cap.
pub(crate) fn visible_count(
    inner: &Inner,
    tx: &mut Tx<'_>,
    caller: &Caller,
    definition: &Definition,
    now: Timestamp,
) -> Result<i64, Error> {
    let sight = visibility::sight(inner, tx, caller, Grant::Handle, now)?;
    let query = filter::query(inner, definition, sight.visible, &ListInput::default())?;
    Ok(tx.count(&query, Some(crate::limits::COUNT_CAP))?)
}

/// What is looked for in fields is looked for in records of the definition in force. WHY: what is behind is indexed
/// under the keys of before, which may name something else today, or what is shown to nobody any more.
/// Groups by fields are looked for in them, too.
fn of_today(inner: &Inner, definition: &Definition, query: &mut ListQuery, grouped: bool) {
    let in_fields = |condition: &Condition| {
        !matches!(
            condition,
            Condition::State(_) | Condition::Classes(_) | Condition::Recorded(..)
        )
    };
    if inner.behind.has(&definition.key) && (grouped || query.conditions.iter().any(in_fields)) {
        let written = Condition::Written(i64::from(definition.version));
        query.conditions.push(written);
    }
}

/// Whether every record that a filter names is visible. What links to a hidden one is not told, or
/// the answer would say that it exists.
fn only_visible_targets(tx: &mut Tx<'_>, query: &ListQuery) -> Result<bool, Error> {
    let mut all = true;
    for condition in &query.conditions {
        if let Condition::LinksTo(_, target) = condition {
            all &= tx.visible_record(*target, &query.visible)?.is_some();
        }
    }
    Ok(all)
}

/// The content of a sealed version, its salt left out.
pub(crate) fn open_version(
    key: &vault::DataKey,
    version: &VersionRow,
) -> Result<Map<String, Value>, Error> {
    let plain = open_sealed(key, version.record, version)?;
    let (_, content) = plain
        .expose()
        .split_at_checked(32)
        .ok_or_else(|| Error::defect("a sealed version is too short"))?;
    serde_json::from_slice(content).map_err(Error::internal)
}

/// Salt and content of a sealed version.
pub(crate) fn open_sealed(
    key: &vault::DataKey,
    record: RecordId,
    version: &VersionRow,
) -> Result<vault::SecretBytes, Error> {
    let number = version.version.to_be_bytes();
    let record = record.as_uuid();
    let place: [&[u8]; 3] = [b"version", record.as_bytes(), &number];
    Ok(vault::sealed::open(key, &place, &version.sealed)?)
}
