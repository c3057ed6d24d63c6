//! Where copies come to rest, from when periods run, and losses that wait for no paperwork.

use crate::house::{House, again, done, refused_by};
use app::{Decision, Performed, RecordView, Verdict};
use domain::RecordId;
use serde_json::{Value, json};

impl House {
    /// A letter from outside with one document of one copy, with changes to it.
    pub(crate) fn letter(&self, changes: Value) -> Value {
        let mut letter = json!({
            "sender": "上级机关", "envelope_no": "JY-0071", "seal_intact": true,
            "channel": "courier", "level": "state.secret", "term": { "years": 10 },
            "scope_persons": self.scope(), "keeper": self.id("registrar"), "place": self.id("safe"),
            "list": [{
                "title": "年度任务书", "level": "state.secret", "term": { "years": 10 },
                "issue_date": "2026-02-01", "copies_listed": 1, "copies_found": 1,
            }],
        });
        for (key, value) in changes.as_object().unwrap() {
            letter[key] = value.clone();
        }
        letter
    }

    /// People and places that nothing may come to rest with.
    async fn misfits(&mut self) {
        let unready =
            json!({ "name": "未培训", "unit": self.id("unit"), "post": self.id("important_post") });
        self.add("office", "person", "unready", unready).await;
        let low = json!({ "name": "二号柜", "kind": "cabinet", "unit": self.id("unit"), "level_max": "state.confidential" });
        self.add("office", "place", "low", low).await;
        let old = json!({ "name": "旧柜", "kind": "safe", "unit": self.id("unit"), "level_max": "state.secret" });
        self.add("office", "place", "old", old).await;
        let old = self.ids["old"];
        done(self.act("office", old, "close", json!({})).await);
    }

    /// Each misfit with the rule that refuses it.
    fn refusals(&self, keeper_rules: [&'static str; 2]) -> Vec<(Value, &'static str)> {
        let (keeper, place) = (self.id("registrar"), self.id("safe"));
        let [cleared, ready] = keeper_rules;
        vec![
            (
                json!({ "keeper": self.id("outsider"), "place": place }),
                cleared,
            ),
            (
                json!({ "keeper": self.id("unready"), "place": place }),
                ready,
            ),
            (
                json!({ "keeper": keeper, "place": self.id("low") }),
                "R-223",
            ),
            (
                json!({ "keeper": keeper, "place": self.id("old") }),
                "R-223",
            ),
        ]
    }

    async fn report_loss(&self, copy: RecordId) -> RecordView {
        let input = json!({
            "copy": copy, "discovered_at": "2026-03-02T00:30:00Z", "circumstances": "清点时未见",
        });
        done(self.make("registrar", "loss", "report", input, &[]).await)
    }

    async fn list(&self, copies: &[RecordId]) -> (RecordId, domain::ApprovalId) {
        let counted = self.destruction_list(copies).await;
        let waiting = self
            .act("registrar", counted, "apply", json!({}))
            .await
            .unwrap();
        let Performed::Waiting { approval, record } = waiting else {
            panic!("not waiting")
        };
        (record.id, approval)
    }

    async fn seen(&self, id: RecordId) -> RecordView {
        self.app.read(self.who("registrar"), id).await.unwrap()
    }

    async fn on(&mut self, day: &str) {
        self.clock.set(format!("{day}T01:00:00Z").parse().unwrap());
        for name in ["registrar", "leader"] {
            let caller = again(&self.app, name).await;
            self.callers.insert(name, caller);
        }
    }
}

fn with(mut input: Value, changes: &Value) -> Value {
    for (key, value) in changes.as_object().unwrap() {
        input[key] = value.clone();
    }
    input
}

/// a copy rests only with a keeper and a place fit for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_rests_only_where_it_may() {
    let mut house = House::build().await;
    house.people().await;
    house.misfits().await;
    let document = house.classified().await;
    for (misfit, rule) in house.refusals(["R-184", "R-302"]) {
        let made = with(json!({ "copies_count": 1 }), &misfit);
        refused_by(
            house.act("registrar", document, "make_copies", made).await,
            rule,
        );
        let letter = house.letter(misfit);
        refused_by(
            house
                .make("registrar", "receive", "register", letter, &[])
                .await,
            rule,
        );
    }
    let copies = house.copies(document).await;
    let loan = house.lend(copies[0], "reader").await.unwrap();
    for (misfit, rule) in house.refusals(["R-184k", "R-302k"]) {
        refused_by(
            house.act("registrar", loan.id, "return", misfit).await,
            rule,
        );
    }
    let loss = house.report_loss(copies[1]).await;
    let found = json!({ "found_at": "2026-03-02T00:50:00Z", "found_where": "会议室" });
    done(house.act("registrar", loss.id, "find", found).await);
    for (misfit, rule) in house.refusals(["R-184", "R-302"]) {
        let assessed = with(json!({ "exposure": "无人接触" }), &misfit);
        refused_by(house.act("chief", loss.id, "assess", assessed).await, rule);
    }
    done(house.act("registrar", loan.id, "return", json!({})).await);
    let home = house.seen(copies[0]).await;
    assert_eq!(
        home.fields["keeper"],
        house.id("registrar"),
        "back to who kept it"
    );
    assert_eq!(home.fields["place"], house.id("safe"));
}

