//! The authorisation matrix: every route of the OpenAPI document, asked by everybody there is. The
//! snapshot is what a security reviewer reads and signs. It shows who gets past the door of each
//! route; what a record then allows is shown where its rules are tested.

use std::fmt::Write as _;

use client::{Call, Client};
use serde_json::{Value, json};
use testkit::{House, PASSWORD, Server};
use wire::NewToken;

/// An id that nothing has.
const ABSENT: &str = "019cc5ce-f280-7d09-9138-84632025f651";

/// Business roles, each with `staff`; the administrators are there from the beginning.
const HIRED: [&str; 5] = ["staff", "registrar", "classifier", "leader", "office_head"];

/// Everybody who asks, with the name of their column.
fn everybody(server: &Server, house: &mut House<'_>) -> Vec<(String, Client)> {
    let mut all = vec![("nobody".to_owned(), server.nobody().unwrap())];
    for role in HIRED {
        let roles = if role == "staff" {
            vec!["staff"]
        } else {
            vec!["staff", role]
        };
        house.hire(role, "important", &roles).unwrap();
        all.push((role.to_owned(), server.enter_again(role).unwrap()));
    }
    for (name, role) in [
        ("sysadmin", "system_admin"),
        ("secadmin", "security_admin"),
        ("auditor", "audit_admin"),
    ] {
        let client = if name == "auditor" {
            server.enter(name).unwrap()
        } else {
            server.enter_again(name).unwrap()
        };
        all.push((role.to_owned(), client));
    }
    let owner = server.enter_again("registrar").unwrap();
    for scope in ["read", "open", "act", "log"] {
        let new = NewToken {
            name: scope.to_owned(),
            scopes: vec![scope.to_owned()],
            expires_at: "2026-04-01T00:00:00Z".parse().unwrap(),
        };
        let token = owner.create_token(&new).unwrap().token;
        all.push((
            format!("token:{scope}"),
            server.nobody().unwrap().with_token(token),
        ));
    }
    all
}

/// A body that reaches the decision, and changes nothing that another question needs.
fn body(method: &str, path: &str) -> Option<Value> {
    let body = match (method, path) {
        ("POST", "/session") => json!({ "name": "nobody", "password": "wrong password" }),
        ("POST", "/session/step-up") => json!({ "password": PASSWORD }),
        ("POST", "/me/password") => json!({ "old": PASSWORD, "new": PASSWORD }),
        ("POST", "/me/totp/confirm") => json!({ "code": "000000" }),
        ("POST", "/accounts") => json!({ "name": "?" }),
        ("PUT", "/accounts/{id}") => json!({ "roles": [], "disabled": false }),
        ("POST", "/tokens") => json!({
            "name": "x", "scopes": [], "expires_at": "2026-04-01T00:00:00Z"
        }),
        ("POST", "/registers/{key}/records") => json!({ "fields": { "name": "一部" } }),
        ("POST", "/records/{id}/actions/{action}") => {
            json!({ "input": { "name": "二部" }, "comment": "x" })
        }
        ("POST", "/packs/check" | "/policies/what-if") => json!({ "files": [] }),
        ("PUT", "/me/kept/{kind}/{key}") => json!({ "body": { "name": "x" } }),
        ("POST", "/approvals/{id}") => json!({ "decision": "approve" }),
        _ => return None,
    };
    Some(body)
}

/// Asks about the unit that everybody may know where a record is named, else about what is absent;
/// acts are only tried.
fn ask(client: &Client, method: &str, path: &str, unit: &str) -> String {
    let id = if path.starts_with("/records/") {
        unit
    } else {
        ABSENT
    };
    let real = path
        .replace("{id}", id)
        .replace("{entry}", ABSENT)
        .replace("{action}", "correct")
        .replace("{kind}", "view")
        .replace("{key}", "unit");
    let acts = method == "POST" && (real.contains("/records/") || real.ends_with("/records"));
    let query = match path {
        "/names" => format!("?ids={ABSENT}"),
        _ if acts => "?dry_run=true".to_owned(),
        _ => String::new(),
    };
    // a stream has no end: its head says whether it begins
    let method = if path == "/events" { "HEAD" } else { method };
    let mut call = Call::new(method, &format!("/api/v1{real}{query}"));
    if path.contains("{action}") {
        call = call.header("if-match", "\"1\"");
    }
    call = match body(method, path) {
        Some(body) => call.json(&body).unwrap(),
        None if path == "/files" => call.bytes("text/plain", b"x".to_vec()),
        None => call,
    };
    let answer = client.send(&call).unwrap();
    match answer.json::<wire::Problem>() {
        Ok(problem) if answer.status >= 400 => {
            let rule = problem.rules.first().map(|rule| format!(" {}", rule.id));
            format!(
                "{} {}{}",
                answer.status,
                problem.code,
                rule.unwrap_or_default()
            )
        }
        _ => answer.status.to_string(),
    }
}

/// The routes, those that end or change one's own session last.
fn routes(server: &Server) -> Vec<(String, String)> {
    let nobody = server.nobody().unwrap();
    let answer = nobody.send(&Call::new("GET", "/api/openapi.json")).unwrap();
    let document: Value = answer.json().unwrap();
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap().to_owned();
        for method in item.as_object().unwrap().keys() {
            routes.push((method.to_uppercase(), path.clone()));
        }
    }
    routes.sort_by_key(|(method, path)| {
        let last = method == "DELETE" && path == "/session";
        (last, path.clone(), method.clone())
    });
    routes
}

#[test]
fn the_authorisation_matrix_is_what_was_reviewed() {
    let server = crate::server();
    let mut house = House::furnish(&server).unwrap();
    let all = everybody(&server, &mut house);
    let unit = house.id("unit").unwrap().to_string();
    let mut matrix = String::new();
    for (method, path) in routes(&server) {
        writeln!(matrix, "{method} {path}").unwrap();
        // who is answered alike stands on one line
        let mut answers: Vec<(String, Vec<&str>)> = Vec::new();
        for (name, client) in &all {
            let answer = ask(client, &method, &path, &unit);
            match answers.iter_mut().find(|(known, _)| *known == answer) {
                Some((_, names)) => names.push(name),
                None => answers.push((answer, vec![name])),
            }
        }
        for (answer, names) in answers {
            writeln!(matrix, "    {answer:<36} {}", names.join(" ")).unwrap();
        }
    }
    insta::assert_snapshot!("authz_matrix", matrix);
}
