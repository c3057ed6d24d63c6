//! Bad input: each kind is answered by its own problem document, and nothing half-done stays.

use crate::server::{Server, login};
use client::{Answer, Call, Client};
use wire::Problem;

const UNITS: &str = "/api/v1/registers/unit/records";

fn problem(answer: &Answer) -> Problem {
    let found: Result<Problem, _> = serde_json::from_slice(&answer.body);
    found.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&answer.body)))
}

fn post(client: &Client, body: &[u8]) -> Answer {
    client
        .send(&Call::new("POST", UNITS).bytes("application/json", body.to_vec()))
        .unwrap()
}

fn refused(client: &Client, body: &[u8], status: u16) -> Problem {
    let answer = post(client, body);
    assert_eq!(
        answer.status,
        status,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    let problem = problem(&answer);
    assert_eq!(problem.status, status);
    assert!(!problem.code.is_empty() && !problem.request_id.is_empty());
    problem
}

#[test]
fn every_kind_of_bad_input_has_its_problem_document() {
    let server = Server::start();
    let office = server.enter("office");
    refused(&office, b"{\"fields\": {", 400);
    refused(&office, b"{\"fields\": {}, \"state\": \"closed\"}", 400);
    refused(&office, b"{\"fields\": {\"name\": \"\xff\xfe\"}}", 400);
    let deep = format!(
        "{{\"fields\":{{\"name\":{}{}}}}}",
        "[".repeat(200),
        "]".repeat(200)
    );
    refused(&office, deep.as_bytes(), 400);
    let huge = format!("{{\"fields\":{{\"name\":\"{}\"}}}}", "a".repeat(10 << 20));
    refused(&office, huge.as_bytes(), 413);
    let unknown = refused(
        &office,
        b"{\"fields\": {\"name\": \"x\", \"colour\": \"red\"}}",
        422,
    );
    assert_eq!(
        unknown.fields.first().map(|one| one.field.as_str()),
        Some("colour")
    );
    let empty = refused(&office, b"{\"fields\": {}}", 422);
    assert_eq!(
        empty.fields.first().map(|one| one.field.as_str()),
        Some("name")
    );
    let list: serde_json::Value = office
        .send(&Call::new("GET", &format!("{UNITS}?count=exact")))
        .unwrap()
        .json()
        .unwrap();
    assert_eq!(list["total"], 0, "nothing half-done stays");
}

#[test]
fn versions_repeats_and_absent_records() {
    let server = Server::start();
    let office = server.enter("office");
    let once = |name: &str| {
        let body = format!("{{\"fields\": {{\"name\": \"{name}\"}}}}");
        let call = Call::new("POST", UNITS).bytes("application/json", body.into_bytes());
        office.send(&call.header("idempotency-key", "one")).unwrap()
    };
    let first: serde_json::Value = once("总体部").json().unwrap();
    let again: serde_json::Value = once("总体部").json().unwrap();
    assert_eq!(first["id"], again["id"], "a repeat gets the same answer");
    assert_eq!(problem(&once("另一部")).code, "idempotency.other_body");

    let act = |version: Option<&str>| {
        let path = format!(
            "/api/v1/records/{}/actions/correct",
            first["id"].as_str().unwrap()
        );
        let body = b"{\"input\": {\"name\": \"A\"}, \"comment\": \"x\"}".to_vec();
        let mut call = Call::new("POST", &path).bytes("application/json", body);
        if let Some(version) = version {
            call = call.header("if-match", version);
        }
        office.send(&call).unwrap()
    };
    assert_eq!(problem(&act(None)).code, "record.if_match_required");
    assert_eq!(act(Some("\"1\"")).status, 200);
    let stale = act(Some("\"1\""));
    assert_eq!(
        (stale.status, problem(&stale).code.as_str()),
        (412, "record.stale")
    );

    let get = |id: &str| {
        office
            .send(&Call::new("GET", &format!("/api/v1/records/{id}")))
            .unwrap()
    };
    let absent = problem(&get("019cc5ce-f280-7d09-9138-84632025f651"));
    let nonsense = problem(&get("1%20or%201"));
    assert_eq!((absent.status, absent.code.as_str()), (404, "not_found"));
    assert_eq!(
        (nonsense.status, nonsense.code.as_str()),
        (404, "not_found")
    );
}

#[test]
fn sessions_end_and_nobody_is_let_in() {
    let server = Server::start();
    let mut nobody = server.nobody();
    let answer = nobody.send(&Call::new("GET", "/api/v1/me")).unwrap();
    assert_eq!(answer.status, 401);
    let refused = nobody
        .open_session(&login("office", "wrong password"))
        .unwrap_err();
    let unknown = nobody
        .open_session(&login("nobody", "wrong password"))
        .unwrap_err();
    assert_eq!(refused.code(), "session.refused");
    assert_eq!(refused.code(), unknown.code(), "a name tells nothing");
    let office = server.enter("office");
    assert!(office.read_me().is_ok());
    server.set_clock("2026-03-02T09:00:01Z");
    assert_eq!(office.read_me().unwrap_err().code(), "session.ended");
    server.set_clock("2026-03-01T01:00:00Z");
    assert_eq!(
        office.read_me().unwrap_err().code(),
        "session.ended",
        "a clock set back"
    );
}