/// the list goes on without the lost copy, and what was approved stays approved.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_copy_comes_off_the_destruction_list() {
    let mut house = House::build().await;
    house.people().await;
    let document = house.classified().await;
    let copies = house.copies(document).await;
    let (list, approval) = house.list(&copies[..3]).await;
    house.report_loss(copies[0]).await;
    assert_eq!(
        house.seen(list).await.state,
        "listed",
        "a waiting list lets go too"
    );
    let stale = house
        .app
        .decide(
            house.who("leader"),
            Decision::new(approval, Verdict::Approve),
        )
        .await;
    assert!(
        stale.is_err(),
        "nobody approves another list than was put before them"
    );

    let (list, approval) = house.list(&copies[3..]).await;
    let leader = house.who("leader");
    done(
        house
            .app
            .decide(leader, Decision::new(approval, Verdict::Approve))
            .await,
    );
    house.report_loss(copies[3]).await;
    let shorter = house.seen(list).await;
    assert_eq!(shorter.state, "approved");
    assert_eq!(shorter.fields["copies_total"], json!(1));
    let struck = shorter.lines.iter().find(|line| line.state == "lost");
    assert_eq!(struck.unwrap().fields["copy"], json!(copies[3]));
    let input = json!({ "supervisors": [house.id("witness"), house.id("head")] });
    let signed = house.act_signed("registrar", list, "destroy", input, &["witness", "head"]);
    assert_eq!(done(signed.await).state, "destroyed");
    assert_eq!(
        house.seen(copies[3]).await.state,
        "missing",
        "what is lost is not destroyed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_nothing_but_a_lost_copy_ends() {
    let mut house = House::build().await;
    house.people().await;
    let document = house.classified().await;
    let copies = house.copies(document).await;
    let (list, approval) = house.list(&copies[..1]).await;
    let leader = house.who("leader");
    done(
        house
            .app
            .decide(leader, Decision::new(approval, Verdict::Approve))
            .await,
    );
    house.report_loss(copies[0]).await;
    assert_eq!(house.seen(list).await.state, "cancelled");
}

