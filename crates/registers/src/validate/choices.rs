//! Yes or no, choices, checklists.

use serde_json::{Map, Value};

use super::FieldError;
use super::references::counted;
use crate::model::Field;

pub(super) fn yes_no(value: &Value, path: &str) -> Result<Value, FieldError> {
    match value {
        Value::Bool(_) => Ok(value.clone()),
        _ => Err(FieldError::kind(path, "是或否", "true or false")),
    }
}

fn has(field: &Field, key: &str) -> bool {
    field.choices.iter().any(|choice| choice.key == key)
}

pub(super) fn choice(field: &Field, value: &Value, path: &str) -> Result<Value, FieldError> {
    match value {
        Value::String(key) if has(field, key) => Ok(value.clone()),
        _ => Err(FieldError::choice(path)),
    }
}

/// Keys of choices, in the order of the definition.
pub(super) fn several(field: &Field, value: &Value, path: &str) -> Result<Value, FieldError> {
    let Value::Array(keys) = value else {
        return Err(FieldError::kind(path, "若干选项", "a list of choices"));
    };
    if !keys
        .iter()
        .all(|key| key.as_str().is_some_and(|key| has(field, key)))
    {
        return Err(FieldError::choice(path));
    }
    let chosen: Vec<Value> = field
        .choices
        .iter()
        .map(|choice| Value::String(choice.key.clone()))
        .filter(|key| keys.contains(key))
        .collect();
    if chosen.len() < keys.len() {
        return Err(FieldError::repeated(path));
    }
    counted(field, chosen.len(), path)?;
    Ok(Value::Array(chosen))
}

/// Item → `yes`, `no` or `na`; items left out are not answered.
pub(super) fn checklist(field: &Field, value: &Value, path: &str) -> Result<Value, FieldError> {
    let Value::Object(answers) = value else {
        return Err(FieldError::kind(path, "逐项检查结果", "answers by item"));
    };
    let mut checked = Map::new();
    for (item, answer) in answers {
        let path = format!("{path}.{}", item.chars().take(60).collect::<String>());
        if !has(field, item) {
            return Err(FieldError::unknown(&path));
        }
        match answer.as_str() {
            Some("yes" | "no" | "na") => checked.insert(item.clone(), answer.clone()),
            _ if answer.is_null() => None,
            _ => {
                let (zh, en) = ("是、否或不适用", "yes, no or na");
                return Err(FieldError::kind(&path, zh, en));
            }
        };
    }
    // WHY: an item that nobody answered is there, and not yes
    if !checked.is_empty() {
        for item in &field.choices {
            checked.entry(item.key.clone()).or_insert(Value::Null);
        }
    }
    Ok(Value::Object(checked))
}
