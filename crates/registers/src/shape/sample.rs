//! Sample records: what an expression is tried on before a record exists.
//!
//! Only what the expression reads is made up, so that a register with many links costs no more
//! than one with few.

use std::collections::BTreeMap;

use domain::Calendar;
use jiff::Timestamp;
use jiff::civil::date;
use serde_json::{Map, Value, json};

use super::{Shape, Sight};
use crate::expr::node::Node;
use crate::load::ExprScope;
use crate::regime::BASE;
use crate::{BEFORE, EvalError, Facts, Parameters, expr};

const PERSON_ID: &str = "01970000-0000-7000-8000-000000000001";
const UNIT_ID: &str = "01970000-0000-7000-8000-000000000002";
const RECORD_ID: &str = "01970000-0000-7000-8000-000000000003";
/// Entries of a made-up list.
const ENTRIES: usize = 2;
/// Steps of a path that are followed.
const DEPTH_MAX: usize = 8;

/// What is read of a value: its members, and theirs.
#[derive(Default)]
struct Read {
    members: BTreeMap<String, Read>,
}

impl Read {
    fn add(&mut self, path: &[String]) {
        let mut read = self;
        for step in path.iter().take(DEPTH_MAX) {
            read = read.members.entry(step.clone()).or_default();
        }
    }
}

/// Tries one expression on made-up records.
pub(crate) struct Samples<'s> {
    sight: &'s Sight<'s>,
    scope: &'s ExprScope,
    read: Read,
    /// What the first unnamed entry is, for expressions about an entry.
    entry: Option<Shape>,
    params: Parameters,
    calendar: Calendar,
}

impl<'s> Samples<'s> {
    pub(crate) fn new(
        node: &Node,
        scope: &'s ExprScope,
        entry: Option<Shape>,
        sight: &'s Sight<'s>,
    ) -> Self {
        let mut read = Read::default();
        for path in expr::paths_of(node) {
            read.add(&path);
        }
        let base = sight.world().catalogue.regime(BASE);
        let set = base.into_iter().flat_map(|base| &base.parameters);
        let params = set.fold(Parameters::default(), |params, (key, parameter)| {
            params.with(key, parameter.value.clone())
        });
        let params = params.with("installation.max_level", json!("state.top_secret"));
        Self {
            sight,
            scope,
            read,
            entry,
            params,
            calendar: Calendar::default(),
        }
    }

    /// Evaluates on a record with everything filled in.
    pub(crate) fn try_full(&self, node: &Node) -> Result<Value, EvalError> {
        self.evaluate(node, self.vars(), self.entry_value().as_ref())
    }

    /// Evaluates once for each optional value the expression reads, with that value empty; gives
    /// the first that fails.
    pub(crate) fn try_empty(&self, node: &Node) -> Option<(String, EvalError)> {
        for (name, read) in &self.read.members {
            if self.is_optional(None, name) {
                let mut vars = self.vars();
                vars.insert(name.clone(), Value::Null);
                if let Err(error) = self.evaluate(node, vars, self.entry_value().as_ref()) {
                    return Some((name.clone(), error));
                }
            }
            for member in read
                .members
                .keys()
                .filter(|m| self.is_optional(Some(name), m))
            {
                let mut vars = self.vars();
                if let Some(Value::Array(entries)) = vars.get_mut(name) {
                    for entry in entries {
                        if let Value::Object(map) = entry {
                            map.insert(member.clone(), Value::Null);
                        }
                    }
                }
                if let Err(error) = self.evaluate(node, vars, self.entry_value().as_ref()) {
                    return Some((format!("{name}.{member}"), error));
                }
            }
        }
        None
    }

    /// Whether a field of the record (or of a list of it) may be empty.
    fn is_optional(&self, list: Option<&str>, name: &str) -> bool {
        // there is nothing before the first act of a record
        if list.is_none() && name == BEFORE {
            return true;
        }
        self.sight.optional(self.scope, list, name)
    }

