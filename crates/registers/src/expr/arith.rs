//! Arithmetic on JSON numbers: whole ones stay whole, nothing overflows unseen.

use serde_json::{Number, Value};

use super::error::EvalErrorKind as Kind;
use super::node::Arith;
use super::value::number;

/// Adds, subtracts, multiplies, divides.
pub(super) fn arith(op: Arith, x: &Number, y: &Number) -> Result<Value, Kind> {
    match (x.as_i64(), y.as_i64()) {
        (Some(a), Some(b)) => integers(op, a, b, (x, y)),
        _ => floats(op, x.as_f64(), y.as_f64()),
    }
}

/// Whole numbers stay whole, except that `5 / 2` is 2.5: a ratio of points must not be cut off.
fn integers(op: Arith, x: i64, y: i64, exact: (&Number, &Number)) -> Result<Value, Kind> {
    if y == 0 && matches!(op, Arith::Divide | Arith::Modulo) {
        return Err(Kind::ZeroDivision);
    }
    let result = match op {
        Arith::Add => x.checked_add(y),
        Arith::Subtract => x.checked_sub(y),
        Arith::Multiply => x.checked_mul(y),
        Arith::Divide if x.checked_rem(y) != Some(0) => {
            return floats(op, exact.0.as_f64(), exact.1.as_f64());
        }
        Arith::Divide => x.checked_div(y),
        Arith::Modulo => x.checked_rem(y),
    };
    result.map(Value::from).ok_or(Kind::OutOfRange {
        operator: op.word(),
    })
}

fn floats(op: Arith, x: Option<f64>, y: Option<f64>) -> Result<Value, Kind> {
    let out = Kind::OutOfRange {
        operator: op.word(),
    };
    let (Some(x), Some(y)) = (x, y) else {
        return Err(out);
    };
    if y == 0.0 && matches!(op, Arith::Divide | Arith::Modulo) {
        return Err(Kind::ZeroDivision);
    }
    let result = match op {
        Arith::Add => x + y,
        Arith::Subtract => x - y,
        Arith::Multiply => x * y,
        Arith::Divide => x / y,
        Arith::Modulo => x % y,
    };
    number(result).ok_or(out)
}
