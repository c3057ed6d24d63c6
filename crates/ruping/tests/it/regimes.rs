//! DESIGN 5: several regimes hold at once, attached to units and projects, and the strictest word wins: of
//! rules, of parameters, on content, and on the clearance of persons.

use std::{fs, path::Path};

use domain::RecordId;
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{House, Plan};
use wire::Record;

use crate::{
    RUPING, case,
    case::{done, refused, seen},
    people::{correct, is_cleared},
    prints::prove,
};

/// Stricter than what is shipped: a rule that is a warning elsewhere, and a shorter time.
const LABORATORY: &str = r#"
key = "laboratory"
name = { zh = "实验室规定", en = "Laboratory rules" }

[parameters]
"stocktake.secret" = { value = "10d", rule = "R-210" }

[severities]
"R-709" = "stop"
"#;

/// The shipped packs with one more regime.
fn packs() -> TempDir {
    let folder = TempDir::new().unwrap();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    case::copy_folder(&shipped, folder.path());
    fs::create_dir(folder.path().join("laboratory")).unwrap();
    fs::write(folder.path().join("laboratory/regime.toml"), LABORATORY).unwrap();
    folder
}

fn attach(house: &House<'_>, regime: &str, place: &Value) -> Record {
    let mut fields = json!({ "regime": regime, "reason": "实验室管理规定" });
    let all = fields.as_object_mut().unwrap();
    all.extend(place.as_object().unwrap().clone());
    prove(house, "ban");
    done(house.make("ban", "regime_use", "attach", fields, &[]))
}

/// How hard R-709 holds for a self-evaluation of a unit.
fn severity(house: &House<'_>, edition: RecordId, unit: RecordId) -> String {
    let group = ["bao", "jian"].map(|who| house.id(who).unwrap());
    let fields = json!({
        "subject": "自评", "year": 2026, "unit": unit, "edition": edition, "group": group,
    });
    let error = house
        .make("ban", "self_evaluation", "open", fields, &[])
        .unwrap_err();
    let Some(client::Error::Problem(problem)) = error.downcast_ref() else {
        panic!("{error:#}")
    };
    assert_eq!(problem.rules.len(), 1, "{problem:?}");
    problem.rules[0].severity.clone()
}

fn edition(house: &House<'_>) -> RecordId {
    let edition = json!({ "name": "自评标准", "layer": "unit" });
    let edition = done(house.make("ban", "evaluation_edition", "add", edition, &[])).id;
    let item =
        json!({ "edition": edition, "no": 1, "text": "条目", "kind": "scored", "points": 10 });
    done(house.make("ban", "evaluation_item", "add", item, &[]));
    edition
}

/// When the next stock-take of a unit is due.
fn next_count(house: &House<'_>, unit: RecordId) -> String {
    let plan = json!({
        "name": "定期清点", "of_unit": unit, "of_level": "state.secret",
        "responsible": house.id("zhu").unwrap(),
    });
    let plan = done(house.make("bao", "stock_take_plan", "plan", plan, &[])).id;
    case::clocks(house, "bao", plan, "count").remove(0).0
}