/// issue 2, defect 5.
#[tokio::test(flavor = "multi_thread")]
async fn a_period_runs_from_a_day_that_does_not_move() {
    let mut house = House::build().await;
    house.people().await;
    let old = |changes: Value| {
        let input = json!({
            "title": "旧方案", "level": "state.secret", "term": { "years": 10 },
            "scope_persons": house.scope(), "issuer": "本单位", "taken_from": "旧台账",
        });
        with(input, &changes)
    };
    refused_by(
        house
            .make("registrar", "document", "take_over", old(json!({})), &[])
            .await,
        "R-133",
    );
    let until = old(json!({ "term": { "until": "2030-05-01" } }));
    let until = done(
        house
            .make("registrar", "document", "take_over", until, &[])
            .await,
    );
    assert_eq!(
        until.fields["ends_on"], "2030-05-01",
        "a named day needs no start"
    );
    let unmarked = old(json!({ "term": null, "issue_date": "2016-06-01" }));
    let unmarked = done(
        house
            .make("registrar", "document", "take_over", unmarked, &[])
            .await,
    );
    assert_eq!(
        unmarked.fields["ends_on"], "2036-06-01",
        "the longest of 机密 (R-135)"
    );
    assert_eq!(unmarked.mark.as_deref(), Some("机密★"));
    let scan = house.upload("scan.pdf", b"%PDF-1.7 scan").await;
    let noticed = old(json!({ "notice_date": "2016-05-01" }));
    let noticed = done(
        house
            .make("registrar", "document", "take_over", noticed, &[])
            .await,
    );
    assert_eq!(noticed.fields["ends_on"], "2026-05-01");
    assert_eq!(noticed.clocks.len(), 1, "the period has its clock");
    let letter = house.letter(json!({ "list": [{
        "title": "无日期来文", "level": "state.secret", "copies_listed": 1, "copies_found": 1,
    }] }));
    let received = house
        .make("registrar", "receive", "register", letter, &["registrar"])
        .await;
    let Ok(Performed::Done { record, made }) = received else {
        panic!("{received:?}")
    };
    let document = house.seen(made[0].id).await;
    let notice = &document.fields["notice_date"];
    assert_eq!(notice, "2026-03-02", "the day it came");
    assert_eq!(document.fields["ends_on"], "2046-03-02");
    house.on("2026-03-09").await;
    for before in [&document, &noticed, &*record] {
        assert_eq!(house.seen(before.id).await.label, before.label);
    }
    let input = json!({ "title": "无期限草稿", "level": "state.secret", "contents": [scan] });
    refused_by(
        house
            .make("registrar", "document", "draft", input, &[])
            .await,
        "R-132",
    );
}

/// Issue 2, defect 5: what came without an issue date is destroyed on a later day, files and all.
#[tokio::test(flavor = "multi_thread")]
async fn what_came_without_a_date_is_destroyed_on_a_later_day() {
    let mut house = House::build().await;
    house.people().await;
    let input = json!({
        "title": "旧方案", "level": "state.secret", "notice_date": "2020-05-01",
        "scope_persons": house.scope(), "taken_from": "旧台账",
    });
    let taken = done(
        house
            .make("registrar", "document", "take_over", input, &[])
            .await,
    );
    let input =
        json!({ "copies_count": 1, "keeper": house.id("registrar"), "place": house.id("safe") });
    let made = house
        .act("registrar", taken.id, "make_copies", input)
        .await
        .unwrap();
    let Performed::Done { made, .. } = made else {
        panic!("copies wait")
    };
    let (list, approval) = house.list(&[made[0].id]).await;
    house.on("2026-03-12").await;
    let leader = house.who("leader");
    done(
        house
            .app
            .decide(leader, Decision::new(approval, Verdict::Approve))
            .await,
    );
    let input = json!({ "supervisors": [house.id("witness"), house.id("head")] });
    let signed = house.act_signed("registrar", list, "destroy", input, &["witness", "head"]);
    assert_eq!(done(signed.await).state, "destroyed");
    assert_eq!(house.seen(taken.id).await.state, "destroyed");
}

/// the 24 hours count from a moment that has come. And nobody decides on a loan to themselves.
#[tokio::test(flavor = "multi_thread")]
async fn no_loss_is_found_tomorrow_and_nobody_lends_to_themselves() {
    let mut house = House::build().await;
    house.people().await;
    let document = house.classified().await;
    let copies = house.copies(document).await;
    let tomorrow = json!({
        "copy": copies[0], "discovered_at": "2026-03-03T09:00:00Z", "circumstances": "清点时未见",
    });
    refused_by(
        house
            .make("registrar", "loss", "report", tomorrow, &[])
            .await,
        "R-601",
    );
    let loan = json!({
        "copy": copies[0], "borrower": house.id("head"), "purpose": "评审",
        "due_at": "2026-03-05T09:00:00Z",
    });
    let waiting = house
        .make("registrar", "loan", "request", loan, &[])
        .await
        .unwrap();
    let Performed::Waiting { approval, .. } = waiting else {
        panic!("not waiting")
    };
    let approve = |who| {
        let decision = Decision::new(approval, Verdict::Approve);
        house.app.decide(house.who(who), decision)
    };
    refused_by(approve("head").await, "I-own-loan");
    done(approve("leader").await);
}
