//! Input of an action against the fields of a definition.
//!
//! Everything from outside passes here once: unknown fields, kinds, lengths, choices, required
//! and shown conditions, rows of tables and lines. What comes out is in one canonical form per
//! kind and may be stored. All mistakes are reported at once; nothing here says whether a linked
//! record exists or may be seen, which is the caller's lookup.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a match names the values that fit; every other value is refused the same way"
)]

mod choices;
mod error;
mod kinds;
mod numbers;
mod references;
mod rows;
mod secrets;
mod texts;
mod times;
mod unfinished;

use serde_json::{Map, Value};

use crate::Facts;
use crate::compute;
use crate::expr::functions::is_filled;
use crate::model::{Action, Builtin, Definition, Field, Line, Required};

pub use error::FieldError;
pub use unfinished::{Standing, Unfinished, unfinished};

type Input = Map<String, Value>;

/// Checks the input of a record's action. `facts.vars` are the record's facts, with the links of
/// the input already resolved where the caller could; other values of the input are laid over
/// them to decide conditions. Gives the fields to store, defaults included.
pub fn input(
    definition: &Definition,
    action: &Action,
    input: &Input,
    facts: &Facts<'_>,
) -> Result<Input, Vec<FieldError>> {
    let mut errors = Vec::new();
    let (input, rows) = begun(definition, action, input, facts, &mut errors);
    let demanded = demanded(definition, action, &input);
    let fields = Fields::of_record(definition, action, &demanded);
    let mut accepted = fields.check(&input, facts, &mut errors);
    accepted.extend(rows);
    if errors.is_empty() {
        Ok(accepted)
    } else {
        Err(errors)
    }
}

/// The input of fields with defaults laid under it, and the rows of its lines, checked.
fn begun(
    definition: &Definition,
    action: &Action,
    input: &Input,
    facts: &Facts<'_>,
    errors: &mut Vec<FieldError>,
) -> (Input, Input) {
    let mut input = input.clone();
    if action.is_initial() {
        match compute::defaults(definition, action, &input, facts) {
            Ok(defaults) => input.extend(defaults),
            Err(error) => errors.push(FieldError::default_failed(&error)),
        }
    }
    let lines: Vec<&Line> = definition
        .lines
        .iter()
        .filter(|line| action.input.contains(&line.key) && line.fill.is_none())
        .collect();
    let typed = action.builtin != Some(Builtin::TakeOver);
    let mut line_rows = Map::new();
    for line in &lines {
        if let Some(rows) = input.remove(&line.key) {
            let checked = rows::of_line(line, (&rows, typed), facts, errors);
            line_rows.insert(line.key.clone(), checked);
        }
        let count = line_rows
            .get(&line.key)
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        if action.is_initial() {
            errors.extend(rows::count_errors(line, count));
        }
    }
    (input, line_rows)
}

/// Brings values the program works out (`set`, `creates`) into the one form their fields keep.
pub fn fit(fields: &[Field], values: &Input, facts: &Facts<'_>) -> Result<Input, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut accepted = Map::new();
    for (key, value) in values {
        let Some(field) = fields.iter().find(|field| field.key == *key) else {
            errors.push(FieldError::unknown(key));
            continue;
        };
        if !is_filled(value) {
            accepted.insert(key.clone(), Value::Null);
            continue;
        }
        match kinds::accept(field, value, key, facts) {
            Ok(value) => {
                accepted.insert(key.clone(), value);
            }
            Err(mut found) => errors.append(&mut found),
        }
    }
    if errors.is_empty() {
        Ok(accepted)
    } else {
        Err(errors)
    }
}

/// The fields whose `required` holds on an action. Correcting asks only for what it touches, and
/// taking over only for what a new record would be asked for: the rest belongs to later actions.
fn demanded(definition: &Definition, action: &Action, input: &Input) -> Vec<String> {
    match action.builtin {
        None | Some(Builtin::Cancel) => action.input.clone(),
        Some(Builtin::Correct) => input.keys().cloned().collect(),
        Some(Builtin::TakeOver) => {
            let first = definition.initial_actions();
            let written = first.filter(|first| first.builtin.is_none());
            let mut asked: Vec<String> = written.flat_map(|first| first.input.clone()).collect();
            if asked.is_empty() {
                return action.input.clone();
            }
            let marks = action
                .input
                .iter()
                .filter(|key| crate::opening::is_mark(key));
            asked.extend(marks.cloned());
            asked
        }
    }
}

/// The fields one input may set.
struct Fields<'d> {
    fields: &'d [Field],
    asked: &'d [String],
    /// Those of them whose `required` holds here.
    demanded: &'d [String],
    /// Put before a field's key in errors: `rows.2.` for the third row of a table.
    prefix: &'d str,
    /// Whether they are the names of a row, which the facts do not hold.
    row: bool,
    /// Whether masks hold: older books keep the forms they had.
    typed: bool,
}

