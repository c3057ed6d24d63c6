//! D2, 离岗离职: five tasks, nothing left in hand, and the cooling-off from the day of approval.

use domain::RecordId;
use serde_json::{Value, json};
use testkit::House;
use wire::Record;

use crate::{
    case,
    case::{done, refused, seen},
    on_each_database,
};

/// The office with a personnel unit of its own, whose head is jian.
fn office(server: &testkit::Server) -> (House<'_>, RecordId) {
    let house = case::office(server);
    let unit = json!({ "name": "组织人事处", "head": house.id("jian").unwrap() });
    let unit = done(house.make("office", "unit", "add", unit, &[])).id;
    (house, unit)
}

fn apply(house: &House<'_>, hr: RecordId, kind: &str) -> Record {
    let fields = json!({
        "person": house.id("yue").unwrap(), "kind": kind, "reason": "工作调整", "hr_unit": hr,
        "hr_officer": house.id("jian").unwrap(),
        "civil_servant": false, "cooling_months": 24, "address": "本市", "phone": "1390000",
        "new_employer": "某公司",
    });
    let waiting = house.make("yue", "leaving", "apply", fields, &[]).unwrap();
    case::approve_by(house, &waiting, &["zhu", "jian", "ban", "ling"])
}

fn task(house: &House<'_>, of: RecordId, kind: &str) -> Record {
    let lines = seen(house, "ban", of).lines;
    let line = lines.iter().find(|line| line.fields["kind"] == json!(kind));
    seen(house, "ban", line.unwrap().id)
}

fn by_office(house: &House<'_>) -> Value {
    json!({ "done_on": "2026-03-02", "done_by": house.id("bao").unwrap() })
}

/// somebody leaves for good while a copy is in their hands.
#[test]
fn r224_nobody_leaves_with_something_in_hand() {
    on_each_database(|server| {
        let (house, hr) = office(&server);
        let (_, _, copies) = case::document(&house, "外借文件", "内容", 2);
        let loan = case::lend(&house, copies[0]);
        let leaving = apply(&house, hr, "resign");
        assert_eq!(leaving.state, "clearing");
        assert_eq!(leaving.fields["approved_on"], json!("2026-03-02"), "R-317");
        assert_eq!(leaving.fields["cooling_until"], json!("2028-03-02"));
        assert_eq!(leaving.lines.len(), 5, "R-315");

        // two items: the copy and its loan, of which the head of personnel may see neither
        let held = seen(&house, "jian", leaving.id).fields["held"].clone();
        assert_eq!(held, json!(2));
        let elsewhere = seen(&house, "ling", leaving.id);
        assert_eq!(elsewhere.fields["address"], json!("本市"));
        let curious = seen(&house, "zhu", leaving.id);
        assert!(!curious.fields.contains_key("address"), "not for everybody");
        let give_back = task(&house, leaving.id, "return");
        let early = house.act("bao", &give_back, "do", by_office(&house), &["yue"]);
        assert_eq!(refused(early), "record.rules", "R-224");
        let back = seen(&house, "bao", loan.id);
        done(house.act("bao", &back, "return", json!({}), &[]));

        for kind in ["talk", "return"] {
            let one = task(&house, leaving.id, kind);
            let unsigned = house.act("ban", &one, "do", by_office(&house), &[]);
            assert_eq!(refused(unsigned), "signature.missing", "{kind}");
            done(house.act("ban", &one, "do", by_office(&house), &["yue"]));
        }
        let pledge = task(&house, leaving.id, "pledge");
        let without = house.act("ban", &pledge, "do", by_office(&house), &["yue"]);
        assert_eq!(refused(without), "record.fields", "the pledge itself");
        let ban = house.client("ban").unwrap();
        let file = ban.upload_file("承诺书.txt", "text/plain", &mut "承诺".as_bytes());
        let mut with = by_office(&house);
        with["proof"] = json!([file.unwrap().id]);
        done(house.act("ban", &pledge, "do", with, &["yue"]));
        let now = seen(&house, "jian", leaving.id);
        assert_eq!(
            refused(house.act("jian", &now, "leave", json!({}), &[])),
            "action.wrong_state"
        );
        for kind in ["access", "cooling"] {
            done(house.act(
                "office",
                &task(&house, leaving.id, kind),
                "do",
                by_office(&house),
                &[],
            ));
        }
        let cleared = seen(&house, "jian", leaving.id);
        assert_eq!(cleared.state, "cleared", "all five are done");
        let gone = done(house.act("jian", &cleared, "leave", json!({}), &[]));
        assert_eq!(gone.state, "cooling");
        let yue = seen(&house, "office", house.id("yue").unwrap());
        assert_eq!(yue.state, "left");
        assert_eq!(yue.fields["cooling_off_until"], json!("2028-03-02"));
        drop(house);
        case::sound(server);
    });
}

/// Who leaves the post and stays has no clearance any more, and a post no longer.
#[test]
fn r318_who_gives_up_the_post_cools_off() {
    on_each_database(|server| {
        let (house, hr) = office(&server);
        let leaving = apply(&house, hr, "post");
        for kind in ["talk", "pledge", "return", "access", "cooling"] {
            let one = task(&house, leaving.id, kind);
            let mut input = by_office(&house);
            let signers: &[&str] = match kind {
                "pledge" => {
                    let ban = house.client("ban").unwrap();
                    let file = ban.upload_file("承诺书.txt", "text/plain", &mut "诺".as_bytes());
                    input["proof"] = json!([file.unwrap().id]);
                    &["yue"]
                }
                "talk" | "return" => &["yue"],
                _ => &[],
            };
            done(house.act("ban", &one, "do", input, signers));
        }
        let cleared = seen(&house, "jian", leaving.id);
        done(house.act("jian", &cleared, "leave", json!({}), &[]));
        let yue = seen(&house, "office", house.id("yue").unwrap());
        assert_eq!(yue.state, "active");
        assert!(!yue.fields.contains_key("post"));
        let (_, _, copies) = case::document(&house, "脱密期", "内容", 1);
        let loan = json!({
            "copy": copies[0], "borrower": house.id("yue").unwrap(), "purpose": "查阅",
            "due_at": "2026-03-05T09:00:00Z",
        });
        let outcome = house.make("bao", "loan", "request", loan, &[]);
        assert_eq!(refused(outcome), "record.rules", "R-318");
    });
}
