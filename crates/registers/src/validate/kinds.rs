//! One value against one field, by kind.

use serde_json::Value;

use super::{FieldError, choices, numbers, references, rows, secrets, texts, times};
use crate::Facts;
use crate::model::{Field, FieldKind};

/// Gives the value in the one form its kind is stored in.
pub(super) fn accept(
    field: &Field,
    value: &Value,
    path: &str,
    facts: &Facts<'_>,
) -> Result<Value, Vec<FieldError>> {
    if field.kind == FieldKind::Table {
        return rows::of_table(field, value, path, facts);
    }
    one(field, value, path).map_err(|error| vec![error])
}

fn one(field: &Field, value: &Value, path: &str) -> Result<Value, FieldError> {
    match field.kind {
        FieldKind::Text | FieldKind::LongText => texts::text(field, value, path),
        FieldKind::Integer => numbers::integer(field, value, path),
        FieldKind::Decimal | FieldKind::Score => numbers::decimal(field, value, path),
        FieldKind::Money => numbers::money(field, value, path),
        FieldKind::Date => times::date(value, path),
        FieldKind::Datetime => times::datetime(value, path),
        FieldKind::Duration => times::duration(value, path),
        FieldKind::Period => times::period(value, path),
        FieldKind::Bool => choices::yes_no(value, path),
        FieldKind::Choice => choices::choice(field, value, path),
        FieldKind::Choices => choices::several(field, value, path),
        FieldKind::Checklist => choices::checklist(field, value, path),
        FieldKind::Person
        | FieldKind::Unit
        | FieldKind::Post
        | FieldKind::Place
        | FieldKind::Link
        | FieldKind::File => references::one(value, path),
        FieldKind::Persons | FieldKind::Units | FieldKind::Links | FieldKind::Files => {
            references::several(field, value, path)
        }
        FieldKind::OutsideOrg | FieldKind::OutsidePerson => references::outside(value, path),
        FieldKind::NumberRange => numbers::range(value, path),
        FieldKind::Label => secrets::label(value, path),
        FieldKind::Level => secrets::level(value, path),
        FieldKind::Term => secrets::term(value, path),
        FieldKind::Mark => secrets::mark(value, path),
        FieldKind::Table | FieldKind::Signature | FieldKind::Computed => {
            Err(FieldError::not_accepted(path))
        }
    }
}
