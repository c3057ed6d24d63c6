//! Functions over numbers and copy numbers.

use serde_json::Value;

use super::{Call, Function, Gives, Outcome, Takes};
use crate::expr::error::EvalErrorKind as Kind;
use crate::expr::value::number;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "greatest",
        takes: &[Takes::Number, Takes::Number],
        least: 2,
        gives: Gives::Number,
        run: greatest,
    },
    Function {
        name: "least",
        takes: &[Takes::Number, Takes::Number],
        least: 2,
        gives: Gives::Number,
        run: least,
    },
    Function {
        name: "round",
        takes: &[Takes::Number, Takes::Number],
        least: 1,
        gives: Gives::Number,
        run: round,
    },
    Function {
        name: "to_number",
        takes: &[Takes::Any],
        least: 1,
        gives: Gives::Number,
        run: to_number,
    },
    Function {
        name: "range_count",
        takes: &[Takes::Text],
        least: 1,
        gives: Gives::Number,
        run: range_count,
    },
];

fn greatest(call: &Call<'_, '_>) -> Outcome {
    pick(call, |a, b| a >= b)
}

fn least(call: &Call<'_, '_>) -> Outcome {
    pick(call, |a, b| a <= b)
}

fn pick(call: &Call<'_, '_>, first: fn(f64, f64) -> bool) -> Outcome {
    if call.is_null(0) || call.is_null(1) {
        return Ok(Value::Null);
    }
    let takes_first = first(float(call, 0)?, float(call, 1)?);
    Ok(call.arg(usize::from(!takes_first)).clone())
}

fn float(call: &Call<'_, '_>, index: usize) -> Result<f64, Kind> {
    call.arg(index)
        .as_f64()
        .ok_or_else(|| call.wanted(index, "a number"))
}

/// `round(x, digits)`: half away from zero, to at most six digits.
fn round(call: &Call<'_, '_>) -> Outcome {
    if call.is_null(0) {
        return Ok(Value::Null);
    }
    let digits = if call.args.len() > 1 {
        call.integer(1)?.clamp(0, 6)
    } else {
        0
    };
    let scale = 10_f64.powi(i32::try_from(digits).unwrap_or(0));
    number((float(call, 0)? * scale).round() / scale).ok_or_else(|| call.out_of_range())
}

/// `to_number(amount)`: the number an amount or another text of digits stands for.
fn to_number(call: &Call<'_, '_>) -> Outcome {
    match call.arg(0) {
        Value::Null | Value::Number(_) => Ok(call.arg(0).clone()),
        Value::String(text) => {
            let hundredths = crate::amount::hundredths(text);
            let hundredths = hundredths.ok_or_else(|| call.unreadable("a number"))?;
            if hundredths % 100 == 0 {
                return Ok(Value::from(hundredths / 100));
            }
            #[expect(clippy::cast_precision_loss, reason = "a fraction was asked for")]
            number(hundredths as f64 / 100.0).ok_or_else(|| call.out_of_range())
        }
        _ => Err(call.wanted(0, "an amount")),
    }
}

/// `range_count(numbers)`: how many copy numbers a range names; nothing names none.
fn range_count(call: &Call<'_, '_>) -> Outcome {
    if call.is_null(0) {
        return Ok(Value::from(0));
    }
    let range =
        crate::NumberRange::parse(call.text(0)?).ok_or_else(|| call.unreadable("copy numbers"))?;
    Ok(Value::from(range.count()))
}
