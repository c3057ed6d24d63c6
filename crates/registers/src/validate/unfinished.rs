//! Input that somebody is still writing: what of it is right, and what is asked for by now.

use super::{
    FieldError, Fields, Input, begun, demanded, is_conditional,
    rows::{begun_table, line_standings, table_standings},
};
use crate::Facts;
use crate::model::{Action, Definition, FieldKind};
use serde::Serialize;

/// How a field stands on what is written so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// The field; `rows.2.amount` inside the third row of a table or line.
    pub field: String,
    /// Whether it applies.
    pub shown: bool,
    /// Whether it has to be filled.
    pub required: bool,
}

/// What an unfinished input comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Unfinished {
    /// What is right of it, defaults included.
    pub accepted: Input,
    /// Every mistake in it, and what is not filled yet.
    pub problems: Vec<FieldError>,
    /// The fields for which that depends on others.
    pub standings: Vec<Standing>,
}

/// Looks through the input of a record's action before it is whole. Takes what [`super::input`] takes, and finds the
/// same mistakes; conditions are decided on what is right.
pub fn unfinished(
    definition: &Definition,
    action: &Action,
    input: &Input,
    facts: &Facts<'_>,
) -> Unfinished {
    let mut problems = Vec::new();
    let (given, rows) = begun(definition, action, input, facts, &mut problems);
    let demanded = demanded(definition, action, &given);
    let fields = Fields::of_record(definition, action, &demanded);
    let mut accepted = fields.values(&given, facts, &mut problems);
    add_tables(&fields, &given, facts, &mut accepted);
    fields.conditions(&accepted, facts, &mut problems);
    let standings = fields.standings(&accepted, facts).into_iter();
    let conditional = standings.filter(|(field, _)| is_conditional(field));
    let mut standings: Vec<Standing> = conditional.map(|(_, standing)| standing).collect();
    for field in &definition.fields {
        if let (FieldKind::Table, Some(rows)) = (field.kind, accepted.get(&field.key)) {
            standings.extend(table_standings(field, rows, facts));
        }
    }
    for line in &definition.lines {
        if let Some(rows) = rows.get(&line.key) {
            standings.extend(line_standings(line, rows, facts));
        }
    }
    accepted.extend(rows);
    Unfinished {
        accepted,
        problems,
        standings,
    }
}

/// Tables with a row that is not right are taken as far as they are; their mistakes were told.
fn add_tables(fields: &Fields<'_>, given: &Input, facts: &Facts<'_>, accepted: &mut Input) {
    for field in fields.fields {
        let begun = field.kind == FieldKind::Table
            && fields.accepts(field)
            && !accepted.contains_key(&field.key);
        if let (true, Some(value)) = (begun, given.get(&field.key)) {
            let rows = begun_table(field, value, &field.key, facts, &mut Vec::new());
            accepted.insert(field.key.clone(), rows);
        }
    }
}
