//! What a person's clearance rests on: who may change it, and when it is gone.

use serde_json::{Value, json};
use testkit::{House, Plan, refusal_code};

use crate::{RUPING, on_each_database};

/// The rules that refused.
fn rules(error: &anyhow::Error) -> Vec<String> {
    match error.downcast_ref::<client::Error>() {
        Some(client::Error::Problem(problem)) => {
            problem.rules.iter().map(|rule| rule.id.clone()).collect()
        }
        _ => Vec::new(),
    }
}

pub(crate) fn correct(
    house: &House<'_>,
    who: &str,
    what: &str,
    input: Value,
) -> Result<(), anyhow::Error> {
    let record = house.client(who)?.read_record(house.id(what)?)?;
    house.act(who, &record, "correct", input, &[]).map(drop)
}

#[test]
fn the_head_of_the_office_keeps_everybodys_record_but_their_own() {
    on_each_database(|server| {
        let mut house = House::furnish(&server).unwrap();
        house
            .hire("ban", "important", &["staff", "office_head"])
            .unwrap();
        house.hire("yue", "none", &["staff"]).unwrap();
        let today = json!({ "trained_on": "2026-03-02" });
        correct(&house, "ban", "yue", today.clone()).unwrap();
        for input in [
            today.clone(),
            json!({ "compartments": "甲" }),
            json!({ "name": "王" }),
        ] {
            let own = correct(&house, "ban", "ban", input).unwrap_err();
            assert_eq!(rules(&own), ["I-own-facts"]);
        }
        let grade = json!({ "grade": "core" });
        let own = correct(&house, "ban", "important", grade.clone()).unwrap_err();
        assert_eq!(rules(&own), ["I-own-post"]);
        correct(&house, "ban", "none", grade).unwrap();
        let head = json!({ "head": house.id("ban").unwrap() });
        let own = correct(&house, "ban", "unit", head.clone()).unwrap_err();
        assert_eq!(rules(&own), ["I-own-head"]);
        correct(&house, "office", "unit", head).unwrap();
        correct(&house, "office", "ban", today).unwrap();
    });
}

#[test]
fn r302_no_gate_lies_in_the_future() {
    on_each_database(|server| {
        let mut house = House::furnish(&server).unwrap();
        house.hire("yue", "important", &["staff"]).unwrap();
        for (field, rule) in [
            ("review_passed_on", "R-303"),
            ("trained_on", "R-302"),
            ("pledged_on", "R-302"),
            ("classifier_trained_on", "R-105"),
        ] {
            let future = correct(&house, "office", "yue", json!({ field: "2026-03-03" }));
            assert_eq!(rules(&future.unwrap_err()), [rule], "{field}");
            correct(&house, "office", "yue", json!({ field: "2026-03-02" })).unwrap();
        }
    });
}

/// Whether somebody can draft a document at 机密, which only a cleared person can.
pub(crate) fn is_cleared(house: &House<'_>, who: &str) -> bool {
    let fields = json!({ "title": "方案", "level": "state.secret", "term": { "years": 10 } });
    match house.make(who, "document", "draft", fields, &[]) {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(
                refusal_code(&error),
                Some("access.above_clearance"),
                "{error:#}"
            );
            false
        }
    }
}

#[test]
fn r305_an_overdue_review_takes_the_clearance_away_where_the_regime_says_so() {
    for (regime, lapses) in [("state-organ", true), ("general-company", false)] {
        for database in testkit::databases().unwrap() {
            let plan = Plan::new(RUPING, database).init("--regime", regime);
            let server = plan.start().unwrap();
            let mut house = House::furnish(&server).unwrap();
            house.hire("yue", "important", &["staff"]).unwrap();
            let last = json!({ "review_passed_on": "2023-03-02" });
            correct(&house, "office", "yue", last).unwrap();
            assert!(is_cleared(&house, "yue"), "{regime}: three years end today");
            server.set_clock("2026-03-02T16:00:00Z").unwrap();
            house.enter_again().unwrap();
            assert_eq!(
                is_cleared(&house, "yue"),
                !lapses,
                "{regime}: it is tomorrow in the site"
            );
            let today = json!({ "review_passed_on": "2026-03-03" });
            correct(&house, "office", "yue", today).unwrap();
            assert!(is_cleared(&house, "yue"), "{regime}: reviewed again");
        }
    }
}

#[test]
fn r302_a_clearance_that_lost_one_of_its_legs_is_gone_at_the_next_statement() {
    on_each_database(|server| {
        let mut house = House::furnish(&server).unwrap();
        house.hire("yue", "important", &["staff"]).unwrap();
        assert!(is_cleared(&house, "yue"));
        for leg in ["review_passed_on", "trained_on", "pledged_on", "post"] {
            let before = house.client("office").unwrap();
            let before = before.read_record(house.id("yue").unwrap()).unwrap();
            let value = before.fields.get(leg).cloned().unwrap();
            correct(&house, "office", "yue", json!({ leg: null })).unwrap();
            assert!(!is_cleared(&house, "yue"), "without {leg}");
            let value = value.get("id").cloned().unwrap_or(value);
            correct(&house, "office", "yue", json!({ leg: value })).unwrap();
            assert!(is_cleared(&house, "yue"), "with {leg} again");
        }
        let cooling = json!({ "cooling_off_until": "2026-04-01" });
        correct(&house, "office", "yue", cooling).unwrap();
        assert!(!is_cleared(&house, "yue"), "in the cooling-off period");
    });
}
