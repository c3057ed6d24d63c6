//! B12, 盲点: while one counts, what was not found yet is told to nobody, over no way; when counting is
//! finished the list is whole. Taken away from the definition, all of it is told: so the test sees it. And
//! what comes of a scan: of what is on the list, of what is not, and of what is none of theirs.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use client::{Act, Client, Version};
use domain::RecordId;
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{House, Plan, Server, refusal_code};
use wire::{
    ActionRequest, BulkItem, BulkRequest, ListQuery, PageQuery, Performed, Print, Record,
    ScanRequest,
};

use crate::case::{self, refused, scan, seen};
use crate::{RUPING, on_each_database, prints};

/// Everybody who may look: who opened it, who counts, a leader, and one in the scope of the papers.
const LOOKERS: [&str; 4] = ["bao", "jian", "ling", "zhu"];

fn open(house: &House<'_>, counters: [&str; 2]) -> Record {
    let counters = counters.map(|who| house.id(who).unwrap());
    let fields = json!({
        "occasion": "季度清点", "kind": "regular", "counters": counters, "finish_by": "2026-03-31",
    });
    case::done(house.make("bao", "stock_take", "open", fields, &[]))
}

/// The lines of these copies, looked up behind the program's back.
fn lines(server: &Server, take: RecordId, copies: &[RecordId]) -> Vec<RecordId> {
    let mut sql = server.sql().unwrap();
    let mut line = |copy: &RecordId| {
        let query = format!(
            "SELECT r.id FROM record r JOIN link k ON k.from_id = r.id WHERE r.parent_id = '{take}' \
             AND k.field = 'copy' AND k.to_id = '{copy}'"
        );
        sql.text(&query).unwrap().parse().unwrap()
    };
    copies.iter().map(&mut line).collect()
}

fn finish(house: &House<'_>, who: &str, take: RecordId) -> Record {
    let counting = seen(house, who, take);
    case::done(house.act(who, &counting, "finish_counting", json!({}), &[]))
}

fn exactly() -> PageQuery {
    PageQuery {
        count: Some("exact".to_owned()),
        ..PageQuery::default()
    }
}

/// What is told about a stock-take, by the way it is told.
fn answers(client: &Client, take: RecordId) -> Vec<(&'static str, Value)> {
    let told = |value: Result<Value, serde_json::Error>| value.unwrap();
    let every = ListQuery::default();
    vec![
        (
            "record",
            told(serde_json::to_value(client.read_record(take).unwrap())),
        ),
        (
            "history",
            told(serde_json::to_value(client.read_history(take).unwrap())),
        ),
        (
            "list",
            told(serde_json::to_value(
                client.list_records("stock_take", &every).unwrap(),
            )),
        ),
        (
            "lines",
            told(serde_json::to_value(
                client.list_lines(take, "copies", &exactly()).unwrap(),
            )),
        ),
        (
            "inbox",
            told(serde_json::to_value(client.list_inbox(&exactly()).unwrap())),
        ),
        (
            "notices",
            told(serde_json::to_value(
                client.list_notices(&exactly()).unwrap(),
            )),
        ),
    ]
}

/// The ways over which somebody is told of lines that were not counted, or how many there are.
fn ways(
    house: &House<'_>,
    who: &str,
    take: RecordId,
    (copies, lines): (&[RecordId], &[RecordId]),
) -> BTreeSet<&'static str> {
    let client = house.client(who).unwrap();
    let mut ways = BTreeSet::new();
    for (way, answer) in answers(client, take) {
        let text = answer.to_string();
        let mut ids = copies.iter().chain(lines).map(RecordId::to_string);
        if ids.any(|id| text.contains(&id)) || text.contains("\"expected\"") {
            ways.insert(way);
        }
    }
    let total = client.list_lines(take, "copies", &exactly()).unwrap();
    if total.total.unwrap() > i64::try_from(total.items.len()).unwrap() {
        ways.insert("total");
    }
    if !client.list_names(lines).unwrap().items.is_empty() {
        ways.insert("names");
    }
    for line in lines {
        let there = [
            ("line", client.read_record(*line).is_ok()),
            ("line's history", client.read_history(*line).is_ok()),
            ("line's files", client.list_files(*line).is_ok()),
            ("act", acted_on(client, *line)),
            ("act on many", many(client, *line)),
        ];
        ways.extend(there.iter().filter(|(_, told)| *told).map(|(way, _)| *way));
    }
    ways
}

