//! The thread in one process: from an empty folder to a destroyed document, with its refusals.
//! The same steps run over HTTP in `ruping demo`; here they run against the use cases themselves.

#![cfg(test)]
#![expect(
    clippy::needless_pass_by_value,
    clippy::wildcard_enum_match_arm,
    reason = "test helpers take what json! gives and name only the errors they expect"
)]

mod any;
mod carrying;
mod custody;
mod house;
mod language;
mod unfinished;
mod waiting;

use app::{Decision, ListInput, Performed, Verdict};
use house::{House, again, code, done, refused_by};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_document_lives_from_draft_to_destruction() {
    let mut house = House::build().await;
    house.people().await;
    let file = house.upload("draft.docx", b"PK\x03\x04 plan").await;
    let document = house.classified_with(json!([file])).await;
    let part = house
        .app
        .open_file(house.who("reader"), file, Some((0, Some(1))))
        .await
        .unwrap();
    assert_eq!(part.bytes, b"PK");
    let shown = house.app.read(house.who("reader"), document).await.unwrap();
    assert_eq!(shown.mark.as_deref(), Some("机密★10年"));
    let copies = house.copies(document).await;
    assert_eq!(copies.len(), 5);

    let loan = house.lend(copies[2], "reader").await.unwrap();
    assert_eq!(loan.state, "lent");
    assert_eq!(
        code(house.lend(copies[2], "witness").await),
        "reservation.taken"
    );
    refused_by(house.lend(copies[1], "resting").await, "R-318");

    house.clock.set("2026-03-07T01:00:00Z".parse().unwrap());
    house.app.tick().await.unwrap();
    house
        .callers
        .insert("registrar", again(&house.app, "registrar").await);
    let late = house
        .app
        .read(house.who("registrar"), loan.id)
        .await
        .unwrap();
    assert_eq!(late.clocks[0].state, "overdue");
    done(
        house
            .act(
                "registrar",
                loan.id,
                "return",
                json!({ "condition": "完好" }),
            )
            .await,
    );
    house.lose_and_find(copies[4]).await;
    house.destroy(&copies).await;
    house.gone(document, &copies).await;
    house.app.sequence().await.unwrap();

    let report = house.app.check(None).await.unwrap();
    assert!(report.ok, "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_of_a_classification() {
    let mut house = House::build().await;
    house.people().await;
    let input = json!({ "title": "试验大纲", "level": "state.secret", "term": { "years": 10 } });
    let draft = done(house.make("drafter", "document", "draft", input, &[]).await);
    let ten = json!({ "years": 10 });
    let propose = |scope: Value, term: Value, level: &'static str| {
        house.make(
            "drafter",
            "classification",
            "propose",
            house.proposal(draft.id, scope, term, level),
            &[],
        )
    };
    refused_by(
        propose(house.scope(), json!({ "years": 25 }), "state.secret").await,
        "R-131",
    );
    refused_by(
        propose(json!([]), ten.clone(), "state.secret").await,
        "R-102",
    );
    let outsider = json!([house.id("drafter"), house.id("outsider")]);
    refused_by(
        propose(outsider, ten.clone(), "state.secret").await,
        "R-184",
    );
    refused_by(
        propose(house.scope(), ten.clone(), "state.top_secret").await,
        "R-421",
    );
    let waiting = propose(house.scope(), ten, "state.secret").await.unwrap();
    let Performed::Waiting { approval, .. } = waiting else {
        panic!("not waiting")
    };
    refused_by(
        house
            .app
            .decide(
                house.who("drafter"),
                Decision::new(approval, Verdict::Approve),
            )
            .await,
        "approval.own_request",
    );
    assert_eq!(
        code(
            house
                .app
                .decide(
                    house.who("outsider"),
                    Decision::new(approval, Verdict::Approve)
                )
                .await
        ),
        "not_found"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_known_does_not_exist() {
    let mut house = House::build().await;
    house.people().await;
    let document = house.classified().await;
    for who in ["outsider", "sysadmin", "secadmin", "auditor"] {
        assert_eq!(
            code(house.app.read(house.who(who), document).await),
            "not_found",
            "{who}"
        );
        let input = ListInput {
            count: Some("exact".into()),
            ..ListInput::default()
        };
        let page = house
            .app
            .list(house.who(who), "document", input)
            .await
            .unwrap();
        assert!(page.items.is_empty() && page.total == Some(0), "{who}");
        assert_eq!(
            code(house.app.history(house.who(who), document).await),
            "not_found",
            "{who}"
        );
        assert_eq!(
            code(house.app.custody(house.who(who), document).await),
            "not_found",
            "{who}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_from_outside_is_counted_and_signed() {
    let mut house = House::build().await;
    house.people().await;
    let list = |found: u8| {
        json!({
            "sender": "上级机关", "envelope_no": "JY-0071", "seal_no": "F-12", "seal_intact": true,
            "channel": "courier", "level": "state.secret", "term": { "years": 10 },
            "scope_persons": house.scope(), "keeper": house.id("registrar"), "place": house.id("safe"),
            "list": [{
                "title": "年度任务书", "doc_no": "示发〔2026〕3号", "level": "state.secret",
                "term": { "years": 10 }, "issue_date": "2026-02-01",
                "copies_listed": 3, "copies_found": found, "first_serial": 17,
            }],
        })
    };
    refused_by(
        house
            .make("registrar", "receive", "register", list(2), &["registrar"])
            .await,
        "R-201",
    );
    let mut short = list(2);
    short["discrepancy"] = "少一份，已电话核对".into();
    let unsigned = house
        .make("registrar", "receive", "register", short.clone(), &[])
        .await;
    assert_eq!(code(unsigned), "signature.missing");
    let slip = house
        .make("registrar", "receive", "register", short, &["registrar"])
        .await
        .unwrap();
    let Performed::Done { record, made } = slip else {
        panic!("waits")
    };
    assert_eq!(record.number.as_deref(), Some("SW2026-机密-0001"));
    let registers: Vec<&str> = made.iter().map(|one| one.register.as_str()).collect();
    assert_eq!(registers, ["document", "copy", "copy"]);
    let copy = house
        .app
        .read(house.who("registrar"), made[1].id)
        .await
        .unwrap();
    assert_eq!(copy.fields["foreign_serial"], "000017");
    assert_eq!(copy.mark.as_deref(), Some("机密★10年"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_period_ends_by_itself_and_the_item_is_not_public() {
    let mut house = House::build().await;
    house.people().await;
    let legacy = json!({
        "title": "旧方案", "level": "state.confidential", "term": { "years": 10 },
        "issue_date": "2016-06-01", "scope_persons": house.scope(), "issuer": "本单位",
        "taken_from": "旧台账",
    });
    let legacy = done(
        house
            .make("registrar", "document", "take_over", legacy, &[])
            .await,
    );
    assert_eq!(legacy.fields["ends_on"], "2026-06-01");
    house.clock.set("2026-05-31T15:59:00Z".parse().unwrap());
    house.app.tick().await.unwrap();
    house
        .callers
        .insert("reader", again(&house.app, "reader").await);
    let secret = house
        .app
        .read(house.who("reader"), legacy.id)
        .await
        .unwrap();
    assert_eq!(
        secret.state, "classified",
        "secret through the day before (R-139)"
    );
    house.clock.set("2026-05-31T16:01:00Z".parse().unwrap());
    house.app.tick().await.unwrap();
    let lifted = house
        .app
        .read(house.who("reader"), legacy.id)
        .await
        .unwrap();
    assert_eq!(lifted.state, "declassified_not_public");
    assert!(lifted.label.levels.is_open() && !lifted.label.scope.is_everyone());
    house
        .callers
        .insert("outsider", again(&house.app, "outsider").await);
    let outside = house.app.read(house.who("outsider"), legacy.id).await;
    assert_eq!(code(outside), "not_found", "the scope is unchanged (R-508)");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_lost_by_its_borrower_ends_the_loan() {
    let mut house = House::build().await;
    house.people().await;
    let document = house.classified().await;
    let copies = house.copies(document).await;
    let loan = house.lend(copies[0], "reader").await.unwrap();
    let report = json!({
        "copy": copies[0], "discovered_at": "2026-03-02T00:30:00Z", "circumstances": "借阅人丢失",
    });
    let loss = done(house.make("registrar", "loss", "report", report, &[]).await);
    assert_eq!(loss.state, "missing");
    let loan = house
        .app
        .read(house.who("registrar"), loan.id)
        .await
        .unwrap();
    assert_eq!(loan.state, "lost");
    let back = house.act("registrar", loan.id, "return", json!({})).await;
    assert_eq!(code(back), "action.wrong_state");
    let line = house
        .app
        .custody(house.who("registrar"), copies[0])
        .await
        .unwrap();
    assert_eq!(line.copies[0].status, "missing");
    assert!(
        line.copies[0].person.is_none(),
        "it is out of everybody's hands"
    );
}
