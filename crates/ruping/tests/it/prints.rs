//! Pages: what a record's reader sees of it, with its mark, its number and its place in the log, in both
//! languages, told by the log; nothing for who may not print, and nothing that is hidden.

use std::io::Write as _;
use std::process::{Command, Stdio};

use client::Error;
use domain::RecordId;
use serde_json::{Value, json};
use testkit::{House, PASSWORD, Server};
use wire::{ApprovalDecision, Export, LogQuery, Performed, Print, StepUp, Verdict};

use crate::{case, on_each_database};

/// The words of a PDF as another program reads them, without the space between them.
pub(crate) fn words(pdf: &[u8]) -> String {
    let mut reader = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = reader.stdin.take().unwrap();
    stdin.write_all(pdf).unwrap();
    drop(stdin);
    let output = reader.wait_with_output().unwrap();
    assert!(output.status.success(), "pdftotext reads it");
    let text = String::from_utf8(output.stdout).unwrap();
    let seen = |c: &char| !c.is_whitespace() && *c != '\u{200b}';
    text.chars().filter(seen).collect()
}

fn print(
    house: &House<'_>,
    who: &str,
    id: RecordId,
    form: Option<&str>,
    language: &str,
) -> Result<(String, Vec<u8>), Error> {
    let wanted = Print {
        form: form.map(str::to_owned),
        language: Some(language.to_owned()),
        ..Print::default()
    };
    house.client(who).unwrap().print_record(id, &wanted)
}

pub(crate) fn prove(house: &House<'_>, who: &str) {
    let proof = StepUp {
        password: Some(PASSWORD.into()),
        otp: None,
    };
    house.client(who).unwrap().step_up_session(&proof).unwrap();
}

fn ledger(house: &House<'_>, register: &str, language: &str) -> Result<(String, Vec<u8>), Error> {
    let wanted = Export {
        format: "pdf".to_owned(),
        language: Some(language.to_owned()),
        ..Export::default()
    };
    house
        .client("bao")
        .unwrap()
        .export_register(register, &wanted)
}

/// Pages for whoever looks at them: in `RUPING_LOOK`, a folder.
pub(crate) fn keep(name: &str, pdf: &[u8]) {
    if let Some(folder) = std::env::var_os("RUPING_LOOK") {
        std::fs::write(std::path::Path::new(&folder).join(name), pdf).unwrap();
    }
}

/// What the log tells of acts of a kind.
pub(crate) fn told(server: &Server, actions: &[&str]) -> Vec<Value> {
    let auditor = server.enter("auditor").unwrap();
    let all = case::log(&auditor, LogQuery::default());
    let told = all.into_iter().map(|one| one.entry);
    told.filter(|entry| actions.iter().any(|action| entry["action"] == *action))
        .collect()
}