/// Whether an act on it is refused for another reason than that there is nothing.
fn acted_on(client: &Client, line: RecordId) -> bool {
    let seen = Version {
        record: line,
        version: 99,
    };
    let acted = client.perform_action(seen, "find", &ActionRequest::default(), &Act::default());
    acted.unwrap_err().code() != "not_found"
}

fn many(client: &Client, line: RecordId) -> bool {
    let wanted = BulkRequest {
        action: "find".to_owned(),
        items: vec![BulkItem {
            id: line,
            version: 99,
        }],
        dry_run: true,
        ..BulkRequest::default()
    };
    match client.begin_bulk("stock_take.copies", &wanted, None) {
        Ok(told) => !serde_json::to_string(&told).unwrap().contains("not_found"),
        Err(error) => !matches!(error.code(), "not_found" | "register.unknown"),
    }
}

/// Whether the list on paper has these copy numbers.
fn on_paper(house: &House<'_>, take: RecordId, serials: &[&str]) -> Vec<bool> {
    let wanted = Print {
        form: Some("list".to_owned()),
        ..Print::default()
    };
    prints::prove(house, "bao");
    let (_, pdf) = house
        .client("bao")
        .unwrap()
        .print_record(take, &wanted)
        .unwrap();
    let words = prints::words(&pdf);
    serials
        .iter()
        .map(|serial| words.contains(serial))
        .collect()
}

fn told_to_nobody(house: &House<'_>, take: RecordId, lines: (&[RecordId], &[RecordId])) {
    for who in LOOKERS {
        let told = ways(house, who, take, lines);
        assert!(told.is_empty(), "{who}: {told:?}");
    }
}

/// The one line that was counted is told, without which of how many it is.
fn counted(house: &House<'_>, take: RecordId, line: RecordId) {
    for who in LOOKERS {
        let seen = seen(house, who, take);
        let counted: Vec<_> = seen.lines.iter().map(|one| (one.id, one.no)).collect();
        assert_eq!(counted, [(line, 0)]);
        assert_eq!(seen.fields["found"], json!(1));
    }
}

/// All lines are told, each with its number.
fn whole(house: &House<'_>, take: RecordId, lines: &[RecordId]) {
    let expected: BTreeSet<_> = lines.iter().copied().collect();
    for who in LOOKERS {
        let seen = seen(house, who, take);
        let all: BTreeSet<_> = seen.lines.iter().map(|one| one.id).collect();
        assert_eq!(all, expected, "the list is whole");
        let numbered = (1..).zip(&seen.lines).all(|(no, line)| line.no == no);
        assert!(numbered, "{:?}", seen.lines);
        assert_eq!(seen.fields["expected"], json!(lines.len()));
    }
}

#[test]
fn b12_what_was_not_counted_yet_is_told_to_nobody() {
    on_each_database(|server| {
        let house = case::office(&server);
        let (_, _, copies) = case::document(&house, "清点方案", "内容", 4);
        let take = open(&house, ["jian", "yue"]);
        assert!(
            take.lines.is_empty(),
            "nor with the answer to who opened it"
        );
        let hidden = lines(&server, take.id, &copies);
        told_to_nobody(&house, take.id, (&copies, &hidden));
        let here = json!({ "seen_place": house.id("safe").unwrap() });
        assert_eq!(seen(&house, "jian", take.id).scans, ["copies"], "a counter");
        assert!(seen(&house, "bao", take.id).scans.is_empty(), "nobody else");
        let second = scan(&house, "jian", take.id, &case::label(copies[1]), here);
        let second = case::done(second);
        assert_eq!(second.state, "found");
        assert_eq!(second.id, hidden[1]);
        assert_eq!(second.line.unwrap().no, 0, "which of how many is not told");

        // what was counted is told, and the rest as little as before
        let left = [0, 2, 3];
        let of = |all: &[RecordId]| left.map(|at| all[at]);
        told_to_nobody(&house, take.id, (&of(&copies), &of(&hidden)));
        counted(&house, take.id, hidden[1]);
        let serials = ["000001", "000002", "000003", "000004"];
        assert_eq!(
            on_paper(&house, take.id, &serials),
            [false, true, false, false]
        );

        // counted by mistake: it waits again, and is shown to nobody again
        let again = seen(&house, "jian", hidden[1]);
        house
            .act("jian", &again, "recount", json!({}), &[])
            .unwrap();
        told_to_nobody(&house, take.id, (&copies, &hidden));

        let compared = finish(&house, "jian", take.id);
        assert_eq!(compared.state, "compared");
        whole(&house, take.id, &hidden);
        assert_eq!(on_paper(&house, take.id, &serials), [true; 4]);
        drop(house);
        case::sound(server);
    });
}

