//! What is done is answered as done, whatever happens to the one who looks it up.

use super::*;
use serde_json::json;

fn row() -> RecordRow {
    let at: Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
    let body = json!({ "name": "一处", "head": "somebody they may not know" });
    RecordRow {
        id: RecordId::new(at, [7; 10]),
        register: "unit".to_owned(),
        number: Some("〔2026〕1".to_owned()),
        state: "active".to_owned(),
        version: 3,
        class: 1,
        label: Label::open(),
        body: body.as_object().unwrap().clone(),
        drafter: None,
        created_by: None,
        created_at: at,
        updated_at: at,
        occurred_at: at,
        open: true,
        line: None,
    }
}

#[test]
fn who_lost_sight_of_a_record_is_told_what_they_did_and_wrote() {
    let written = json!({ "name": "二处" }).as_object().unwrap().clone();
    let told = Act::new(row(), Vec::new()).told(&written);
    let Performed::Done { record, made } = told else {
        panic!("{told:?}");
    };
    assert_eq!((record.version, record.state.as_str()), (3, "active"));
    assert_eq!(
        record.fields, written,
        "what stands there now is not theirs to know"
    );
    assert_eq!((record.number, record.entry), (None, None));
    assert!(made.is_empty());
}

#[test]
fn what_is_kept_of_an_act_is_read_back() {
    let act = Act::new(row(), Vec::new());
    let kept = serde_json::to_value(Kept::Act(&act)).unwrap();
    assert!(
        !kept.to_string().contains("一处"),
        "fields are looked up again, never kept"
    );
    let Ok(KeptBefore::Act(back)) = serde_json::from_value(kept) else {
        panic!("an act");
    };
    assert_eq!((back.record, back.version), (act.record, act.version));
}
