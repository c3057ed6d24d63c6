//! A register written from the how-to alone, without a line of Rust: its pages' own blocks, in a pack, through
//! REST, import, search, export and print.

use std::{fs, path::Path};

use client::Client;
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{House, PASSWORD, Plan};
use wire::{
    ApprovalDecision, Export, ImportRow, ImportRowsQuery, ImportStart, ListQuery, PageQuery, Print,
    Record, SheetQuery, StepUp, Verdict,
};

use crate::{
    RUPING, case,
    case::{done, refused, seen},
    docs, prints,
};

/// The shipped packs with the registers of the how-to.
fn packs() -> TempDir {
    let folder = TempDir::new().unwrap();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    case::copy_folder(&shipped, folder.path());
    for (number, text) in docs::registers_of_the_how_to().iter().enumerate() {
        let path = format!("base/registers/how_to_{number}.toml");
        fs::write(folder.path().join(path), text).unwrap();
    }
    folder
}

fn plan(house: &House<'_>) -> Value {
    let inspectors = ["jian", "yue"].map(|who| house.id(who).unwrap());
    json!({
        "subject": "三季度保密检查", "finish_by": "2026-03-20",
        "inspectors": inspectors,
        "tools": [{ "what": "扫描软件", "count": 1 }],
        "places": [{ "place": "301 室" }, { "place": "打印室" }],
    })
}

/// A leader approves the round.
fn running(house: &House<'_>) -> Record {
    let mut wrong = plan(house);
    wrong["tools"][0]["count"] = json!(0);
    let outcome = house.make("ban", "inspection_round", "plan", wrong, &[]);
    assert_eq!(
        refused(outcome),
        "record.fields",
        "the column has its least"
    );
    let waiting = house.make("ban", "inspection_round", "plan", plan(house), &[]);
    let round = case::approve(house, "ling", &waiting.unwrap());
    assert_eq!(round.state, "running");
    assert!(
        round
            .number
            .as_deref()
            .is_some_and(|number| number.starts_with("JC2026-"))
    );
    assert!(round.clocks.iter().any(|clock| clock.key == "finish"));
    round
}

/// An inspector sees to every place.
fn inspect(house: &House<'_>, round: &Record) {
    for (line, input) in round.lines.iter().zip([
        json!({ "result": "good" }),
        json!({ "result": "bad", "remark": "废页未销毁" }),
    ]) {
        let here = seen(house, "jian", line.id);
        let silent = house.act("jian", &here, "see", json!({ "result": "bad" }), &[]);
        assert_eq!(refused(silent), "record.fields", "a finding is told");
        let other = house.act("zhu", &here, "see", input.clone(), &[]);
        assert_eq!(refused(other), "access.who");
        done(house.act("jian", &here, "see", input, &[]));
    }
}

/// The page's own sheet of the old book.
fn take_the_old_book_in(house: &House<'_>) {
    let bao = house.client("bao").unwrap();
    let sheet = docs::blocks_of_the_how_to("csv").remove(0);
    let sent = bao.begin_import("key_loan", "旧簿.csv", sheet.into_bytes());
    let id = sent.unwrap().id;
    let start = ImportStart {
        action: Some("take_over".to_owned()),
        comment: Some("启用系统前领出的钥匙".to_owned()),
        ..ImportStart::default()
    };
    bao.start_import(id, &start).unwrap();
    case::until(|| bao.read_import(id).unwrap().state == "done");
    let rows = bao.list_import_rows(id, &ImportRowsQuery::default());
    let rows = rows.unwrap().items;
    let [row] = rows.as_slice() else {
        panic!("{rows:?}")
    };
    assert_eq!(row.outcome, "made", "{row:?}");
    let keys = bao.list_records("key_loan", &ListQuery::default()).unwrap();
    let states: Vec<&str> = keys.items.iter().map(|key| key.state.as_str()).collect();
    assert_eq!(states, ["out"]);
}

/// What a record was made without, because its columns were not known then, is not lost and not told as done.
fn late_columns(ban: &Client) {
    let sheet =
        "检查事由,检查人,完成期限,器材\n补充检查,jian、yue,2026-03-25,扫描软件\n,,,强光手电\n";
    let sent = ban.begin_import("inspection_round", "补充.csv", sheet.as_bytes().to_vec());
    let id = sent.unwrap().id;
    let take_over = ImportStart {
        action: Some("take_over".to_owned()),
        comment: Some("去年的检查".to_owned()),
        ..ImportStart::default()
    };
    let run = |start: &ImportStart| {
        ban.start_import(id, start).unwrap();
        case::until(|| ban.read_import(id).unwrap().state == "done");
        let rows = ban.list_import_rows(id, &ImportRowsQuery::default());
        let told = |row: &ImportRow| {
            (
                row.outcome.clone(),
                row.problems.first().map(|one| one.code.clone()),
            )
        };
        rows.unwrap().items.iter().map(told).collect::<Vec<_>>()
    };
    let first = run(&ImportStart {
        action: None,
        ..take_over.clone()
    });
    assert_eq!(first[0].0, "failed", "a round needs a place: {first:?}");
    let mapping = [("器材".to_owned(), Some("places.place".to_owned()))];
    let mapped = ImportStart {
        action: None,
        mapping: mapping.into(),
        ..take_over
    };
    let second = run(&mapped);
    let outcomes: Vec<&str> = second.iter().map(|(outcome, _)| outcome.as_str()).collect();
    assert_eq!(outcomes, ["waits", "part"], "{second:?}");
    let third = run(&ImportStart {
        mapping: [("器材".to_owned(), None)].into(),
        ..mapped
    });
    assert_eq!(third, second, "what a record took in stays with it");
}

