//! Reading records: one, a page, a history. Every answer passes the visibility predicate; what an
//! answer refers to is told only as an id.

mod cursor;
mod filter;
mod view;

pub(crate) use view::view_own;

use crate::{
    caller::Caller,
    core::App,
    error::Error,
    keys, limits, people,
    perform::Engine,
    views::{ListInput, Page, RecordView, VersionView},
    visibility,
};
use access::Grant;
use domain::RecordId;
use registers::Definition;
use serde_json::{Map, Value};
use store::{ListQuery, Tx, VersionRow};

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
            let viewer = people::viewer(inner, tx, &caller, now)?;
            let visible = visibility::visible(inner, tx, &viewer, Grant::Handle, now)?;
            let row = tx.visible_record(id, &visible)?.ok_or(Error::NotFound)?;
            let mut engine = Engine::new(inner, tx, now, Vec::new());
            engine.actor = caller.person;
            view::view(&mut engine, &viewer, &row)
        })
        .await
    }

    /// A page of a register.
    pub async fn list(
        &self,
        caller: &Caller,
        register: &str,
        input: ListInput,
    ) -> Result<Page, Error> {
        let definition = self
            .inner
            .catalogue
            .definition(register)
            .ok_or(Error::NotFound)?
            .clone();
        let (caller, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| {
            let viewer = people::viewer(inner, tx, &caller, now)?;
            let visible = visibility::visible(inner, tx, &viewer, Grant::Handle, now)?;
            let query = filter::query(&definition, visible, &input)?;
            let rows = tx.list(&query)?;
            let next = cursor::next(&definition, &query, &rows);
            let total = total(tx, &query, input.count.as_deref())?;
            let mut engine = Engine::new(inner, tx, now, Vec::new());
            let mut items = Vec::with_capacity(rows.len());
            for row in &rows {
                items.push(view::brief(&mut engine, &viewer, row)?);
            }
            Ok(Page { items, next, total })
        })
        .await
    }

    /// Every version of a record, oldest first, opened with the record's key.
    pub async fn history(&self, caller: &Caller, id: RecordId) -> Result<Vec<VersionView>, Error> {
        let (caller, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| {
            let viewer = people::viewer(inner, tx, &caller, now)?;
            let visible = visibility::visible(inner, tx, &viewer, Grant::Handle, now)?;
            let row = tx.visible_record(id, &visible)?.ok_or(Error::NotFound)?;
            let definition = inner
                .catalogue
                .definition(&row.register)
                .ok_or(Error::NotFound)?;
            let key = keys::open(inner, tx, keys::record_object(id))?;
            let mut views = Vec::new();
            for version in tx.versions(id)? {
                let fields = match &key {
                    Some((_, key)) => Some(open_version(key, &version)?),
                    None => None,
                };
                views.push(version_view(&viewer, definition, version, fields));
            }
            Ok(views)
        })
        .await
    }
}

fn total(tx: &mut Tx<'_>, query: &ListQuery, count: Option<&str>) -> Result<Option<i64>, Error> {
    match count {
        Some("exact") => Ok(Some(tx.count(query, None)?)),
        Some("capped") => Ok(Some(tx.count(query, Some(limits::COUNT_CAP))?)),
        Some("none") | None => Ok(None),
        Some(_) => Err(Error::malformed(
            "list.count",
            "count 只能是 none、capped 或 exact",
            "count is none, capped or exact",
        )),
    }
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

fn version_view(
    viewer: &access::Viewer,
    definition: &Definition,
    version: VersionRow,
    content: Option<Map<String, Value>>,
) -> VersionView {
    let fields = content.and_then(|mut content| match content.remove("fields") {
        Some(Value::Object(fields)) => Some(view::visible_fields(
            viewer,
            definition,
            &version.state,
            fields,
        )),
        _ => None,
    });
    VersionView {
        version: version.version,
        at: version.at,
        actor: version.actor,
        action: version.action,
        state: version.state,
        fields,
        entry: version.entry,
    }
}
