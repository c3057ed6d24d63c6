//! Every rule that the packs ship, on facts that keep it and on facts that break it. A rule without a
//! case, a case without a rule and a rule that refuses nothing all fail here.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::*;
use crate::Catalogue;
use crate::fixtures::{Around, copy, id, label, person};
use crate::load::tests::shipped::shipped;

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

/// Facts for one rule.
#[derive(Deserialize)]
struct Case {
    register: String,
    rule: String,
    on: String,
    /// The record of a line, if the rule is a line's; what breaks the rule may stand in it.
    of: Option<Map<String, Value>>,
    keeps: Map<String, Value>,
    breaks: Map<String, Value>,
}

fn cases() -> Vec<Case> {
    let cases: Cases = toml::from_str(include_str!("cases.toml")).unwrap();
    cases.case
}

/// A value with the fixtures it names in place.
fn meant(value: &Value) -> Value {
    match value {
        Value::String(text) => named(text).unwrap_or_else(|| value.clone()),
        Value::Array(list) => list.iter().map(meant).collect(),
        Value::Object(map) => Value::Object(all_meant(map)),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

fn all_meant(map: &Map<String, Value>) -> Map<String, Value> {
    let entries = map.iter().map(|(key, value)| {
        let key = named(key)
            .and_then(|key| key.as_str().map(str::to_owned))
            .unwrap_or_else(|| key.clone());
        (key, meant(value))
    });
    entries.collect()
}

fn named(text: &str) -> Option<Value> {
    let mut parts = text.strip_prefix('$')?.split(':');
    let (what, first) = (parts.next()?, parts.next());
    let number = || first.and_then(|first| first.parse().ok()).unwrap();
    Some(match what {
        "nothing" => Value::Null,
        "label" => label(first.unwrap()),
        "scoped" => {
            let mut label = label("state.secret");
            label["scope"] = json!({ "clauses": [{ "persons": [id(number())], "units": [] }] });
            label
        }
        "id" => json!(id(number())),
        "person" => person(number(), parts.next().unwrap()),
        "copy" => copy(number(), parts.next().unwrap()),
        _ => return None,
    })
}

/// What is changed in facts so that a rule does not hold any more.
fn over(mut facts: Map<String, Value>, changes: &Map<String, Value>) -> Map<String, Value> {
    facts.extend(all_meant(changes));
    facts
}

/// The places, among the rules of this id on this action, of those that object.
fn objecting(
    catalogue: &Catalogue,
    case: &Case,
    broken: bool,
    without: Option<usize>,
) -> Vec<usize> {
    let around = Around::new(catalogue);
    let mut definition = catalogue.kept_as(&case.register).unwrap().clone();
    if let Some(at) = without {
        definition.rules.remove(at);
    }
    let own = all_meant(&case.keeps);
    let own = if broken { over(own, &case.breaks) } else { own };
    let facts = match &definition.line_of {
        None => around.facts(Value::Object(own)),
        Some(of) => {
            let register = catalogue.definition(&of.register).unwrap();
            let mut record = case.of.clone().unwrap_or_default();
            let changes = record.remove("$breaks");
            let mut record = all_meant(&record);
            if let (true, Some(changes)) = (broken, changes) {
                record = over(record, changes.as_object().unwrap());
            }
            let line = register.line(&of.line).unwrap();
            let facts = around.facts(Value::Object(record));
            facts.in_line(line, &own)
        }
    };
    let rules = definition.rules.iter().enumerate();
    let of_case = rules.filter(|(_, rule)| rule.id == case.rule && rule.on.contains(&case.on));
    let objects = of_case.filter(|(_, rule)| {
        let hit = hit(rule, &facts, &around.regimes);
        if let Some(cause) = hit.as_ref().and_then(|hit| hit.undecided.as_ref()) {
            panic!("{} {}: {cause}", case.register, case.rule);
        }
        hit.is_some()
    });
    objects.map(|(at, _)| at).collect()
}

#[test]
fn every_shipped_rule_refuses_what_breaks_it_and_nothing_else() {
    let catalogue = shipped();
    for case in cases() {
        let about = format!("{} {} on {}", case.register, case.rule, case.on);
        let kept = objecting(&catalogue, &case, false, None);
        assert!(kept.is_empty(), "{about}: objects to what keeps it");
        let broken = objecting(&catalogue, &case, true, None);
        let [at] = broken.as_slice() else {
            panic!("{about}: {} rules object", broken.len())
        };
        let without = objecting(&catalogue, &case, true, Some(*at));
        assert!(
            without.is_empty(),
            "{about}: taken away, something objects still"
        );
    }
}

#[test]
fn every_shipped_rule_has_its_case() {
    let catalogue = shipped();
    let key = |register: &str, rule: &str| format!("{register} {rule}");
    let mut wanted = Vec::new();
    for definition in catalogue.definitions() {
        wanted.extend(
            definition
                .rules
                .iter()
                .map(|rule| key(&definition.key, &rule.id)),
        );
        for line in &definition.lines {
            let register = line.register_key(&definition.key);
            wanted.extend(line.rules.iter().map(|rule| key(&register, &rule.id)));
        }
    }
    let mut there: Vec<String> = cases()
        .iter()
        .map(|case| key(&case.register, &case.rule))
        .collect();
    wanted.sort();
    there.sort();
    assert_eq!(there, wanted);
}
