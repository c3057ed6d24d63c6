//! Levels, secrecy periods, marks and labels: read by `domain`, which knows their rules.

use domain::{Label, Level, Mark, Term};
use serde_json::Value;

use super::FieldError;

pub(super) fn level(value: &Value, path: &str) -> Result<Value, FieldError> {
    let wanted = || FieldError::kind(path, "密级", "a level key or `open`");
    let key = value.as_str().ok_or_else(wanted)?;
    if key == "open" {
        return Ok(value.clone());
    }
    let level = Level::parse_key(key).map_err(|_| wanted())?;
    Ok(Value::String(level.key().to_owned()))
}

/// A period as it is printed (`10年`, `会议开始前`) or in its stored shape.
pub(super) fn term(value: &Value, path: &str) -> Result<Value, FieldError> {
    let stored = serde_json::from_value::<Term>(value.clone()).ok();
    let term = stored.or_else(|| Term::parse(value.as_str()?).ok());
    let term = term.ok_or_else(|| {
        FieldError::kind(
            path,
            "保密期限，如 10年、6个月、长期",
            "a secrecy period, such as 10年",
        )
    })?;
    serialised(&term, path)
}

pub(super) fn mark(value: &Value, path: &str) -> Result<Value, FieldError> {
    let mark = value.as_str().and_then(|text| Mark::parse(text).ok());
    let mark =
        mark.ok_or_else(|| FieldError::kind(path, "密级标志，如 机密★10年", "a mark, 机密★10年"))?;
    Ok(Value::String(mark.to_string()))
}

pub(super) fn label(value: &Value, path: &str) -> Result<Value, FieldError> {
    let label: Label = serde_json::from_value(value.clone())
        .map_err(|_| FieldError::kind(path, "密级、期限和知悉范围", "a label"))?;
    serialised(&label, path)
}

fn serialised(value: &impl serde::Serialize, path: &str) -> Result<Value, FieldError> {
    serde_json::to_value(value).map_err(|_| FieldError::kind(path, "密级", "a label"))
}
