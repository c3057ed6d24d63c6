//! What the input of an act links to, in its fields and in the lines it gives.

use super::engine::Engine;
use crate::{
    error::{Error, FieldProblem, text},
    labels,
};
use registers::{Definition, Field};
use serde_json::{Map, Value};
use store::Visible;

/// Refuses input that names what its writer may not see, or what is no record of the register it has to be
/// of: both in the same words.
pub(super) fn check(
    engine: &mut Engine<'_, '_>,
    definition: &Definition,
    values: &Map<String, Value>,
    visible: &Visible,
) -> Result<(), Error> {
    let mut problems = Vec::new();
    check_in(
        engine,
        &definition.fields,
        values,
        ("", visible),
        &mut problems,
    )?;
    for line in &definition.lines {
        for (at, row) in line.given(values).enumerate() {
            let prefix = format!("{}.{at}.", line.key);
            check_in(engine, &line.fields, row, (&prefix, visible), &mut problems)?;
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::Fields(problems))
    }
}

fn check_in(
    engine: &mut Engine<'_, '_>,
    fields: &[Field],
    values: &Map<String, Value>,
    (prefix, visible): (&str, &Visible),
    problems: &mut Vec<FieldProblem>,
) -> Result<(), Error> {
    for field in fields {
        let Some(target) = field.target() else {
            continue;
        };
        for id in labels::ids(values.get(&field.key)) {
            let seen = engine.tx.visible_record(id, visible)?;
            if seen.is_none_or(|row| row.register != target) {
                problems.push(FieldProblem {
                    field: format!("{prefix}{}", field.key),
                    code: "register.link_unknown".to_owned(),
                    say: text("没有找到所引用的记录", "what it refers to was not found"),
                });
            }
        }
    }
    Ok(())
}