/// Mark, number, names and words of both languages; the log's place of the record, and the file's digest
/// in the log.
#[test]
fn a_form_has_its_mark_its_number_and_its_place_in_the_log() {
    on_each_database(|server| {
        let house = case::office(&server);
        let (_, _, copies) = case::document(&house, "年度方案", "内容", 3);
        let loan = case::lend(&house, copies[0]);
        let number = loan.number.clone().unwrap();
        let (name, pdf) = print(&house, "bao", loan.id, None, "zh").unwrap();
        keep("loan-zh.pdf", &pdf);
        assert!(
            name.contains("%E6%9C%BA%E5%AF%86"),
            "机密 comes first: {name}"
        );
        let text = words(&pdf);
        let expected = [
            "机密★10年",
            "借阅登记",
            "借出",
            "000001",
            "评审",
            "同意",
            "当面",
            "第1页",
            "共1页",
            &number,
        ];
        for part in expected {
            assert!(text.contains(part), "{part}: {text}");
        }
        let digest = testkit::oracle::sha256_hex(&pdf);
        let entries = told(&server, &["record.printed"]);
        let [entry] = entries.as_slice() else {
            panic!("{entries:?}")
        };
        assert_eq!(entry["record"], json!(loan.id), "{entry}");
        let facts = &entry["facts"];
        assert_eq!(facts["sha256"], json!(digest), "{entry}");
        assert_eq!(facts["level"], json!("state.secret"), "{entry}");
        assert_eq!(facts["form"], json!("form"), "{entry}");

        // the entry that the page names is the one that the record's proof proves
        let proof = case::proof(house.client("bao").unwrap(), loan.entry.unwrap());
        let proof = String::from_utf8(proof).unwrap();
        let index = proof.lines().find_map(|line| line.strip_prefix("index "));
        let index = index.unwrap_or_else(|| panic!("{proof}"));
        assert!(text.contains(&format!("#{index}")), "{index}: {text}");

        let (_, pdf) = print(&house, "bao", loan.id, Some("slip"), "en").unwrap();
        keep("slip-en.pdf", &pdf);
        let text = words(&pdf);
        for part in [
            "Loanslip",
            "年度方案",
            "000001",
            "page1of1",
            "Borrower",
            "cuthere",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    });
}

/// B11: the list with each copy, and the certificate once they are destroyed; many pages with heads again.
#[test]
fn b11_a_list_and_its_certificate() {
    on_each_database(|server| {
        let house = case::office(&server);
        let (_, _, copies) = case::document(&house, "过期方案", "内容", 62);
        let counted = case::destruction_list(&house, &copies[..60]);
        let early = print(&house, "bao", counted.id, Some("certificate"), "zh").unwrap_err();
        assert_eq!(early.code(), "print.state");
        let (_, pdf) = print(&house, "bao", counted.id, Some("list"), "zh").unwrap();
        keep("list-zh.pdf", &pdf);
        let text = words(&pdf);
        assert_eq!(
            text.matches("份号").count(),
            2 + text.matches("第3页").count(),
            "heads again: {text}"
        );
        for part in ["涉密载体销毁清册", "000060", "已清点", "监销人", "共"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let gone = case::destroy(&house, &copies[60..]);
        let (_, pdf) = print(&house, "bao", gone.id, Some("certificate"), "zh").unwrap();
        keep("certificate-zh.pdf", &pdf);
        let text = words(&pdf);
        for part in ["涉密载体销毁证明", "共2份", "粉碎", "特此证明"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let (_, pdf) = print(&house, "bao", gone.id, Some("certificate"), "en").unwrap();
        keep("certificate-en.pdf", &pdf);
        let text = words(&pdf);
        for part in ["2copies,listedbelow", "000061", "000062"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    });
}

/// Nobody prints what they do not see, nor without the right to; no form shows what its reader may not know.
#[test]
fn what_is_hidden_is_on_no_page() {
    on_each_database(|server| {
        let house = case::office(&server);
        let (document, _, copies) = case::document(&house, "年度方案", "内容", 1);
        let loan = case::lend(&house, copies[0]);
        let yue = print(&house, "yue", loan.id, None, "zh").unwrap_err();
        assert_eq!(
            yue.code(),
            "access.denied",
            "the borrower sees it and may not print it"
        );
        // outside the scope: the head of the office has the right and does not see it
        for id in [document.id, loan.id, copies[0]] {
            let ban = print(&house, "ban", id, None, "zh").unwrap_err();
            assert_eq!(ban.code(), "not_found");
        }
        let unknown = print(&house, "bao", loan.id, Some("ledger"), "zh").unwrap_err();
        assert_eq!(
            unknown.code(),
            "print.unknown",
            "a ledger is of no one record"
        );
        let language = print(&house, "bao", loan.id, None, "fr").unwrap_err();
        assert_eq!(language.code(), "export.language");
        assert!(
            told(&server, &["record.printed"]).is_empty(),
            "nothing was printed"
        );
    });
}

/// a register on ledger pages is an export: what is seen, with its mark, after a fresh proof.
#[test]
fn r421_a_register_on_ledger_pages() {
    on_each_database(|server| {
        let house = case::office(&server);
        case::document(&house, "年度方案", "内容", 3);
        server.set_clock("2026-03-02T01:12:00Z").unwrap();
        let early = ledger(&house, "copy", "zh").unwrap_err();
        assert_eq!(early.code(), "session.step_up_needed");
        prove(&house, "bao");
        let (name, pdf) = ledger(&house, "copy", "zh").unwrap();
        keep("copy-zh.pdf", &pdf);
        assert!(
            name.contains("%E6%9C%BA%E5%AF%86") && name.contains(".pdf"),
            "{name}"
        );
        let text = words(&pdf);
        for part in [
            "机密",
            "涉密载体台账",
            "年度方案",
            "000003",
            "在库",
            "共3条",
            "第1页",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let (_, pdf) = ledger(&house, "person", "en").unwrap();
        keep("person-en.pdf", &pdf);
        let text = words(&pdf);
        for part in ["Person", "records", "columnsleftout", "Keeper"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    });
}

/// Words that would act, mislead or not end are words on the page.
#[test]
fn a_hostile_title_is_harmless_on_paper() {
    on_each_database(|server| {
        let house = case::office(&server);
        let long = "长".repeat(150);
        let title = format!(
            "#pagebreak() *b* <img onerror=x> gpj.exe 𠮷 {} {long}",
            "x".repeat(40)
        );
        let (document, _, _) = case::document(&house, &title, "内容", 1);
        let (_, pdf) = print(&house, "bao", document.id, None, "zh").unwrap();
        keep("hostile-zh.pdf", &pdf);
        let text = words(&pdf);
        for part in ["#pagebreak()", "*b*", "<imgonerror=x>", "〔U+20BB7〕"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert_eq!(text.matches('长').count(), 150, "{text}");
    });
}

/// What was decided on a secret stays with those who may know it, also once the record is open.
#[test]
fn r181_decisions_on_what_was_secret_are_on_no_page_of_others() {
    on_each_database(|server| {
        let mut house = case::office(&server);
        // in the scope, and not cleared as long as it is secret
        house.hire("lin", "none", &["staff", "leader"]).unwrap();
        let scope = ["bao", "zhu", "yue", "lin"].map(|who| house.id(who).unwrap());
        let document = json!({
            "title": "年度方案", "level": "state.secret", "term": { "years": 10 },
            "issue_date": "2026-02-01", "scope_persons": scope, "issuer": "本单位",
            "taken_from": "旧台账",
        });
        let made = house.make("bao", "document", "take_over", document, &[]);
        let document = case::done(made);
        let stock = json!({
            "copies_count": 1, "keeper": house.id("bao").unwrap(), "place": house.id("safe").unwrap(),
        });
        let made = house
            .act("bao", &document, "make_copies", stock, &[])
            .unwrap();
        let Performed::Done(made) = made else {
            panic!("copies wait for somebody: {made:?}")
        };
        let copies: Vec<RecordId> = made.made.iter().map(|one| one.id).collect();
        let loan = json!({
            "copy": copies[0], "borrower": house.id("yue").unwrap(), "purpose": "评审",
            "due_at": "2026-03-05T09:00:00Z",
        });
        let waiting = house.make("bao", "loan", "request", loan, &[]).unwrap();
        let Performed::Waiting(waiting) = waiting else {
            panic!("nobody decides: {waiting:?}")
        };
        let mut decision = ApprovalDecision::from(Verdict::Approve);
        decision.comment = Some("内部意见".to_owned());
        let zhu = house.client("zhu").unwrap();
        let decided = zhu.decide_approval(waiting.approval, &decision).unwrap();
        let loan = decided.record().unwrap().id;
        let (_, pdf) = print(&house, "bao", loan, None, "zh").unwrap();
        assert!(words(&pdf).contains("内部意见"));
        let early = print(&house, "lin", loan, None, "zh").unwrap_err();
        assert_eq!(early.code(), "not_found");

        // ten years later it is declassified by itself
        server.set_clock("2036-02-10T01:00:00Z").unwrap();
        let bao = server.enter_again("bao").unwrap();
        case::until(|| bao.read_record(loan).unwrap().label.mark.is_none());
        let lin = server.enter_again("lin").unwrap();
        let (_, pdf) = lin.print_record(loan, &Print::default()).unwrap();
        let text = words(&pdf);
        assert!(
            text.contains("借阅登记") && !text.contains("内部意见"),
            "{text}"
        );
        let (name, pdf) = bao.print_record(loan, &Print::default()).unwrap();
        assert!(words(&pdf).contains("内部意见"));
        assert!(
            name.contains("%E6%9C%BA%E5%AF%86"),
            "as secret as what was asked: {name}"
        );
    });
}
