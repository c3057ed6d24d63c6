//! From a who to the parties it names on the facts of a record.

use serde_json::Value;

use super::{Who, WhoSet};
use crate::{Error, Facts};

/// Somebody named by a who. Ids are as the facts hold them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// Everybody with this role.
    Role(String),
    /// This person.
    Person(String),
    /// Every member of staff.
    Staff,
    /// The program itself.
    System,
}

impl WhoSet {
    /// The parties it names, sorted, without repeats. A condition that cannot be decided is an
    /// error: nobody gets a right from it.
    pub fn resolve(&self, facts: &Facts<'_>) -> Result<Vec<Party>, Error> {
        let mut parties = Vec::new();
        for case in &self.any {
            if let Some(when) = &case.when {
                let holds = when.eval_bool(facts).map_err(|source| Error::Eval {
                    what: "the condition",
                    key: case.who.to_string(),
                    source,
                })?;
                if !holds {
                    continue;
                }
            }
            parties.extend(case.who.resolve(facts));
        }
        parties.sort();
        parties.dedup();
        Ok(parties)
    }
}

impl Who {
    /// The parties it names; none when what it points to is empty.
    pub fn resolve(&self, facts: &Facts<'_>) -> Vec<Party> {
        match self {
            Self::Role(role) => vec![Party::Role(role.clone())],
            Self::Staff => vec![Party::Staff],
            Self::System => vec![Party::System],
            Self::Drafter => persons(facts.get("drafter")),
            Self::Proposer => persons(facts.get("proposer")),
            Self::Field(path) => each_person(follow(facts, path)),
            Self::HeadOf(path) => {
                let heads = follow(facts, path)
                    .into_iter()
                    .filter_map(|value| value.get("unit").unwrap_or(value).get("head"));
                each_person(heads.collect())
            }
            Self::HolderOf(path) => {
                let copies = follow(facts, path);
                each_person(copies.into_iter().filter_map(holder).collect())
            }
        }
    }
}

/// The lines of one kind.
fn lines_called<'f>(facts: &'f Facts<'_>, kind: &str) -> Vec<&'f Value> {
    let lines = facts.get("lines").and_then(Value::as_array);
    let is_called = |line: &&Value| line.get("line").and_then(Value::as_str) == Some(kind);
    lines.into_iter().flatten().filter(is_called).collect()
}

/// The values at a path; a list on the way stands for each of its entries.
fn follow<'f>(facts: &'f Facts<'_>, path: &[String]) -> Vec<&'f Value> {
    let Some((first, rest)) = path.split_first() else {
        return Vec::new();
    };
    let (start, rest) = match (facts.record(), rest) {
        (Some(record), [field, rest @ ..]) if first == "record" => (record.get(field), rest),
        (Some(_) | None, _) => (facts.get(first), rest),
    };
    let mut values: Vec<&Value> = match start {
        Some(start) => entries(start),
        None => lines_called(facts, first),
    };
    for step in rest {
        values = values
            .into_iter()
            .filter_map(|v| v.get(step))
            .flat_map(entries)
            .collect();
    }
    values
}

/// The entries of a list, or the value itself.
fn entries(value: &Value) -> Vec<&Value> {
    match value.as_array() {
        Some(entries) => entries.iter().collect(),
        None => vec![value],
    }
}

/// Who answers for a copy: its holder, or its keeper while nobody else holds it.
fn holder(copy: &Value) -> Option<&Value> {
    copy.get("holder")
        .filter(|holder| !holder.is_null())
        .or_else(|| copy.get("keeper"))
}

fn each_person(values: Vec<&Value>) -> Vec<Party> {
    values
        .into_iter()
        .flat_map(|value| persons(Some(value)))
        .collect()
}

/// The persons a value holds: a person's map, an id, or a list of either.
fn persons(value: Option<&Value>) -> Vec<Party> {
    match value {
        Some(Value::String(id)) => vec![Party::Person(id.clone())],
        Some(Value::Object(map)) => {
            let id = map.get("id").and_then(Value::as_str);
            id.map(|id| Party::Person(id.to_owned()))
                .into_iter()
                .collect()
        }
        Some(Value::Array(entries)) => entries
            .iter()
            .flat_map(|entry| persons(Some(entry)))
            .collect(),
        _ => Vec::new(),
    }
}
