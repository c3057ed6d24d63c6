//! Labels, previews and the line of custody on paper: a scanner reads which record a label is of and nothing
//! else, what is only looked at leaves no entry and is no evidence, and paper tells what the page tells.

use std::io::Write as _;
use std::process::{Command, Stdio};

use client::Error;
use domain::RecordId;
use serde_json::json;
use wire::{Export, Print};

use crate::prints::{keep, prove, told, words};
use crate::{case, on_each_database};

/// What an independent reader finds on pages, in the order of the pages.
fn scanned(pdf: &[u8]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let prefix = folder.path().join("page");
    // as coarse as the printers that labels are printed on
    let mut painter = Command::new("pdftoppm")
        .args(["-r", "203", "-gray", "-png", "-"])
        .arg(&prefix)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    painter.stdin.take().unwrap().write_all(pdf).unwrap();
    assert!(painter.wait().unwrap().success(), "pdftoppm paints it");
    let files = std::fs::read_dir(folder.path()).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut codes = Vec::new();
    for file in files {
        let read = Command::new("zbarimg")
            .args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"])
            .arg(&file)
            .output()
            .unwrap();
        let text = String::from_utf8(read.stdout).unwrap();
        codes.extend(text.lines().map(str::to_owned));
    }
    codes
}

fn label(size: &str, first: Option<u32>) -> Print {
    Print {
        form: Some("label".to_owned()),
        size: Some(size.to_owned()),
        first,
        ..Print::default()
    }
}

fn labels(ids: &[RecordId], size: &str) -> Export {
    Export {
        format: "pdf".to_owned(),
        print: Some("label".to_owned()),
        size: Some(size.to_owned()),
        ids: ids.to_vec(),
        ..Export::default()
    }
}

const SIZES: [&str; 5] = [
    "roll_60x40",
    "roll_40x30",
    "roll_100x70",
    "sheet_3x8",
    "sheet_2x7",
];

/// A3, R-163, R-169: on every size another program reads which copy it is; mark and serial stand beside it, the
/// title of a secret does not.
#[test]
fn a3_a_label_is_read_by_another_program_on_every_size() {
    on_each_database(|server| {
        let house = case::office(&server);
        let (_, _, copies) = case::document(&house, "年度方案", "内容", 2);
        let bao = house.client("bao").unwrap();
        for size in SIZES {
            let (name, pdf) = bao.print_record(copies[1], &label(size, None)).unwrap();
            keep(&format!("label-{size}.pdf"), &pdf);
            assert_eq!(scanned(&pdf), [case::label(copies[1])], "{size}");
            let text = words(&pdf);
            for part in ["机密★10年", "000002"] {
                assert!(text.contains(part), "{size} {part}: {text}");
            }
            assert!(!text.contains("年度方案"), "{size}: {text}");
            assert!(name.contains("%E6%9C%BA%E5%AF%86"), "{name}");
        }
        assert_eq!(told(&server, &["record.printed"]).len(), SIZES.len());
        // what is open says what it is
        let safe = house.id("safe").unwrap();
        let (_, pdf) = bao.print_record(safe, &label("roll_60x40", None)).unwrap();
        keep("label-place.pdf", &pdf);
        assert_eq!(scanned(&pdf), [case::label(safe)]);
        assert!(!words(&pdf).contains('★'));

        let wrong = [
            (label("50x50", None), "print.size"),
            (label("roll_60x40", Some(2)), "print.first"),
            (label("sheet_2x7", Some(15)), "print.first"),
            (label("sheet_2x7", Some(0)), "print.first"),
        ];
        for (wanted, expected) in wrong {
            let refused = bao.print_record(copies[0], &wanted).unwrap_err();
            assert_eq!(refused.code(), expected, "{wanted:?}");
        }
    });
}

