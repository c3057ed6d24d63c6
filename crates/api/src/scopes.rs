//! What a program's token needs at each route: the one place where scopes are enforced. A route
//! that is not in the table takes no token at all.

use app::{Caller, Scope};
use axum::extract::MatchedPath;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};

use crate::refusal::Refusal;

/// What a token has to be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    /// Any live token.
    Any,
    /// A token of this scope.
    Scope(Scope),
    /// A session; no token will do.
    Session,
}

/// Below `/api/v1` unless it says otherwise; `HEAD` is as `GET`.
const TABLE: &[(&str, &str, Need)] = &[
    ("POST", "/session", Need::Session),
    ("DELETE", "/session", Need::Session),
    ("POST", "/session/step-up", Need::Session),
    ("GET", "/me", Need::Any),
    ("POST", "/me/password", Need::Session),
    ("POST", "/me/totp", Need::Session),
    ("DELETE", "/me/totp", Need::Session),
    ("POST", "/me/totp/confirm", Need::Session),
    ("GET", "/accounts", Need::Session),
    ("POST", "/accounts", Need::Session),
    ("PUT", "/accounts/{id}", Need::Session),
    ("POST", "/accounts/{id}/reset", Need::Session),
    ("POST", "/accounts/{id}/confirm", Need::Session),
    ("GET", "/tokens", Need::Session),
    ("POST", "/tokens", Need::Session),
    ("DELETE", "/tokens/{id}", Need::Session),
    ("GET", "/registers", Need::Scope(Scope::Read)),
    ("GET", "/registers/{key}", Need::Scope(Scope::Read)),
    ("GET", "/registers/{key}/records", Need::Scope(Scope::Read)),
    ("POST", "/registers/{key}/records", Need::Scope(Scope::Act)),
    ("POST", "/registers/{key}/export", Need::Session),
    ("POST", "/registers/{key}/preview", Need::Session),
    ("POST", "/records/{id}/print", Need::Session),
    ("POST", "/records/{id}/preview", Need::Session),
    ("POST", "/registers/{key}/bulk", Need::Scope(Scope::Act)),
    ("GET", "/bulk", Need::Scope(Scope::Act)),
    ("GET", "/bulk/{id}", Need::Scope(Scope::Act)),
    ("GET", "/bulk/{id}/rows", Need::Scope(Scope::Act)),
    ("POST", "/bulk/{id}/stop", Need::Scope(Scope::Act)),
    ("POST", "/bulk/{id}/undo", Need::Scope(Scope::Act)),
    ("POST", "/registers/{key}/imports", Need::Scope(Scope::Act)),
    ("GET", "/registers/{key}/template", Need::Scope(Scope::Read)),
    ("GET", "/imports", Need::Scope(Scope::Act)),
    ("GET", "/imports/{id}", Need::Scope(Scope::Act)),
    ("DELETE", "/imports/{id}", Need::Scope(Scope::Act)),
    ("POST", "/imports/{id}/start", Need::Scope(Scope::Act)),
    ("POST", "/imports/{id}/stop", Need::Scope(Scope::Act)),
    ("GET", "/imports/{id}/rows", Need::Scope(Scope::Act)),
    ("GET", "/imports/{id}/result", Need::Scope(Scope::Act)),
    ("GET", "/names", Need::Scope(Scope::Read)),
    ("GET", "/records/{id}", Need::Scope(Scope::Read)),
    ("GET", "/records/{id}/history", Need::Scope(Scope::Read)),
    ("GET", "/records/{id}/custody", Need::Scope(Scope::Read)),
    ("GET", "/records/{id}/files", Need::Scope(Scope::Read)),
    (
        "GET",
        "/records/{id}/lines/{line}",
        Need::Scope(Scope::Read),
    ),
    (
        "POST",
        "/records/{id}/lines/{line}",
        Need::Scope(Scope::Act),
    ),
    ("POST", "/records/{id}/scan", Need::Scope(Scope::Act)),
    (
        "POST",
        "/records/{id}/actions/{action}",
        Need::Scope(Scope::Act),
    ),
    ("GET", "/inbox", Need::Scope(Scope::Read)),
    ("GET", "/me/notices", Need::Scope(Scope::Read)),
    ("GET", "/events", Need::Session),
    ("GET", "/board", Need::Scope(Scope::Read)),
    ("GET", "/me/kept/{kind}", Need::Session),
    ("GET", "/me/kept/{kind}/{key}", Need::Session),
    ("PUT", "/me/kept/{kind}/{key}", Need::Session),
    ("DELETE", "/me/kept/{kind}/{key}", Need::Session),
    ("POST", "/approvals/{id}", Need::Session),
    ("POST", "/files", Need::Scope(Scope::Act)),
    ("POST", "/uploads", Need::Scope(Scope::Act)),
    ("GET", "/uploads/{id}", Need::Scope(Scope::Act)),
    ("PUT", "/uploads/{id}", Need::Scope(Scope::Act)),
    ("DELETE", "/uploads/{id}", Need::Scope(Scope::Act)),
    ("POST", "/uploads/{id}/finish", Need::Scope(Scope::Act)),
    ("POST", "/inspect", Need::Scope(Scope::Act)),
    ("GET", "/files/{id}/content", Need::Scope(Scope::Open)),
    ("GET", "/packs", Need::Session),
    ("POST", "/packs/check", Need::Session),
    ("GET", "/packs/registers/{key}", Need::Session),
    ("GET", "/policies", Need::Session),
    ("POST", "/policies/what-if", Need::Session),
    ("GET", "/log/checkpoint", Need::Scope(Scope::Log)),
    ("GET", "/log/tile/{*path}", Need::Scope(Scope::Log)),
    ("GET", "/log/entries", Need::Scope(Scope::Log)),
    ("GET", "/log/proof/{entry}", Need::Scope(Scope::Log)),
];

