//! E2, 保密考试: drawn, sat against the clock, marked by hand, hidden until published.

use domain::RecordId;
use serde_json::{Value, json};
use testkit::House;
use wire::{ListQuery, Performed, Record};

use crate::{
    case,
    case::{done, refused, seen},
    on_each_database,
};

fn schedule(house: &House<'_>, questions: i64) -> anyhow::Result<Performed> {
    let candidates: Vec<Value> = ["yue", "jian", "zhu"]
        .iter()
        .map(|who| json!({ "candidate": house.id(who).unwrap() }))
        .collect();
    let fields = json!({
        "subject": "年度保密考试", "occasion": "yearly", "topic": "保密法", "questions_count": questions,
        "opens_at": "2026-03-02T02:00:00Z", "closes_at": "2026-03-02T03:00:00Z",
        "pass_mark": 80, "markers": [house.id("bao").unwrap()], "candidates": candidates,
    });
    house.make("office", "exam_session", "schedule", fields, &[])
}

fn questions(house: &House<'_>) {
    for number in 1..=4 {
        let question = json!({
            "topic": "保密法", "text": format!("第{number}题"), "model_answer": format!("答案{number}"),
        });
        done(house.make("office", "exam_question", "add", question, &[]));
    }
}

/// The line of a candidate, as somebody sees it.
fn of(house: &House<'_>, who: &str, session: RecordId, candidate: &str) -> Record {
    let person = json!(house.id(candidate).unwrap());
    let lines = seen(house, "office", session).lines;
    let line = lines
        .iter()
        .find(|line| line.fields.get("candidate") == Some(&person));
    seen(house, who, line.unwrap().id)
}

/// A candidate reads their own paper, nobody else's, and not what it was drawn from.
fn sees_its_own(house: &House<'_>, session: RecordId) {
    let mine = of(house, "yue", session, "yue");
    let paper = mine.fields["paper"].as_str().unwrap();
    assert_eq!(paper.lines().count(), 2, "{paper}");
    assert!(!mine.fields.contains_key("drawn"), "the bank stays closed");
    let theirs = of(house, "yue", session, "jian");
    assert!(!theirs.fields.contains_key("paper"));
    let marker = of(house, "bao", session, "yue");
    let drawn = marker.fields["drawn"].as_array().map(Vec::len);
    assert_eq!(drawn, Some(2));
    let query = ListQuery::default();
    let bank = house
        .client("yue")
        .unwrap()
        .list_records("exam_question", &query);
    for question in bank.unwrap().items {
        assert!(!question.fields.contains_key("text"));
        assert!(!question.fields.contains_key("model_answer"));
    }
    let lines = seen(house, "yue", session).lines;
    let mut bank = lines.iter().filter(|line| line.line == "bank");
    assert!(bank.all(|line| line.fields.is_empty()));
}

#[test]
fn r322_an_exam_is_drawn_sat_marked_and_published() {
    on_each_database(|server| {
        let mut house = case::staff(&server);
        questions(&house);
        assert_eq!(
            refused(schedule(&house, 5)),
            "record.rules",
            "too few questions"
        );
        let session = done(schedule(&house, 2)).id;
        let early = of(&house, "yue", session, "yue");
        assert_eq!(
            refused(house.act("yue", &early, "start", json!({}), &[])),
            "action.not_now"
        );

        server.set_clock("2026-03-02T02:00:01Z").unwrap();
        house.enter_again().unwrap();
        case::until(|| seen(&house, "office", session).state == "open");
        let other = of(&house, "yue", session, "jian");
        assert_eq!(
            refused(house.act("yue", &other, "start", json!({}), &[])),
            "access.who"
        );
        for who in ["yue", "jian"] {
            done(house.act(who, &of(&house, who, session, who), "start", json!({}), &[]));
        }
        sees_its_own(&house, session);

        let mine = of(&house, "yue", session, "yue");
        let answers = json!({ "answers": "一、……" });
        done(house.act("yue", &mine, "hand_in", answers, &[]));
        // the other's time runs out: what was saved is handed in, and who never came is absent
        let jian = of(&house, "jian", session, "jian");
        done(house.act("jian", &jian, "save", json!({ "answers": "未完" }), &[]));
        server.set_clock("2026-03-02T03:00:01Z").unwrap();
        house.enter_again().unwrap();
        case::until(|| seen(&house, "office", session).state == "marking");
        assert_eq!(of(&house, "office", session, "zhu").state, "absent");
        let late = of(&house, "office", session, "jian");
        assert_eq!(late.state, "handed_in");
        assert_eq!(late.fields["answers"], json!("未完"));

        for (who, score) in [("yue", 90), ("jian", 70)] {
            let line = of(&house, "bao", session, who);
            done(house.act("bao", &line, "mark", json!({ "score": score }), &[]));
        }
        let marked = seen(&house, "office", session);
        assert_eq!(marked.state, "marked");
        for field in ["score", "passed"] {
            let hidden = of(&house, "yue", session, "yue");
            assert!(
                !hidden.fields.contains_key(field),
                "{field} before it is published"
            );
        }
        // somebody failed, so a leader decides
        let waiting = house
            .act("office", &marked, "publish", json!({}), &[])
            .unwrap();
        let published = case::approve(&house, "ling", &waiting);
        assert_eq!(published.state, "published");
        let others = of(&house, "jian", session, "yue");
        assert!(!others.fields.contains_key("score"), "it is theirs alone");
        let told = of(&house, "yue", session, "yue");
        assert_eq!(told.fields["score"], json!(90));
        assert_eq!(told.fields["passed"], json!(true));
        drop(house);
        case::sound(server);
    });
}
