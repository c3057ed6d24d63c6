//! What must not be readable is not: in raw bytes, after a kill, from a byte copy made before its
//! destruction. What nobody attached does not stay.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use domain::FileId;
use serde_json::json;
use testkit::raw::{Found, Planted, search};
use testkit::{Copy, Database, PASSWORD, Server};
use wire::{ActionRequest, Performed};

use crate::case::{self, DOOMED, KEPT};
use crate::damage::files::object;
use crate::on_each_database;

/// Distinctive texts that a test puts wherever people write something.
const PLANTED: [&str; 8] = [
    "龙门计划总体方案-T1Q8",
    "DOCNO-7731-KXQV",
    "三号装药配比-F5ZK",
    "FILENAME-PLAN-9XW2",
    "批注里写的话-C4MM",
    "ISSUER-UNIT-44-ZZB",
    "PURPOSE-EVAL-61-RTY",
    "单位名称保密-U2PL",
];

#[test]
fn nothing_planted_is_found_in_raw_bytes_while_serving_or_after_a_kill() {
    on_each_database(|mut server| {
        let mut planted: Vec<Planted> = PLANTED.iter().map(|text| Planted::new(text)).collect();
        planted.push(Planted::new(PASSWORD));
        for name in ["sysadmin", "secadmin", "auditor", "office"] {
            planted.push(Planted::new(server.one_time_password(name).unwrap()));
        }
        let control = server.data().join("control");
        fs::write(&control, format!("before {} after", PLANTED[0])).unwrap();
        let found = everywhere(&server, &planted);
        assert_eq!(found.len(), 1, "the search finds what is there: {found:?}");
        fs::remove_file(control).unwrap();
        planted.push(Planted::new(&plant(&server)));
        assert_eq!(everywhere(&server, &planted), [], "while serving");
        server.kill(0).unwrap();
        assert_eq!(everywhere(&server, &planted), [], "after a kill");
        server.start_again(0).unwrap();
        server.stop(0).unwrap();
        assert_eq!(everywhere(&server, &planted), [], "at rest");
    });
}

#[test]
fn gap_6_what_a_database_server_says_of_a_failure_is_not_repeated() {
    const SECRET: &str = "会谈单位-FAIL-3WQ";
    for database in testkit::databases().unwrap() {
        if matches!(database, Database::Sqlite) {
            continue;
        }
        let server = Server::start(crate::RUPING, database).unwrap();
        let office = server.enter("office").unwrap();
        let mut sql = server.sql().unwrap();
        // triggers of the owner are switched off for a connection of ours only
        for statement in [
            "CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             RAISE EXCEPTION 'row %', NEW.body USING DETAIL = NEW.body, HINT = NEW.body; END $$",
            "CREATE TRIGGER tell BEFORE INSERT ON record FOR EACH ROW EXECUTE FUNCTION tell()",
        ] {
            sql.run(statement).unwrap();
        }
        let unit = json!({ "name": SECRET });
        let new = wire::NewRecord {
            fields: unit.as_object().unwrap().clone(),
            ..wire::NewRecord::default()
        };
        let refused = office.create_record("unit", &new, &client::Act::default());
        let refused = refused.unwrap_err();
        assert_eq!(refused.code(), "unavailable");
        assert!(!format!("{refused:?}").contains(SECRET), "{refused:?}");
        let said = server.said();
        assert!(
            said.contains("SQLSTATE P0001"),
            "the operator is told: {said}"
        );
        assert!(!said.contains(SECRET), "{said}");
    }
}

/// Searches the test's folder: data, temporary files, what was written to standard error.
fn everywhere(server: &Server, planted: &[Planted]) -> Vec<Found> {
    let (found, read) = search(server.folder(), planted).unwrap();
    assert!(read > 5, "only {read} files were read");
    found
}

