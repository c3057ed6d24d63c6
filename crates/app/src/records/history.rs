//! The versions of a record. Each is shown to whoever may know it by the label it had then and by
//! the one it has today: what was lifted or lowered since is no wider known for that.

use super::{links, open_version, then, view};
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
use std::collections::{BTreeMap, btree_map::Entry};
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
            Some((_, key)) => {
                let stored = open_version(key, &version)?;
                Some(Content::read(definition, version.definition, stored)?)
            }
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
        .filter_map(|(_, content)| content.as_ref().map(|content| &content.today.fields));
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
        let content = content.map(|content| {
            let mut shown = content.today.fields.clone();
            links::hide(inner, definition, &mut shown, &links);
            (content, shown)
        });
        version_view((sight, &names), definition, place, version, content)
    });
    Ok(views.collect())
}

/// What of a version's sealed content its readers see.
struct Content {
    label: Label,
    /// The fields as they are stored.
    stored: Map<String, Value>,
    today: then::Today,
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
    fn read(
        definition: &Definition,
        under: i64,
        mut content: Map<String, Value>,
    ) -> Result<Self, Error> {
        let label = content.remove("label").unwrap_or_default();
        let stored = match content.remove("fields") {
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
            today: then::Today::of(definition, under, &stored),
            stored,
            gives_lines,
        })
    }
}

fn version_view(
    (sight, names): (&Sight, &BTreeMap<PersonId, String>),
    definition: &Definition,
    (row, of): (&RecordRow, Option<&RecordRow>),
    version: VersionRow,
    content: Option<(Content, Map<String, Value>)>,
) -> VersionView {
    let mut view = VersionView {
        version: version.version,
        at: version.at,
        actor: version.actor,
        action: version.action,
        state: version.state,
        label: None,
        mark: None,
        fields: None,
        comment: None,
        signatures: Vec::new(),
        entry: version.entry,
    };
    let Some((content, shown)) = content else {
        return view;
    };
    view.mark = labels::own_mark(&content.label, &shown);
    let stand = view::Stand {
        id: row.id,
        state: &then::state(definition, version.definition, &view.state),
        body: &content.today.fields,
        of: of.map(|of| &of.body),
        today: Some(&row.body),
    };
    let fields = view::visible_fields(&sight.viewer, definition, &stand, shown);
    let fields = content.today.as_then(fields);
    // WHY: whoever sees all but one field could try what stands in it against the digest
    let whole = fields == content.stored && !content.gives_lines;
    let signed = |one: Signature| SignedView {
        person: one.person.map(|id| NamedPerson {
            id,
            name: names.get(&id).cloned().unwrap_or_default(),
        }),
        action: one.role,
        method: one.method,
        paper: one.paper,
        digest: whole.then_some(one.digest),
        at: one.at.unwrap_or(view.at),
    };
    view.signatures = content.signatures.into_iter().map(signed).collect();
    (view.label, view.fields, view.comment) = (Some(content.label), Some(fields), content.comment);
    view
}
