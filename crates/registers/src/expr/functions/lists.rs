//! Functions over lists and over "is there anything".

use serde_json::{Map, Value};

use super::{Call, Function, Gives, Outcome, Takes};
use crate::expr::error::EvalErrorKind as Kind;
use crate::expr::value::{equal, number};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "size",
        takes: &[Takes::Any],
        least: 1,
        gives: Gives::Number,
        run: size,
    },
    Function {
        name: "count",
        takes: &[Takes::List],
        least: 1,
        gives: Gives::Number,
        run: size,
    },
    Function {
        name: "sum",
        takes: &[Takes::List, Takes::FieldOf],
        least: 1,
        gives: Gives::Number,
        run: sum,
    },
    Function {
        name: "distinct",
        takes: &[Takes::List, Takes::FieldOf],
        least: 1,
        gives: Gives::Bool,
        run: distinct,
    },
    Function {
        name: "filled",
        takes: &[Takes::Any],
        least: 1,
        gives: Gives::Bool,
        run: filled,
    },
    Function {
        name: "all_yes",
        takes: &[Takes::Any],
        least: 1,
        gives: Gives::Bool,
        run: all_yes,
    },
];

/// Entries of a list, characters of a text; nothing counts zero.
fn size(call: &Call<'_, '_>) -> Outcome {
    let size = match call.arg(0) {
        Value::Null => 0,
        Value::Array(entries) => entries.len(),
        Value::String(text) => text.chars().count(),
        Value::Object(map) => map.len(),
        _ => return Err(call.wanted(0, "a list or a text")),
    };
    Ok(Value::from(size))
}

/// `sum(rows, 'amount')`: empty entries count zero; amounts kept as text are added exactly.
fn sum(call: &Call<'_, '_>) -> Outcome {
    let mut total = Total::default();
    for value in column(call)? {
        match value {
            Value::Null => {}
            Value::Number(n) => match n.as_i64() {
                Some(n) => total.add(i128::from(n) * Total::SCALE),
                None => total.add_float(n.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => {
                let hundredths =
                    crate::amount::hundredths(text).ok_or_else(|| call.unreadable("an amount"))?;
                total.add(i128::from(hundredths));
            }
            _ => return Err(call.wanted(0, "a list of numbers")),
        }
    }
    total.value().ok_or_else(|| call.out_of_range())
}

/// A sum that stays exact while all its parts are.
#[derive(Default)]
struct Total {
    hundredths: i128,
    floats: f64,
    broken: bool,
}

impl Total {
    const SCALE: i128 = 100;

    fn add(&mut self, hundredths: i128) {
        self.hundredths = self.hundredths.saturating_add(hundredths);
    }

    fn add_float(&mut self, value: f64) {
        self.floats += value;
        self.broken = true;
    }

    fn value(&self) -> Option<Value> {
        let whole = self.hundredths % Self::SCALE == 0;
        if whole && !self.broken {
            return i64::try_from(self.hundredths / Self::SCALE)
                .ok()
                .map(Value::from);
        }
        let hundredths = i64::try_from(self.hundredths).ok()?;
        #[expect(clippy::cast_precision_loss, reason = "a fraction was asked for")]
        number(hundredths as f64 / 100.0 + self.floats)
    }
}

/// `distinct(persons)`, `distinct(rows, 'copy')`: no entry stands twice; empty ones do not count.
fn distinct(call: &Call<'_, '_>) -> Outcome {
    let values: Vec<&Value> = column(call)?.into_iter().filter(|v| !v.is_null()).collect();
    let mut seen: std::collections::BTreeSet<String> = std::collections::BTreeSet::new();
    let all_new = values.iter().all(|value| seen.insert(identity(value)));
    Ok(Value::Bool(all_new))
}

/// What makes two entries the same: the id of a record, or the value itself.
fn identity(value: &Value) -> String {
    match value {
        Value::Object(map) => match map.get("id") {
            Some(id) => id.to_string(),
            None => value.to_string(),
        },
        other => other.to_string(),
    }
}

/// The entries, or one field of each.
fn column<'c>(call: &'c Call<'_, '_>) -> Result<Vec<&'c Value>, Kind> {
    let entries = call.list(0)?;
    if call.args.len() < 2 {
        return Ok(entries.iter().collect());
    }
    let field = call.text(1)?;
    let null = &Value::Null;
    Ok(entries
        .iter()
        .map(|entry| entry.get(field).unwrap_or(null))
        .collect())
}

fn filled(call: &Call<'_, '_>) -> Outcome {
    Ok(Value::Bool(is_filled(call.arg(0))))
}

/// Whether there is anything: not null, not an empty text, list or table.
pub(crate) fn is_filled(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(entries) => !entries.is_empty(),
        Value::Object(map) => !map.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// `all_yes(checklist)`: answered, and no item is answered `no`.
fn all_yes(call: &Call<'_, '_>) -> Outcome {
    let yes = |items: &Map<String, Value>| {
        items.values().all(|answer| {
            let yes = Value::from("yes");
            equal(answer, &yes) || equal(answer, &Value::from("na"))
        })
    };
    match call.arg(0) {
        Value::Null => Ok(Value::Bool(false)),
        Value::Object(items) => Ok(Value::Bool(!items.is_empty() && yes(items))),
        _ => Err(call.wanted(0, "a checklist")),
    }
}
