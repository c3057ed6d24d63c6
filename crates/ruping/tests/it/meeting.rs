//! J4, 涉密会议: named participants, papers handed out and back, and the sum that has to come out.

use serde_json::{Value, json};
use testkit::House;
use wire::{Line, Performed, Record};

use crate::{
    case,
    case::{done, refused, seen},
    on_each_database,
};

pub(crate) fn plan(house: &House<'_>, papers: &[domain::RecordId]) -> Value {
    let id = |who: &str| house.id(who).unwrap();
    let participants: Vec<Value> = ["yue", "jian"]
        .iter()
        .map(|who| json!({ "person": id(who) }))
        .collect();
    let papers: Vec<Value> = papers
        .iter()
        .zip(["yue", "jian"])
        .map(|(copy, who)| json!({ "copy": copy, "borrower": id(who) }))
        .collect();
    let scope = ["bao", "ling", "zhu", "jian", "yue"].map(id);
    json!({
        "subject": "方案评审会", "host": id("unit"), "starts_at": "2026-03-02T02:00:00Z",
        "ends_at": "2026-03-02T04:00:00Z", "level": "state.secret", "term": { "years": 5 },
        "scope_persons": scope, "place": id("safe"), "secrecy_lead": id("zhu"),
        "content": "评审", "passing_on": "none", "recording": false,
        "participants": participants, "papers": papers,
    })
}

fn lines(house: &House<'_>, of: &Record, kind: &str) -> Vec<Line> {
    let lines = seen(house, "bao", of.id).lines.into_iter();
    lines.filter(|line| line.line == kind).collect()
}

/// The meeting begins, with a room that has been looked at.
fn start(house: &House<'_>, meeting: &Record, phones: &str) -> anyhow::Result<Performed> {
    let checks = json!({ "room_check": {
        "swept": "yes", "jammer": "yes", "no_wireless": "yes", "phones": phones,
        "identity": "yes", "rules": "yes", "guard": "na",
    } });
    house.act("zhu", meeting, "start", checks, &[])
}

fn act(
    house: &House<'_>,
    who: &str,
    line: &Line,
    action: &str,
    input: Value,
    signers: &[&str],
) -> anyhow::Result<Performed> {
    house.act(who, &seen(house, "bao", line.id), action, input, signers)
}

/// Every paper is handed out; one comes back, the other is booked to a unit.
fn hand_round(house: &House<'_>, running: &Record) {
    let papers = lines(house, running, "papers");
    for (line, who) in papers.iter().zip(["yue", "jian"]) {
        let unsigned = act(house, "bao", line, "hand_out", json!({}), &[]);
        assert_eq!(refused(unsigned), "signature.missing");
        act(house, "bao", line, "hand_out", json!({}), &[who]).unwrap();
    }
    let open = seen(house, "zhu", running.id);
    let early = house.act("zhu", &open, "settle", json!({}), &[]);
    assert_eq!(refused(early), "action.not_now", "papers are out");
    act(house, "bao", &papers[0], "collect", json!({}), &[]).unwrap();
    let booked = json!({
        "booked_to": house.id("unit").unwrap(), "keeper": house.id("bao").unwrap(),
        "place": house.id("safe").unwrap(),
    });
    act(house, "bao", &papers[1], "book", booked, &["jian", "bao"]).unwrap();
}

#[test]
fn r349_what_was_handed_out_comes_back() {
    on_each_database(|server| {
        let house = case::office(&server);
        let (document, _, copies) = case::document(&house, "评审材料", "内容", 2);
        let file = house.client("bao").unwrap();
        let file = file
            .upload_file("方案.txt", "text/plain", &mut "方案".as_bytes())
            .unwrap();
        let mut planned = plan(&house, &copies);
        let outcome = house.make("bao", "meeting", "plan", planned.clone(), &[]);
        assert_eq!(refused(outcome), "record.fields", "a plan at this level");
        planned["plan"] = json!(file.id);
        let mut low = planned.clone();
        low["level"] = json!("state.confidential");
        let outcome = house.make("bao", "meeting", "plan", low, &[]);
        assert_eq!(refused(outcome), "record.rules", "R-346: below its papers");
        let waiting = house.make("bao", "meeting", "plan", planned, &[]).unwrap();
        let meeting = case::approve_by(&house, &waiting, &["zhu", "ban", "ling"]);
        let meeting = seen(&house, "zhu", meeting.id);
        assert_eq!(
            refused(start(&house, &meeting, "no")),
            "record.rules",
            "R-348"
        );
        let running = done(start(&house, &meeting, "yes"));

        let people = lines(&house, &running, "participants");
        for (line, who) in people.iter().zip(["yue", "jian"]) {
            let notebook = json!({ "notebook": "B-07" });
            act(&house, "zhu", line, "sign_in", notebook, &[who]).unwrap();
        }
        hand_round(&house, &running);
        let settled = seen(&house, "zhu", running.id);
        assert_eq!(settled.state, "settled", "all papers are back or booked");
        let signers = ["zhu", "bao"];
        let early = house.act("zhu", &settled, "close", json!({}), &signers);
        assert_eq!(
            refused(early),
            "record.rules",
            "R-349: people are still inside"
        );
        for line in &people {
            let kept = act(&house, "zhu", line, "sign_out", json!({}), &[]);
            assert_eq!(refused(kept), "record.rules", "R-349: the notebook");
            let back = json!({ "notebook_back": true });
            act(&house, "zhu", line, "sign_out", back, &[]).unwrap();
        }
        let settled = seen(&house, "zhu", running.id);
        let closed = done(house.act("zhu", &settled, "close", json!({}), &signers));
        assert_eq!(closed.state, "closed");
        let custody = house
            .client("bao")
            .unwrap()
            .read_custody(document.id)
            .unwrap();
        assert!(custody.copies.iter().all(|one| one.status == "held"));
        drop(house);
        case::sound(server);
    });
}

/// at a top secret meeting nobody stands in for somebody else.
#[test]
fn r347_nobody_comes_instead_at_a_top_secret_meeting() {
    on_each_database(|server| {
        let house = case::office(&server);
        let mut planned = plan(&house, &[]);
        planned["participants"][0]["named"] = json!(false);
        planned["level"] = json!("state.confidential");
        let waiting = house.make("bao", "meeting", "plan", planned, &[]).unwrap();
        let meeting = case::approve_by(&house, &waiting, &["zhu", "ban"]);
        let meeting = seen(&house, "zhu", meeting.id);
        assert_eq!(
            meeting.state, "approved",
            "a confidential one needs no leader"
        );
        let early = lines(&house, &meeting, "participants");
        let early = act(&house, "zhu", &early[0], "sign_in", json!({}), &["yue"]);
        assert_eq!(refused(early), "action.not_now", "it has not begun");
        let half = json!({ "room_check": { "swept": "yes" } });
        let half = house.act("zhu", &meeting, "start", half, &[]);
        assert_eq!(
            refused(half),
            "record.rules",
            "R-348: what nobody answered is not yes"
        );
        let meeting = done(start(&house, &meeting, "yes"));
        let people = lines(&house, &meeting, "participants");
        // below top secret a substitute may come
        act(&house, "zhu", &people[0], "sign_in", json!({}), &["yue"]).unwrap();
    });
}
