//! Bad input: each kind is answered by its own problem document, and nothing half-done stays.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

use client::{Answer, Call, Client};
use domain::RecordId;
use serde_json::Value;
use testkit::{House, Server};
use wire::{Items, Problem, RecordName};

use crate::on_each_database;

const UNITS: &str = "/api/v1/registers/unit/records";

/// The problem document of a refusal, which has the form every one has.
pub(crate) fn problem(answer: &Answer) -> Problem {
    let problem: Problem = serde_json::from_slice(&answer.body)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&answer.body)));
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json")
    );
    assert_eq!(
        answer.header("x-request-id"),
        Some(problem.request_id.as_str())
    );
    assert_eq!(problem.status, answer.status);
    assert_eq!(problem.kind, format!("urn:ruping:problem:{}", problem.code));
    assert!(!problem.title.is_empty() && !problem.detail.is_empty());
    problem
}

fn post(client: &Client, body: impl Into<Vec<u8>>) -> Answer {
    let call = Call::new("POST", UNITS).bytes("application/json", body.into());
    client.send(&call).unwrap()
}

#[track_caller]
fn refused(answer: &Answer, status: u16, code: &str) -> Problem {
    let problem = problem(answer);
    assert_eq!(
        (problem.status, problem.code.as_str()),
        (status, code),
        "{}",
        problem.detail
    );
    problem
}

fn units(client: &Client) -> i64 {
    let answer = client
        .send(&Call::new("GET", &format!("{UNITS}?count=exact")))
        .unwrap();
    answer.json::<Value>().unwrap()["total"].as_i64().unwrap()
}

#[test]
fn every_kind_of_bad_body_has_its_problem_document() {
    on_each_database(|server| {
        let office = server.enter("office").unwrap();
        let code = |body: &[u8], status, code| refused(&post(&office, body), status, code);
        code(b"{\"fields\": {", 400, "request.malformed_json");
        code(b"", 400, "request.malformed_json");
        code(
            b"{\"fields\": {}, \"state\": \"closed\"}",
            400,
            "request.unknown_field",
        );
        code(b"{\"fields\": 7}", 400, "request.shape");
        code(b"[{}, {}]", 400, "request.shape");
        code(
            b"{\"fields\": {\"name\": \"\xff\xfe\"}}",
            400,
            "request.not_utf8",
        );
        let deep = format!(
            "{{\"fields\":{{\"name\":{}1{}}}}}",
            "[".repeat(200),
            "]".repeat(200)
        );
        code(deep.as_bytes(), 400, "request.too_deep");
        let huge = format!("{{\"fields\":{{\"name\":\"{}\"}}}}", "a".repeat(10 << 20));
        code(huge.as_bytes(), 413, "request.too_large");
        let long = format!("{{\"fields\":{{\"name\":\"{}\"}}}}", "名".repeat(300_000));
        let problem = code(long.as_bytes(), 422, "record.fields");
        assert_eq!(problem.fields[0].field, "name");
        assert!(
            problem.detail.len() < 1000,
            "what was sent is not sent back"
        );
        let text = Call::new("POST", UNITS).bytes("text/plain", b"{}".to_vec());
        refused(&office.send(&text).unwrap(), 415, "request.media_type");
        assert_eq!(units(&office), 0, "nothing half-done stays");
    });
}

#[test]
fn names_are_asked_for_by_ids_and_not_without_end() {
    on_each_database(|server| {
        let house = House::furnish(&server).unwrap();
        let office = house.client("office").unwrap();
        let ask = |query: &str| {
            let call = Call::new("GET", &format!("/api/v1/names{query}"));
            office.send(&call).unwrap()
        };
        refused(&ask(""), 400, "request.query");
        refused(&ask("?ids="), 400, "names.ids");
        refused(&ask("?ids=unit"), 400, "names.ids");
        let unit = house.id("unit").unwrap();
        let many = |count: usize| format!("?ids={}", vec![unit.to_string(); count].join(","));
        refused(&ask(&many(201)), 400, "names.too_many");
        let told: Items<RecordName> = ask(&many(200)).json().unwrap();
        let name = RecordName {
            id: unit,
            register: "unit".to_owned(),
            number: None,
            title: Some("总体部".to_owned()),
        };
        assert_eq!(told.items, [name], "each once");
    });
}