/// Writes secrets into every kind of place, some of them in requests that are refused; gives the
/// token of a program.
fn plant(server: &Server) -> String {
    let [title, doc_no, content, name, comment, issuer, purpose, unit] = PLANTED;
    let house = case::staff(server);
    let bao = house.client("bao").unwrap();
    // longer than one chunk, so that a part of it is on its own
    let bytes = content.repeat(10_000);
    let file = bao
        .upload_file(name, "text/plain", &mut bytes.as_bytes())
        .unwrap();
    let scope = json!([house.id("bao").unwrap(), house.id("yue").unwrap()]);
    let fields = json!({
        "title": title, "doc_no": doc_no, "level": "state.secret", "term": { "years": 10 },
        "issue_date": "2026-02-01", "scope_persons": scope, "issuer": issuer, "contents": [file.id],
        "taken_from": "旧台账",
    });
    let made = house
        .make("bao", "document", "take_over", fields.clone(), &[])
        .unwrap();
    let document = made.record().unwrap().clone();
    let request = ActionRequest {
        input: json!({
            "copies_count": 1, "keeper": house.id("bao").unwrap(), "place": house.id("safe").unwrap(),
        })
        .as_object()
        .unwrap()
        .clone(),
        comment: Some(comment.to_owned()),
        ..ActionRequest::default()
    };
    let seen = client::Version::from(&document);
    let act = client::Act::default();
    let copied = bao
        .perform_action(seen, "make_copies", &request, &act)
        .unwrap();
    let Performed::Done(copied) = copied else {
        panic!("copies wait for somebody")
    };
    let loan = json!({
        "copy": copied.made[0].id, "borrower": house.id("yue").unwrap(), "purpose": purpose,
        "due_at": "2026-03-05T09:00:00Z",
    });
    house.make("bao", "loan", "request", loan, &[]).unwrap();
    house
        .make("office", "unit", "add", json!({ "name": unit }), &[])
        .unwrap();
    refused_with(&house, title, &fields);
    let mut read = Vec::new();
    house
        .client("yue")
        .unwrap()
        .read_file(file.id, &mut read)
        .unwrap();
    assert_eq!(read, bytes.as_bytes());
    token(server)
}

/// Requests that fail on the way say nothing of what they held.
fn refused_with(house: &testkit::House<'_>, title: &str, fields: &serde_json::Value) {
    let mut wrong = fields.clone();
    wrong["level"] = json!(title);
    assert!(
        house
            .make("bao", "document", "take_over", wrong, &[])
            .is_err()
    );
    let mut above = fields.clone();
    above["level"] = json!("state.top_secret");
    assert!(
        house
            .make("bao", "document", "take_over", above, &[])
            .is_err()
    );
    let bao = house.client("bao").unwrap();
    let path = format!("/api/v1/records/{}", PLANTED[1]);
    let answer = bao.send(&client::Call::new("GET", &path)).unwrap();
    assert_eq!(answer.status, 404);
    let broken = client::Call::new("POST", "/api/v1/registers/unit/records");
    let body = format!("{{\"fields\": {{\"name\": \"{title}\"").into_bytes();
    let answer = bao.send(&broken.bytes("application/json", body)).unwrap();
    assert_eq!(answer.status, 400);
}

/// A program's token.
fn token(server: &Server) -> String {
    let office = server.enter_again("office").unwrap();
    let new = wire::NewToken {
        name: "backup".to_owned(),
        scopes: vec!["read".to_owned()],
        expires_at: "2026-04-01T00:00:00Z".parse().unwrap(),
    };
    office.create_token(&new).unwrap().token.expose().to_owned()
}

/// A document with a file, copied byte by byte, then destroyed.
fn destroyed_after_copy(server: &mut Server) -> (Copy, FileId) {
    let (file, copies, roster) = {
        let house = case::staff(server);
        let (_, file, copies) = case::document(&house, "待销毁文件", DOOMED, 1);
        case::document(&house, "留存文件", KEPT, 1);
        (file, copies, house.leave())
    };
    server.stop(0).unwrap();
    let copy = server.copy_all().unwrap();
    server.start_again(0).unwrap();
    {
        let house = roster.enter(server).unwrap();
        let destroyed = case::destroy(&house, &copies);
        case::proof(house.client("bao").unwrap(), destroyed.entry.unwrap());
    }
    server.stop(0).unwrap();
    (copy, file)
}

