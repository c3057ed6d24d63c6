//! Functions over persons: scope, open items, and the parameters of the regimes.

use std::collections::BTreeSet;

use domain::{PersonId, Scope, UnitId};
use serde_json::Value;

use super::labels::Part;
use super::{Call, Function, Gives, Outcome, Takes};
use crate::expr::error::EvalErrorKind as Kind;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "in_scope",
        takes: &[Takes::Person, Takes::Label],
        least: 2,
        gives: Gives::Bool,
        run: in_scope,
    },
    Function {
        name: "open_items",
        takes: &[Takes::Person],
        least: 1,
        gives: Gives::List,
        run: open_items,
    },
    Function {
        name: "param",
        takes: &[Takes::ParamKey],
        least: 1,
        gives: Gives::Any,
        run: param,
    },
];

/// `in_scope(person, label)`: the person, or a unit of the person, stands in the scope.
fn in_scope(call: &Call<'_, '_>) -> Outcome {
    let (Value::Object(person), false) = (call.arg(0), call.is_null(1)) else {
        return Ok(Value::Bool(false));
    };
    let scope: Scope = match super::labels::part(call, 1, "scope") {
        // WHY: a bare level names no scope; that nobody is inside is the safe reading
        Part::None => return Ok(Value::Bool(false)),
        Part::Missing => return Err(call.unreadable("a label")),
        Part::Is(value) => {
            serde_json::from_value(value.clone()).map_err(|_| call.unreadable("a label"))?
        }
    };
    let id = person
        .get("id")
        .and_then(Value::as_str)
        .and_then(|id| id.parse::<PersonId>().ok());
    let Some(id) = id else {
        return Ok(Value::Bool(scope.is_everyone()));
    };
    let units: BTreeSet<UnitId> = person
        .get("unit_ids")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|unit| unit.as_str()?.parse().ok())
        .collect();
    Ok(Value::Bool(scope.contains(id, &units)))
}

/// `open_items(person)`: what the person still holds or owes, across registers. The
/// caller supplies it in the variable `open_items`, one entry per item, also for items that the
/// viewer may not see (as `{"hidden": true}`).
fn open_items(call: &Call<'_, '_>) -> Outcome {
    let missing = || Kind::NotSupplied {
        function: call.name,
    };
    let known = call
        .facts
        .get("open_items")
        .and_then(Value::as_object)
        .ok_or_else(missing)?;
    match call.arg(0) {
        Value::Null => Ok(Value::Array(Vec::new())),
        Value::Object(person) => {
            let id = person
                .get("id")
                .and_then(Value::as_str)
                .ok_or_else(missing)?;
            known.get(id).cloned().ok_or_else(missing)
        }
        _ => Err(call.wanted(0, "a person")),
    }
}

/// `param('key')`: a parameter of the regimes in force.
fn param(call: &Call<'_, '_>) -> Outcome {
    let key = call.text(0)?;
    let missing = || Kind::Parameter {
        key: key.to_owned(),
    };
    call.facts.params.get(key).cloned().ok_or_else(missing)
}
