//! Opening stock: the state a record is taken over in, and what a closed one may not name. It tells
//! of the time before; what stands open in this system, nothing of that time has ended.

use super::{engine::Engine, request::Found};
use crate::{
    error::{Error, FieldProblem, text},
    labels,
};
use domain::RecordId;
use registers::{Action, Builtin, Definition};
use serde_json::{Map, Value};

/// The state is chosen: it comes with the input as `state`.
pub(super) fn take_state(
    found: &mut Found<'_>,
    input: &mut Map<String, Value>,
) -> Result<(), Error> {
    let states = &found.action.to_any;
    if states.is_empty() {
        return Ok(());
    }
    let wanted = input.remove("state");
    let state = match (wanted.as_ref().and_then(Value::as_str), states.as_slice()) {
        (None, [only]) if wanted.is_none() => Some(only),
        (Some(wanted), _) => states.iter().find(|state| *state == wanted),
        (None, _) => None,
    };
    let Some(state) = state else {
        return Err(Error::Fields(vec![FieldProblem {
            field: "state".to_owned(),
            code: "register.take_over_state".to_owned(),
            say: text(
                &format!("补录须选择状态：{}", states.join("、")),
                &format!("say which state it is in: {}", states.join(", ")),
            ),
        }]));
    };
    found.row.state.clone_from(state);
    Ok(())
}

/// The state a chosen one is kept as while the record waits for a decision.
pub(super) fn chosen(action: &Action, state: &str) -> Option<String> {
    (!action.to_any.is_empty()).then(|| state.to_owned())
}

/// A record that is taken over as closed names, where its register would reserve, nothing that
/// still stands open here: a destruction of the time before destroyed none of today's copies.
pub(super) fn check_nothing_live(
    engine: &mut Engine<'_, '_>,
    found: &Found<'_>,
) -> Result<(), Error> {
    let (definition, action) = (found.definition, found.action);
    if action.builtin != Some(Builtin::TakeOver) || !is_closed(definition, found) {
        return Ok(());
    }
    let mut named = reserved(definition, &found.row.body, None);
    for line in &definition.lines {
        let lines = engine.definition(&line.register_key(&definition.key))?;
        for row in line.given(&found.row.body) {
            named.extend(reserved(lines, row, Some(&line.key)));
        }
    }
    for (key, id) in named {
        if engine.tx.record(id)?.is_some_and(|row| row.open) {
            return Err(Error::Fields(vec![live(&key)]));
        }
    }
    Ok(())
}

/// What the reserving fields of a body name, with where it stands: the field, or the kind of line.
fn reserved(
    definition: &Definition,
    body: &Map<String, Value>,
    line: Option<&str>,
) -> Vec<(String, RecordId)> {
    let fields = definition.fields.iter().filter(|field| field.reserve);
    let named = fields.flat_map(|field| {
        let key = line.unwrap_or(&field.key).to_owned();
        let ids = labels::ids(body.get(&field.key)).into_iter();
        ids.map(move |id| (key.clone(), id))
    });
    named.collect()
}

fn is_closed(definition: &Definition, found: &Found<'_>) -> bool {
    let to = found.action.to.as_ref().unwrap_or(&found.row.state);
    definition.is_final(to)
}

fn live(field: &str) -> FieldProblem {
    FieldProblem {
        field: field.to_owned(),
        code: "register.take_over_live".to_owned(),
        say: text(
            "补录的已办结记录不能涉及本系统中仍未办结的载体或文件",
            "a record that is taken over as closed names nothing that stands open in this system",
        ),
    }
}
