//! The interface that stays: its description is reviewed as text, and describes what is there.

use client::Call;
use serde_json::Value;

#[test]
fn the_interface_is_what_was_reviewed() {
    let server = crate::server();
    let nobody = server.nobody().unwrap();
    let answer = nobody.send(&Call::new("GET", "/api/openapi.json")).unwrap();
    assert_eq!(answer.header("content-type"), Some("application/json"));
    insta::assert_snapshot!("openapi", String::from_utf8(answer.body).unwrap());
}

#[test]
fn whatever_is_described_is_there_and_asks_who_one_is() {
    let server = crate::server();
    let nobody = server.nobody().unwrap();
    let answer = nobody.send(&Call::new("GET", "/api/openapi.json")).unwrap();
    let document: Value = answer.json().unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        let real = path
            .split('/')
            .map(|part| if part.starts_with('{') { "x" } else { part });
        let real = real.collect::<Vec<_>>().join("/");
        for (method, operation) in item.as_object().unwrap() {
            let answer = nobody
                .send(&Call::new(&method.to_uppercase(), &real))
                .unwrap();
            let open = operation["security"] == serde_json::json!([{}]);
            let expected = if open { 415 } else { 401 };
            assert_eq!(answer.status, expected, "{method} {path}");
        }
    }
}
