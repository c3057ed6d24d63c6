//! Damage to raw files: the vault's objects, the embedded database, its write-ahead log.

use std::fs;
use std::path::{Path, PathBuf};

use domain::FileId;
use serde_json::json;
use testkit::{Database, Server};

use super::{Bench, Damages, log};
use crate::RUPING;
use crate::case;

/// Where the object of a file lies.
pub(crate) fn object(server: &Server, file: FileId) -> PathBuf {
    let query = format!("SELECT object_id FROM file WHERE id = '{file}'");
    let object = server.sql().unwrap().text(&query).unwrap();
    let shard: String = object.chars().rev().take(2).collect();
    server.data().join("vault").join(shard).join(object)
}

pub(super) fn vault_damages() -> Damages {
    Damages::from([
        (
            "object-swapped",
            (|bench| {
                let other = object(&bench.server, bench.case.gone);
                fs::copy(other, kept(bench)).unwrap();
            }) as fn(&mut Bench),
        ),
        ("object-cut", |bench| {
            let path = kept(bench);
            let bytes = fs::read(&path).unwrap();
            fs::write(path, &bytes[..bytes.len() - 5]).unwrap();
        }),
        ("object-missing", |bench| {
            fs::remove_file(kept(bench)).unwrap()
        }),
        ("object-byte", |bench| log::flip(&kept(bench), 40)),
    ])
}

fn kept(bench: &Bench) -> PathBuf {
    object(&bench.server, bench.case.file)
}