/// The shipped packs, whose stock-take says nothing of counting blindly.
fn seeing() -> TempDir {
    let folder = TempDir::new().unwrap();
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    case::copy_folder(&packs, folder.path());
    let file = folder.path().join("base/registers/custody/stock_take.toml");
    let text = fs::read_to_string(&file).unwrap();
    let taken = text.replacen("blind = [\"open\"]\n", "", 1);
    assert_ne!(taken, text, "what is to be taken away is not there");
    fs::write(file, taken).unwrap();
    folder
}

#[test]
fn b12_all_of_it_is_told_where_nothing_is_kept_back() {
    for database in testkit::databases().unwrap() {
        let packs = seeing();
        let path = packs.path().display().to_string();
        let plan = Plan::new(RUPING, database).init("--test-packs", &path);
        let server = plan.serve("--test-packs", &path).start().unwrap();
        let house = case::office(&server);
        let (_, _, copies) = case::document(&house, "清点方案", "内容", 2);
        let take = open(&house, ["jian", "yue"]);
        assert_eq!(take.lines.len(), 2);
        let all = lines(&server, take.id, &copies);
        for who in LOOKERS {
            let told = ways(&house, who, take.id, (&copies, &all));
            let expected = [
                "act",
                "act on many",
                "line",
                "line's files",
                "line's history",
                "lines",
                "names",
                "record",
            ];
            assert_eq!(told.into_iter().collect::<Vec<_>>(), expected, "{who}");
        }
        assert_eq!(on_paper(&house, take.id, &["000001", "000002"]), [true; 2]);
    }
}

/// What was scanned, and what comes of it for a counter who has said where it stands.
fn answered(house: &House<'_>, who: &str, take: RecordId, code: &str) -> String {
    let here = json!({ "seen_place": house.id("safe").unwrap() });
    match scan(house, who, take, code, here) {
        Ok(Performed::Done(done)) => done.record.state,
        Ok(other) => panic!("{other:?}"),
        Err(error) => refusal_code(&error).unwrap().to_owned(),
    }
}

