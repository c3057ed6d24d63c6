//! From JSON to what a layout reads.

use typst::foundations::{Dict, Str, Value};

/// Where things stand that are found by their `key`.
const KEYED: [&str; 2] = ["fields", "tables"];

/// The same value for a layout, each text as `ink` leaves it. What things are found by is no text for people.
pub(crate) fn value(json: serde_json::Value, ink: &impl Fn(&str) -> String) -> Value {
    put(json, ink, Place::Plain)
}

/// Where a value stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Plain,
    /// In the list of things that have a key.
    List,
    /// Such a thing.
    Thing,
    /// Names of things.
    Names,
}

fn put(json: serde_json::Value, ink: &impl Fn(&str) -> String, place: Place) -> Value {
    use serde_json::Value as Json;
    match json {
        Json::Null => Value::None,
        Json::Bool(yes) => Value::Bool(yes),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Value::Int(whole),
            None => Value::Float(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) if place == Place::Names => Value::Str(Str::from(text)),
        Json::String(text) => Value::Str(Str::from(ink(&text))),
        Json::Array(list) => {
            let inside = match place {
                Place::List => Place::Thing,
                Place::Names => Place::Names,
                Place::Plain | Place::Thing => Place::Plain,
            };
            let list = list.into_iter().map(|one| put(one, ink, inside));
            Value::Array(list.collect())
        }
        Json::Object(map) => {
            let map = map.into_iter().map(|(key, one)| {
                let name = one
                    .as_str()
                    .filter(|_| place == Place::Thing && key == "key");
                let one = match name {
                    Some(name) => Value::Str(Str::from(name)),
                    None if place == Place::Thing && key == "keys" => put(one, ink, Place::Names),
                    None if KEYED.contains(&key.as_str()) => put(one, ink, Place::List),
                    None => put(one, ink, Place::Plain),
                };
                (Str::from(key), one)
            });
            Value::Dict(map.collect::<Dict>())
        }
    }
}