/// What was made before and stands between a new round and a row that goes on is what that row goes on with.
fn between(ban: &Client, result: &str) {
    let block = docs::blocks_of_the_how_to("csv").remove(1);
    let round = block.lines().nth(1).unwrap();
    let (heads, made) = result.split_once("\r\n").unwrap();
    let sheet = format!("{heads}\r\n{round}\r\n{made},,,,,地下室,\r\n");
    let sent = ban.begin_import("inspection_round", "夹行.csv", sheet.into_bytes());
    let id = sent.unwrap().id;
    ban.start_import(id, &ImportStart::default()).unwrap();
    case::until(|| ban.read_import(id).unwrap().state == "done");
    let rows = ban.list_import_rows(id, &ImportRowsQuery::default());
    let told: Vec<_> = rows
        .unwrap()
        .items
        .iter()
        .map(|row| {
            row.problems
                .first()
                .map_or(row.outcome.clone(), |one| one.code.clone())
        })
        .collect();
    assert_eq!(told, ["waits", "import.row_above_made"]);
}

/// A round with its table and its places, from the page's own sheet: two rows go on with the first.
fn take_a_round_in(house: &House<'_>) {
    let ban = house.client("ban").unwrap();
    let sheet = docs::blocks_of_the_how_to("csv").remove(1);
    let sent = ban.begin_import("inspection_round", "检查.csv", sheet.into_bytes());
    let id = sent.unwrap().id;
    ban.start_import(id, &ImportStart::default()).unwrap();
    case::until(|| ban.read_import(id).unwrap().state == "done");
    let rows = ban.list_import_rows(id, &ImportRowsQuery::default());
    let rows = rows.unwrap().items;
    let outcomes: Vec<&str> = rows.iter().map(|row| row.outcome.as_str()).collect();
    assert_eq!(outcomes, ["waits", "part", "part"], "{rows:?}");
    let ling = house.client("ling").unwrap();
    let waiting = ling.list_inbox(&PageQuery::default()).unwrap().items;
    let approve = ApprovalDecision::from(Verdict::Approve);
    let done = ling.decide_approval(waiting[0].id, &approve).unwrap();
    let round = done.record().unwrap();
    assert_eq!(
        round.fields["tools"],
        json!([{ "what": "扫描软件", "count": 1 }, { "what": "强光手电", "count": 2 }])
    );
    let places: Vec<&Value> = round
        .lines
        .iter()
        .map(|line| &line.fields["place"])
        .collect();
    assert_eq!(places, ["档案室", "机房", "会议室"]);

    let sheet = SheetQuery {
        format: Some("csv".to_owned()),
        ..SheetQuery::default()
    };
    let result = ban.read_import_result(id, &sheet).unwrap();
    let text = String::from_utf8(result).unwrap();
    assert_eq!(
        text.matches('✓').count(),
        3,
        "what goes on comes again with its row: {text}"
    );
    // what is added below a record that was made then finds no record to go on with
    let more = format!("{text},,,,,地下室,\r\n");
    let sent = ban.begin_import("inspection_round", "检查.csv", more.into_bytes());
    let id = sent.unwrap().id;
    ban.start_import(id, &ImportStart::default()).unwrap();
    case::until(|| ban.read_import(id).unwrap().state == "done");
    let rows = ban.list_import_rows(id, &ImportRowsQuery::default());
    let rows = rows.unwrap().items;
    let [row] = rows.as_slice() else {
        panic!("what was made then is not shown: {rows:?}")
    };
    assert_eq!(row.problems[0].code, "import.row_above_made", "{row:?}");
    between(ban, &text);
    late_columns(ban);
    let template = ban.read_template("inspection_round", &sheet).unwrap();
    let text = String::from_utf8(template).unwrap();
    assert!(
        text.contains("检查工具·名称") && text.contains("检查部位·部位"),
        "{text}"
    );
}

#[test]
fn a_register_from_the_how_to_works_without_touching_rust() {
    for database in testkit::databases().unwrap() {
        let packs = packs();
        let path = packs.path().display().to_string();
        let plan = Plan::new(RUPING, database).init("--test-packs", &path);
        let server = plan.serve("--test-packs", &path).start().unwrap();
        let house = case::office(&server);
        let round = running(&house);
        inspect(&house, &round);
        let finished = seen(&house, "ban", round.id);
        assert_eq!(finished.state, "finished", "by itself");
        assert_eq!(finished.fields["bad"], json!(1));

        let order = Print {
            form: Some("order".to_owned()),
            ..Print::default()
        };
        let bao = house.client("bao").unwrap();
        let (_, pdf) = bao.print_record(round.id, &order).unwrap();
        let text = prints::words(&pdf);
        for part in [
            "保密检查单",
            "JC2026-001",
            "三季度保密检查",
            "扫描软件",
            "打印室",
            "废页未销毁",
            "受检部位负责人",
            "第1页共1页",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }

        take_the_old_book_in(&house);
        take_a_round_in(&house);
        let ban = house.client("ban").unwrap();
        for words in ["检查", "三季", "JC2026"] {
            let query = ListQuery {
                q: Some(words.to_owned()),
                ..ListQuery::default()
            };
            let page = ban.list_records("inspection_round", &query).unwrap();
            assert!(!page.items.is_empty(), "{words}");
        }
        let proof = StepUp {
            password: Some(PASSWORD.into()),
            otp: None,
        };
        ban.step_up_session(&proof).unwrap();
        let wanted = Export {
            format: "csv".to_owned(),
            ..Export::default()
        };
        let (_, bytes) = ban.export_register("inspection_round", &wanted).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(
            text.contains("三季度保密检查") && text.contains("已办结"),
            "{text}"
        );
    }
}