fn key_of(server: &Server, file: FileId) -> bool {
    let query = format!("SELECT object_id FROM file WHERE id = '{file}'");
    let object = server.sql().unwrap().text(&query).unwrap();
    let count = format!("object_key WHERE id = '{object}'");
    server.key_sql().unwrap().count(&count).unwrap() == 1
}

#[test]
fn destroyed_content_does_not_open_from_a_byte_copy_with_todays_keys() {
    on_each_database(|mut server| {
        let (copy, file) = destroyed_after_copy(&mut server);
        let todays = keys(&server);
        match server.database() {
            // the copy of database, vault and log, and the key store as it is today
            Database::Sqlite => {
                for folder in ["db", "vault", "log"] {
                    server.put_back_folder(&copy, folder).unwrap();
                }
            }
            Database::Postgres { .. } => {
                server.put_back(&copy).unwrap();
                assert!(key_of(&server, file), "the copy held the key");
                keep_only(&server, &todays);
            }
        }
        assert!(object(&server, file).exists(), "the bytes are all there");
        server.start_again(0).unwrap();
        let yue = server.enter_again("yue").unwrap();
        let mut got = Vec::new();
        let refused = yue.read_file(file, &mut got).unwrap_err();
        assert_eq!(refused.code(), "vault.key_gone");
        assert!(got.is_empty());
        server.stop(0).unwrap();
        let check = server.on_folder("check").output().unwrap();
        let said = String::from_utf8_lossy(&check.stdout).into_owned();
        assert_eq!(check.status.code(), Some(1), "{said}");
        assert!(
            said.contains("check.key_missing"),
            "it says what happened: {said}"
        );
    });
}

fn keys(server: &Server) -> BTreeSet<String> {
    let all = "SELECT COALESCE(string_agg(id, ','), '') FROM object_key";
    let all = match server.database() {
        Database::Sqlite => all.replace("string_agg", "group_concat"),
        Database::Postgres { .. } => all.to_owned(),
    };
    let text = server.key_sql().unwrap().text(&all).unwrap();
    text.split(',').map(ToOwned::to_owned).collect()
}

fn keep_only(server: &Server, ids: &BTreeSet<String>) {
    let list: Vec<String> = ids.iter().map(|id| format!("'{id}'")).collect();
    let erase = format!(
        "DELETE FROM object_key WHERE id NOT IN ({})",
        list.join(",")
    );
    assert!(server.key_sql().unwrap().run(&erase).unwrap() > 0);
}

#[test]
fn every_start_erases_again_what_the_log_says_was_destroyed() {
    let mut server = crate::server();
    let (copy, file) = destroyed_after_copy(&mut server);
    // an old database with its old keys; the log is today's
    for folder in ["db", "vault", "keys"] {
        server.put_back_folder(&copy, folder).unwrap();
    }
    assert!(key_of(&server, file), "the copy held the key");
    let refused = server
        .on_folder("serve")
        .args(["--listen", "127.0.0.1:0"])
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("[store.behind_log]"), "{said}");
    assert!(!key_of(&server, file), "and the key is gone all the same");
    let log = told(&server, "restore", &["--format", "json"]);
    let lost: Vec<&str> = log.stdout.lines().collect();
    assert_eq!(log.code, Some(1), "nothing was decided yet: {}", log.stderr);
    let named = format!("lacks {} entries", lost.len());
    assert!(said.contains(&named), "{said} and not {named}");
    assert!(
        said.contains("ruping restore"),
        "it says what to do: {said}"
    );
}

