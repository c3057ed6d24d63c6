//! The versions of a record. Each is shown to whoever may know it by the label it had then and by
//! the one it has today: what was lifted or lowered since is no wider known for that.

use super::{links, open_version, view};
use crate::{
    caller::Caller,
    core::{App, Inner},
    error::Error,
    keys, labels, people,
    views::{NamedPerson, SignedView, VersionView},
    visibility::{self, Sight},
};
use access::Grant;
use domain::{Label, PersonId, RecordId, Timestamp};
use registers::Definition;
use serde_json::{Map, Value};
use std::{
    collections::{BTreeMap, btree_map::Entry},
    mem,
};
use store::{RecordRow, Tx, VersionRow};

impl App {
    /// The versions of a record that the caller may know, oldest first, opened with the record's key.
    pub async fn history(&self, caller: &Caller, id: RecordId) -> Result<Vec<VersionView>, Error> {
        let (caller, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| {
            let sight = visibility::sight(inner, tx, &caller, Grant::Handle, now)?;
            versions(inner, tx, &sight, id, now)
        })
        .await
    }
}

/// The versions of a record that a reader may know.
pub(crate) fn versions(
    inner: &Inner,
    tx: &mut Tx<'_>,
    sight: &Sight,
    id: RecordId,
    now: Timestamp,
) -> Result<Vec<VersionView>, Error> {
    let row = tx
        .visible_record(id, &sight.visible)?
        .ok_or(Error::NotFound)?;
    let definition = inner
        .catalogue
        .kept_as(&row.register)
        .ok_or(Error::NotFound)?;
    let grounds = people::grounds(tx, &sight.viewer, &row, now)?;
    let key = keys::open(inner, tx, keys::record_object(id))?;
    let mut opened = Vec::new();
    for version in tx.versions(id)? {
        let content = match &key {
            Some((_, key)) => Some(Content::read(open_version(key, &version)?)?),
            None => None,
        };
        let known = content.as_ref().is_none_or(|content| {
            access::may_know(
                &sight.viewer,
                &content.label.class(),
                visibility::nature(definition),
                &grounds,
                Grant::Handle,
            )
        });
        if known {
            opened.push((version, content));
        }
    }
    let fields = opened
        .iter()
        .filter_map(|(_, content)| content.as_ref().map(|content| &content.fields));
    let links = links::known(inner, tx, &sight.visible, definition, fields)?;
    let names = signers(
        tx,
        opened.iter().filter_map(|(_, content)| content.as_ref()),
    )?;
    let of = match row.line {
        Some(line) => tx.record(line.of)?,
        None => None,
    };
    let place = (&row, of.as_ref());
    let views = opened.into_iter().map(|(version, content)| {
        let content = content.map(|mut content| {
            content.stored.clone_from(&content.fields);
            links::hide(inner, definition, &mut content.fields, &links);
            content
        });
        version_view((sight, &names), definition, place, version, content)
    });
    Ok(views.collect())
}

/// What of a version's sealed content its readers see.
struct Content {
    label: Label,
    fields: Map<String, Value>,
    /// The fields as they are stored, before anything is left out.
    stored: Map<String, Value>,
    comment: Option<String>,
    signatures: Vec<Signature>,
    /// The act gave lines, which its signatures cover and this page does not show.
    gives_lines: bool,
}

/// A signature as a version seals it.
#[derive(serde::Deserialize)]
struct Signature {
    #[serde(default)]
    person: Option<PersonId>,
    role: String,
    method: String,
    digest: String,
    #[serde(default)]
    paper: Option<String>,
    /// When it was given, if not with the act.
    #[serde(default)]
    at: Option<Timestamp>,
}

/// Names of everybody who signed.
fn signers<'c>(
    tx: &mut Tx<'_>,
    contents: impl Iterator<Item = &'c Content>,
) -> Result<BTreeMap<PersonId, String>, Error> {
    let mut names = BTreeMap::new();
    for signature in contents.flat_map(|content| &content.signatures) {
        if let Some(person) = signature.person
            && let Entry::Vacant(place) = names.entry(person)
        {
            place.insert(people::name(tx, person)?);
        }
    }
    Ok(names)
}

impl Content {
    /// A version without a label is damaged, and nobody may know it.
    fn read(mut content: Map<String, Value>) -> Result<Self, Error> {
        let label = content.remove("label").unwrap_or_default();
        let fields = match content.remove("fields") {
            Some(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        let comment = content.remove("comment");
        let given = content.get("lines").and_then(|lines| lines.get("given"));
        let mut given = given.and_then(Value::as_object).into_iter().flatten();
        let gives_lines =
            given.any(|(_, rows)| rows.as_array().is_some_and(|rows| !rows.is_empty()));
        let signatures = content
            .remove("signatures")
            .unwrap_or_else(|| Value::Array(Vec::new()));
        Ok(Self {
            comment: comment.and_then(|comment| comment.as_str().map(ToOwned::to_owned)),
            signatures: serde_json::from_value(signatures).map_err(Error::internal)?,
            label: serde_json::from_value(label).map_err(Error::internal)?,
            fields,
            stored: Map::new(),
            gives_lines,
        })
    }
}

fn version_view(
    (sight, names): (&Sight, &BTreeMap<PersonId, String>),
    definition: &Definition,
    (row, of): (&RecordRow, Option<&RecordRow>),
    version: VersionRow,
    mut content: Option<Content>,
) -> VersionView {
    let signatures = content
        .as_mut()
        .map(|content| mem::take(&mut content.signatures));
    let gives_lines = content.as_ref().is_some_and(|content| content.gives_lines);
    let stored = content
        .as_mut()
        .map(|content| mem::take(&mut content.stored));
    let (comment, label, fields) = match content {
        Some(content) => (content.comment, Some(content.label), Some(content.fields)),
        None => (None, None, None),
    };
    let mark = label
        .as_ref()
        .zip(fields.as_ref())
        .and_then(|(label, fields)| labels::own_mark(label, fields));
    let fields = fields.map(|fields| {
        let stand = view::Stand {
            id: row.id,
            state: &version.state,
            body: stored.as_ref().unwrap_or(&fields),
            of: of.map(|of| &of.body),
            today: Some(&row.body),
        };
        view::visible_fields(&sight.viewer, definition, &stand, fields.clone())
    });
    // WHY: whoever sees all but one field could try what stands in it against the digest
    let whole = fields == stored && !gives_lines;
    let signed = |one: Signature| SignedView {
        person: one.person.map(|id| NamedPerson {
            id,
            name: names.get(&id).cloned().unwrap_or_default(),
        }),
        action: one.role,
        method: one.method,
        paper: one.paper,
        digest: whole.then_some(one.digest),
        at: one.at.unwrap_or(version.at),
    };
    let signatures = signatures.into_iter().flatten().map(signed).collect();
    VersionView {
        version: version.version,
        at: version.at,
        actor: version.actor,
        action: version.action,
        state: version.state,
        label,
        mark,
        fields,
        comment,
        signatures,
        entry: version.entry,
    }
}
