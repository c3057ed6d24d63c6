//! DESIGN 5: a definition that changes carries its records over by `[[migrate]]`: tried before, each record once by
//! an act of its own, on from where it stopped, and what cannot be carried over says why and is acted on by nobody.

use std::{fs, path::Path};

use client::Client;
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{House, Plan, Server};
use wire::{ImportStart, ListQuery, Record};

use crate::{
    RUPING, case,
    case::{done, refused, seen},
};

/// How many records are carried over.
const MANY: usize = 300;

/// The register as it is in the next version: another word for what it is about and for its first state, a
/// field less and one more, and shorter texts.
fn next(text: &str) -> String {
    let text = text
        .replace("key = \"handover\"\n", "key = \"handover\"\nversion = 2\n")
        .replace("title = \"what\"", "title = \"subject\"")
        .replace(
            "key = \"what\"\nname = { zh = \"交接内容\", en = \"What\" }\ntype = \"text\"\nrequired = true",
            "key = \"subject\"\nname = { zh = \"交接内容\", en = \"What\" }\ntype = \"text\"\nrequired = true\nindex = true\nmax_length = 20",
        )
        .replace("[\"what\", \"receiver\", \"witness\", \"outside\"]", "[\"subject\", \"receiver\", \"witness\", \"outside\"]")
        .replace("\"drawn\"", "\"prepared\"");
    text + r#"
[[field]]
key = "copies"
name = { zh = "份数", en = "Copies" }
type = "integer"

[[migrate]]
from = 1
rename = { what = "subject" }
states = { drawn = "prepared" }
set = { copies = "size(what) > 3 ? 2 : 1" }
"#
}

struct Packs(TempDir);

impl Packs {
    fn new(register: &str) -> Self {
        let packs = Self(TempDir::new().unwrap());
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
        case::copy_folder(&shipped, packs.0.path());
        packs.put(register);
        packs
    }

    fn put(&self, register: &str) {
        fs::write(self.0.path().join("base/registers/handover.toml"), register).unwrap();
    }

    fn path(&self) -> String {
        self.0.path().display().to_string()
    }
}

/// Handovers from a file, and one whose text will be too long.
fn furnish(house: &House<'_>) -> Record {
    let mut sheet = "交接内容,接收人\n".to_owned();
    for number in 1..=MANY {
        sheet.push_str(&format!("手册{number},yue\n"));
    }
    let bao = house.client("bao").unwrap();
    let sent = bao
        .begin_import("handover", "交接.csv", sheet.into_bytes())
        .unwrap();
    bao.start_import(sent.id, &ImportStart::default()).unwrap();
    case::until(|| bao.read_import(sent.id).unwrap().state == "done");
    let fields = json!({ "what": "很长".repeat(20), "receiver": house.id("yue").unwrap() });
    done(house.make("bao", "handover", "draw", fields, &[]))
}

/// What the program says of the definitions of these packs on a folder whose server does not run.
fn told(server: &Server, packs: &Packs) -> (Option<i32>, Vec<Value>) {
    let mut verb = server.on_folder("definitions");
    let output = verb
        .args(["--format", "json", "--test-packs", &packs.path()])
        .output()
        .unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let lines = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    (output.status.code(), lines.collect())
}

/// Everything of the register, page by page.
fn all(bao: &Client) -> Vec<Record> {
    let (mut records, mut query) = (Vec::new(), ListQuery::default());
    loop {
        let page = bao.list_records("handover", &query).unwrap();
        records.extend(page.items);
        query.after = page.next;
        if query.after.is_none() {
            return records;
        }
    }
}

/// How many have the state of the next version.
fn carried(bao: &Client) -> usize {
    let query = ListQuery {
        filter: Some("state:prepared".to_owned()),
        count: Some("exact".to_owned()),
        limit: Some(1),
        ..ListQuery::default()
    };
    let page = bao.list_records("handover", &query).unwrap();
    usize::try_from(page.total.unwrap()).unwrap()
}