/// What a verb on the folder says.
struct Told {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn told(server: &Server, verb: &str, more: &[&str]) -> Told {
    let output = server.on_folder(verb).args(more).output().unwrap();
    Told {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn gap_17_an_older_database_goes_on_with_its_log_and_what_was_lost_is_told() {
    let mut server = crate::server();
    let (copy, file) = destroyed_after_copy(&mut server);
    let newest = server
        .sql()
        .unwrap()
        .text("SELECT max(id) FROM entry")
        .unwrap();
    let kept = server.folder().join("kept").display().to_string();
    fs::copy(server.data().join("log/checkpoint"), &kept).unwrap();
    for folder in ["db", "keys"] {
        server.put_back_folder(&copy, folder).unwrap();
    }
    let first = told(&server, "restore", &[]);
    assert_eq!(first.code, Some(1), "{}", first.stderr);
    assert!(
        first.stdout.contains("  destruction.destroy  "),
        "{}",
        first.stdout
    );
    assert!(
        first.stdout.contains("  content.erased  "),
        "{}",
        first.stdout
    );
    assert!(!key_of(&server, file), "destroyed stays destroyed");
    let again = told(&server, "restore", &[]);
    assert_eq!(first.stdout, again.stdout, "to look changes nothing");
    let taken = told(&server, "restore", &["--accept-loss"]);
    assert_eq!(
        (taken.code, &taken.stdout),
        (Some(0), &first.stdout),
        "{}",
        taken.stderr
    );
    assert_eq!(
        told(&server, "restore", &[]).code,
        Some(0),
        "all is there now"
    );
    server.start_again(0).unwrap();
    let count = |of: &str| {
        let mut sql = server.sql().unwrap();
        sql.count(&format!("entry WHERE {of}")).unwrap()
    };
    let placed = format!("id = '{newest}' AND idx IS NOT NULL");
    assert_eq!(count(&placed), 1, "the lost entries have their places");
    let says_so = "instr(CAST(body AS TEXT), 'log.tail_taken') > 0";
    assert_eq!(count(says_so), 1, "the log says so");
    work_on(&server);
    server.stop(0).unwrap();
    the_log_goes_on(&server, &kept);
}

/// Makes a unit, and waits until the log has it.
fn work_on(server: &Server) {
    let house = server.enter_again("office").unwrap();
    let unit = json!({ "name": "三部" });
    let new = wire::NewRecord {
        fields: unit.as_object().unwrap().clone(),
        ..wire::NewRecord::default()
    };
    let made = house
        .create_record("unit", &new, &client::Act::default())
        .unwrap();
    case::proof(&house, made.record().unwrap().entry.unwrap());
}

/// The log is the old one with more at its end, and what is lost is counted.
fn the_log_goes_on(server: &Server, kept: &str) {
    let vkey = server.vkey_file().display().to_string();
    let data = server.data().display().to_string();
    let verify = [
        "ledger", "verify", "--data", &data, "--vkey", &vkey, "--kept", kept,
    ];
    let output = server.ruping(&verify).unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "the log was not forked: {output:?}"
    );
    let check = told(server, "check", &["--kept", kept]);
    assert_eq!(check.code, Some(0), "{}", check.stdout);
    let report: serde_json::Value = serde_json::from_str(&check.stdout).unwrap();
    assert!(
        report["lost"].as_u64() > Some(0),
        "and it is not forgotten: {report}"
    );
}

/// An entry made in a database older than its log would take a place that another entry has.
#[test]
fn a_changed_definition_is_noted_only_once_the_log_was_taken_in() {
    let mut server = crate::server();
    let (copy, _) = destroyed_after_copy(&mut server);
    for folder in ["db", "keys"] {
        server.put_back_folder(&copy, folder).unwrap();
    }
    let old = "digest = 'of an earlier build'";
    let outdate = format!("UPDATE definition SET {old} WHERE key = 'unit'");
    assert_eq!(server.sql().unwrap().run(&outdate).unwrap(), 1);
    let count = |of: &str| server.sql().unwrap().count(of).unwrap();
    let entries = count("entry");
    for more in [&[][..], &["--accept-loss"]] {
        assert_eq!(count("entry"), entries);
        assert_eq!(count(&format!("definition WHERE {old}")), 1);
        let looked = told(&server, "restore", more);
        assert!(looked.code < Some(2), "{}", looked.stderr);
    }
    server.start_again(0).unwrap();
    server.stop(0).unwrap();
    let noted = format!("definition WHERE key = 'unit' AND NOT {old}");
    let mut sql = server.sql().unwrap();
    assert!(sql.count(&noted).unwrap() > 0, "it is noted now");
}

#[test]
fn gap_17_a_log_that_is_not_the_databases_is_not_taken_in() {
    let mut server = crate::server();
    let (copy, _) = destroyed_after_copy(&mut server);
    server.put_back_folder(&copy, "db").unwrap();
    let entry = server
        .sql()
        .unwrap()
        .run("UPDATE entry SET body = CAST('{}' AS BLOB) WHERE idx = (SELECT max(idx) FROM entry)");
    assert_eq!(entry.unwrap(), 1);
    let refused = told(&server, "restore", &["--accept-loss"]);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.stderr.contains("[store.not_of_this_log]"),
        "{}",
        refused.stderr
    );
    server.put_back_folder(&copy, "db").unwrap();
    let bundle = server.data().join("log/tile/entries/000.p");
    let newest = fs::read_dir(&bundle)
        .unwrap()
        .map(|one| one.unwrap().path())
        .max()
        .unwrap();
    let mut bytes = fs::read(&newest).unwrap();
    let last = bytes.len() - 3;
    bytes[last] ^= 1;
    fs::write(&newest, bytes).unwrap();
    let refused = told(&server, "restore", &["--accept-loss"]);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.stderr.contains("[restore.log_unsound]"),
        "{}",
        refused.stderr
    );
}

