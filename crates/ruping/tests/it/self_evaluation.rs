//! F1, 自查自评: items frozen from their edition, deductions with a limit, what does not apply left out of
//! the ratio, a veto that decides alone, and a finding for each deduction.

use domain::RecordId;
use serde_json::{Value, json};
use testkit::House;
use wire::{ListQuery, Performed, Record};

use crate::{
    case,
    case::{done, refused, seen},
    on_each_database,
};

/// An edition with two scored items of 60 and 40 points, one that only takes away, and a veto.
fn edition(house: &House<'_>) -> RecordId {
    let edition = json!({ "name": "机关单位自评标准（2023）", "layer": "unit" });
    let edition = done(house.make("ban", "evaluation_edition", "add", edition, &[])).id;
    for (no, kind, points) in [
        (1, "scored", 60),
        (2, "scored", 40),
        (51, "extra", 4),
        (59, "veto", 100),
    ] {
        let item = json!({
            "edition": edition, "no": no, "text": format!("条目{no}"), "kind": kind, "points": points,
        });
        done(house.make("ban", "evaluation_item", "add", item, &[]));
    }
    edition
}

fn open(house: &House<'_>, edition: RecordId) -> Record {
    let group = ["bao", "jian", "yue"].map(|who| house.id(who).unwrap());
    let fields = json!({
        "subject": "年度自查自评", "year": 2026, "unit": house.id("unit").unwrap(),
        "edition": edition, "group": group,
    });
    done(house.make("ban", "self_evaluation", "open", fields, &[]))
}

/// Scores the item of this number.
fn score(
    house: &House<'_>,
    who: &str,
    of: RecordId,
    no: i64,
    input: Value,
) -> anyhow::Result<Performed> {
    let lines = seen(house, "ban", of).lines;
    let line = lines.iter().find(|line| line.fields["no"] == json!(no));
    let line = seen(house, "ban", line.unwrap().id);
    house.act(who, &line, "score", input, &[])
}

fn fine() -> Value {
    json!({ "applies": true, "deducted": 0 })
}

fn short(house: &House<'_>, points: i64) -> Value {
    json!({
        "applies": true, "deducted": points, "finding": "台账不全",
        "responsible": house.id("zhu").unwrap(),
    })
}

#[test]
fn r706_the_ratio_is_of_the_points_that_apply() {
    on_each_database(|server| {
        let mut house = case::office(&server);
        let edition = edition(&house);
        let take = open(&house, edition);
        assert_eq!(take.lines.len(), 4);
        // frozen: an item that comes later is the next evaluation's
        let late = json!({
            "edition": edition, "no": 3, "text": "后加", "kind": "scored", "points": 10,
        });
        done(house.make("ban", "evaluation_item", "add", late, &[]));
        assert_eq!(seen(&house, "jian", take.id).lines.len(), 4);

        // no more than the item has
        assert_eq!(
            refused(score(&house, "jian", take.id, 1, short(&house, 61))),
            "record.rules"
        );
        let silent = json!({ "applies": true, "deducted": 3 });
        assert_eq!(
            refused(score(&house, "jian", take.id, 1, silent)),
            "record.fields"
        );
        assert_eq!(
            refused(score(&house, "zhu", take.id, 1, fine())),
            "access.who"
        );
        score(&house, "jian", take.id, 1, short(&house, 9)).unwrap();
        score(&house, "yue", take.id, 2, json!({ "applies": false })).unwrap();
        score(&house, "yue", take.id, 51, fine()).unwrap();
        score(&house, "bao", take.id, 59, json!({ "applies": false })).unwrap();
        let scored = seen(&house, "ban", take.id);
        assert_eq!(scored.state, "finished", "all are scored");
        assert_eq!(scored.fields["points_due"], json!(60));
        assert_eq!(scored.fields["points_reached"], json!(51));
        assert_eq!(scored.fields["ratio"], json!(85.0));
        assert_eq!(scored.fields["result"], json!("basic"));

        let submit = json!({ "summary": "总体良好" });
        let waiting = house.act("ban", &scored, "submit", submit, &[]).unwrap();
        case::approve_by(&house, &waiting, &["zhu", "ling"]);
        let approved = seen(&house, "ban", take.id);
        assert_eq!(approved.state, "approved");
        let ban = house.client("ban").unwrap();
        let found = ban.list_records("finding", &ListQuery::default());
        let found = found.unwrap().items;
        assert_eq!(found.len(), 1, "one for each deduction");
        assert_eq!(
            found[0].fields["responsible"],
            json!(house.id("zhu").unwrap())
        );
        assert_eq!(found[0].fields["source"], json!(approved.number));

        // who puts it right sees it, and does not check it
        let mine = seen(&house, "zhu", found[0].id);
        let fixed = json!({ "fixed_how": "已补登" });
        done(house.act("zhu", &mine, "fix", fixed, &[]));
        let mine = seen(&house, "zhu", found[0].id);
        let looked = json!({ "checked_how": "已复查" });
        assert_eq!(
            refused(house.act("zhu", &mine, "verify", looked.clone(), &[])),
            "access.who"
        );
        let closed = done(house.act("ban", &mine, "verify", looked, &[]));
        assert_eq!(closed.state, "closed");
        file_later(&server, &mut house, take.id);
        drop(house);
        case::sound(server);
    });
}

/// the next one is due a year from when it was filed.
fn file_later(server: &testkit::Server, house: &mut House<'_>, take: RecordId) {
    assert_eq!(yearly(house), [case::clock("2027-03-02", "running")]);
    server.set_clock("2026-03-20T01:00:00Z").unwrap();
    house.enter_again().unwrap();
    let filed = json!({ "filed_on": "2026-03-20", "filing_no": "保办〔2026〕3号" });
    done(house.act("ban", &seen(house, "ban", take), "file", filed, &[]));
    let twice = [
        case::clock("2027-03-02", "stopped"),
        case::clock("2027-03-20", "running"),
    ];
    assert_eq!(yearly(house), twice, "R-703: a year from when it was filed");
}

/// Until when the organisation has to evaluate itself.
fn yearly(house: &House<'_>) -> Vec<(String, String)> {
    case::clocks(house, "ban", house.id("unit").unwrap(), "self_evaluation")
}

#[test]
fn r705_a_veto_decides_alone() {
    on_each_database(|server| {
        let house = case::office(&server);
        let take = open(&house, edition(&house));
        for no in [1, 2, 51] {
            score(&house, "jian", take.id, no, fine()).unwrap();
        }
        score(&house, "jian", take.id, 59, short(&house, 100)).unwrap();
        let scored = seen(&house, "ban", take.id);
        assert_eq!(scored.fields["ratio"], json!(100.0));
        assert_eq!(scored.fields["result"], json!("fails"));
        // scored wrongly: it is done again, and the history keeps both
        let veto = scored
            .lines
            .iter()
            .find(|line| line.fields["no"] == json!(59));
        let veto = seen(&house, "jian", veto.unwrap().id);
        done(house.act("jian", &veto, "reopen", json!({}), &[]));
        let submit = json!({ "summary": "无" });
        let early = house.act("ban", &scored, "submit", submit, &[]);
        assert_eq!(refused(early), "record.rules", "R-706");
        score(&house, "jian", take.id, 59, json!({ "applies": false })).unwrap();
        assert_eq!(
            seen(&house, "ban", take.id).fields["result"],
            json!("meets")
        );
    });
}
