//! Classification: a decision is a record of its own; carrying it out changes the document.

use crate::{
    error::Error,
    labels, people,
    perform::{Engine, Nested},
};
use access::Granted;
use domain::Date;
use serde_json::{Map, Value};
use store::RecordRow;

/// Carries a decision out on its document: level, period, scope, basis, and where it came from.
pub(crate) fn decide(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    row: &RecordRow,
) -> Result<(), Error> {
    let document = labels::ids(row.body.get("document"))
        .into_iter()
        .next()
        .ok_or_else(|| Error::defect("a decision without a document"))?;
    let mut set = Map::new();
    for field in [
        "level",
        "term",
        "issue_date",
        "scope_persons",
        "scope_units",
        "compartments",
        "basis",
    ] {
        set.insert(
            field.to_owned(),
            row.body.get(field).cloned().unwrap_or(Value::Null),
        );
    }
    set.insert("decision".to_owned(), row.number.clone().into());
    let nested = Nested {
        action: "classify",
        set,
        cause: row.id,
        occurred_at: row.occurred_at,
    };
    engine.act_on(granted, document, nested)?;
    Ok(())
}

/// the period runs from the issue date; without one, from the decision.
pub(crate) fn date_decision(today: Date, row: &mut RecordRow) {
    if people::text_of(row, "issue_date").is_none() {
        row.body
            .insert("issue_date".to_owned(), today.to_string().into());
    }
}

/// The period has ended: the level is lifted, the scope stays until a review releases it.
pub(crate) fn lift(today: Date, row: &mut RecordRow) {
    if people::text_of(row, "declassified_on").is_none() {
        row.body
            .insert("declassified_on".to_owned(), today.to_string().into());
    }
}