#[test]
fn old_keys_beside_todays_database_are_erased_again_at_the_start() {
    let mut server = crate::server();
    let (copy, file) = destroyed_after_copy(&mut server);
    server.put_back_folder(&copy, "keys").unwrap();
    assert!(key_of(&server, file), "the copy held the key");
    server.start_again(0).unwrap();
    server.stop(0).unwrap();
    assert!(!key_of(&server, file), "destroyed stays destroyed");
    // what was recorded after the copy has lost its keys, and that is said too
    let check = server.on_folder("check").output().unwrap();
    let said = String::from_utf8_lossy(&check.stdout).into_owned();
    assert!(said.contains("check.key_missing"), "{said}");
    assert!(!said.contains("check.erasure_undone"), "{said}");
}

#[test]
fn uploads_that_nobody_attached_and_objects_cut_off_by_a_crash_are_swept() {
    on_each_database(|mut server| {
        let (kept, left) = {
            let house = case::staff(&server);
            let (_, kept, _) = case::document(&house, "留存文件", KEPT, 1);
            let bao = house.client("bao").unwrap();
            let left = bao.upload_file("left.txt", "text/plain", &mut "left".as_bytes());
            (kept, left.unwrap().id)
        };
        let (left, kept_object) = (object(&server, left), object(&server, kept));
        // what an upload leaves that a crash cut off: an object without a row
        let name =
            domain::ObjectId::new("2026-03-02T01:00:00Z".parse().unwrap(), [7; 10]).to_string();
        let shard: String = name.chars().rev().take(2).collect();
        let cut_off = server.data().join("vault").join(shard).join(name);
        fs::create_dir_all(cut_off.parent().unwrap()).unwrap();
        fs::write(&cut_off, "half an object").unwrap();
        server.stop(0).unwrap();
        server.start_again(0).unwrap();
        assert!(left.exists() && cut_off.exists(), "a day has not passed");
        let young = {
            server.set_clock("2026-03-03T02:00:00Z").unwrap();
            let bao = server.enter_again("bao").unwrap();
            let young = bao.upload_file("young.txt", "text/plain", &mut "young".as_bytes());
            object(&server, young.unwrap().id)
        };
        server.stop(0).unwrap();
        server.start_again(0).unwrap();
        until_gone(&left);
        until_gone(&cut_off);
        assert!(young.exists() && kept_object.exists());
        let mut got = Vec::new();
        let yue = server.enter_again("yue").unwrap();
        yue.read_file(kept, &mut got).unwrap();
        assert_eq!(got, KEPT.as_bytes());
        server.stop(0).unwrap();
        let check = server.on_folder("check").output().unwrap();
        assert_eq!(
            check.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&check.stdout)
        );
    });
}

fn until_gone(path: &Path) {
    for _ in 0..500 {
        if !path.exists() {
            return;
        }
        testkit::pause();
    }
    panic!("`{}` stays", path.display());
}
