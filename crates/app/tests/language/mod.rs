//! The language as the engine obeys it, on the shipped registers.

use crate::house::{House, code, done, refused_by, request};
use app::{Error, Performed, Target};
use domain::RecordId;
use serde_json::json;

fn fields(result: Result<Performed, Error>) -> Vec<(String, String)> {
    match result {
        Err(Error::Fields(problems)) => problems
            .into_iter()
            .map(|one| (one.field, one.code))
            .collect(),
        other => panic!("no field was refused: {other:?}"),
    }
}

impl House {
    async fn loss_of(&self, copy: RecordId) -> RecordId {
        let input = json!({
            "copy": copy, "discovered_at": "2026-03-02T00:30:00Z", "circumstances": "清点时未见",
        });
        done(self.make("registrar", "loss", "report", input, &[]).await).id
    }
}

/// Issue 2, defect 3.
#[tokio::test(flavor = "multi_thread")]
async fn a_correction_reaches_nothing_that_something_rests_on() {
    let mut house = House::build().await;
    house.people().await;
    let document = house.classified().await;
    let copies = house.copies(document).await;
    let loss = house.loss_of(copies[0]).await;
    let corrected = json!({ "circumstances": "清点时未见，已查监控" });
    done(house.act("registrar", loss, "correct", corrected).await);
    let clock = json!({ "discovered_at": "2026-03-02T00:59:00Z" });
    assert_eq!(
        fields(house.act("registrar", loss, "correct", clock).await),
        [(
            "discovered_at".to_owned(),
            "register.field_not_accepted".to_owned()
        )],
        "the 24 hours run from it"
    );
    let exposure = json!({ "exposure": "无" });
    assert_eq!(
        code(house.act("registrar", loss, "correct", exposure).await),
        "access.who",
        "the assessment is the head's to write and to correct"
    );
    for action in ["correct", "cancel"] {
        let refused = house.act("registrar", copies[1], action, json!({})).await;
        assert_eq!(
            code(refused),
            "action.unknown",
            "{action}: a copy is the program's"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_refer_to_is_not_cancelled() {
    let mut house = House::build().await;
    house.people().await;
    let matter = house.ids["matter"];
    let spare = json!({
        "name": "误列事项", "level": "state.secret", "term": { "years": 10 },
        "scope_text": "项目组", "tier": "总体部", "clause": "无",
    });
    house.add("office", "secret_matter", "spare", spare).await;
    house.classified().await;
    let refused = house.act("office", matter, "cancel", json!({})).await;
    assert_eq!(code(refused), "action.referred_to");
    let spare = house.ids["spare"];
    let foreign = house.act("registrar", spare, "cancel", json!({})).await;
    assert_eq!(code(foreign), "access.who", "who makes a record cancels it");
    let cancelled = done(house.act("office", spare, "cancel", json!({})).await);
    assert_eq!(cancelled.state, "cancelled");
    assert!(cancelled.number.is_some(), "the number is kept");
}

/// Gap 1: what was decided, signed or done to a copy is not simply said to have been.
#[tokio::test(flavor = "multi_thread")]
async fn opening_stock_is_taken_over_in_the_state_it_is_in() {
    let mut house = House::build().await;
    house.people().await;
    let document = house.classified().await;
    let copies = house.copies(document).await;
    let destroyed = json!({
        "copies": [{ "copy": copies[1] }], "route": "own", "method": "shred", "reason": "旧清册",
        "state": "destroyed", "taken_from": "旧清册",
    });
    let lent = json!({
        "copy": copies[0], "borrower": house.id("reader"), "purpose": "旧借条",
        "due_at": "2020-01-01T00:00:00Z", "state": "returned", "taken_from": "旧借条",
    });
    let refused = house.make("registrar", "loan", "take_over", lent, &[]);
    assert_eq!(code(refused.await), "action.unknown");
    let refused = house.make("registrar", "destruction", "take_over", destroyed, &[]);
    assert_eq!(
        fields(refused.await),
        [("state".to_owned(), "register.take_over_state".to_owned())]
    );
    let matter = |state: &str| {
        json!({
            "name": "旧事项", "level": "state.secret", "term": { "years": 10 },
            "scope_text": "项目组", "tier": "总体部", "clause": "第 1 条", "state": state,
            "taken_from": "2015 年一览表", "former_number": "旧 12",
        })
    };
    let nowhere = house.make(
        "office",
        "secret_matter",
        "take_over",
        matter("nowhere"),
        &[],
    );
    assert_eq!(
        fields(nowhere.await),
        [("state".to_owned(), "register.take_over_state".to_owned())]
    );
    let taken = house.make(
        "office",
        "secret_matter",
        "take_over",
        matter("withdrawn"),
        &[],
    );
    let taken = done(taken.await);
    assert_eq!(taken.state, "withdrawn");
    assert_eq!(taken.number, None, "no number of ours");
    assert_eq!(taken.fields["former_number"], "旧 12");
    let history = house.app.history(house.who("office"), taken.id);
    let history = history.await.unwrap();
    assert_eq!(history[0].action, "take_over", "and it stays marked so");
    assert_eq!(history[0].comment.as_deref(), Some("按规定办理"));
}

/// R-224, with what the one who asks may not see counted and not told.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_leaves_with_something_in_hand() {
    let mut house = House::build().await;
    house.people().await;
    let document = house.classified().await;
    let copies = house.copies(document).await;
    let loan = house.lend(copies[0], "reader").await.unwrap();
    let reader = house.ids["reader"];
    let leave = || house.act("office", reader, "leave", json!({}));
    refused_by(leave().await, "R-224");
    done(house.act("registrar", loan.id, "return", json!({})).await);
    assert_eq!(done(leave().await).state, "left");
}

#[tokio::test(flavor = "multi_thread")]
async fn paper_counts_only_where_a_definition_lets_it() {
    let mut house = House::build().await;
    house.people().await;
    let input = house.letter(json!({}));
    let mut asked = request(
        Target::New {
            register: "receive".to_owned(),
        },
        "register",
        input,
    );
    asked.signatures = house.signatures(&["registrar"]);
    asked.signatures[0].method = "paper".to_owned();
    let refused = house.app.perform(house.who("registrar"), asked).await;
    assert_eq!(code(refused), "signature.missing");
}
