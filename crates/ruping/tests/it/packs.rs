//! DESIGN 5, R-409: the rules of the house are read, checked and tried by those whose office it is; a house adds
//! registers and policies of its own, which count from the next start.

use std::fs;

use client::{Call, Client};
use serde_json::{Value, json};
use testkit::Server;

use crate::on_each_database;

const KEYS: &str = r#"key = "key_loan"
name = { zh = "钥匙领用登记", en = "Keys" }
area = "places"
help = { zh = "登记保密柜钥匙的领用。", en = "Who has which key." }
label = "open"

[[field]]
key = "remark"
name = { zh = "备注", en = "Remark" }
type = "text"
required = true

[[state]]
key = "out"
name = { zh = "领出", en = "Out" }
initial = true
final = true

[[action]]
key = "hand_out"
name = { zh = "领出", en = "Hand out" }
to = "out"
who = "role:registrar"
"#;

const NO_PRINT: &str = r#"@id("house.print") @rule("house") @clause("保密制度 12") @zh("绝密不得打印") @en("top secret is not printed")
forbid (principal, action == Action::"print", resource) when { context.levels.contains(Level::"state.top_secret") };"#;

fn ask(client: &Client, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
    let mut call = Call::new(method, &format!("/api/v1{path}"));
    if let Some(body) = body {
        call = call.json(body).unwrap();
    }
    let answer = client.send(&call).unwrap();
    (answer.status, answer.json().unwrap())
}

fn read(client: &Client, path: &str) -> Value {
    let (status, answer) = ask(client, "GET", path, None);
    assert_eq!(status, 200, "{answer}");
    answer
}

fn send(client: &Client, path: &str, name: &str, text: &str) -> Value {
    let body = json!({ "files": [{ "name": name, "text": text }] });
    let (status, answer) = ask(client, "POST", path, Some(&body));
    assert_eq!(status, 200, "{answer}");
    answer
}

fn find<'v>(list: &'v Value, key: &str, is: &str) -> &'v Value {
    let mut all = list.as_array().unwrap().iter();
    all.find(|one| one[key] == is)
        .unwrap_or_else(|| panic!("{is} is not in {list}"))
}

#[test]
fn what_is_in_use_is_told_with_its_source() {
    on_each_database(|server| {
        let house = crate::case::office(&server);
        let office = house.client("ban").unwrap();
        let packs = read(office, "/packs");
        let secret = find(&packs["parameters"], "key", "period.max.state.secret");
        assert_eq!(secret["value"]["zh"], "20 年");
        assert_eq!(secret["rule"], "R-131");
        assert_eq!(secret["set_by"], json!(["base"]));
        let rule = find(&packs["rules"], "id", "R-184");
        assert_eq!(rule["clause"], "EMARK");
        let own = find(&packs["registers"], "key", "loan");
        assert_eq!(own["file"], "base/registers/custody/loan.toml");
        assert_eq!(own["own"], false);
        let source = read(office, "/packs/registers/loan");
        assert!(source["text"].as_str().unwrap().contains("key = \"loan\""));
        assert_eq!(source["versions"][0]["n"], 1);
        assert_eq!(ask(office, "GET", "/packs/registers/nothing", None).0, 404);

        let policies = read(office, "/policies");
        let keep = find(&policies["policies"], "id", "custody.keep");
        assert!(keep["text"].as_str().unwrap().contains("permit ("));
        assert_eq!(policies["policies"].as_array().unwrap().len(), {
            let ids = policies["policies"].as_array().unwrap().iter();
            ids.map(|one| one["id"].as_str().unwrap())
                .collect::<std::collections::BTreeSet<_>>()
                .len()
        });
        let registrar = find(&policies["roles"], "role", "registrar");
        let duty = find(&registrar["duties"], "policy", "custody.keep");
        assert!(
            duty["always"]
                .as_array()
                .unwrap()
                .iter()
                .any(|one| one["en"] == "receive"),
            "{duty}"
        );
        assert!(
            duty["proof"]
                .as_array()
                .unwrap()
                .iter()
                .any(|one| one["en"] == "lend"),
            "{duty}"
        );

        // nobody else reads them
        let registrar = house.client("bao").unwrap();
        for path in ["/packs", "/policies", "/packs/registers/loan"] {
            assert_eq!(ask(registrar, "GET", path, None).0, 403, "{path}");
        }
    });
}

