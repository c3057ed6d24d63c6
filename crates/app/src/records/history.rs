//! The versions of a record. Each is shown to whoever may know it by the label it had then and by
//! the one it has today: what was lifted or lowered since is no wider known for that.

use super::{links, open_version, view};
use crate::{
    caller::Caller,
    core::App,
    error::Error,
    keys, labels, people,
    views::VersionView,
    visibility::{self, Sight},
};
use access::Grant;
use domain::{Label, RecordId};
use registers::Definition;
use serde_json::{Map, Value};
use store::{RecordRow, VersionRow};

impl App {
    /// The versions of a record that the caller may know, oldest first, opened with the record's key.
    pub async fn history(&self, caller: &Caller, id: RecordId) -> Result<Vec<VersionView>, Error> {
        let (caller, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| {
            let sight = visibility::sight(inner, tx, &caller, Grant::Handle, now)?;
            let row = tx
                .visible_record(id, &sight.visible)?
                .ok_or(Error::NotFound)?;
            let definition = inner
                .catalogue
                .definition(&row.register)
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
            let views = opened.into_iter().map(|(version, content)| {
                let content = content.map(|mut content| {
                    links::hide(inner, definition, &mut content.fields, &links);
                    content
                });
                version_view(&sight, definition, &row, version, content)
            });
            Ok(views.collect())
        })
        .await
    }
}

/// What of a version's sealed content its readers see.
struct Content {
    label: Label,
    fields: Map<String, Value>,
    comment: Option<String>,
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
        Ok(Self {
            comment: comment.and_then(|comment| comment.as_str().map(ToOwned::to_owned)),
            label: serde_json::from_value(label).map_err(Error::internal)?,
            fields,
        })
    }
}

fn version_view(
    sight: &Sight,
    definition: &Definition,
    row: &RecordRow,
    version: VersionRow,
    content: Option<Content>,
) -> VersionView {
    let (comment, label, fields) = match content {
        Some(content) => (content.comment, Some(content.label), Some(content.fields)),
        None => (None, None, None),
    };
    let mark = label
        .as_ref()
        .zip(fields.as_ref())
        .and_then(|(label, fields)| labels::own_mark(label, fields));
    let fields = fields.map(|fields| {
        view::visible_fields(&sight.viewer, definition, (row.id, &version.state), fields)
    });
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
        entry: version.entry,
    }
}