#[test]
fn every_wrong_field_is_named_at_once() {
    on_each_database(|server| {
        let office = server.enter("office").unwrap();
        let body = r#"{"fields": {"colour": "red", "parent": "no id", "name": 7}}"#;
        let problem = refused(&post(&office, body), 422, "record.fields");
        let mut named: Vec<_> = problem
            .fields
            .iter()
            .map(|one| one.field.as_str())
            .collect();
        named.sort_unstable();
        assert_eq!(named, ["colour", "name", "parent"]);
        for field in &problem.fields {
            assert!(
                !field.say.zh.is_empty() && !field.say.en.is_empty(),
                "{field:?}"
            );
        }
        let problem = refused(&post(&office, r#"{"fields": {}}"#), 422, "record.fields");
        assert_eq!(problem.fields[0].field, "name", "what is missing is named");
        assert_eq!(units(&office), 0);
    });
}

#[test]
fn a_repeat_is_answered_again_and_another_body_is_refused() {
    on_each_database(|server| {
        let office = server.enter("office").unwrap();
        let once = |name: &str, key: &str| {
            let body = format!("{{\"fields\": {{\"name\": \"{name}\"}}}}");
            let call = Call::new("POST", UNITS).bytes("application/json", body.into_bytes());
            office.send(&call.header("idempotency-key", key)).unwrap()
        };
        let first = once("总体部", "one");
        assert_eq!(first.status, 201);
        let (first, again): (Value, Value) =
            (first.json().unwrap(), once("总体部", "one").json().unwrap());
        assert_eq!(first["id"], again["id"], "a repeat gets the same answer");
        refused(&once("另一部", "one"), 409, "idempotency.other_body");
        refused(&once("另一部", "a b"), 400, "request.idempotency_key");
        assert_eq!(units(&office), 1);
    });
}

#[test]
fn the_version_that_was_seen_must_be_named_and_must_be_the_newest() {
    on_each_database(|server| {
        let office = server.enter("office").unwrap();
        let made: Value = post(&office, r#"{"fields": {"name": "总体部"}}"#)
            .json()
            .unwrap();
        let id = made["id"].as_str().unwrap();
        let act = |version: Option<&str>| {
            let path = format!("/api/v1/records/{id}/actions/correct");
            let body = br#"{"input": {"name": "A"}, "comment": "x"}"#.to_vec();
            let mut call = Call::new("POST", &path).bytes("application/json", body);
            if let Some(version) = version {
                call = call.header("if-match", version);
            }
            office.send(&call).unwrap()
        };
        let missing = refused(&act(None), 428, "record.if_match_required");
        assert!(missing.hint.is_some());
        for odd in ["1", "*", "W/\"1\"", "\"x\""] {
            refused(&act(Some(odd)), 400, "request.if_match");
        }
        let done = act(Some("\"1\""));
        assert_eq!((done.status, done.header("etag")), (200, Some("\"2\"")));
        let stale = refused(&act(Some("\"1\"")), 412, "record.stale");
        assert!(stale.hint.is_some());
        let now = office.read_record(id.parse().unwrap()).unwrap();
        assert_eq!((now.version, &now.fields["name"]), (2, &Value::from("A")));
    });
}

#[test]
fn what_is_no_id_is_answered_like_what_never_was() {
    on_each_database(|server| {
        let office = server.enter("office").unwrap();
        let get = |path: &str| office.send(&Call::new("GET", path)).unwrap();
        let absent = "019cc5ce-f280-7d09-9138-84632025f651";
        let of = |id: &str| {
            let paths = [
                "/records/ID",
                "/records/ID/history",
                "/records/ID/custody",
                "/records/ID/files",
                "/files/ID/content",
                "/log/proof/ID",
            ];
            paths.map(|path| {
                let answer = get(&format!("/api/v1{}", path.replace("ID", id)));
                let mut problem = refused(&answer, 404, "not_found");
                problem.request_id.clear();
                problem
            })
        };
        let expected = of(absent);
        for odd in [
            "1%20or%201",
            "%ff",
            "{019cc5ce-f280-7d09-9138-84632025f651}",
            "机",
        ] {
            assert_eq!(of(odd), expected, "{odd}");
        }
        refused(
            &get("/api/v1/registers/no_such_register/records"),
            404,
            "not_found",
        );
        refused(&get("/api/v1/nowhere"), 404, "not_found");
        assert!(
            office
                .read_record(absent.parse::<RecordId>().unwrap())
                .is_err()
        );
    });
}

#[test]
fn what_an_address_does_not_take_is_said() {
    let server = crate::server();
    let office = server.enter("office").unwrap();
    let send = |method: &str, path: &str| office.send(&Call::new(method, path)).unwrap();
    refused(
        &send("GET", &format!("{UNITS}?colour=red")),
        400,
        "request.query",
    );
    refused(
        &send("GET", &format!("{UNITS}?limit=many")),
        400,
        "request.query",
    );
    refused(&send("PATCH", UNITS), 405, "request.method");
    let traversal = send("GET", "/log/tile/..%2F..%2Fsalt");
    refused(&traversal, 404, "not_found");
}

#[test]
fn what_readers_could_read_differently_is_refused() {
    on_each_database(|server| {
        let office = server.enter("office").unwrap();
        for (body, code) in [
            (
                r#"{"fields": {"name": "a", "name": "b"}}"#,
                "request.duplicate_field",
            ),
            (
                r#"{"fields": {"name": "a"}, "fields": {}}"#,
                "request.duplicate_field",
            ),
            (
                r#"{"fields": {"name": "a\u0000b"}}"#,
                "request.nul_character",
            ),
            (
                r#"{"fields": {"na\u0000me": "a"}}"#,
                "request.nul_character",
            ),
            (
                r#"{"fields": {"name": "a"}, "comment": "\u0000"}"#,
                "request.nul_character",
            ),
            (
                r#"{"fields": {"name": "\ud800"}}"#,
                "request.malformed_json",
            ),
            (r#"{"fields": {"name": NaN}}"#, "request.malformed_json"),
            (r#"{"fields": {"name": 1e999}}"#, "request.malformed_json"),
        ] {
            refused(&post(&office, body), 400, code);
        }
        let get = |query: &str| office.send(&Call::new("GET", &format!("{UNITS}?{query}")));
        for query in ["q=%ff", "filter=%E6%9C", "%ff=1"] {
            refused(&get(query).unwrap(), 400, "request.not_utf8");
        }
        refused(&get("q=a%00b").unwrap(), 400, "request.nul_character");
        for path in ["/api/v1/registers/%00/records", "/api/v1/log/tile/%00"] {
            refused(
                &office.send(&Call::new("GET", path)).unwrap(),
                404,
                "not_found",
            );
        }
        let login = br#"{"name": "off\u0000ice", "password": "a long enough password"}"#;
        let call = Call::new("POST", "/api/v1/session").bytes("application/json", login.to_vec());
        refused(
            &server.nobody().unwrap().send(&call).unwrap(),
            400,
            "request.nul_character",
        );
        assert_eq!(units(&office), 0, "nothing half-done stays");
    });
}

#[test]
fn numbers_out_of_range_are_named() {
    on_each_database(|server| {
        let mut house = House::furnish(&server).unwrap();
        house
            .hire("bao", "important", &["staff", "registrar"])
            .unwrap();
        let bao = house.client("bao").unwrap();
        let person = house.id("bao").unwrap();
        for pages in [
            "-1",
            "0",
            "1.5",
            "1e30",
            "123456789012345678901234567890",
            "\"x\"",
            "true",
        ] {
            let body = format!(
                r#"{{"action": "take_over", "comment": "x", "fields": {{"title": "x",
                "taken_from": "x", "level": "state.secret",
                "term": {{"years": 10}}, "issue_date": "2026-01-05",
                "scope_persons": ["{person}"], "pages": {pages}}}}}"#
            );
            let call = Call::new("POST", "/api/v1/registers/document/records")
                .bytes("application/json", body.into_bytes());
            let problem = refused(&bao.send(&call).unwrap(), 422, "record.fields");
            let named: Vec<_> = problem
                .fields
                .iter()
                .map(|one| one.field.as_str())
                .collect();
            assert_eq!(named, ["pages"], "{pages}");
        }
        let all = bao
            .list_records("document", &wire::ListQuery::default())
            .unwrap();
        assert!(all.items.is_empty(), "nothing half-done stays");
    });
}

#[test]
fn a_clock_moved_back_writes_nothing_into_the_past() {
    on_each_database(|mut server| {
        let office = server.enter("office").unwrap();
        let body = r#"{"fields": {"name": "总体部"}}"#;
        assert_eq!(post(&office, body).status, 201);
        server.set_clock("2026-03-02T00:58:00Z").unwrap();
        let refusal = refused(&post(&office, body), 503, "clock.moved_back");
        assert!(
            refusal.detail.contains("2026-03-02T01:00:00Z"),
            "{}",
            refusal.detail
        );
        assert_eq!(
            units(&office),
            1,
            "what is there can be read, and nothing came to it"
        );
        assert!(
            server.enter_again("office").is_err(),
            "nobody is let in either"
        );
        server.set_clock("2026-03-02T00:59:30Z").unwrap();
        assert_eq!(post(&office, body).status, 201, "clocks differ by seconds");
        server.set_clock("2026-03-02T01:00:30Z").unwrap();
        assert_eq!(post(&office, body).status, 201, "set right, it goes on");
        server.stop(0).unwrap();
        server.set_clock("2026-02-28T00:00:00Z").unwrap();
        let refused = server.start_again(0).unwrap_err().to_string();
        assert!(refused.contains("[clock.moved_back]"), "{refused}");
        server.set_clock("2026-03-02T01:00:31Z").unwrap();
        server.start_again(0).unwrap();
        server.stop(0).unwrap();
        let check = server.on_folder("check").output().unwrap();
        assert!(check.status.success(), "{check:?}");
    });
}

/// Sends bytes as they are; what comes back.
fn raw(server: &Server, bytes: &[u8]) -> String {
    let mut stream = begin(server, bytes);
    let mut answer = Vec::new();
    // a server that has not read everything resets the connection after its answer
    drop(stream.read_to_end(&mut answer));
    String::from_utf8(answer).unwrap()
}

pub(crate) fn begin(server: &Server, bytes: &[u8]) -> TcpStream {
    let address = server.address().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(bytes).unwrap();
    stream
}

/// Sends bytes as they are, and breaks off; what comes back all the same.
pub(crate) fn cut_off(server: &Server, bytes: &[u8]) -> String {
    let mut stream = begin(server, bytes);
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    drop(stream.read_to_end(&mut answer));
    String::from_utf8(answer).unwrap()
}

/// Headers that a session of this account sends.
pub(crate) fn session_headers(server: &Server, name: &str) -> String {
    let login = wire::Login {
        name: name.to_owned(),
        password: testkit::PASSWORD.into(),
        otp: None,
    };
    let call = Call::new("POST", "/api/v1/session").json(&login).unwrap();
    let answer = server.nobody().unwrap().send(&call).unwrap();
    let cookie = answer
        .header("set-cookie")
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let session: Value = answer.json().unwrap();
    let csrf = session["csrf"].as_str().unwrap();
    format!("Host: x\r\nConnection: close\r\nCookie: {cookie}\r\nX-CSRF-Token: {csrf}\r\n")
}

#[test]
fn headers_that_are_no_text_are_refused() {
    on_each_database(|server| {
        let office = server.enter("office").unwrap();
        let headers = session_headers(&server, "office");
        let body = r#"{"fields": {"name": "x"}}"#;
        let send = |odd: &[u8]| {
            let mut bytes = format!(
                "POST {UNITS} HTTP/1.1\r\n{headers}Content-Type: application/json\r\nContent-Length: {}\r\n",
                body.len()
            )
            .into_bytes();
            bytes.extend_from_slice(odd);
            bytes.extend_from_slice(b"\r\n\r\n");
            bytes.extend_from_slice(body.as_bytes());
            raw(&server, &bytes)
        };
        let key = send(b"Idempotency-Key: \xff\xfe");
        assert!(
            key.starts_with("HTTP/1.1 400") && key.contains("\"request.idempotency_key\""),
            "{key}"
        );
        let token = send(b"Authorization: Bearer \xff");
        assert!(
            token.starts_with("HTTP/1.1 401") && token.contains("\"session.needed\""),
            "{token}"
        );
        let many = "X-Many: 1\r\n".repeat(200);
        let answer = send(many.as_bytes());
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
            "{answer}"
        );
        assert_eq!(units(&office), 0, "nothing half-done stays");
    });
}

#[test]
fn a_body_that_breaks_off_changes_nothing() {
    on_each_database(|server| {
        let office = server.enter("office").unwrap();
        let headers = session_headers(&server, "office");
        let body = r#"{"fields": {"name": "x"}}"#;
        let half = format!(
            "POST {UNITS} HTTP/1.1\r\n{headers}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{body}"
        );
        let answer = cut_off(&server, half.as_bytes());
        assert!(
            answer.is_empty() || answer.contains("\"request.broken_off\""),
            "{answer}"
        );
        assert_eq!(units(&office), 0, "nothing half-done stays");
    });
}