#[test]
fn a_check_tells_every_mistake_and_what_would_change() {
    let server = crate::server();
    let house = crate::case::office(&server);
    let office = house.client("ban").unwrap();
    let broken = KEYS
        .replace("type = \"text\"", "type = \"texxt\"")
        .replace("to = \"out\"", "to = \"away\"");
    let told = send(office, "/packs/check", "house/key_loan.toml", &broken);
    let mistakes = told["mistakes"].as_array().unwrap();
    assert_eq!(mistakes.len(), 2, "{told}");
    assert!(
        mistakes
            .iter()
            .all(|one| one["file"] == "house/key_loan.toml" && one["line"].as_u64() > Some(1))
    );
    assert!(mistakes[0]["remedy"]["zh"].is_string() && told["registers"] == json!([]));

    let told = send(office, "/packs/check", "house/key_loan.toml", KEYS);
    assert_eq!(told["mistakes"], json!([]));
    assert_eq!(told["registers"][0]["key"], "key_loan");
    assert_eq!(told["registers"][0]["new"], true);
}

#[test]
fn another_version_is_compared_with_the_one_in_use() {
    let server = crate::server();
    let house = crate::case::office(&server);
    let office = house.client("ban").unwrap();
    let source = read(office, "/packs/registers/unit");
    let text = source["text"].as_str().unwrap();
    let changed = text
        .replace("max_length = 100", "max_length = 120")
        .replacen("label = \"open\"", "label = \"open\"\nversion = 2", 1);
    let told = send(office, "/packs/check", "mine.toml", &changed);
    let unit = &told["registers"][0];
    assert_eq!(
        (&unit["key"], &unit["new"]),
        (&json!("unit"), &json!(false)),
        "{told}"
    );
    let paths: Vec<&str> = unit["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["path"].as_str().unwrap())
        .collect();
    assert_eq!(paths, ["fields.name.max_length", "version"]);
    assert_eq!(
        (&unit["version_was"], &unit["version"]),
        (&json!(1), &json!(2))
    );
    assert!(unit["records"].as_i64() > Some(0));
    assert_eq!(
        told["files"][0]["instead_of"],
        "base/registers/people/unit.toml"
    );
    let gone = told["files"][0]["lines"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["is"] == "gone");
    assert_eq!(gone.count(), 1);

    // a parameter that the law fixes
    let told = send(
        office,
        "/packs/check",
        "house/regime.toml",
        "key = \"own\"\nname = { zh = \"a\", en = \"b\" }\n[parameters]\n\"leak.report\" = { value = \"48h\", rule = \"R-601\" }\n",
    );
    assert_eq!(told["mistakes"].as_array().unwrap().len(), 1, "{told}");
}

#[test]
fn what_is_no_file_or_too_many_is_not_checked() {
    let server = crate::server();
    let house = crate::case::office(&server);
    let office = house.client("ban").unwrap();
    for files in [
        json!([]),
        json!([{ "name": "", "text": "" }]),
        json!([{ "name": "a", "text": "" }, { "name": "a", "text": "" }]),
    ] {
        let (status, answer) = ask(
            office,
            "POST",
            "/packs/check",
            Some(&json!({ "files": files })),
        );
        assert_eq!(status, 400, "{answer}");
    }
    let many: Vec<Value> = (0..51)
        .map(|n| json!({ "name": n.to_string(), "text": "" }))
        .collect();
    let (_, answer) = ask(
        office,
        "POST",
        "/packs/check",
        Some(&json!({ "files": many })),
    );
    assert_eq!(answer["code"], "packs.files");
}

#[test]
fn a_what_if_tells_who_loses_what_and_changes_nothing() {
    on_each_database(|server| {
        let house = crate::case::office(&server);
        let security = server.enter_again("secadmin").unwrap();
        let told = send(&security, "/policies/what-if", "house/site.cedar", NO_PRINT);
        assert!(told["accounts"].as_u64() > Some(3), "{told}");
        assert_eq!(told["compared"], told["of"]);
        let print = find(&told["shifts"], "kind", "print");
        assert_eq!(print["gains"], false);
        assert_eq!(
            print["after"],
            json!({ "says": "refused", "policies": ["house.print"] })
        );
        assert_eq!(print["situations"][0]["en"], "level: Top secret");
        let who: Vec<&Value> = told["shifts"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["kind"] == "print")
            .flat_map(|one| one["accounts"].as_array().unwrap())
            .collect();
        assert!(who.iter().any(|one| one["name"] == "bao"), "{told}");
        assert_eq!(told["of_program"], json!([]));

        // the head of the office sees no accounts, and asks for roles
        let told = send(
            house.client("ban").unwrap(),
            "/policies/what-if",
            "house/site.cedar",
            NO_PRINT,
        );
        assert_eq!(told["accounts"], 0);
        assert!(!told["shifts"].as_array().unwrap().is_empty());

        let shipped = read(&security, "/policies")["files"][0].clone();
        let told = send(
            &security,
            "/policies/what-if",
            shipped["name"].as_str().unwrap(),
            "",
        );
        assert_eq!(told["of_program"], json!([shipped["name"]]));
        assert!(
            told["shifts"]
                .as_array()
                .unwrap()
                .iter()
                .all(|one| one["gains"] == false)
        );

        let told = send(
            &security,
            "/policies/what-if",
            "house/site.cedar",
            "permit (principal, action, resource",
        );
        assert_eq!(told["shifts"], json!([]));
        assert_eq!(told["mistakes"][0]["file"], "house/site.cedar");
        assert_eq!(
            read(&security, "/policies")["policies"],
            read(&security, "/policies")["policies"]
        );
    });
}

#[test]
fn a_house_adds_registers_and_policies_that_count_from_the_next_start() {
    on_each_database(|mut server: Server| {
        let roster = crate::case::office(&server).leave();
        let own = server.data().join("packs/own");
        fs::create_dir_all(&own).unwrap();
        fs::write(own.join("key_loan.toml"), KEYS).unwrap();
        fs::write(own.join("site.cedar"), NO_PRINT).unwrap();
        let regime = |hours: u8| {
            let text = format!(
                "key = \"own\"\nname = {{ zh = \"本单位\", en = \"Own\" }}\n\
                 [parameters]\n\"training.hours.year\" = {{ value = {hours}, rule = \"R-309\" }}\n"
            );
            fs::write(own.join("regime.toml"), text).unwrap();
        };
        regime(5);
        server.stop(0).unwrap();
        server.start_again(0).unwrap();
        regime(6);
        server.stop(0).unwrap();
        server.start_again(0).unwrap();
        let house = roster.enter(&server).unwrap();
        let made = house.make(
            "bao",
            "key_loan",
            "hand_out",
            json!({ "remark": "一号柜" }),
            &[],
        );
        assert_eq!(crate::case::done(made).state, "out");
        let office = house.client("ban").unwrap();
        let packs = read(office, "/packs");
        let keys = find(&packs["registers"], "key", "key_loan");
        assert_eq!(
            (&keys["own"], &keys["file"]),
            (&json!(true), &json!("house/own/key_loan.toml"))
        );
        assert_eq!(
            packs["house"],
            json!(["house/own/key_loan.toml", "house/own/regime.toml"])
        );
        let policies = read(office, "/policies");
        assert_eq!(
            find(&policies["policies"], "id", "house.print")["own"],
            true
        );
        let auditor = server.enter("auditor").unwrap();
        let noted = |what: &str, key: Option<&str>| {
            let log = read(&auditor, &format!("/log/entries?action={what}"));
            let entries = log["items"].as_array().unwrap().iter();
            let of = |one: &&Value| key.is_none_or(|key| one["entry"]["facts"]["regime"] == key);
            entries.filter(of).count()
        };
        assert_eq!(noted("policies.loaded", None), 1);
        assert_eq!(noted("regime.loaded", Some("own")), 2, "each change of it");
        assert_eq!(noted("regime.loaded", Some("base")), 0);

        // one that is broken keeps the house shut, and says where
        fs::write(
            own.join("key_loan.toml"),
            KEYS.replace("to = \"out\"", "to = \"away\""),
        )
        .unwrap();
        server.stop(0).unwrap();
        let error = server.start_again(0).unwrap_err();
        let said = format!("{error:#} {}", server.said());
        assert!(said.contains("house/own/key_loan.toml:"), "{said}");
    });
}

#[test]
fn policies_are_tried_by_the_command_line() {
    let server = crate::server();
    let path = server.folder().join("site.cedar");
    fs::write(&path, NO_PRINT).unwrap();
    let path = path.display().to_string();
    let output = server
        .ruping(&["policy", "check", &path, "--lang", "en"])
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(
        text.contains("loses print") && text.contains("level: Top secret"),
        "{text}"
    );
    fs::write(&path, "permit (principal").unwrap();
    let output = server
        .ruping(&["policy", "check", &path, "--lang", "en"])
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("site.cedar:1:"), "{text}");
}