#[test]
fn b12_a_scan_tells_of_nothing_but_what_is_in_the_hand() {
    on_each_database(|server| {
        let mut house = case::office(&server);
        // outside the scope of the papers, and a counter all the same
        house.hire("wen", "important", &["staff"]).unwrap();
        let (document, _, copies) = case::document(&house, "清点方案", "内容", 4);
        let take = open(&house, ["jian", "wen"]).id;
        let (more, now) = (
            json!({
                "copies_count": 1, "keeper": house.id("bao").unwrap(),
                "place": house.id("safe").unwrap(),
            }),
            seen(&house, "bao", document.id),
        );
        let later = house.act("bao", &now, "make_copies", more, &[]).unwrap();
        let Performed::Done(later) = later else {
            panic!("copies wait for somebody")
        };
        let later = case::label(later.made[0].id);
        let first = case::label(copies[0]);
        let nothing = "RP:0190F3A2B4C57D8E9F00112233445566";

        // who does not count is told that, whatever they hold
        for code in [first.as_str(), later.as_str(), nothing, "000001"] {
            for who in ["zhu", "bao", "ling"] {
                let told = answered(&house, who, take, code);
                assert_eq!(told, "access.who", "{who}: {code}");
            }
            // and who has not said where it stands is told that
            let silent = scan(&house, "jian", take, code, json!({}));
            assert_eq!(refused(silent), "record.fields", "{code}");
        }
        let number = document.number.clone().unwrap();
        for (who, code, expected) in [
            ("jian", first.as_str(), "found"),
            ("jian", first.as_str(), "scan.done"),
            ("wen", first.as_str(), "scan.done"),
            ("jian", later.as_str(), "scan.not_listed"),
            // not theirs to know, and so as if there were none
            ("wen", later.as_str(), "scan.unknown"),
            ("jian", nothing, "scan.unknown"),
            ("jian", "RP:0190F3", "scan.broken"),
            ("jian", "", "scan.broken"),
            // of how many lines it is one is not told
            ("jian", "000002", "scan.not_listed"),
            ("jian", number.as_str(), "scan.not_listed"),
            ("wen", &format!("{number} 000002"), "found"),
            (
                "jian",
                &format!("{} ０００００３", number.to_lowercase()),
                "found",
            ),
            ("jian", &format!("{number}000003"), "scan.done"),
            ("jian", &format!("{number} 000009"), "scan.not_listed"),
            ("jian", &"9".repeat(201), "scan.broken"),
        ] {
            let told = answered(&house, who, take, code);
            assert_eq!(told, expected, "{who}: {code}");
        }

        // the same scan sent twice is one scan
        let here = json!({ "seen_place": house.id("safe").unwrap() });
        let request = ScanRequest::of(&case::label(copies[3]), here);
        let jian = house.client("jian").unwrap();
        let once = jian.scan_line(take, &request, Some("k1")).unwrap();
        let twice = jian.scan_line(take, &request, Some("k1")).unwrap();
        let id = |performed: &Performed| performed.record().unwrap().id;
        assert_eq!(id(&once), id(&twice));
        assert_eq!(
            seen(&house, "jian", take).state,
            "compared",
            "all were found"
        );
        assert_eq!(answered(&house, "jian", take, &first), "scan.done");
        drop(house);
        case::sound(server);
    });
}

#[test]
fn what_is_done_by_scanning_is_what_the_definition_says() {
    on_each_database(|server| {
        let house = case::office(&server);
        let (_, _, copies) = case::document(&house, "待销毁", "内容", 3);
        let listed: Vec<Value> = copies[..2]
            .iter()
            .map(|copy| json!({ "copy": copy }))
            .collect();
        let list = json!({
            "copies": listed, "route": "centre", "method": "shred", "reason": "任务完成",
        });
        let list = case::done(house.make("bao", "destruction", "draw_up", list, &[]));
        let scanned = |who: &str, of: RecordId, copy: usize| {
            let scanned = scan(&house, who, of, &case::label(copies[copy]), json!({}));
            match scanned {
                Ok(performed) => performed.record().unwrap().state.clone(),
                Err(error) => refusal_code(&error).unwrap().to_owned(),
            }
        };
        assert_eq!(scanned("zhu", list.id, 0), "access.who");
        assert_eq!(scanned("bao", list.id, 0), "counted");
        assert_eq!(scanned("bao", list.id, 0), "scan.done");
        assert_eq!(scanned("bao", list.id, 2), "scan.not_listed");
        assert_eq!(
            scanned("bao", copies[0], 0),
            "scan.kind",
            "a copy has no list"
        );
        let states: Vec<_> = seen(&house, "bao", list.id)
            .lines
            .into_iter()
            .map(|line| (line.no, line.state))
            .collect();
        let expected = [(1, "counted".to_owned()), (2, "listed".to_owned())];
        assert_eq!(
            states, expected,
            "what is not counted blindly is told as ever"
        );
        let named = ScanRequest {
            line: Some("surplus".to_owned()),
            ..ScanRequest::of(&case::label(copies[1]), json!({}))
        };
        let named = house
            .client("bao")
            .unwrap()
            .scan_line(list.id, &named, None);
        assert_eq!(named.unwrap_err().code(), "scan.kind");
        assert_eq!(scanned("jian", house.id("unit").unwrap(), 0), "scan.kind");
        drop(house);
        case::sound(server);
    });
}
