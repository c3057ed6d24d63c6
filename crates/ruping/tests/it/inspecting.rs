//! Contents that somebody has inspected (A4, C5): findings with places and reasons; nothing is kept, and the log says so.

use client::{Call, Client};
use testkit::Server;
use testkit::raw::{Planted, search};
use wire::{Inspection, LogQuery};

use crate::bad_input::problem;
use crate::case::log;
use crate::files::{drafter, objects};
use crate::{on_each_database, server};

const CONTENT: &str = "机密★10年\n关于龙门计划-INSPECT-K7的通知\n联系人证件 11010519491231002X";

fn inspected(client: &Client, name: &str, content: &[u8]) -> Inspection {
    let mut body = format!(
        "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n--XX--\r\n");
    let call = Call::new("POST", "/api/v1/inspect");
    let call = call.bytes("multipart/form-data; boundary=XX", body);
    client
        .send(&call)
        .unwrap()
        .accepted()
        .unwrap()
        .json()
        .unwrap()
}

#[test]
fn a4_c5_findings_are_told_with_place_and_reason_and_nothing_is_kept() {
    on_each_database(|server| {
        let chen = drafter(&server);
        let told = inspected(&chen, "通知-INSPECT-N3.txt", CONTENT.as_bytes());
        assert_eq!(
            (
                told.status.as_str(),
                told.verdict.level.as_deref(),
                told.text.as_str()
            ),
            ("read", Some("state.secret"), CONTENT)
        );
        let mark = told.findings.iter().find(|one| one.kind == "mark").unwrap();
        assert_eq!((mark.text.as_str(), mark.offset), ("机密★10年", 0));
        assert!(!mark.why.zh.is_empty() && !mark.why.en.is_empty());
        let number = told.findings.iter().find(|one| one.kind == "identifier");
        let number = number.unwrap();
        assert_eq!(
            number.text, "11010519491231002X",
            "to who sent it nothing is masked"
        );
        let before: String = CONTENT
            .chars()
            .take(number.offset.try_into().unwrap())
            .collect();
        assert!(CONTENT.starts_with(&before) && before.ends_with("证件 "));
        assert_eq!(objects(&server), 0, "no object is made of it");
        in_the_log(&server, &chen);
        let planted = ["龙门计划-INSPECT-K7", "通知-INSPECT-N3"].map(Planted::new);
        let (found, read) = search(server.folder(), &planted).unwrap();
        assert!(found.is_empty() && read > 0, "on the disk: {found:?}");
    });
}

fn in_the_log(server: &Server, chen: &Client) {
    let auditor = server.enter("auditor").unwrap();
    let query = LogQuery {
        action: Some("content.inspected".to_owned()),
        ..LogQuery::default()
    };
    let entries = log(&auditor, query);
    let [entry] = entries.as_slice() else {
        panic!("{} entries", entries.len())
    };
    let account = chen.read_me().unwrap().account;
    assert_eq!(entry.entry["actor"]["account"], account.to_string());
    let facts = &entry.entry["facts"];
    assert_eq!(
        (facts["level"].as_str(), facts["status"].as_str()),
        (Some("state.secret"), Some("read")),
        "{facts}"
    );
    let whole = entry.entry.to_string();
    assert!(!whole.contains("INSPECT"), "{whole}");
}

#[test]
fn what_cannot_be_read_is_told_and_costs_nobody_else_anything() {
    let server = server();
    let chen = drafter(&server);
    let locked = inspected(&chen, "a", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog");
    assert_ne!(locked.status, "read", "{locked:?}");
    assert!(!locked.causes.is_empty());
    let told = chen.inspect_content(b"abc".to_vec()).unwrap();
    assert_eq!((told.status.as_str(), told.findings.len()), ("read", 0));
    let formless = Call::new("POST", "/api/v1/inspect");
    let formless = formless.bytes("multipart/form-data; boundary=XX", b"--XX--\r\n".to_vec());
    let refused = chen.send(&formless).unwrap();
    assert_eq!(
        (refused.status, problem(&refused).code.as_str()),
        (400, "upload.form")
    );
    let large = vec![b' '; wire::limits::INSPECTION_BYTES + 1];
    let large = Call::new("POST", "/api/v1/inspect").bytes("application/octet-stream", large);
    let refused = chen.send(&large).unwrap();
    assert_eq!(
        (refused.status, problem(&refused).code.as_str()),
        (413, "inspect.too_large")
    );
    assert!(chen.read_me().is_ok(), "the server goes on");
}

#[test]
fn r407_who_administers_has_nothing_inspected() {
    let server = server();
    let auditor = server.enter("auditor").unwrap();
    let call =
        Call::new("POST", "/api/v1/inspect").bytes("application/octet-stream", b"abc".to_vec());
    let refused = auditor.send(&call).unwrap();
    assert_eq!(
        (refused.status, problem(&refused).code.as_str()),
        (403, "access.denied")
    );
}
