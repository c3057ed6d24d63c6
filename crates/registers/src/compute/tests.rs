use serde_json::json;

use super::*;
use crate::fixtures::{Around, catalogue, copy, id};
use crate::model::FillFrom;

#[test]
fn r_706_the_ratio_counts_only_items_that_apply() {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let fields = &catalogue.definition("self_evaluation").unwrap().fields;
    let item = |kind: &str, points: i64, applies: bool, deducted: i64| json!({ "line": "items", "kind": kind, "points": points, "applies": applies, "deducted": deducted });
    let result = |items: Vec<Value>| {
        let values = computed(fields, &around.facts(json!({ "lines": items })));
        (values["ratio"].clone(), values["result"].clone())
    };
    let scored = vec![
        item("scored", 60, true, 3),
        item("scored", 20, true, 1),
        item("scored", 20, false, 0),
    ];
    assert_eq!(result(scored.clone()), (json!(95.0), json!("meets")));
    let mut vetoed = scored.clone();
    vetoed.push(item("veto", 0, true, 1));
    assert_eq!(result(vetoed).1, json!("fails"));
    assert_eq!(result(Vec::new()), (json!(null), json!("fails")));
}

#[test]
fn a_total_with_nothing_to_add_up_is_empty_and_no_failure() {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let fields = &catalogue.definition("leaving").unwrap().fields;
    let values = computed(fields, &around.facts(json!({})));
    assert_eq!(values["held"], json!(null));
    assert_eq!(values["cooling_until"], json!(null));
}

#[test]
fn lines_are_filled_from_candidates_frozen_at_opening() {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let take = catalogue.definition("stock_take").unwrap();
    let fill = take.line("copies").unwrap().fill.as_ref().unwrap();
    let FillFrom::Query { filter, set, .. } = &fill.from else {
        panic!("it is filled from a query")
    };
    let facts = around.facts(json!({ "unit": { "id": id(900) }, "level": null }));
    let mut candidate = copy(1, "state.secret");
    candidate["unit"] = json!({ "id": id(900) });
    assert_eq!(filter.eval_for(&facts, &candidate), Ok(json!(true)));
    let line = assigned_for(set, &facts, &candidate).unwrap();
    assert_eq!(line["copy"], json!(id(1)));
    assert_eq!(line["expected_holder"], json!(id(902)));
    // a field the candidate leaves out is empty, never the record's field of the same name
    candidate.as_object_mut().unwrap().remove("unit");
    assert_eq!(filter.eval_for(&facts, &candidate), Ok(json!(false)));
}

#[test]
fn a_gap_becomes_a_record_of_its_own() {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let take = catalogue.definition("stock_take").unwrap();
    let creates = &take.action("close").unwrap().creates[0];
    let line = |n: u32, state: &str| json!({ "line": "copies", "id": id(n), "state": state, "copy": copy(n, "state.secret"), "expected_holder": { "id": id(902) } });
    let facts = around.facts(json!({ "lines": [line(1, "found"), line(2, "missing")] }));
    let missing = creates.each.as_ref().unwrap().eval(&facts).unwrap();
    let missing = missing.as_array().unwrap();
    assert_eq!(missing.len(), 1);
    let fields = assigned_for(&creates.set, &facts, &missing[0]).unwrap();
    assert_eq!(fields["copy"], json!(id(2)));
    assert_eq!(fields["person"], json!(id(902)));
    assert_eq!(fields["discovered_at"], json!("2026-03-02T02:10:00Z"));
}

#[test]
fn defaults_fill_what_the_first_action_leaves_out() {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let exam = catalogue.definition("exam_session").unwrap();
    let schedule = exam.action("schedule").unwrap();
    let values = defaults(exam, schedule, &Map::new(), &around.facts(json!({}))).unwrap();
    assert_eq!(values["pass_mark"], json!(80));
}
