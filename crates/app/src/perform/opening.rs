//! Opening stock: the state a record is taken over in, and what a closed one may not name. It tells
//! of the time before; what stands open in this system, nothing of that time has ended.

use super::{engine::Engine, request::Found};
use crate::{
    error::{Error, FieldProblem, text},
    labels,
};
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
    let fields = definition.fields.iter().filter(|field| field.reserve);
    let own = fields.map(|field| (&field.key, vec![found.row.body.get(&field.key)]));
    let lines = definition.lines.iter().filter_map(|line| {
        let field = line.reserve.as_ref()?;
        let given = line.given(&found.row.body);
        Some((&line.key, given.map(|row| row.get(field)).collect()))
    });
    for (key, values) in own.chain(lines) {
        for id in values.into_iter().flat_map(labels::ids) {
            if engine.tx.record(id)?.is_some_and(|row| row.open) {
                return Err(Error::Fields(vec![live(key)]));
            }
        }
    }
    Ok(())
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
