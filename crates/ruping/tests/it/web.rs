//! The pages: each with a nonce of its own in its policy and its text, whatever else is asked for
//! answered as before. All of it holds whether the program under test was built with pages or without.

use std::collections::BTreeSet;

use client::{Answer, Call};
use testkit::Server;

use crate::bad_input::problem;

fn ask(server: &Server, method: &str, path: &str) -> Answer {
    let nobody = server.nobody().unwrap();
    nobody.send(&Call::new(method, path)).unwrap()
}

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

/// What stands between two texts.
fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after)?.0)
}

/// The nonce of a page, which stands in its policy and its text.
#[track_caller]
fn nonce(answer: &Answer) -> String {
    assert_eq!(answer.status, 200);
    let kind = answer.header("content-type");
    assert_eq!(kind, Some("text/html; charset=utf-8"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let policy = answer.header("content-security-policy").unwrap();
    let nonce = between(policy, "style-src 'self' 'nonce-", "'").unwrap();
    assert!(nonce.len() >= 22, "{nonce}");
    let expected = api::content_security_policy(Some(nonce));
    assert_eq!(policy, expected);
    let text = text(answer);
    let in_text = between(&text, "name=\"nonce\" content=\"", "\"").unwrap();
    assert_eq!(in_text, nonce);
    assert!(!text.contains("__NONCE__"), "{text}");
    nonce.to_owned()
}

#[test]
fn every_page_has_a_nonce_of_its_own() {
    let server = crate::server();
    let mut seen = BTreeSet::new();
    for path in [
        "/",
        "/",
        "/?from=mail",
        "/log",
        "/registers/document",
        "/registers/circulation.readers",
        "/records/019cc5ce-f280-7d09-9138-84632025f651",
    ] {
        let answer = ask(&server, "GET", path);
        assert!(seen.insert(nonce(&answer)), "{path}: a nonce came twice");
    }
    let whole = ask(&server, "GET", "/");
    let head = ask(&server, "HEAD", "/");
    assert_eq!((head.status, head.body.len()), (200, 0));
    let length = head.header("content-length").unwrap();
    assert_eq!(length, whole.body.len().to_string());
    let policy = head.header("content-security-policy").unwrap();
    assert!(policy.contains("'nonce-"), "{policy}");
}

#[test]
fn what_is_no_page_is_refused_as_before() {
    let server = crate::server();
    for (method, path) in [
        ("GET", "/api"),
        ("GET", "/api/nowhere"),
        ("GET", "/api/v1/nowhere"),
        ("GET", "/api/v1/index.html"),
        ("GET", "/log/nowhere"),
        ("GET", "/assets/nowhere.js"),
        ("GET", "/assets/nowhere.js.gz"),
        ("GET", "/assets"),
        ("GET", "/favicon.ico"),
        ("GET", "/assets/../index.html"),
        ("GET", "/assets/%2e%2e/index.html"),
        ("GET", "/%2e%2e/%2e%2e/etc/passwd"),
        ("GET", "/assets/a.js%00"),
        ("GET", "//registers"),
        ("GET", "/registers//document"),
        ("GET", "/.git/config"),
        ("POST", "/"),
        ("DELETE", "/registers/document"),
    ] {
        let answer = ask(&server, method, path);
        let problem = problem(&answer);
        let told = (answer.status, problem.code.as_str());
        assert_eq!(told, (404, "not_found"), "{method} {path}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(!policy.contains("nonce"), "{policy}");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}

#[test]
fn files_of_the_page_are_kept_for_good_and_come_packed() {
    let server = crate::server();
    let page = text(&ask(&server, "GET", "/"));
    let Some(name) = between(&page, "src=\"/assets/", "\"") else {
        assert!(page.contains("cargo xtask web"), "{page}");
        println!("built without pages");
        return;
    };
    let path = format!("/assets/{name}");
    let plain = ask(&server, "GET", &path);
    assert_eq!(plain.status, 200);
    let kind = plain.header("content-type");
    assert_eq!(kind, Some("text/javascript; charset=utf-8"));
    let kept = plain.header("cache-control");
    assert_eq!(kept, Some("public, max-age=31536000, immutable"));
    assert_eq!(plain.header("vary"), Some("accept-encoding"));
    assert_eq!(plain.header("content-encoding"), None);
    let nobody = server.nobody().unwrap();
    let call = Call::new("GET", &path).header("accept-encoding", "br, gzip");
    let packed = nobody.send(&call).unwrap();
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert_eq!(packed.header("content-type"), kind);
    assert_eq!(packed.header("cache-control"), kept);
    assert!(packed.body.len() < plain.body.len());
    assert_eq!(packed.body.get(..2), Some(&[0x1f, 0x8b][..]));
    assert_eq!(ask(&server, "GET", &format!("{path}.gz")).status, 404);
}
