//! Numbers, amounts and copy numbers.

use serde_json::Value;

use super::FieldError;
use crate::model::{Field, FieldKind};
use crate::{NumberRange, amount};

pub(super) fn integer(field: &Field, value: &Value, path: &str) -> Result<Value, FieldError> {
    let number = match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let number = number.ok_or_else(|| FieldError::kind(path, "整数", "a whole number"))?;
    #[expect(clippy::cast_precision_loss, reason = "only compared with bounds")]
    within(field, number as f64, path)?;
    Ok(Value::from(number))
}

pub(super) fn decimal(field: &Field, value: &Value, path: &str) -> Result<Value, FieldError> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => plain_decimal(text.trim()),
        _ => None,
    };
    let number = number
        .filter(|number| number.abs() < 1e15)
        .ok_or_else(|| FieldError::kind(path, "数字", "a number"))?;
    if field.kind == FieldKind::Score && field.min.is_none() && number < 0.0 {
        return Err(FieldError::too_small(path, 0.0));
    }
    within(field, number, path)?;
    let whole = value.as_i64().map(Value::from);
    Ok(whole
        .or_else(|| crate::expr::value::number(number))
        .unwrap_or(Value::Null))
}

/// Digits with one point; `1e9`, `inf` and `nan` are not what a person means.
fn plain_decimal(text: &str) -> Option<f64> {
    let plain = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'));
    plain.then(|| text.parse().ok()).flatten()
}

pub(super) fn money(field: &Field, value: &Value, path: &str) -> Result<Value, FieldError> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => String::new(),
    };
    let hundredths = amount::hundredths(&text).ok_or_else(|| {
        FieldError::kind(path, "金额（至多两位小数）", "an amount with two decimals")
    })?;
    #[expect(clippy::cast_precision_loss, reason = "only compared with bounds")]
    within(field, hundredths as f64 / 100.0, path)?;
    Ok(Value::String(amount::print(hundredths)))
}

fn within(field: &Field, number: f64, path: &str) -> Result<(), FieldError> {
    if let Some(min) = field.min.filter(|min| number < *min) {
        return Err(FieldError::too_small(path, min));
    }
    if let Some(max) = field.max.filter(|max| number > *max) {
        return Err(FieldError::too_large(path, max));
    }
    Ok(())
}

pub(super) fn range(value: &Value, path: &str) -> Result<Value, FieldError> {
    let range = value.as_str().and_then(NumberRange::parse);
    let range = range.ok_or_else(|| {
        let (zh, en) = (
            "份号，如 000001-000005,000009",
            "copy numbers, such as 000001-000005",
        );
        FieldError::kind(path, zh, en)
    })?;
    Ok(Value::String(range.to_string()))
}
