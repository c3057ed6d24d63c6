use super::*;
use crate::packs::Packs;
use domain::Calendar;
use registers::{Facts, rules};
use serde_json::json;

/// What a rule of the shipped pack refuses: register, action, rule, its field, the facts.
fn cases() -> Vec<(
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
    Value,
)> {
    let own = json!({ "id": "p1", "actor": { "id": "p1" }, "open_items": { "p1": [] } });
    let post = json!({ "id": "w1", "actor": { "id": "p1", "post": { "id": "w1" } } });
    let head = json!({ "id": "u1", "head": { "id": "p1" }, "actor": { "id": "p1" } });
    let future = |field: &str| json!({ field: "2026-03-03" });
    let mut cases = vec![
        ("person", "correct", "I-own-facts", None, own.clone()),
        ("person", "leave", "I-own-facts", None, own),
        ("post", "correct", "I-own-post", None, post.clone()),
        ("post", "close", "I-own-post", None, post),
        ("unit", "add", "I-own-head", Some("head"), head.clone()),
        ("unit", "correct", "I-own-head", Some("head"), head),
    ];
    for (rule, field) in [
        ("R-303", "review_passed_on"),
        ("R-302", "trained_on"),
        ("R-302", "pledged_on"),
        ("R-105", "classifier_trained_on"),
    ] {
        for action in ["add", "correct"] {
            cases.push(("person", action, rule, Some(field), future(field)));
        }
    }
    cases
}

#[test]
fn each_rule_on_people_refuses_its_case_and_without_it_nothing_does() {
    let catalogue = Packs::Shipped.catalogue().unwrap();
    let regimes = catalogue.in_force(std::iter::empty::<&str>()).unwrap();
    let calendar = Calendar::default();
    for (register, action, rule, field, vars) in cases() {
        let Value::Object(vars) = vars else {
            panic!("facts are a map")
        };
        let (today, now) = ("2026-03-02", "2026-03-02T01:00:00Z");
        let facts = Facts::new(
            vars,
            today.parse().unwrap(),
            now.parse().unwrap(),
            &regimes.parameters,
            &calendar,
        );
        let mut definition = catalogue.definition(register).unwrap().clone();
        // what others have put on the action is theirs to show
        let refuses = |definition: &registers::Definition| {
            let hits = rules::evaluate(definition, action, &facts, &regimes);
            hits.iter().any(|hit| hit.id == rule)
        };
        assert!(refuses(&definition), "{register}.{action} {field:?}");
        let taken = |one: &registers::model::Rule| one.id == rule && one.field.as_deref() == field;
        definition.rules.retain(|one| !taken(one));
        assert!(!refuses(&definition), "{register}.{action} {field:?}");
    }
}

#[test]
fn others_records_and_days_that_have_come_are_nobodys_concern() {
    let catalogue = Packs::Shipped.catalogue().unwrap();
    let regimes = catalogue.in_force(std::iter::empty::<&str>()).unwrap();
    let calendar = Calendar::default();
    let other = json!({
        "id": "p2", "actor": { "id": "p1", "post": { "id": "w1" } }, "head": { "id": "p3" },
        "open_items": { "p2": [] }, "review_passed_on": "2026-03-02", "trained_on": "2026-03-01", "pledged_on": "2025-01-01",
    });
    for (register, action) in [
        ("person", "add"),
        ("person", "correct"),
        ("post", "correct"),
        ("unit", "correct"),
    ] {
        let Value::Object(vars) = other.clone() else {
            panic!("facts are a map")
        };
        let (today, now) = ("2026-03-02", "2026-03-02T01:00:00Z");
        let facts = Facts::new(
            vars,
            today.parse().unwrap(),
            now.parse().unwrap(),
            &regimes.parameters,
            &calendar,
        );
        let definition = catalogue.definition(register).unwrap();
        let hits = rules::evaluate(definition, action, &facts, &regimes);
        assert!(hits.is_empty(), "{register}.{action}: {hits:?}");
    }
}
