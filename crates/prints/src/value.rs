//! From JSON to what a layout reads.

use typst::foundations::{Dict, Str, Value};

/// What a thing is found by.
const KEY: &str = "key";

/// The same value for a layout, each text as `ink` leaves it. Keys are the program's own.
pub(crate) fn value(json: serde_json::Value, ink: &impl Fn(&str) -> String) -> Value {
    use serde_json::Value as Json;
    match json {
        Json::Null => Value::None,
        Json::Bool(yes) => Value::Bool(yes),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Value::Int(whole),
            None => Value::Float(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) => Value::Str(Str::from(ink(&text))),
        Json::Array(list) => {
            let list = list.into_iter().map(|one| value(one, ink));
            Value::Array(list.collect())
        }
        Json::Object(map) => {
            let map = map.into_iter().map(|(key, one)| {
                // a name by which layouts find things is no text for people
                let one = match one.as_str().filter(|_| key == KEY) {
                    Some(name) => Value::Str(Str::from(name)),
                    None => value(one, ink),
                };
                (Str::from(key), one)
            });
            Value::Dict(map.collect::<Dict>())
        }
    }
}
