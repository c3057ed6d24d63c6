//! Tokens of programs: what they are for, what they may not, and how they end.

use client::{Call, Client};
use testkit::PASSWORD;
use wire::NewToken;

use crate::accounts::{START, at, later};
use crate::bad_input::problem;
use crate::on_each_database;

pub(crate) fn token(
    client: &Client,
    scopes: &[&str],
    end: &str,
) -> Result<wire::TokenMade, client::Error> {
    client.create_token(&NewToken {
        name: "program".to_owned(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        expires_at: at(end),
    })
}

#[test]
fn a_token_says_what_it_is_for_and_ends() {
    on_each_database(|server| {
        let office = server.enter("office").unwrap();
        let why = |scopes: &[&str], end: &str| {
            let error = token(&office, scopes, end).unwrap_err();
            let client::Error::Problem(problem) = error else {
                panic!("{error}")
            };
            let fields = problem.fields.iter().map(|field| field.code.clone());
            (problem.status, fields.collect::<Vec<_>>(), problem)
        };
        let end = "2026-04-01T00:00:00Z";
        let (status, codes, problem) = why(&["read", "all"], end);
        assert_eq!(
            (status, codes),
            (422, vec!["token.scope_unknown".to_owned()])
        );
        assert!(problem.fields[0].say.en.contains("read, open, act, log"));
        assert_eq!(why(&[], end).1, ["token.scope_missing"]);
        assert_eq!(
            why(&["read"], "2027-04-01T00:00:00Z").1,
            ["token.expires_at"]
        );
        assert_eq!(
            why(&["read"], "2026-03-01T00:00:00Z").1,
            ["token.expires_at"]
        );
        server.set_clock(&later(360).to_string()).unwrap();
        let stale = token(&office, &["read"], end).unwrap_err();
        assert_eq!(stale.code(), "session.step_up_needed");
    });
}

#[test]
fn a_token_does_what_it_is_for_and_nothing_else() {
    on_each_database(|server| {
        let office = server.enter("office").unwrap();
        let made = token(&office, &["read"], "2026-04-01T00:00:00Z").unwrap();
        let program = server.nobody().unwrap().with_token(made.token);
        assert!(program.read_me().is_ok());
        assert!(program.list_registers().is_ok());
        let ask = |method: &str, path: &str, body: &str| {
            let call = Call::new(method, &format!("/api/v1{path}"));
            let call = call.bytes("application/json", body.as_bytes().to_vec());
            problem(&program.send(&call).unwrap()).code
        };
        let id = domain::RecordId::new(at(START), [7; 10]);
        for (method, path, body) in [
            (
                "POST",
                "/registers/unit/records".to_owned(),
                r#"{"fields":{"name":"x"}}"#,
            ),
            ("POST", format!("/records/{id}/actions/correct"), "{}"),
            ("GET", format!("/files/{id}/content"), ""),
            ("GET", "/log/checkpoint".to_owned(), ""),
            ("GET", "/log/tile/0/000".to_owned(), ""),
            (
                "POST",
                format!("/approvals/{id}"),
                r#"{"decision":"approve"}"#,
            ),
            ("POST", "/session/step-up".to_owned(), "{}"),
            ("DELETE", "/session".to_owned(), ""),
            ("POST", "/me/password".to_owned(), "{}"),
            ("POST", "/me/totp".to_owned(), ""),
            ("GET", "/accounts".to_owned(), ""),
            ("GET", "/tokens".to_owned(), ""),
            ("POST", "/tokens".to_owned(), "{}"),
        ] {
            assert_eq!(ask(method, &path, body), "token.scope", "{method} {path}");
        }
        let made = token(&office, &["act"], "2026-04-01T00:00:00Z").unwrap();
        let program = server.nobody().unwrap().with_token(made.token);
        let new = serde_json::json!({ "fields": { "name": "二部" } });
        let call = Call::new("POST", "/api/v1/registers/unit/records");
        let answer = program.send(&call.clone().json(&new).unwrap()).unwrap();
        assert_eq!(answer.status, 201);
        let signed = serde_json::json!({ "fields": { "name": "三部" }, "signatures": [
            { "person": id, "method": "password", "credential": PASSWORD } ] });
        let answer = program.send(&call.json(&signed).unwrap()).unwrap();
        assert_eq!(
            problem(&answer).code,
            "token.scope",
            "a program carries no signatures"
        );
    });
}

#[test]
fn a_token_is_seen_and_taken_back_by_its_owner_and_the_security_administrator() {
    on_each_database(|server| {
        let office = server.enter("office").unwrap();
        let secadmin = server.enter("secadmin").unwrap();
        let auditor = server.enter("auditor").unwrap();
        let end = "2026-04-01T00:00:00Z";
        let made = token(&office, &["read"], end).unwrap();
        let (id, secret) = (made.made.id, made.token.expose().to_owned());
        assert!(secret.starts_with(&made.made.prefix));
        let program = server.nobody().unwrap().with_token(made.token);
        let listed = |client: &Client| client.list_tokens().unwrap().items;
        assert_eq!(listed(&office)[0].used_at, None);
        assert!(program.read_me().is_ok());
        assert_eq!(listed(&office)[0].used_at, Some(at(START)));
        assert_eq!(listed(&secadmin)[0].id, id);
        assert!(listed(&auditor).is_empty(), "nobody else knows of it");
        assert_eq!(auditor.revoke_token(id).unwrap_err().code(), "not_found");
        secadmin.revoke_token(id).unwrap();
        assert_eq!(program.read_me().unwrap_err().code(), "token.refused");
        assert!(listed(&office).is_empty());

        let made = token(&office, &["read"], end).unwrap();
        office.revoke_token(made.made.id).unwrap();
        let program = server.nobody().unwrap().with_token(made.token);
        assert_eq!(program.read_me().unwrap_err().code(), "token.refused");
    });
}
