//! Values that follow from others: computed fields, defaults, what an action sets itself.

use serde_json::{Map, Value};

use crate::model::{Action, Assignments, Definition, Field, Line};
use crate::{Error, Expr, Facts};

/// The computed fields of a record on these facts. One that cannot be computed is null: a page
/// must not fail because one total has nothing to add up yet.
pub fn computed(fields: &[Field], facts: &Facts<'_>) -> Map<String, Value> {
    let mut values = Map::new();
    if fields.iter().all(|field| field.compute.is_none()) {
        return values;
    }
    let mut facts = facts.clone();
    for field in fields {
        let Some(compute) = &field.compute else {
            continue;
        };
        let value = compute.eval(&facts).unwrap_or(Value::Null);
        // a computed field may use those before it
        facts.vars.insert(field.key.clone(), value.clone());
        values.insert(field.key.clone(), value);
    }
    values
}

/// Works out the computed fields of the lines in a record's facts; whether there was one.
pub fn in_lines(kinds: &[Line], facts: &mut Facts<'_>) -> bool {
    let computes = |line: &Line| line.fields.iter().any(|field| field.compute.is_some());
    if !kinds.iter().any(computes) {
        return false;
    }
    let Some(Value::Array(mut lines)) = facts.vars.get("lines").cloned() else {
        return false;
    };
    let record = facts.clone().for_lines();
    for line in lines.iter_mut().filter_map(Value::as_object_mut) {
        let key = line.get("line").and_then(Value::as_str);
        if let Some(kind) = kinds.iter().find(|kind| Some(kind.key.as_str()) == key) {
            let values = computed(&kind.fields, &record.in_line(kind, line));
            line.extend(values);
        }
    }
    facts.vars.insert("lines".to_owned(), lines.into());
    true
}

/// Defaults for the fields an initial action asks for and the input leaves out.
pub fn defaults(
    definition: &Definition,
    action: &Action,
    input: &Map<String, Value>,
    facts: &Facts<'_>,
) -> Result<Map<String, Value>, Error> {
    let mut values = Map::new();
    for field in &definition.fields {
        let asked = action.input.contains(&field.key) && !input.contains_key(&field.key);
        if let (true, Some(default)) = (asked, &field.default) {
            values.insert(
                field.key.clone(),
                eval("the default", &field.key, default, facts)?,
            );
        }
    }
    Ok(values)
}

/// Evaluates assignments (`set = { … }`) on facts.
pub fn assigned(set: &Assignments, facts: &Facts<'_>) -> Result<Map<String, Value>, Error> {
    let mut values = Map::new();
    for (key, expr) in set {
        values.insert(key.clone(), eval("the value", key, expr, facts)?);
    }
    Ok(values)
}

/// Evaluates assignments for one entry of a list: bare names are the entry's first.
pub fn assigned_for(
    set: &Assignments,
    facts: &Facts<'_>,
    entry: &Value,
) -> Result<Map<String, Value>, Error> {
    let mut values = Map::new();
    for (key, expr) in set {
        let value = expr.eval_for(facts, entry).map_err(|source| Error::Eval {
            what: "the value",
            key: key.clone(),
            source,
        })?;
        values.insert(key.clone(), stored(value));
    }
    Ok(values)
}

fn eval(what: &'static str, key: &str, expr: &Expr, facts: &Facts<'_>) -> Result<Value, Error> {
    let value = expr.eval(facts);
    value.map(stored).map_err(|source| Error::Eval {
        what,
        key: key.to_owned(),
        source,
    })
}

/// What is stored of a value: a record stands as its id.
fn stored(value: Value) -> Value {
    match value {
        Value::Object(mut map) => match map.remove("id") {
            Some(id) => id,
            None => Value::Object(map),
        },
        Value::Array(entries) => Value::Array(entries.into_iter().map(stored).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

#[cfg(test)]
mod tests;
