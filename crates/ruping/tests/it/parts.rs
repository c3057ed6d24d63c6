//! Files that come in parts: one goes on where its connection broke.

use client::{Answer, Call, Client};
use serde_json::json;
use std::io::Read;
use testkit::House;
use wire::{File, PartialUpload};

use crate::bad_input::{cut_off, problem, session_headers};
use crate::files::{Noise, drafter, objects};
use crate::on_each_database;

const SIZE: u64 = 3 * 1024 * 1024 + 5;

fn begin(client: &Client, size: u64) -> Answer {
    let body = json!({ "name": "方案 v1.bin", "size": size });
    let call = Call::new("POST", "/api/v1/uploads").json(&body).unwrap();
    client.send(&call).unwrap()
}

fn put(client: &Client, id: &str, offset: u64, bytes: &[u8]) -> Answer {
    let path = format!("/api/v1/uploads/{id}?offset={offset}");
    let call = Call::new("PUT", &path);
    let call = call.bytes("application/octet-stream", bytes.to_vec());
    client.send(&call).unwrap()
}

fn ask(client: &Client, method: &str, path: &str) -> Answer {
    let path = format!("/api/v1/uploads/{path}");
    client.send(&Call::new(method, &path)).unwrap()
}

fn refused(answer: &Answer) -> (u16, String) {
    (answer.status, problem(answer).code)
}

fn offset(answer: &Answer) -> u64 {
    answer.json::<PartialUpload>().unwrap().offset
}

fn noise() -> Vec<u8> {
    let mut bytes = Vec::new();
    Noise::new(SIZE).read_to_end(&mut bytes).unwrap();
    bytes
}

/// Issue 4: a file whose connection breaks goes on where it was, and comes back as it was sent.
#[test]
fn an_upload_goes_on_where_its_connection_broke() {
    on_each_database(|server| {
        let chen = drafter(&server);
        let bytes = noise();
        let begun = begin(&chen, SIZE);
        assert_eq!(begun.status, 201);
        let id = begun.json::<PartialUpload>().unwrap().id.to_string();
        let first = 1024 * 1024;
        assert_eq!(offset(&put(&chen, &id, 0, &bytes[..first])), first as u64);

        // half of what was announced comes, then the line is dead
        let headers = session_headers(&server, "chen");
        let mut torn = format!(
            "PUT /api/v1/uploads/{id}?offset={first} HTTP/1.1\r\n{headers}Content-Length: {first}\r\n\r\n"
        )
        .into_bytes();
        torn.extend_from_slice(&bytes[first..first + first / 2]);
        drop(cut_off(&server, &torn));
        let at = offset(&ask(&chen, "GET", &id));
        let most = (first + first / 2) as u64;
        assert!(at >= first as u64 && at <= most, "{at}");

        let early = ask(&chen, "POST", &format!("{id}/finish"));
        assert_eq!(refused(&early), (409, "upload.incomplete".to_owned()));
        let wrong = put(&chen, &id, 7, b"x");
        assert_eq!(refused(&wrong), (409, "upload.offset".to_owned()));
        let rest = &bytes[usize::try_from(at).unwrap()..];
        assert_eq!(offset(&put(&chen, &id, at, rest)), SIZE);
        let finished = ask(&chen, "POST", &format!("{id}/finish"));
        assert_eq!(finished.status, 201);
        let file: File = finished.json().unwrap();
        assert_eq!(file.name, "方案 v1.bin");
        let mut back = Vec::new();
        chen.read_file(file.id, &mut back).unwrap();
        assert!(back == bytes, "the content differs");
        assert_eq!(ask(&chen, "GET", &id).status, 404, "it is a file now");
    });
}

/// What is begun is its sender's alone, within bounds, and leaves nothing when it is let go.
#[test]
fn an_upload_in_parts_is_its_senders_own_and_within_bounds() {
    on_each_database(|server| {
        let mut house = House::furnish(&server).unwrap();
        house.hire("chen", "important", &["staff"]).unwrap();
        house.hire("ding", "important", &["staff"]).unwrap();
        let chen = house.client("chen").unwrap().clone();
        let ding = house.client("ding").unwrap().clone();
        let before = objects(&server);
        let new = |size: u64| {
            let begun: PartialUpload = begin(&chen, size).json().unwrap();
            begun.id.to_string()
        };
        let id = new(4);
        assert_eq!(objects(&server), before + 1);
        for (method, path) in [
            ("GET", id.clone()),
            ("DELETE", id.clone()),
            ("POST", format!("{id}/finish")),
        ] {
            assert_eq!(ask(&ding, method, &path).status, 404, "{method}");
        }
        assert_eq!(put(&ding, &id, 0, b"abcd").status, 404);
        let longer = put(&chen, &id, 0, b"abcde");
        assert_eq!(refused(&longer), (400, "upload.longer".to_owned()));
        assert_eq!(ask(&chen, "GET", &id).status, 404, "nothing of it is kept");
        assert_eq!(objects(&server), before);

        let large = begin(&chen, 256 * 1024 * 1024 + 1);
        assert_eq!(refused(&large), (413, "upload.too_large".to_owned()));
        let all: Vec<String> = (0..20).map(|_| new(1)).collect();
        let full = begin(&chen, 1);
        assert_eq!(refused(&full), (429, "upload.too_many_parts".to_owned()));
        assert_eq!(begin(&ding, 1).status, 201, "others have their own room");
        for id in &all {
            assert_eq!(ask(&chen, "DELETE", id).status, 204);
        }
        assert_eq!(objects(&server), before + 1, "that of the other alone");
        let empty = new(0);
        let finished = ask(&chen, "POST", &format!("{empty}/finish"));
        assert_eq!(finished.status, 201, "an empty file is one too");
    });
}
