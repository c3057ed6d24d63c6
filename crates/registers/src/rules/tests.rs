use serde_json::{Value, json};

use super::*;
use crate::fixtures::{Around, catalogue, copy, id, label, person};

/// The ids of the rules that do not hold.
fn hits(register: &str, action: &str, vars: Value) -> Vec<String> {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let definition = catalogue.definition(register).unwrap();
    let hits = evaluate(definition, action, &around.facts(vars), &around.regimes);
    hits.into_iter().map(|hit| hit.id).collect()
}

fn loan(borrower: &Value, level: &str) -> Value {
    json!({
        "borrower": borrower, "copy": copy(1, level), "label": label(level), "outside": false,
        "due_at": "2026-03-09T10:00:00+08:00",
    })
}

#[test]
fn r_184_a_general_person_does_not_get_a_secret_copy() {
    let low = person(1, "state.confidential");
    assert_eq!(hits("loan", "lend", loan(&low, "state.secret")), ["R-184"]);
    let cleared = person(1, "state.secret");
    assert!(hits("loan", "lend", loan(&cleared, "state.secret")).is_empty());
}

#[test]
fn r_182_nobody_outside_the_scope_gets_it() {
    let mut vars = loan(&person(1, "state.secret"), "state.secret");
    vars["copy"]["label"]["scope"] = json!({ "clauses": [{ "persons": [id(7)], "units": [] }] });
    assert_eq!(hits("loan", "lend", vars), ["R-182"]);
}

#[test]
fn r_216_top_secret_is_not_lent_out_of_the_house() {
    let mut vars = loan(&person(1, "state.top_secret"), "state.top_secret");
    vars["outside"] = json!(true);
    assert_eq!(hits("loan", "request", vars), ["R-216"]);
}

#[test]
fn r_213_top_secret_is_not_copied_without_consent() {
    let vars = |consent: Value| {
        json!({
            "sources": [copy(1, "state.top_secret")], "label": label("state.top_secret"),
            "way": "copy", "consent": consent,
        })
    };
    assert_eq!(
        hits("reproduction", "request", vars(json!(null))),
        ["R-213"]
    );
    assert!(hits("reproduction", "request", vars(json!(id(5)))).is_empty());
}

#[test]
fn r_131_fifteen_years_of_confidential_need_a_reference() {
    let vars = |reference: Value| {
        json!({
            "level": "state.confidential", "term": { "years": 15 }, "start_date": "2026-03-02",
            "scope_persons": [person(1, "state.secret")], "scope_units": [], "reference": reference,
            "proposer": { "id": id(2) }, "decider": null, "kind": "original", "points": [],
            "sources": [],
        })
    };
    assert_eq!(
        hits("classification", "propose", vars(json!(null))),
        ["R-131"]
    );
    assert!(hits("classification", "propose", vars(json!("××目录第3项"))).is_empty());
}

#[test]
fn r_103_who_proposes_does_not_decide_and_r_104_not_above_the_own_level() {
    let vars = |decider: Value, level: &str| {
        json!({
            "level": level, "term": { "years": 5 }, "start_date": "2026-03-02",
            "scope_persons": [person(1, "state.top_secret")], "scope_units": [],
            "proposer": { "id": id(2) }, "decider": decider, "kind": "original", "points": [],
            "sources": [],
        })
    };
    let own = person(2, "state.secret");
    assert_eq!(
        hits("classification", "propose", vars(own, "state.secret")),
        ["R-103"]
    );
    let other = person(3, "state.secret");
    assert_eq!(
        hits("classification", "propose", vars(other, "state.top_secret")),
        ["R-104"]
    );
}

#[test]
fn r_234_the_keeper_is_not_the_only_supervisor_and_the_approver_is_none() {
    let vars = |supervisors: Value, approvers: Value| {
        json!({
            "lines": [{ "line": "copies", "id": id(50), "state": "counted", "copy": copy(1, "state.secret") }],
            "label": label("state.secret"), "method": "shred", "executor": { "id": id(30) },
            "supervisors": supervisors, "approvers": approvers,
        })
    };
    let keeper = json!({ "id": id(902) });
    let approver = json!({ "id": id(31) });
    let other = json!({ "id": id(32) });
    assert!(
        hits(
            "destruction",
            "destroy",
            vars(json!([keeper, other]), json!([id(31)]))
        )
        .is_empty()
    );
    assert_eq!(
        hits(
            "destruction",
            "destroy",
            vars(json!([approver, other]), json!([id(31)]))
        ),
        ["R-234"]
    );
    assert_eq!(
        hits(
            "destruction",
            "destroy",
            vars(json!([keeper, keeper]), json!([id(31)]))
        ),
        ["R-233", "I-keeper-not-alone"]
    );
}

#[test]
fn r_224_nobody_leaves_with_something_in_hand() {
    let tasks: Vec<Value> = (0..5)
        .map(|n| json!({ "line": "tasks", "id": id(n), "state": "done" }))
        .collect();
    let vars = |open: Value| json!({ "person": person(1, "state.secret"), "lines": tasks, "open_items": { id(1): open } });
    assert_eq!(
        hits("leaving", "release", vars(json!([{ "hidden": true }]))),
        ["R-224"]
    );
    assert!(hits("leaving", "release", vars(json!([]))).is_empty());
}

#[test]
fn r_207_a_circulated_copy_is_never_passed_sideways() {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let circulation = catalogue.definition("circulation").unwrap();
    let readers = circulation.line("readers").unwrap();
    let lines = catalogue.kept_as("circulation.readers").unwrap();
    let reader = |n: u32, state: &str| json!({ "line": "readers", "id": id(n), "state": state, "reader": person(n, "state.secret") });
    let hits = |first: &str| {
        let second = reader(2, "waiting");
        let vars = json!({ "label": label("state.secret"), "state": "circulating", "lines": [reader(1, first), second] });
        let facts = around.facts(vars);
        let facts = facts.in_line(readers, second.as_object().unwrap());
        let hits = evaluate(lines, "hand_out", &facts, &around.regimes);
        hits.into_iter().map(|hit| hit.id).collect::<Vec<_>>()
    };
    assert_eq!(hits("reading"), ["R-207"]);
    assert!(hits("returned").is_empty());
}

#[test]
fn a_rule_that_cannot_be_decided_counts_as_not_held() {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let mut vars = loan(&person(1, "state.secret"), "state.secret");
    vars["copy"]["label"] = json!({ "levels": { "state": "state.secret" } });
    let loan = catalogue.definition("loan").unwrap();
    let hits = evaluate(loan, "lend", &around.facts(vars), &around.regimes);
    let undecided: Vec<_> = hits.iter().filter(|hit| hit.undecided.is_some()).collect();
    assert_eq!(undecided.len(), 2, "{hits:#?}");
    assert!(undecided.iter().all(|hit| hit.severity == Severity::Stop));
}