    fn evaluate(
        &self,
        node: &Node,
        vars: Map<String, Value>,
        entry: Option<&Value>,
    ) -> Result<Value, EvalError> {
        let now = Timestamp::constant(1_772_460_600, 0);
        let today = date(2026, 3, 2);
        let facts = Facts::new(vars, today, now, &self.params, &self.calendar);
        expr::eval_node(node, &facts, entry)
    }

    fn vars(&self) -> Map<String, Value> {
        let mut vars = Map::new();
        for (name, read) in &self.read.members {
            if matches!(name.as_str(), "today" | "now") {
                continue;
            }
            if let Ok(shape) = self.sight.variable(name, self.scope) {
                vars.insert(name.clone(), self.value(&shape, read));
            }
        }
        let open = json!({ PERSON_ID: [{ "register": "loan", "id": RECORD_ID, "title": null }] });
        vars.insert("open_items".to_owned(), open);
        vars
    }

    fn entry_value(&self) -> Option<Value> {
        let shape = self.entry.as_ref()?;
        let mut read = Read::default();
        for member in self.sight.members(shape) {
            read.add(&[member.to_owned()]);
        }
        Some(self.value(shape, &read))
    }

    fn value(&self, shape: &Shape, read: &Read) -> Value {
        match shape {
            Shape::List(entry) => {
                Value::Array((0..ENTRIES).map(|_| self.value(entry, read)).collect())
            }
            Shape::Checklist(items) => items
                .iter()
                .map(|item| (item.clone(), json!("yes")))
                .collect(),
            Shape::Person
            | Shape::Unit
            | Shape::Record(_)
            | Shape::Outside(_)
            | Shape::Own
            | Shape::Line(_)
            | Shape::Row { .. } => self.map(shape, read),
            other => scalar(other),
        }
    }

    fn map(&self, shape: &Shape, read: &Read) -> Value {
        let mut map = whole(shape);
        for (member, read) in &read.members {
            let known = map.contains_key(member) && read.members.is_empty();
            if let (false, Ok(shape)) = (known, self.sight.member(shape, member)) {
                map.insert(member.clone(), self.value(&shape, read));
            }
        }
        Value::Object(map)
    }
}

/// What a value of this kind has whatever is read of it.
fn whole(shape: &Shape) -> Map<String, Value> {
    let value = match shape {
        Shape::Person => json!({
            "id": PERSON_ID,
            "name": "李华",
            "unit": { "id": UNIT_ID, "name": "科研处", "head": { "id": PERSON_ID } },
            "unit_ids": [UNIT_ID],
            "clearance": { "levels": { "state": "state.secret" }, "compartments": [] },
            "decides": { "state": "state.secret" },
            "cooling_off": false,
        }),
        Shape::Unit => json!({ "id": UNIT_ID, "name": "科研处", "head": { "id": PERSON_ID } }),
        Shape::Record(register) => json!({
            "id": RECORD_ID,
            "register": register,
            "label": label(),
        }),
        Shape::Outside(_) => json!({ "name": "某单位" }),
        Shape::Line(_) => json!({ "id": RECORD_ID }),
        _ => json!({}),
    };
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn label() -> Value {
    json!({
        "levels": { "state": "state.secret" },
        "ends": { "date": "2036-03-02" },
        "compartments": [],
        "scope": "everyone",
    })
}

fn scalar(shape: &Shape) -> Value {
    match shape {
        Shape::Bool => json!(true),
        Shape::Number => json!(1),
        Shape::Money => json!("1.00"),
        Shape::Text => json!("000001"),
        Shape::Choice(keys) => keys.first().map_or(Value::Null, |key| json!(key)),
        Shape::Day => json!("2026-03-02"),
        Shape::Instant => json!("2026-03-02T14:10:00Z"),
        Shape::Level => json!("state.secret"),
        Shape::Label => label(),
        Shape::Term => json!({ "years": 10 }),
        Shape::Period => json!({ "from": "2026-03-02", "to": "2026-03-03" }),
        Shape::Clearance => json!({ "levels": { "state": "state.secret" }, "compartments": [] }),
        _ => Value::Null,
    }
}
