//! Rows: of a table field, and new lines given with an action.

use serde_json::{Map, Value};

use super::references::counted;
use super::{FieldError, Fields, Standing, is_conditional};
use crate::Facts;
use crate::limits;
use crate::model::{Field, Line};

/// The rows of a table field.
pub(super) fn of_table(
    field: &Field,
    value: &Value,
    path: &str,
    facts: &Facts<'_>,
) -> Result<Value, Vec<FieldError>> {
    let mut errors = Vec::new();
    let rows = begun_table(field, value, path, facts, &mut errors);
    if errors.is_empty() {
        Ok(rows)
    } else {
        Err(errors)
    }
}

/// The rows of a table field as far as they are right.
pub(super) fn begun_table(
    field: &Field,
    value: &Value,
    path: &str,
    facts: &Facts<'_>,
    errors: &mut Vec<FieldError>,
) -> Value {
    let rows = entries(value, limits::TABLE_ROWS_MAX, path)
        .and_then(|rows| counted(field, rows.len(), path).map(|()| rows));
    match rows {
        Ok(rows) => Columns::of_table(field).check(rows, path, facts, errors),
        Err(error) => {
            errors.push(error);
            Value::Array(Vec::new())
        }
    }
}

/// How the fields of rows stand that depend on others: of a table field.
pub(super) fn table_standings(field: &Field, rows: &Value, facts: &Facts<'_>) -> Vec<Standing> {
    Columns::of_table(field).standings(rows, &field.key, facts)
}

/// The same of new lines.
pub(super) fn line_standings(line: &Line, rows: &Value, facts: &Facts<'_>) -> Vec<Standing> {
    Columns::of_line(line).standings(rows, &line.key, facts)
}

/// New lines given with an action of the record. What a later action of the line asks for need
/// not be there yet.
pub(super) fn of_line(
    line: &Line,
    (value, typed): (&Value, bool),
    facts: &Facts<'_>,
    errors: &mut Vec<FieldError>,
) -> Value {
    let mut columns = Columns::of_line(line);
    columns.typed = typed;
    match entries(value, limits::LINE_ROWS_MAX, &line.key) {
        Ok(rows) => columns.check(rows, &line.key, facts, errors),
        Err(error) => {
            errors.push(error);
            Value::Array(Vec::new())
        }
    }
}

/// Too few or too many lines.
pub(super) fn count_errors(line: &Line, count: usize) -> Option<FieldError> {
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let shown = |count: usize| count as f64;
    if let Some(min) = line.min.filter(|min| count < *min) {
        return Some(FieldError::too_few(&line.key, shown(min)));
    }
    let max = line.max.filter(|max| count > *max)?;
    Some(FieldError::too_many(&line.key, shown(max)))
}

fn entries<'v>(value: &'v Value, max: usize, path: &str) -> Result<&'v [Value], FieldError> {
    #[expect(clippy::cast_precision_loss, reason = "a small constant")]
    match value {
        Value::Array(rows) if rows.len() > max => Err(FieldError::too_many(path, max as f64)),
        Value::Array(rows) => Ok(rows),
        Value::Null => Ok(&[]),
        _ => Err(FieldError::kind(path, "若干行", "a list of rows")),
    }
}

/// The fields of a row.
struct Columns<'d> {
    fields: &'d [Field],
    asked: Vec<String>,
    demanded: Vec<String>,
    typed: bool,
}

impl<'d> Columns<'d> {
    fn of_table(field: &'d Field) -> Self {
        Self::all(&field.columns)
    }

    fn of_line(line: &'d Line) -> Self {
        let later = line.actions.iter().filter(|action| !action.is_initial());
        let later: Vec<&String> = later.flat_map(|action| &action.input).collect();
        let mut columns = Self::all(&line.fields);
        columns.demanded.retain(|key| !later.contains(&key));
        columns
    }

    fn all(fields: &'d [Field]) -> Self {
        let keys: Vec<String> = fields.iter().map(|field| field.key.clone()).collect();
        Self {
            fields,
            asked: keys.clone(),
            demanded: keys,
            typed: true,
        }
    }

    fn check(
        &self,
        rows: &[Value],
        path: &str,
        facts: &Facts<'_>,
        errors: &mut Vec<FieldError>,
    ) -> Value {
        let defaults = self.defaults(facts);
        let mut accepted = Vec::with_capacity(rows.len());
        for (index, row) in rows.iter().enumerate() {
            let Value::Object(given) = row else {
                let path = format!("{path}.{index}");
                errors.push(FieldError::kind(&path, "一行", "a row"));
                continue;
            };
            let prefix = format!("{path}.{index}.");
            let mut row = defaults.clone();
            row.extend(given.clone());
            accepted.push(Value::Object(self.row(&prefix).check(&row, facts, errors)));
        }
        Value::Array(accepted)
    }

    fn row<'r>(&'r self, prefix: &'r str) -> Fields<'r> {
        Fields {
            fields: self.fields,
            asked: &self.asked,
            demanded: &self.demanded,
            prefix,
            row: true,
            typed: self.typed,
        }
    }

    fn standings(&self, rows: &Value, path: &str, facts: &Facts<'_>) -> Vec<Standing> {
        if !self.fields.iter().any(is_conditional) {
            return Vec::new();
        }
        let rows = rows.as_array().into_iter().flatten().enumerate();
        rows.filter_map(|(index, row)| Some((index, row.as_object()?)))
            .flat_map(|(index, row)| {
                let prefix = format!("{path}.{index}.");
                let fields = self.row(&prefix);
                let standings = fields.standings(row, facts).into_iter();
                let conditional = standings.filter(|(field, _)| is_conditional(field));
                conditional
                    .map(|(_, standing)| standing)
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    /// What a row holds where it says nothing; a default that cannot be computed gives nothing.
    fn defaults(&self, facts: &Facts<'_>) -> Map<String, Value> {
        let with_default = self.fields.iter().filter(|field| field.is_settable());
        with_default
            .filter_map(|field| {
                let value = field.default.as_ref()?.eval(facts).ok()?;
                Some((field.key.clone(), value))
            })
            .collect()
    }
}
