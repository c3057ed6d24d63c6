//! Functions over texts. Nothing contains nothing and starts with nothing.

use serde_json::Value;

use super::{Call, Function, Gives, Outcome, Takes};

pub(super) const FUNCTIONS: &[Function] = &[
    on_texts("contains", contains),
    on_texts("startsWith", starts_with),
    on_texts("endsWith", ends_with),
];

const fn on_texts(name: &'static str, run: fn(&Call<'_, '_>) -> Outcome) -> Function {
    Function {
        name,
        takes: &[Takes::Text, Takes::Text],
        least: 2,
        gives: Gives::Bool,
        run,
    }
}

fn contains(call: &Call<'_, '_>) -> Outcome {
    compare(call, |text, part| text.contains(part))
}

fn starts_with(call: &Call<'_, '_>) -> Outcome {
    compare(call, |text, part| text.starts_with(part))
}

fn ends_with(call: &Call<'_, '_>) -> Outcome {
    compare(call, |text, part| text.ends_with(part))
}

fn compare(call: &Call<'_, '_>, holds: fn(&str, &str) -> bool) -> Outcome {
    if call.is_null(0) || call.is_null(1) {
        return Ok(Value::Bool(false));
    }
    Ok(Value::Bool(holds(call.text(0)?, call.text(1)?)))
}
