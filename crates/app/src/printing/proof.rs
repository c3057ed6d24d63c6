//! What a page tells of the log: where the entry of its record stands, and what it is known by.

use crate::{core::Inner, error::Error, log};
use domain::{EntryId, Timestamp};
use serde_json::{Value, json};
use store::Tx;

/// The place of an entry in the log.
pub(super) struct Place {
    index: u64,
    hash: String,
    at: Timestamp,
}

impl Place {
    /// The entry's number, as pages write it.
    pub(super) fn number(&self) -> String {
        format!("#{}", self.index)
    }

    /// When it was recorded.
    pub(super) const fn at(&self) -> Timestamp {
        self.at
    }
}

/// The place of an entry; none while it has none that the published log reaches.
pub(super) fn place(
    inner: &Inner,
    tx: &mut Tx<'_>,
    entry: Option<EntryId>,
) -> Result<Option<Place>, Error> {
    let Some(id) = entry else {
        return Ok(None);
    };
    let size = log::end(inner, tx)?.size;
    let row = tx.entry(id)?;
    Ok(row.and_then(|row| {
        let index = row.index.filter(|index| *index < size)?;
        let hash = ledger::leaf_hash(&row.body).to_base64();
        Some(Place {
            index,
            hash,
            at: row.at,
        })
    }))
}

/// What stands at the foot of each page: the log's name, the entry's number in it, its hash as RFC 6962
/// makes it.
pub(super) fn told(inner: &Inner, place: Option<&Place>) -> Value {
    let Some(place) = place else {
        return Value::Null;
    };
    let origin = inner.vkey.name();
    json!({ "text": format!("{origin} #{} {}", place.index, place.hash) })
}

/// The square code of a form: the record's number, and the same, on lines of their own.
pub(super) fn code(inner: &Inner, number: &str, place: Option<&Place>) -> Value {
    let place = match place {
        Some(place) => format!("{} #{}\n{}", inner.vkey.name(), place.index, place.hash),
        None => String::new(),
    };
    let text = format!("{number}\n{place}");
    drawn(text.trim())
}

/// A square code as layouts draw it.
pub(crate) fn drawn(text: &str) -> Value {
    let code = Some(text).filter(|text| !text.is_empty());
    let code = code.and_then(prints::code);
    code.map_or(
        Value::Null,
        |code| json!({ "side": code.side, "runs": code.runs }),
    )
}
