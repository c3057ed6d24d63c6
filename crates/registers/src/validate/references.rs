//! Ids of records, persons and files; outside parties by id or by name.

use domain::RecordId;
use serde_json::{Map, Value};

use super::FieldError;
use super::texts::is_unwanted;
use crate::limits;
use crate::model::Field;

/// Longest name of an outside party.
const NAME_CHARS_MAX: usize = 200;

fn id(value: &Value) -> Option<Value> {
    // an id, or the map the page got it in
    let text = value
        .as_str()
        .or_else(|| value.get("id").and_then(Value::as_str))?;
    let id: RecordId = text.parse().ok()?;
    Some(Value::String(id.to_string()))
}

pub(super) fn one(value: &Value, path: &str) -> Result<Value, FieldError> {
    id(value).ok_or_else(|| FieldError::kind(path, "一条记录", "the id of a record"))
}

pub(super) fn several(field: &Field, value: &Value, path: &str) -> Result<Value, FieldError> {
    let Value::Array(entries) = value else {
        return Err(FieldError::kind(path, "若干条记录", "a list of ids"));
    };
    counted(field, entries.len(), path)?;
    let mut ids: Vec<Value> = Vec::with_capacity(entries.len());
    let mut seen = std::collections::BTreeSet::new();
    for (index, entry) in entries.iter().enumerate() {
        let id = one_at(entry, path, index)?;
        if !seen.insert(id.to_string()) {
            return Err(FieldError::repeated(path));
        }
        ids.push(id);
    }
    Ok(Value::Array(ids))
}

fn one_at(entry: &Value, path: &str, index: usize) -> Result<Value, FieldError> {
    id(entry).ok_or_else(|| {
        FieldError::kind(&format!("{path}.{index}"), "一条记录", "the id of a record")
    })
}

/// The number of entries against `min`, `max` and the limit of the language.
pub(super) fn counted(field: &Field, count: usize, path: &str) -> Result<(), FieldError> {
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let count = count as f64;
    #[expect(clippy::cast_precision_loss, reason = "a small constant")]
    let most = limits::REFERENCES_MAX as f64;
    if let Some(min) = field.min.filter(|min| count < *min) {
        return Err(FieldError::too_few(path, min));
    }
    let max = field.max.map_or(most, |max| max.min(most));
    if count > max {
        return Err(FieldError::too_many(path, max));
    }
    Ok(())
}

/// An outside party: `{"id"}` of the directory, or `{"name"}`.
pub(super) fn outside(value: &Value, path: &str) -> Result<Value, FieldError> {
    let known = id(value).map(|id| ("id", id));
    let named = || {
        let name = value
            .as_str()
            .or_else(|| value.get("name").and_then(Value::as_str))?;
        Some(("name", Value::String(name.trim().to_owned())))
    };
    let (key, value) = known
        .or_else(named)
        .ok_or_else(|| FieldError::kind(path, "名称或名录中的一条", "a name or a record"))?;
    let name = value.as_str().unwrap_or_default();
    if name.chars().nth(NAME_CHARS_MAX).is_some() {
        return Err(FieldError::too_long(path, NAME_CHARS_MAX));
    }
    if name.chars().any(|c| is_unwanted(c, false)) {
        return Err(FieldError::characters(path));
    }
    let mut party = Map::new();
    party.insert(key.to_owned(), value);
    Ok(Value::Object(party))
}