pub(super) fn database_damages() -> Damages {
    Damages::from([
        (
            "page-byte",
            (|bench| {
                let path = bench.server.data().join("db/ruping.db");
                flip_pages(&path, 3);
            }) as fn(&mut Bench),
        ),
        ("key-page-byte", |bench| {
            let path = bench.server.data().join("keys/keys.db");
            flip_pages(&path, 1);
        }),
        ("wal-tail", |bench| lose_tail(bench)),
        ("wal-tail-and-log", |bench| {
            let old = bench.copy.folder().join("log");
            lose_tail(bench);
            fs::remove_dir_all(log::log(bench)).unwrap();
            copy(&old, &log::log(bench));
        }),
        ("root-key", |bench| {
            let key = bench.server.folder().join("root.key");
            fs::write(key, format!("{}\n", "7b".repeat(32))).unwrap();
        }),
    ])
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Flips a byte in every page from a number on.
fn flip_pages(path: &Path, from: usize) {
    const PAGE: usize = 4096;
    let mut bytes = fs::read(path).unwrap();
    let pages = bytes.len() / PAGE;
    assert!(pages > from, "the file has {pages} pages");
    for page in from..pages {
        bytes[page * PAGE + 1000] ^= 1;
    }
    fs::write(path, bytes).unwrap();
}

/// Works on, keeps a checkpoint, and loses what the write-ahead log held.
fn lose_tail(bench: &mut Bench) {
    let server = &mut bench.server;
    server.start_again(0).unwrap();
    let made = {
        let mut office = server.nobody().unwrap();
        let login = wire::Login {
            name: "office".to_owned(),
            password: testkit::PASSWORD.into(),
            otp: None,
        };
        office.open_session(&login).unwrap();
        let new = wire::NewRecord {
            action: Some("add".to_owned()),
            fields: json!({ "name": "五部" }).as_object().unwrap().clone(),
            ..wire::NewRecord::default()
        };
        let done = office
            .create_record("unit", &new, &client::Act::default())
            .unwrap();
        let entry = done.record().unwrap().entry.unwrap();
        case::proof(&office, entry);
        done.record().unwrap().id
    };
    server.kill(0).unwrap();
    log::keep(bench);
    let wal = bench.server.data().join("db/ruping.db-wal");
    assert!(fs::metadata(&wal).unwrap().len() > 0);
    fs::write(wal, b"").unwrap();
    let left = format!("SELECT CAST(count(*) AS TEXT) FROM record WHERE id = '{made}'");
    assert_eq!(bench.text(&left), "0", "the tail is lost");
}

#[test]
fn a_damaged_page_is_told_and_ends_the_server() {
    let mut server = Server::start(RUPING, Database::Sqlite).unwrap();
    let kept = {
        let house = case::staff(&server);
        case::document(&house, "留存文件", case::KEPT, 1).0.id
    };
    server.stop(0).unwrap();
    server.start_again(0).unwrap();
    let office = server.enter_again("bao").unwrap();
    flip_pages(&server.data().join("db/ruping.db"), 1);
    let path = format!("/api/v1/records/{kept}/history");
    // an error: it has stopped already, for a clock or the sequencer met a page first
    if let Ok(answer) = office.send(&client::Call::new("GET", &path)) {
        let told = String::from_utf8_lossy(&answer.body);
        assert_eq!(answer.status, 503, "{told}");
        let problem: wire::Problem = answer.json().unwrap();
        assert_eq!(problem.code, "store.damaged_page");
    }
    assert_eq!(server.ended(0).unwrap(), Some(2), "{}", server.said());
    let said = server.said();
    assert!(said.contains("[store.damaged_page]"), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn content_that_is_not_what_was_sealed_is_refused_and_never_given_out() {
    crate::on_each_database(|mut server| {
        let (kept, file, other) = {
            let house = case::staff(&server);
            let (record, file, _) = case::document(&house, "留存文件", case::KEPT, 1);
            let (_, other, _) = case::document(&house, "另一文件", case::DOOMED, 1);
            (record.id, file, other)
        };
        let path = object(&server, file);
        let whole = fs::read(&path).unwrap();
        let foreign = fs::read(object(&server, other)).unwrap();
        let mut flipped = whole.clone();
        let last = flipped.len() - 20;
        flipped[last] ^= 1;
        for (bytes, code) in [
            (Some(foreign), "vault.wrong_object"),
            (Some(whole[..whole.len() - 5].to_vec()), "vault.end_damaged"),
            (Some(flipped), "vault.end_damaged"),
            (Some(Vec::new()), "vault.format"),
            (None, "vault.missing"),
        ] {
            match &bytes {
                Some(bytes) => fs::write(&path, bytes).unwrap(),
                None => fs::remove_file(&path).unwrap(),
            }
            let yue = server.enter_again("yue").unwrap();
            let mut got = Vec::new();
            let refused = yue.read_file(file, &mut got).unwrap_err();
            assert_eq!(refused.code(), code);
            assert!(got.is_empty(), "nothing of it is given out");
            fs::write(&path, &whole).unwrap();
            yue.read_file(file, &mut got).unwrap();
            assert_eq!(got, case::KEPT.as_bytes());
        }
        a_replayed_row(&mut server, kept, file, other);
    });
}

/// The row of a file made to name another object: its key is another's.
fn a_replayed_row(server: &mut Server, kept: domain::RecordId, file: FileId, other: FileId) {
    let mut sql = server.sql().unwrap();
    let take = |column: &str| format!("(SELECT {column} FROM file WHERE id = '{other}')");
    let object = sql
        .text(&format!("SELECT object_id FROM file WHERE id = '{other}'"))
        .unwrap();
    sql.run(&format!(
        "UPDATE file SET object_id = 'none' WHERE id = '{other}'"
    ))
    .unwrap();
    sql.run(&format!(
        "UPDATE file SET object_id = '{object}', seal = {} WHERE id = '{file}'",
        take("seal")
    ))
    .unwrap();
    let house_of = server.enter_again("yue").unwrap();
    let mut got = Vec::new();
    let refused = house_of.read_file(file, &mut got).unwrap_err();
    assert_eq!(
        refused.code(),
        "vault.blob_damaged",
        "its name was sealed for another file"
    );
    assert!(got.is_empty());
    assert!(
        house_of.read_record(kept).is_ok(),
        "the record itself is sound"
    );
}