/// R-421: labels of chosen records, in their order, from the first free place of a sheet, after a fresh proof; one
/// that its reader does not see is not left out without a word.
#[test]
fn r421_labels_of_chosen_records() {
    on_each_database(|server| {
        let house = case::office(&server);
        let (_, _, copies) = case::document(&house, "年度方案", "内容", 4);
        let (document, _, _) = case::document(&house, "另一份", "内容", 1);
        server.set_clock("2026-03-02T01:12:00Z").unwrap();
        let bao = house.client("bao").unwrap();
        let chosen = [copies[2], copies[0], copies[3], copies[0]];
        let early = bao.export_register("copy", &labels(&chosen, "roll_60x40"));
        assert_eq!(early.unwrap_err().code(), "session.step_up_needed");
        prove(&house, "bao");
        let (_, pdf) = bao
            .export_register("copy", &labels(&chosen, "roll_60x40"))
            .unwrap();
        let expected = [copies[2], copies[0], copies[3]].map(case::label);
        assert_eq!(scanned(&pdf), expected, "each once, in their order");
        let mut sheet = labels(&chosen, "sheet_2x7");
        sheet.first = Some(14);
        let (_, pdf) = bao.export_register("copy", &sheet).unwrap();
        keep("labels-sheet.pdf", &pdf);
        let mut found = scanned(&pdf);
        assert_eq!(
            found.remove(0),
            expected[0],
            "the last place of a used sheet"
        );
        found.sort();
        let mut rest = expected[1..].to_vec();
        rest.sort();
        assert_eq!(found, rest, "and the others on a new one");

        let refused = |wanted: &Export| bao.export_register("copy", wanted).unwrap_err();
        let absent: RecordId = "0193b2f4-5a6b-7c8d-9e0f-a1b2c3d4e5f6".parse().unwrap();
        for id in [absent, document.id] {
            let with = labels(&[copies[0], id], "roll_60x40");
            assert_eq!(refused(&with).code(), "not_found", "{id}");
        }
        assert_eq!(
            refused(&labels(&[absent; 501], "roll_60x40")).code(),
            "export.ids"
        );
        let mut both = labels(&chosen, "roll_60x40");
        both.q = Some("方案".to_owned());
        assert_eq!(refused(&both).code(), "export.either");
        // the same records in a spreadsheet
        let csv = Export {
            format: "csv".to_owned(),
            ids: vec![copies[1]],
            ..Export::default()
        };
        let (_, file) = bao.export_register("copy", &csv).unwrap();
        let text = String::from_utf8(file).unwrap();
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(text.contains("000002"), "{text}");
        let named = told(&server, &["record.exported"]);
        assert_eq!(named.len(), 3 + 3 + 1, "the log names each of them");
        let of_last = |one: &&serde_json::Value| one["record"] == copies[1].to_string();
        assert_eq!(named.iter().filter(of_last).count(), 1);
    });
}

/// A preview is for who may print, shows what would be printed, and leaves nothing: no entry, no place in the log, no
/// code of a record.
#[test]
fn a_preview_leaves_no_entry_and_is_no_evidence() {
    on_each_database(|server| {
        let house = case::office(&server);
        let (_, _, copies) = case::document(&house, "年度方案", "内容", 1);
        let loan = case::lend(&house, copies[0]);
        let bao = house.client("bao").unwrap();
        let seen = bao.preview_record(loan.id, &Print::default()).unwrap();
        assert_eq!((seen.pages.len(), seen.total), (1, 1));
        // the colour of the words over the page
        assert!(seen.pages[0].starts_with("<svg") && seen.pages[0].contains("#b02020"));
        let of = |who: &str, id| -> Result<_, Error> {
            house
                .client(who)
                .unwrap()
                .preview_record(id, &Print::default())
        };
        assert_eq!(of("yue", loan.id).unwrap_err().code(), "access.denied");
        assert_eq!(of("ban", loan.id).unwrap_err().code(), "not_found");
        let label = bao
            .preview_record(copies[0], &label("roll_100x70", None))
            .unwrap();
        assert_eq!(label.total, 1);

        server.set_clock("2026-03-02T01:12:00Z").unwrap();
        let ledger = Export {
            format: "pdf".to_owned(),
            ..Export::default()
        };
        let early = bao.preview_register("copy", &ledger).unwrap_err();
        assert_eq!(early.code(), "session.step_up_needed");
        prove(&house, "bao");
        let seen = bao.preview_register("copy", &ledger).unwrap();
        assert_eq!((seen.pages.len(), seen.total), (1, 1));
        let entries = told(&server, &["record.printed", "records.exported"]);
        assert!(entries.is_empty(), "{entries:?}");
    });
}