impl<'d> Fields<'d> {
    fn of_record(definition: &'d Definition, action: &'d Action, demanded: &'d [String]) -> Self {
        Self {
            fields: &definition.fields,
            asked: &action.input,
            demanded,
            prefix: "",
            row: false,
            typed: action.builtin != Some(Builtin::TakeOver),
        }
    }
}

impl Fields<'_> {
    fn check(&self, input: &Input, facts: &Facts<'_>, errors: &mut Vec<FieldError>) -> Input {
        let before = errors.len();
        let accepted = self.values(input, facts, errors);
        // WHY: conditions over values of the wrong kind would only add noise to the real mistake
        if errors.len() == before {
            self.conditions(&accepted, facts, errors);
        }
        accepted
    }

    /// The values that are of their field's kind, in its one form.
    fn values(&self, input: &Input, facts: &Facts<'_>, errors: &mut Vec<FieldError>) -> Input {
        let mut accepted = Map::new();
        for (key, value) in input {
            let path = format!("{}{key}", self.prefix);
            match self.fields.iter().find(|field| field.key == *key) {
                None => errors.push(FieldError::unknown(&path)),
                Some(field) if !self.accepts(field) => {
                    errors.push(FieldError::not_accepted(&path));
                }
                Some(_) if !is_filled(value) => {
                    accepted.insert(key.clone(), Value::Null);
                }
                Some(field) => match kinds::accept(field, value, &path, facts) {
                    Ok(value) => {
                        // what stands there already was not typed now
                        let stands = !self.row && facts.get(key) == Some(&value);
                        if let Some(mask) = field.mask.as_ref().filter(|_| self.typed && !stands)
                            && !texts::has_form(mask, &value)
                        {
                            errors.push(FieldError::mask(&path, mask));
                        }
                        accepted.insert(key.clone(), value);
                    }
                    Err(mut found) => errors.append(&mut found),
                },
            }
        }
        accepted
    }

    fn accepts(&self, field: &Field) -> bool {
        field.is_settable() && self.asked.contains(&field.key)
    }

    fn conditions(&self, accepted: &Input, facts: &Facts<'_>, errors: &mut Vec<FieldError>) {
        for (field, standing) in self.standings(accepted, facts) {
            let known = || facts.get(&field.key).filter(|_| !self.row);
            let filled = accepted
                .get(&field.key)
                .or_else(known)
                .is_some_and(is_filled);
            if !standing.shown && accepted.get(&field.key).is_some_and(is_filled) {
                errors.push(FieldError::not_shown(&standing.field));
            }
            if !filled && standing.required {
                errors.push(FieldError::required(&standing.field));
            }
        }
    }

    /// Where each of them that is taken stands, on the facts with this input laid over them.
    fn standings(&self, accepted: &Input, facts: &Facts<'_>) -> Vec<(&Field, Standing)> {
        // WHY: laying input over facts copies them; most fields have no condition to decide
        let overlaid = self
            .fields
            .iter()
            .any(is_conditional)
            .then(|| overlaid(self.fields, accepted, facts, self.row));
        let facts = overlaid.as_ref().unwrap_or(facts);
        let taken = self.fields.iter().filter(|field| self.accepts(field));
        taken
            .map(|field| {
                let hidden = field
                    .shown
                    .as_ref()
                    .is_some_and(|shown| shown.eval_bool(facts) == Ok(false));
                let demanded = self.demanded.contains(&field.key);
                let standing = Standing {
                    field: format!("{}{}", self.prefix, field.key),
                    shown: !hidden,
                    required: !hidden && demanded && is_required(field, facts),
                };
                (field, standing)
            })
            .collect()
    }
}

/// Whether it depends on others how a field stands.
fn is_conditional(field: &Field) -> bool {
    field.shown.is_some() || matches!(field.required, Required::When(_))
}

/// Whether a field must be filled; a condition that cannot be decided asks for it.
fn is_required(field: &Field, facts: &Facts<'_>) -> bool {
    match &field.required {
        Required::Never => false,
        Required::Always => true,
        Required::When(when) => when.eval_bool(facts) != Ok(false),
    }
}

/// The facts with the input laid over them; links stay as the caller resolved them.
fn overlaid<'p>(fields: &[Field], accepted: &Input, facts: &Facts<'p>, row: bool) -> Facts<'p> {
    let mut vars = facts.vars.clone();
    if row {
        vars.extend(fields.iter().map(|field| (field.key.clone(), Value::Null)));
    }
    for (key, value) in accepted {
        let reference = fields
            .iter()
            .any(|f| f.key == *key && f.kind.is_reference());
        let resolved = vars
            .get(key)
            .is_some_and(|known| known.is_object() || known.is_array());
        if !(reference && resolved && !value.is_null()) {
            vars.insert(key.clone(), value.clone());
        }
    }
    facts.with_vars(vars)
}

#[cfg(test)]
mod tests;
