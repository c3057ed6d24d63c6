//! How values compare, order and count in expressions.
//!
//! Values are JSON. Two records are equal when their ids are; instants order by time and not by
//! their letters; whole and broken numbers mix.

use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::{Number, Value};

/// What a value is, in the words of an error message.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a record",
    }
}

/// Equality as expressions mean it.
pub(crate) fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => match (a.get("id"), b.get("id")) {
            (Some(a), Some(b)) => a == b,
            _ => a == b,
        },
        (Value::Number(a), Value::Number(b)) => order_numbers(a, b) == Some(Ordering::Equal),
        (Value::String(a), Value::String(b)) => {
            a == b || order_instants(a, b) == Some(Ordering::Equal)
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (a, b) => a == b,
    }
}

/// Order as expressions mean it; `None` between values that have none.
pub(crate) fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => order_numbers(a, b),
        (Value::String(a), Value::String(b)) => order_instants(a, b).or_else(|| Some(a.cmp(b))),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

fn order_numbers(a: &Number, b: &Number) -> Option<Ordering> {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

/// Orders two texts that both are instants.
fn order_instants(a: &str, b: &str) -> Option<Ordering> {
    Some(instant(a)?.cmp(&instant(b)?))
}

/// Reads an instant; a quick look first, because most texts are not one.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    let looks = text.len() >= 17 && matches!(text.as_bytes().get(10), Some(b'T' | b't' | b' '));
    if looks { text.parse().ok() } else { None }
}

/// A number that JSON can hold.
pub(crate) fn number(value: f64) -> Option<Value> {
    Number::from_f64(value).map(Value::Number)
}
