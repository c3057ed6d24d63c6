//! The values of indexed fields as the index keeps them: numbers of every kind as whole numbers in
//! the same order, so that both databases sort and compare them alike and exactly.

use super::initials;
use domain::Timestamp;
use registers::{Field, FieldKind};
use serde_json::Value;
use store::{IndexValue, Indexed};

/// What the index keeps of a field.
pub(crate) fn indexed(field: &Field, value: Option<&Value>) -> Option<Indexed> {
    Some(Indexed {
        reading: match value {
            Some(Value::String(text)) if field.initials => initials::of(text),
            _ => None,
        },
        value: index_value(field.kind, value)?,
    })
}

/// The value of an indexed field in the index.
pub(crate) fn index_value(kind: FieldKind, value: Option<&Value>) -> Option<IndexValue> {
    match value? {
        Value::String(text) if kind == FieldKind::Datetime => {
            let at: Timestamp = text.parse().ok()?;
            Some(IndexValue::Int(at.as_millisecond()))
        }
        Value::String(text) if kind == FieldKind::Money => {
            registers::amount_in_hundredths(text).map(IndexValue::Int)
        }
        Value::String(text) => Some(IndexValue::Text(text.clone())),
        Value::Number(number) if is_broken(kind) => in_order(number.as_f64()?).map(IndexValue::Int),
        Value::Number(number) => number.as_i64().map(IndexValue::Int),
        Value::Bool(yes) => Some(IndexValue::Int(i64::from(*yes))),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Whether the index keeps a kind as a number.
pub(crate) fn is_kept_as_number(kind: FieldKind) -> bool {
    let whole = [
        FieldKind::Integer,
        FieldKind::Money,
        FieldKind::Datetime,
        FieldKind::Bool,
    ];
    is_broken(kind) || whole.contains(&kind)
}

/// Whether a kind has numbers with decimals.
pub(crate) fn is_broken(kind: FieldKind) -> bool {
    [FieldKind::Decimal, FieldKind::Score].contains(&kind)
}

/// The place of a number in the order of all of them: the bits of IEEE 754 without the sign grow
/// with the number.
fn in_order(number: f64) -> Option<i64> {
    let magnitude = i64::try_from(number.abs().to_bits()).ok()?;
    Some(if number < 0.0 { -magnitude } else { magnitude })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_keep_their_order(a in -1e15_f64..1e15, b in -1e15_f64..1e15) {
            let order = in_order(a).unwrap().cmp(&in_order(b).unwrap());
            prop_assert_eq!(Some(order), a.partial_cmp(&b));
        }
    }

    #[test]
    fn nothing_is_nothing_from_either_side() {
        assert_eq!(in_order(-0.0), in_order(0.0));
        assert!(in_order(-0.1) < in_order(0.0) && in_order(0.0) < in_order(0.1));
        let whole = index_value(FieldKind::Decimal, Some(&Value::from(5)));
        assert_eq!(
            whole,
            index_value(FieldKind::Decimal, Some(&Value::from(5.0)))
        );
    }
}
