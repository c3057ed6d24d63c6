use serde_json::json;

use super::*;
use crate::fixtures::{Around, catalogue, copy, id, label, person};
use crate::{Party, WhoSet};

fn rounds(needed: &[Needed<'_>]) -> Vec<(usize, usize)> {
    needed.iter().map(|step| (step.index, step.round)).collect()
}

#[test]
fn a_leader_is_asked_for_top_secret_only() {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let loan = catalogue.definition("loan").unwrap();
    let steps = |level: &str| {
        let facts = around.facts(json!({ "copy": copy(1, level), "outside": false }));
        rounds(&needed(loan, "request", &facts))
    };
    assert_eq!(steps("state.secret"), [(0, 0)]);
    assert_eq!(steps("state.top_secret"), [(0, 0), (1, 1)]);
    let facts = around.facts(json!({}));
    // lending waits for no decision; it may be signed in the inbox
    let lending = needed(loan, "lend", &facts);
    assert!(lending.iter().all(|needed| needed.step.signs == Some(0)));
}

#[test]
fn a_step_whose_condition_cannot_be_decided_is_not_left_out() {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let loan = catalogue.definition("loan").unwrap();
    let broken = json!({ "copy": { "id": id(1), "label": "no label" }, "outside": false });
    let steps = rounds(&needed(loan, "request", &around.facts(broken)));
    assert_eq!(steps, [(0, 0), (1, 1)]);
}

#[test]
fn parallel_steps_share_a_round() {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let leaving = catalogue.definition("leaving").unwrap();
    let facts = around.facts(json!({}));
    let steps = rounds(&needed(leaving, "apply", &facts));
    assert_eq!(steps, [(0, 0), (1, 1), (2, 1), (3, 2)]);
}

#[test]
fn who_resolves_to_parties() {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let loan = catalogue.definition("loan").unwrap();
    let vars = json!({
        "borrower": person(1, "state.secret"), "copy": copy(2, "state.secret"),
        "label": label("state.secret"),
    });
    let facts = around.facts(vars);
    let parties = |set: &WhoSet| set.resolve(&facts).unwrap();
    let head = &loan.approvals[0].steps[0].who;
    assert_eq!(parties(head), [Party::Person(id(901))]);
    let either = &loan.action("report_missing").unwrap().who;
    assert_eq!(
        parties(either),
        [Party::Role("registrar".into()), Party::Person(id(1))]
    );
    let holder = crate::Who::parse("holder_of(copy)").unwrap();
    assert_eq!(parties(&WhoSet::one(holder)), [Party::Person(id(902))]);

    let receive = catalogue.definition("receive").unwrap();
    let step = &receive.approval_of("distribute").unwrap().steps[0].who;
    assert_eq!(parties(step).len(), 2);
    let facts = around.facts(json!({ "label": label("state.top_secret") }));
    assert_eq!(
        step.resolve(&facts).unwrap(),
        [Party::Role("leader".into())]
    );
}