/// What is told before the next version is in force.
fn tried(server: &Server, packs: &Packs, long: &Record) {
    assert_eq!(
        told(server, packs),
        (Some(0), Vec::new()),
        "nothing has changed"
    );
    packs.put(&next(include_str!("handover.toml")));
    let (code, trials) = told(server, packs);
    assert_eq!(code, Some(1), "{trials:?}");
    let [trial] = trials.as_slice() else {
        panic!("{trials:?}")
    };
    assert_eq!(
        (&trial["behind"], &trial["stuck"]),
        (&json!(MANY + 1), &json!(1))
    );
    let why = trial["why"][0].clone();
    assert_eq!(why["record"], json!(long.id));
    assert!(
        why["why"].as_str().unwrap().starts_with("subject: "),
        "{why}"
    );
    let changes = trial["changes"].as_array().unwrap();
    assert!(
        changes
            .iter()
            .any(|one| one["path"] == "fields.what" && one["is"].is_null()),
        "{changes:?}"
    );
}

#[test]
fn design_5_records_are_carried_over_once_whoever_dies() {
    for database in testkit::databases().unwrap() {
        let first = include_str!("handover.toml");
        let packs = Packs::new(first);
        let path = packs.path();
        let plan = Plan::new(RUPING, database).init("--test-packs", &path);
        let mut server = plan.serve("--test-packs", &path).start().unwrap();
        let house = case::office(&server);
        let long = furnish(&house);
        let roster = house.leave();
        server.stop(0).unwrap();

        tried(&server, &packs, &long);
        // killed on the way, it goes on where it was
        server.start_again(0).unwrap();
        let bao = server.enter_again("bao").unwrap();
        case::until(|| carried(&bao) > 0);
        server.kill(0).unwrap();
        // a job of a server that died is another's once its lease is over
        server.set_clock("2026-03-02T01:12:00Z").unwrap();
        server.start_again(0).unwrap();
        let bao = server.enter_again("bao").unwrap();
        case::until(|| carried(&bao) == MANY);
        for record in all(&bao).into_iter().filter(|one| one.id != long.id) {
            assert_eq!(record.state, "prepared");
            assert_eq!(record.version, 2, "once: {record:?}");
            let long = record.fields["subject"].as_str().unwrap().chars().count() > 3;
            assert_eq!(record.fields["copies"], json!(if long { 2 } else { 1 }));
            assert!(!record.fields.contains_key("what"));
        }
        let house = roster.enter(&server).unwrap();
        let bao = house.client("bao").unwrap();
        let found = ListQuery {
            q: Some("手册299".to_owned()),
            ..ListQuery::default()
        };
        assert_eq!(bao.list_records("handover", &found).unwrap().items.len(), 1);
        let one = bao
            .list_records("handover", &found)
            .unwrap()
            .items
            .remove(0);
        let history = bao.read_history(one.id).unwrap().items;
        let then = history[0].fields.as_ref().unwrap();
        assert_eq!(
            (&then["what"], history[0].state.as_str()),
            (&json!("手册299"), "drawn")
        );
        assert_eq!(history[1].action, "carry_over");

        // what could not be carried over is acted on by nobody, and read by all
        let stuck = seen(&house, "bao", long.id);
        assert_eq!(stuck.version, 1);
        let acted = house.act("bao", &stuck, "give", json!({}), &["yue"]);
        assert_eq!(refused(acted), "record.behind");
        let given = done(house.act("bao", &one, "give", json!({}), &["yue"]));
        assert_eq!(given.state, "given");
        server.stop(0).unwrap();
        let mut check = server.on_folder("check");
        let check = check.args(["--test-packs", &path]).output().unwrap();
        let told = String::from_utf8_lossy(&check.stdout).into_owned();
        assert!(check.status.success(), "{told}");
    }
}