/// What a token needs here.
fn needed(method: &Method, route: &str) -> Need {
    let method = if method == Method::HEAD {
        Method::GET.as_str()
    } else {
        method.as_str()
    };
    let route = route.strip_prefix("/api/v1").unwrap_or(route);
    let row = TABLE
        .iter()
        .find(|(known, path, _)| *known == method && *path == route);
    row.map_or(Need::Session, |(_, _, need)| *need)
}

/// Refuses a token that is not for this route; a session passes.
pub(crate) fn check(parts: &Parts, caller: &Caller) -> Result<(), Refusal> {
    let Some(scopes) = caller.scopes() else {
        return Ok(());
    };
    let route = parts.extensions.get::<MatchedPath>();
    let route = route.map_or("", MatchedPath::as_str);
    let hint = match needed(&parts.method, route) {
        Need::Any => return Ok(()),
        Need::Scope(scope) if scopes.contains(&scope) => return Ok(()),
        Need::Scope(scope) => format!("use a token with the scope `{scope}`"),
        Need::Session => "log in and use a session".to_owned(),
    };
    let (zh, en) = ("该令牌的权限范围不包括此操作", "this token is not for that");
    Err(Refusal::new(StatusCode::FORBIDDEN, "token.scope", zh, en).hint(&hint))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::BTreeSet;

    #[test]
    fn what_is_not_in_the_table_takes_no_token() {
        assert_eq!(needed(&Method::GET, "/api/v1/new"), Need::Session);
        assert_eq!(needed(&Method::PUT, "/api/v1/me"), Need::Session);
        assert_eq!(needed(&Method::GET, ""), Need::Session);
        assert_eq!(needed(&Method::HEAD, "/api/v1/me"), Need::Any);
        let log = Need::Scope(Scope::Log);
        assert_eq!(needed(&Method::GET, "/log/checkpoint"), log);
        assert_eq!(needed(&Method::GET, "/api/v1/log/tile/{*path}"), log);
    }

    #[test]
    fn every_route_says_what_a_token_needs_and_every_line_is_a_route() {
        let document: Value = serde_json::from_str(&crate::openapi()).unwrap();
        let mut routes = BTreeSet::from([("GET".to_owned(), "/log/tile/{*path}".to_owned())]);
        for (path, item) in document["paths"].as_object().unwrap() {
            for method in item.as_object().unwrap().keys() {
                let path = path.strip_prefix("/api/v1").unwrap().to_owned();
                routes.insert((method.to_uppercase(), path));
            }
        }
        let table: BTreeSet<(String, String)> = TABLE
            .iter()
            .map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()))
            .collect();
        assert_eq!(table, routes);
        assert_eq!(table.len(), TABLE.len(), "a line stands twice");
    }
}