/// Of many pages the first twenty are pictures; the others are counted.
#[test]
fn a_preview_shows_its_first_pages_and_counts_all() {
    on_each_database(|server| {
        let house = case::office(&server);
        let (_, _, copies) = case::document(&house, "年度方案", "内容", 23);
        prove(&house, "bao");
        let bao = house.client("bao").unwrap();
        let seen = bao.preview_register("copy", &labels(&copies, "roll_40x30"));
        let seen = seen.unwrap();
        assert_eq!((seen.pages.len(), seen.total), (20, 23));
    });
}

/// S8.5 (G2): the custody of a copy and of a document on paper: every movement with its act, who signed and its entry;
/// what its reader may not know is blank there too.
#[test]
fn g2_the_line_of_custody_on_paper() {
    on_each_database(|server| {
        let house = case::office(&server);
        let (document, _, copies) = case::document(&house, "年度方案", "内容", 3);
        let loan = case::lend(&house, copies[0]);
        let print = |id, language: &str, form: &str| {
            let wanted = Print {
                form: Some(form.to_owned()),
                language: Some(language.to_owned()),
                ..Print::default()
            };
            let bao = house.client("bao").unwrap();
            bao.print_record(id, &wanted).unwrap().1
        };
        let pdf = print(copies[0], "zh", "custody");
        keep("custody-copy-zh.pdf", &pdf);
        let text = words(&pdf);
        let number = loan.number.clone().unwrap();
        for part in [
            "载体流转记录",
            "机密★10年",
            "制作",
            "借出",
            &number,
            "在外",
            "借阅",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        // the entries are those that the page of custody names
        let custody = house
            .client("bao")
            .unwrap()
            .read_custody(copies[0])
            .unwrap();
        let movements = &custody.copies[0].movements;
        assert_eq!(movements.len(), 2);
        for movement in movements {
            let proof = case::proof(house.client("bao").unwrap(), movement.entry);
            let proof = String::from_utf8(proof).unwrap();
            let index = proof.lines().find_map(|line| line.strip_prefix("index "));
            let index = index.unwrap_or_else(|| panic!("{proof}"));
            assert!(text.contains(&format!("#{index}")), "{index}: {text}");
        }
        let pdf = print(document.id, "en", "custody");
        keep("custody-document-en.pdf", &pdf);
        let text = words(&pdf);
        for part in [
            "Custodyhistoryofadocument",
            "000001",
            "000003",
            "lent",
            "held",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let pdf = print(copies[1], "zh", "cover");
        keep("cover-zh.pdf", &pdf);
        let text = words(&pdf);
        // R-169, R-170: the serial on the first line, the mark on the second
        assert!(text.starts_with("000002机密★10年"), "{text}");
        keep("cover-en.pdf", &print(copies[1], "en", "cover"));
        keep("cover-document-zh.pdf", &print(document.id, "zh", "cover"));
        // a loan has no line of custody of its own
        let bao = house.client("bao").unwrap();
        let wanted = Print {
            form: Some("custody".to_owned()),
            ..Print::default()
        };
        let unknown = bao.print_record(loan.id, &wanted).unwrap_err();
        assert_eq!(unknown.code(), "print.unknown");
    });
}

/// The receipt names no titles: it may travel by a less secret way.
#[test]
fn b2_a_receipt_names_no_titles() {
    on_each_database(|server| {
        let house = case::office(&server);
        let received = json!({
            "sender": "上级机关", "envelope_no": "0117", "seal_intact": true, "channel": "courier",
            "level": "state.secret", "scope_persons": [house.id("bao").unwrap()],
            "list": [{ "title": "关于某事的通知", "doc_no": "某发〔2026〕3号", "level": "state.secret", "copies_listed": 2, "copies_found": 2 }],
            "keeper": house.id("bao").unwrap(), "place": house.id("safe").unwrap(),
        });
        let received = case::done(house.make("bao", "receive", "register", received, &["bao"]));
        let wanted = |language: &str| Print {
            form: Some("receipt".to_owned()),
            language: Some(language.to_owned()),
            ..Print::default()
        };
        let bao = house.client("bao").unwrap();
        let (_, pdf) = bao.print_record(received.id, &wanted("zh")).unwrap();
        keep("receipt-zh.pdf", &pdf);
        let text = words(&pdf);
        for part in [
            "收文回执",
            "某发〔2026〕3号",
            "上级机关",
            "0117",
            "沿此线裁开",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("关于某事的通知"), "{text}");
        let (_, pdf) = bao.print_record(received.id, &wanted("en")).unwrap();
        keep("receipt-en.pdf", &pdf);
    });
}
