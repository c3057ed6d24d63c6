//! The command line from outside: what it prints, in which language, and how it ends.

use std::process::Output;

use serde_json::Value;
use testkit::{House, Server};
use wire::NewToken;

use crate::on_each_database;

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// A file that holds a token of the auditor.
fn token_file(server: &Server) -> String {
    let auditor = server.enter("auditor").unwrap();
    let new = NewToken {
        name: "verifier".to_owned(),
        scopes: vec!["log".to_owned()],
        expires_at: "2026-04-01T00:00:00Z".parse().unwrap(),
    };
    let path = server.folder().join("token");
    std::fs::write(&path, auditor.create_token(&new).unwrap().token.expose()).unwrap();
    path.display().to_string()
}

#[test]
fn the_log_is_verified_from_outside_and_proofs_travel_alone() {
    on_each_database(|server| {
        let house = House::furnish(&server).unwrap();
        let unit = house
            .client("office")
            .unwrap()
            .read_record(house.id("unit").unwrap())
            .unwrap();
        let (token, vkey) = (
            token_file(&server),
            server.vkey_file().display().to_string(),
        );
        let from_server = ["--url", server.address(), "--token-file", &token];
        let verify = [&["ledger", "verify", "--vkey", &vkey][..], &from_server].concat();
        let output = server.ruping(&verify).unwrap();
        let found = json(&output);
        assert_eq!(
            (output.status.code(), &found["ok"]),
            (Some(0), &Value::Bool(true)),
            "{found}"
        );
        assert!(found["size"].as_u64().unwrap() > 0);

        let elsewhere = tempfile::tempdir().unwrap();
        let proof = elsewhere
            .path()
            .join("unit.tlog-proof")
            .display()
            .to_string();
        let entry = unit.entry.unwrap().to_string();
        let prove = [&["ledger", "prove", &entry, "-o", &proof][..], &from_server].concat();
        let last = wait_for(|| server.ruping(&prove).unwrap());
        assert!(
            last.status.success(),
            "{}",
            String::from_utf8_lossy(&last.stderr)
        );
        let check = server
            .ruping(&["ledger", "check", &proof, "--vkey", &vkey])
            .unwrap();
        let checked = json(&check);
        assert_eq!(
            (check.status.code(), &checked["ok"]),
            (Some(0), &Value::Bool(true))
        );
        assert_eq!(checked["entry"]["id"], entry.as_str());
        let shown = server
            .ruping(&["ledger", "show-proof", &proof, "--format", "json"])
            .unwrap();
        assert_eq!(json(&shown)["entry"], checked["entry"]);
    });
}

/// The sequencer places an entry within two seconds; each question is a process of its own.
fn wait_for(ask: impl Fn() -> Output) -> Output {
    let pending =
        |output: &Output| String::from_utf8_lossy(&output.stderr).contains("[ledger.pending]");
    let mut last = ask();
    for _ in 0..200 {
        if !pending(&last) {
            break;
        }
        last = ask();
    }
    last
}

#[test]
fn an_older_checkpoint_tells_a_log_that_lost_its_tail() {
    let mut server = crate::server();
    let (data, vkey) = (server.data(), server.vkey_file().display().to_string());
    let old = tempfile::tempdir().unwrap();
    server.stop(0).unwrap();
    copy(&data.join("log"), &old.path().join("log"));
    server.start_again(0).unwrap();
    drop(House::furnish(&server).unwrap());
    server.stop(0).unwrap();
    let kept = server.folder().join("kept").display().to_string();
    std::fs::copy(data.join("log/checkpoint"), &kept).unwrap();
    let of = |folder: &str| {
        let arguments = [
            "ledger", "verify", "--data", folder, "--vkey", &vkey, "--kept", &kept,
        ];
        server.ruping(&arguments).unwrap()
    };
    assert_eq!(of(&data.display().to_string()).status.code(), Some(0));
    let truncated = of(&old.path().display().to_string());
    assert_eq!(truncated.status.code(), Some(1));
    assert_eq!(json(&truncated)["reason"], "ledger.truncated");
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn a_denial_is_exit_1_and_a_failure_is_exit_2() {
    let server = crate::server();
    let token = token_file(&server);
    let out = server.folder().join("p").display().to_string();
    let absent = "019cc5ce-f280-7d09-9138-84632025f651";
    let prove = |url: &str, token: &str| {
        let arguments = [
            "ledger",
            "prove",
            absent,
            "-o",
            &out,
            "--url",
            url,
            "--token-file",
            token,
        ];
        server
            .ruping(&[&arguments[..], &["--lang", "zh"]].concat())
            .unwrap()
    };
    let absent = prove(server.address(), &token);
    let said = String::from_utf8(absent.stderr).unwrap();
    assert_eq!(
        (absent.status.code(), said.contains("没有找到")),
        (Some(1), true),
        "{said}"
    );
    let failed = prove(server.address(), "/nowhere/token");
    assert_eq!(failed.status.code(), Some(2));
    let nobody = prove("http://127.0.0.1:1", &token);
    let said = String::from_utf8(nobody.stderr).unwrap();
    assert_eq!(
        (nobody.status.code(), said.contains("[client.unreachable]")),
        (Some(2), true),
        "{said}"
    );
    let clear = prove("http://10.0.0.1", &token);
    assert!(
        String::from_utf8(clear.stderr)
            .unwrap()
            .contains("[client.clear_text]")
    );
    let usage = server.ruping(&["ledger", "verify"]).unwrap();
    assert_eq!(usage.status.code(), Some(2));
}

#[test]
fn help_is_everywhere() {
    let server = crate::server();
    let verbs: [&[&str]; 12] = [
        &[],
        &["init"],
        &["serve"],
        &["check"],
        &["demo"],
        &["ledger"],
        &["ledger", "verify"],
        &["ledger", "prove"],
        &["ledger", "check"],
        &["ledger", "show-proof"],
        &["register"],
        &["register", "check"],
    ];
    for verb in verbs {
        let output = server.ruping(&[verb, &["--help"]].concat()).unwrap();
        let told = String::from_utf8(output.stdout).unwrap();
        assert_eq!(
            (output.status.code(), told.contains("Usage: ruping")),
            (Some(0), true),
            "{verb:?}"
        );
    }
}
