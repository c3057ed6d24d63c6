//! Taking a register out: what its reader sees and nothing else, marked with the highest level in it, after a
//! second proof, and told by the log with the digest of the file.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use client::{Client, Error};
use serde_json::{Value, json};
use testkit::{House, PASSWORD};
use wire::{Export, LogQuery, StepUp};

use crate::{case, on_each_database};

fn wanted(format: &str) -> Export {
    Export {
        format: format.to_owned(),
        sort: Some("title".to_owned()),
        ..Export::default()
    }
}

fn prove(house: &House<'_>, who: &str) {
    let proof = StepUp {
        password: Some(PASSWORD.into()),
        otp: None,
    };
    house.client(who).unwrap().step_up_session(&proof).unwrap();
}

fn take(house: &House<'_>, who: &str, wanted: &Export) -> Result<(String, Vec<u8>), Error> {
    house
        .client(who)
        .unwrap()
        .export_register("document", wanted)
}

/// The cells of a workbook's only sheet.
fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let text = |cell: &Data| cell.to_string();
    sheet
        .rows()
        .map(|row| row.iter().map(text).collect())
        .collect()
}

/// What the log tells of files that were taken out.
fn exported(auditor: &Client) -> Vec<String> {
    let all = case::log(auditor, LogQuery::default());
    let told = all.iter().map(|one| one.entry.to_string());
    told.filter(|entry| entry.contains("records.exported"))
        .collect()
}

/// The same from the command line, by a person.
#[test]
fn the_command_line_takes_a_register_out() {
    let server = crate::server();
    let house = case::office(&server);
    case::document(&house, "年度方案", "内容", 1);
    let path = |name: &str| server.folder().join(name).display().to_string();
    let (password, out) = (path("password"), path("documents.csv"));
    std::fs::write(&password, PASSWORD).unwrap();
    let ruping = |who: &str, out: &str| {
        let output = server
            .ruping(&[
                "export",
                "document",
                "-o",
                out,
                "--url",
                server.address(),
                "--account",
                who,
                "--password-file",
                &password,
            ])
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, said) = ruping("yue", &out);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("access.denied"), "{said}");
    assert!(!std::path::Path::new(&out).exists(), "nothing is written");
    let (code, said) = ruping("bao", &path("documents.doc"));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("export.format"), "{said}");
    let (code, said) = ruping("bao", &out);
    assert_eq!(code, Some(0), "{said}");
    let text = std::fs::read_to_string(&out).unwrap();
    assert!(text.contains("年度方案") && text.contains("机密"), "{text}");
}

#[test]
fn what_leaves_is_marked_seen_proven_and_told() {
    on_each_database(|server| {
        let house = case::office(&server);
        case::document(&house, "年度方案", "内容", 1);
        case::document(&house, "=HYPERLINK(\"http://x\")", "内容", 1);
        // a login proves who it was for a few minutes only
        server.set_clock("2026-03-02T01:12:00Z").unwrap();
        let yue = take(&house, "yue", &wanted("csv")).unwrap_err();
        assert_eq!(
            yue.code(),
            "access.denied",
            "R-421: registrars, leaders and the office"
        );
        let early = take(&house, "bao", &wanted("csv")).unwrap_err();
        assert_eq!(early.code(), "session.step_up_needed");
        prove(&house, "bao");

        let (name, bytes) = take(&house, "bao", &wanted("csv")).unwrap();
        let marked = "filename*=UTF-8''%E6%9C%BA%E5%AF%86-";
        assert!(name.contains(marked), "机密 comes first: {name}");
        let text = String::from_utf8(bytes.clone()).unwrap();
        let lines: Vec<&str> = text.trim_end().split("\r\n").collect();
        assert_eq!(lines.len(), 4, "{text}");
        assert!(lines[0].starts_with("\u{feff}机密"), "{text}");
        assert!(lines[1].starts_with("编号,密级标志,状态,标题"), "{text}");
        assert!(lines[2].contains("'=HYPERLINK"), "no formula: {text}");
        assert!(
            lines[3].contains("年度方案") && lines[3].contains("机密★10年"),
            "{text}"
        );
        assert!(lines[3].contains("已定密"), "words, not keys: {text}");

        let auditor = server.enter("auditor").unwrap();
        let sha256 = testkit::oracle::sha256_hex(&bytes);
        let told = exported(&auditor);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(
            told[0].contains(&sha256) && told[0].contains("state.secret"),
            "{told:?}"
        );

        let (_, bytes) = take(&house, "bao", &wanted("xlsx")).unwrap();
        let cells = cells(&bytes);
        assert!(cells[0][0].starts_with("机密"), "{cells:?}");
        assert_eq!(cells[1][3], "标题");
        assert_eq!(cells[3][3], "年度方案");
        let english = Export {
            language: Some("en".to_owned()),
            filter: Some("state:classified".to_owned()),
            q: Some("年度".to_owned()),
            ..wanted("json")
        };
        let (_, bytes) = take(&house, "bao", &english).unwrap();
        let told: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(told["records"].as_array().map(Vec::len), Some(1));
        assert_eq!(told["records"][0]["fields"]["title"], json!("年度方案"));
        assert_eq!(told["mark"], json!("Secret"));
        drop(house);
        case::sound(server);
    });
}

#[test]
fn r181_what_somebody_does_not_see_does_not_leave_with_them() {
    on_each_database(|server| {
        let house = case::office(&server);
        case::document(&house, "限知悉方案", "内容", 1);
        prove(&house, "ban");
        let (name, bytes) = take(&house, "ban", &wanted("csv")).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text.trim_end().split("\r\n").count(), 2, "{text}");
        assert!(
            !name.contains("%E6%9C%BA%E5%AF%86"),
            "nothing secret is in it: {name}"
        );
        for (wrong, code) in [
            (wanted("doc"), "export.format"),
            (
                Export {
                    language: Some("de".to_owned()),
                    ..wanted("csv")
                },
                "export.language",
            ),
        ] {
            let error = take(&house, "ban", &wrong).unwrap_err();
            assert_eq!(error.code(), code);
        }
        let nowhere = house
            .client("ban")
            .unwrap()
            .export_register("nowhere", &wanted("csv"));
        assert_eq!(nowhere.unwrap_err().code(), "not_found");
    });
}