#[test]
fn the_strictest_word_holds_where_a_regime_is_attached() {
    for database in testkit::databases().unwrap() {
        let folder = packs();
        let path = folder.path().display().to_string();
        let plan = Plan::new(RUPING, database).init("--test-packs", &path);
        let mut server = plan.serve("--test-packs", &path).start().unwrap();
        let house = case::office(&server);
        let unit = house.id("unit").unwrap();
        let below = |name: &str, upper: RecordId| {
            let unit = json!({ "name": name, "upper": upper });
            done(house.make("office", "unit", "add", unit, &[])).id
        };
        let laboratory = below("实验室", unit);
        let group = below("课题组", laboratory);
        let edition = edition(&house);
        assert_eq!(severity(&house, edition, laboratory), "warn");

        let neither = json!({ "regime": "laboratory", "reason": "无" });
        prove(&house, "ban");
        let outcome = house.make("ban", "regime_use", "attach", neither, &[]);
        assert_eq!(refused(outcome), "record.rules", "for whom");
        let unknown = json!({ "regime": "nobody's", "unit": laboratory, "reason": "无" });
        let outcome = house.make("ban", "regime_use", "attach", unknown, &[]);
        assert_eq!(refused(outcome), "record.fields");
        let attached = attach(&house, "laboratory", &json!({ "unit": laboratory }));
        for (of, severe, due) in [
            (unit, "warn", "2026-03-17"),
            (laboratory, "stop", "2026-03-12"),
            (group, "stop", "2026-03-12"),
        ] {
            assert_eq!(severity(&house, edition, of), severe);
            assert_eq!(next_count(&house, of), due);
        }

        // one person takes nothing of it away
        let ending = json!({});
        let waiting = house.act("ban", &attached, "end", ending, &[]).unwrap();
        assert_eq!(severity(&house, edition, laboratory), "stop");
        prove(&house, "ling");
        let ended = case::approve(&house, "ling", &waiting);
        assert_eq!(ended.state, "ended");
        assert_eq!(severity(&house, edition, laboratory), "warn");
        attach(&house, "laboratory", &json!({ "unit": group }));
        drop(house);
        server.stop(0).unwrap();
        let mut check = server.on_folder("check");
        let check = check.args(["--test-packs", &path]).output().unwrap();
        assert!(
            check.status.success(),
            "{}",
            String::from_utf8_lossy(&check.stdout)
        );
        // packs without a regime that is in use loosen it by nothing said
        let without = server
            .on_folder("check")
            .args(["--format", "json"])
            .output()
            .unwrap();
        assert!(!without.status.success());
        let told = String::from_utf8_lossy(&without.stderr).into_owned();
        assert!(told.contains("packs.regime_missing"), "{told}");
    }
}

/// R-419: what a project under `state-organ` is about is registered, and its files stay outside.
#[test]
fn r419_a_project_keeps_no_content_where_its_regime_says_so() {
    crate::on_each_database(|server| {
        let house = case::office(&server);
        let projects = json!({ "compartments": "长城,方舟" });
        correct(&house, "office", "bao", projects).unwrap();
        let bao = house.client("bao").unwrap();
        let taken = |compartments: &str| {
            let file = bao
                .upload_file("方案.txt", "text/plain", &mut "方案".as_bytes())
                .unwrap();
            let fields = json!({
                "title": "方案", "level": "state.confidential", "term": { "years": 10 },
                "issue_date": "2026-02-10", "scope_persons": [house.id("bao").unwrap()], "contents": [file.id],
                "compartments": compartments, "taken_from": "旧台账",
            });
            house.make("bao", "document", "take_over", fields, &[])
        };
        done(taken("长城"));
        let file = bao
            .upload_file("旧稿.txt", "text/plain", &mut "旧稿".as_bytes())
            .unwrap();
        let before = json!({
            "title": "旧稿", "level": "state.confidential", "term": { "years": 10 },
            "contents": [file.id], "compartments": "长城",
        });
        let before = done(house.make("bao", "document", "draft", before, &[]));
        attach(&house, "state-organ", &json!({ "compartment": "长城" }));
        assert_eq!(refused(taken("长城")), "content.not_kept");
        let other = done(taken("方舟"));
        // nor do the files of a draft go into the project with it
        let draft = |compartments: &str| {
            let file = bao
                .upload_file("稿.txt", "text/plain", &mut "稿".as_bytes())
                .unwrap();
            let fields = json!({
                "title": "稿", "level": "state.confidential", "term": { "years": 10 },
                "contents": [file.id], "compartments": compartments,
            });
            house.make("bao", "document", "draft", fields, &[])
        };
        let plain = done(draft("方舟"));
        let into = json!({ "compartments": "长城" });
        assert_eq!(
            refused(house.act("bao", &plain, "edit", into, &[])),
            "content.not_kept"
        );
        // what was there before the regime is still worked with
        let kept = done(house.act("bao", &before, "edit", json!({ "title": "改题" }), &[]));
        assert_eq!(kept.version, 2);
        assert_eq!(seen(&house, "bao", other.id).state, other.state);
        drop(house);
        case::sound(server);
    });
}

/// R-305: an overdue review counts for those of the unit that is under it.
#[test]
fn r305_a_review_lapses_for_whom_the_regime_holds() {
    crate::on_each_database(|server| {
        let house = case::office(&server);
        correct(
            &house,
            "office",
            "yue",
            json!({ "review_passed_on": "2020-03-02" }),
        )
        .unwrap();
        assert!(is_cleared(&house, "yue"));
        let unit = house.id("unit").unwrap();
        attach(&house, "state-organ", &json!({ "unit": unit }));
        assert!(!is_cleared(&house, "yue"));
        assert!(is_cleared(&house, "jian"), "whose review stands");
    });
}
