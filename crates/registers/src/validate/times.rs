//! Days, instants, lengths of time and periods.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};

use super::FieldError;
use crate::Span;

pub(super) fn date(value: &Value, path: &str) -> Result<Value, FieldError> {
    let day = value.as_str().and_then(day);
    let day =
        day.ok_or_else(|| FieldError::kind(path, "日期，如 2026-03-01", "a day, 2026-03-01"))?;
    Ok(Value::String(day.to_string()))
}

/// A day written with four, two and two digits; nothing shorter, longer or with a time.
fn day(text: &str) -> Option<Date> {
    if text.len() == 10 {
        text.parse().ok()
    } else {
        None
    }
}

pub(super) fn datetime(value: &Value, path: &str) -> Result<Value, FieldError> {
    let instant: Option<Timestamp> = value.as_str().and_then(|text| text.parse().ok());
    let instant = instant.ok_or_else(|| {
        let (zh, en) = (
            "带时区的时间，如 2026-03-01T22:10:00+08:00",
            "an instant with its zone, 2026-03-01T22:10:00+08:00",
        );
        FieldError::kind(path, zh, en)
    })?;
    Ok(Value::String(instant.to_string()))
}

pub(super) fn duration(value: &Value, path: &str) -> Result<Value, FieldError> {
    let span = value.as_str().and_then(Span::parse);
    let span = span.ok_or_else(|| {
        FieldError::kind(path, "时长，如 24h、10d、3mo", "a length, 24h, 10d, 3mo")
    })?;
    Ok(Value::String(span.to_string()))
}

pub(super) fn period(value: &Value, path: &str) -> Result<Value, FieldError> {
    let wanted = || FieldError::kind(path, "起止日期", "a first and a last day");
    let Value::Object(map) = value else {
        return Err(wanted());
    };
    let bound = |key: &str| map.get(key).and_then(Value::as_str).and_then(day);
    let (Some(from), Some(to), 2) = (bound("from"), bound("to"), map.len()) else {
        return Err(wanted());
    };
    if from > to {
        let (zh, en) = ("开始日期晚于结束日期", "begins after it ends");
        return Err(FieldError::new(path, "register.field_period", zh, en));
    }
    let mut period = Map::new();
    period.insert("from".to_owned(), Value::String(from.to_string()));
    period.insert("to".to_owned(), Value::String(to.to_string()));
    Ok(Value::Object(period))
}
