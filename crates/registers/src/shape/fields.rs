//! What the values of fields are.

use super::{Shape, Sight};
use crate::load::ExprScope;
use crate::model::{Field, FieldKind, Required};

impl Sight<'_> {
    /// Whether a field of the record (or of the entries of one of its lists) may be empty.
    pub(crate) fn optional(&self, scope: &ExprScope, list: Option<&str>, name: &str) -> bool {
        let fields: &[Field] = match (list, scope) {
            (Some(list), _) => match self.own(list) {
                Some(Shape::List(entry)) => match *entry {
                    Shape::Line(line) => {
                        let lines = self.lines(line.as_deref());
                        return lines.iter().filter_map(|l| l.field(name)).any(may_be_empty);
                    }
                    Shape::Row { line, field } => self.columns(line.as_deref(), &field),
                    _ => &[],
                },
                _ => &[],
            },
            (None, ExprScope::Row { line, field }) => {
                let columns = self.columns(line.as_deref(), field);
                if columns.iter().any(|column| column.key == name) {
                    columns
                } else {
                    &self.definition.fields
                }
            }
            (None, ExprScope::Line(line)) => match self.definition.line(line) {
                Some(line) if line.field(name).is_some() => &line.fields,
                _ => &self.definition.fields,
            },
            (None, _) => &self.definition.fields,
        };
        fields
            .iter()
            .any(|field| field.key == name && may_be_empty(field))
    }

    /// A record a value points to.
    pub(crate) fn reference(&self, register: &str) -> Shape {
        match register {
            "person" => Shape::Person,
            "unit" => Shape::Unit,
            _ => Shape::Record(register.to_owned()),
        }
    }

    /// What a field's value is.
    pub(super) fn field(&self, field: &Field, line: Option<&str>) -> Shape {
        use FieldKind as K;
        if self.broken.contains(&field.key.as_str()) {
            return Shape::Any;
        }
        let list = |shape: Shape| Shape::List(Box::new(shape));
        let keys = || {
            field
                .choices
                .iter()
                .map(|choice| choice.key.clone())
                .collect()
        };
        let target = || self.reference(field.to.as_deref().unwrap_or_default());
        match field.kind {
            K::Text | K::LongText | K::Duration | K::Mark | K::NumberRange | K::File => Shape::Text,
            K::Integer | K::Decimal | K::Score => Shape::Number,
            K::Money => Shape::Money,
            K::Date => Shape::Day,
            K::Datetime => Shape::Instant,
            K::Period => Shape::Period,
            K::Bool => Shape::Bool,
            K::Choice => Shape::Choice(keys()),
            K::Choices => list(Shape::Choice(keys())),
            K::Checklist => Shape::Checklist(keys()),
            K::Person => Shape::Person,
            K::Persons => list(Shape::Person),
            K::Unit => Shape::Unit,
            K::Units => list(Shape::Unit),
            K::Post => Shape::Record("post".to_owned()),
            K::Place => Shape::Record("place".to_owned()),
            K::OutsideOrg | K::OutsidePerson => {
                Shape::Outside(field.target().unwrap_or_default().to_owned())
            }
            K::Link => target(),
            K::Links => list(target()),
            K::Files => list(Shape::Text),
            K::Table => {
                let line = line.map(str::to_owned);
                list(Shape::Row {
                    line,
                    field: field.key.clone(),
                })
            }
            K::Label => Shape::Label,
            K::Level => Shape::Level,
            K::Term => Shape::Term,
            K::Signature | K::Computed => Shape::Any,
        }
    }
}

/// Whether a value may be missing where an expression reads it.
fn may_be_empty(field: &Field) -> bool {
    !matches!(field.required, Required::Always)
}
