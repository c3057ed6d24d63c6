//! DESIGN 5: a definition that changes carries its records over by `[[migrate]]`: tried before, each record once by
//! an act of its own, on from where it stopped, and what cannot be carried over says why and is acted on by nobody.

use std::{fs, path::Path};

use client::Client;
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{House, Plan, Server};
use wire::{ImportStart, ListQuery, PageQuery, Performed, Record};

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

/// The next version of the errands: other keys for what only some may see, for the lines and for their state, a
/// field and a person less, a subject that only one may have, a deadline, and another name for the end.
fn next_errand(text: &str) -> String {
    let text = text
        .replace("key = \"errand\"\n", "key = \"errand\"\nversion = 2\n")
        .replace("index = true\n", "index = true\nunique = true\n")
        .replace("\"aside\"", "\"remark\"")
        .replace("key = \"what\"", "key = \"task\"")
        .replace("\"open\"\nname", "\"todo\"\nname")
        .replace("[\"open\"]", "[\"todo\"]")
        .replace("[[action]]\nkey = \"help\"\nname = { zh = \"协办\", en = \"Help\" }\nfrom = [\"planned\"]\nwho = \"field:helper\"\ninput = []\n", "")
        .replace("\"tip\", \"helper\", ", "")
        .replace("[[field]]\nkey = \"tip\"\nname = { zh = \"提示\", en = \"Tip\" }\ntype = \"text\"\nvisible = { roles = [\"role:registrar\"] }\n", "")
        .replace("[[field]]\nkey = \"helper\"\nname = { zh = \"协办人\", en = \"Helper\" }\ntype = \"person\"\n", "")
        .replace("\"finish\"", "\"close\"");
    text + r#"
[[clock]]
key = "slow"
name = { zh = "办结时限", en = "To be done" }
start = "state:planned"
after = "10d"
stop = ["state:done"]

[[migrate]]
from = 1
rename = { aside = "remark" }
remove = ["tip", "helper"]

[[migrate]]
from = 1
line = "steps"
rename = { what = "task" }
states = { open = "todo" }
"#
}

/// What everybody but the registrar reads of an errand's first version.
fn first_version(house: &House<'_>, who: &str, errand: &Record) -> Vec<String> {
    let history = house.client(who).unwrap().read_history(errand.id).unwrap();
    let fields = history.items.first().unwrap().fields.clone().unwrap();
    fields.keys().cloned().collect()
}

fn plan(house: &House<'_>, subject: &str) -> Record {
    let fields = json!({
        "subject": subject, "aside": "只供本处", "tip": "也只供本处",
        "helper": house.id("yue").unwrap(),
        "steps": [{ "what": "核对" }, { "what": "归档" }],
    });
    done(house.make("bao", "errand", "plan", fields, &[]))
}

/// Two of three records could be carried over, and all lines.
fn tried_errands(trials: &[Value], two: &[Record; 2]) {
    let of = |key: &str| trials.iter().find(|one| one["register"] == key).unwrap();
    let counts = |key: &str| (of(key)["behind"].clone(), of(key)["stuck"].clone());
    assert_eq!(counts("errand.steps"), (json!(6), json!(0)));
    assert_eq!(counts("errand"), (json!(3), json!(1)));
    let why = "subject: another record has this value already";
    let told = &of("errand")["why"][0];
    assert_eq!(told["why"], json!(why));
    assert!(two.iter().any(|one| told["record"] == json!(one.id)));
}

/// What only some could see is no wider known, under whatever key.
fn hidden_as_before(house: &House<'_>, one: &Record, double: &Record) {
    let gone = "what is gone is shown to nobody";
    assert_eq!(
        first_version(house, "bao", one),
        ["subject", "aside"],
        "{gone}"
    );
    assert_eq!(first_version(house, "jian", one), ["subject"]);
    assert_eq!(seen(house, "bao", one.id).fields["remark"], "只供本处");
    assert!(!seen(house, "jian", one.id).fields.contains_key("remark"));
    // and of one that is still behind
    assert_eq!(seen(house, "bao", double.id).fields["remark"], "只供本处");
    let others = seen(house, "jian", double.id).fields;
    assert_eq!(others.keys().collect::<Vec<_>>(), ["subject"]);
}

/// A deadline that is new runs; lines have their new words.
fn with_lines_and_deadline(house: &House<'_>, one: &Record) {
    let carried = seen(house, "bao", one.id);
    assert_eq!(carried.clocks.len(), 1, "{:?}", carried.clocks);
    let bao = house.client("bao").unwrap();
    let steps = bao
        .list_lines(one.id, "steps", &PageQuery::default())
        .unwrap()
        .items;
    let words: Vec<_> = steps
        .iter()
        .map(|line| (line.fields["task"].as_str().unwrap(), line.state.as_str()))
        .collect();
    assert_eq!(words, [("核对", "todo"), ("归档", "todo")]);
    let first = seen(house, "bao", steps[0].id);
    done(house.act("bao", &first, "do", json!({}), &[]));
}

#[test]
fn design_5_what_hangs_on_a_record_is_carried_over_with_it() {
    for database in testkit::databases().unwrap() {
        let first = include_str!("carried.toml");
        let packs = Packs::new(include_str!("handover.toml"));
        let put = |text: &str| {
            fs::write(packs.0.path().join("base/registers/errand.toml"), text).unwrap();
        };
        put(first);
        let path = packs.path();
        let on_packs = Plan::new(RUPING, database).init("--test-packs", &path);
        let mut server = on_packs.serve("--test-packs", &path).start().unwrap();
        let house = case::office(&server);
        let asked = plan(&house, "搬迁");
        let two = [plan(&house, "清点"), plan(&house, "清点")];
        let waits = house.act("bao", &asked, "finish", json!({}), &[]).unwrap();
        assert!(matches!(waits, Performed::Waiting(_)), "{waits:?}");
        let roster = house.leave();
        server.stop(0).unwrap();

        put(&next_errand(first));
        let (code, trials) = told(&server, &packs);
        assert_eq!(code, Some(1), "{trials:?}");
        tried_errands(&trials, &two);
        server.start_again(0).unwrap();
        let house = roster.enter(&server).unwrap();
        case::until(|| seen(&house, "bao", asked.id).version == 2);
        // of two with one subject, one keeps it
        let has = |record: &Record| seen(&house, "bao", record.id).version == 2;
        case::until(|| two.iter().any(has));
        let [one, double] = if has(&two[0]) {
            two
        } else {
            let [b, a] = two;
            [a, b]
        };
        hidden_as_before(&house, &one, &double);
        with_lines_and_deadline(&house, &one);

        // a request for an action that is no more goes back by itself, and another can be made
        let ling = house.client("ling").unwrap();
        case::until(|| {
            let inbox = ling.list_inbox(&PageQuery::default()).unwrap();
            inbox.items.is_empty()
        });
        let asked = seen(&house, "bao", asked.id);
        let waits = house.act("bao", &asked, "close", json!({}), &[]).unwrap();
        assert_eq!(case::approve(&house, "ling", &waits).state, "done");
        server.stop(0).unwrap();
        let mut check = server.on_folder("check");
        let check = check.args(["--test-packs", &path]).output().unwrap();
        let told = String::from_utf8_lossy(&check.stdout).into_owned();
        assert!(check.status.success(), "{told}");
    }
}
