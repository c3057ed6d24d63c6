//! What somebody without clearance and ground can find out: nothing. They try every way there is,
//! and none of the words, numbers and ids of what is hidden stands in any answer.

use std::collections::BTreeSet;

use client::{Answer, Call, Client};
use domain::{ApprovalId, EntryId, FileId, RecordId};
use serde_json::{Value, json};
use testkit::{House, Server};
use wire::{ApprovalDecision, LogQuery, NewToken, Performed, Verdict};

use crate::bad_input::problem;
use crate::on_each_database;

/// Words that stand in what is hidden, and nowhere else.
const WORDS: [&str; 6] = [
    "长城乙方案",
    "绝字第七十七号",
    "机要附录.bin",
    "未交草图.bin",
    "乙方案评审会",
    "CONTENT-OF-THE-PLAN",
];

/// What somebody may ask for.
#[derive(Clone, Copy, Debug)]
struct Ids {
    document: RecordId,
    proposal: RecordId,
    copy: RecordId,
    loan: RecordId,
    file: FileId,
    upload: FileId,
    entry: EntryId,
    approval: ApprovalId,
}

impl Ids {
    fn texts(&self) -> [String; 8] {
        [
            self.document.to_string(),
            self.proposal.to_string(),
            self.copy.to_string(),
            self.loan.to_string(),
            self.file.to_string(),
            self.upload.to_string(),
            self.entry.to_string(),
            self.approval.to_string(),
        ]
    }

    /// Ids of the same kinds that were never given.
    fn absent() -> Self {
        let id = |last: u8| format!("019cc5ce-f280-7d09-9138-84632025f6{last:02x}");
        Self {
            document: id(1).parse().unwrap(),
            proposal: id(2).parse().unwrap(),
            copy: id(3).parse().unwrap(),
            loan: id(4).parse().unwrap(),
            file: id(5).parse().unwrap(),
            upload: id(6).parse().unwrap(),
            entry: id(7).parse().unwrap(),
            approval: id(8).parse().unwrap(),
        }
    }
}

fn waiting(performed: Performed) -> (ApprovalId, RecordId) {
    let Performed::Waiting(waiting) = performed else {
        panic!("not waiting: {performed:?}")
    };
    (waiting.approval, waiting.record.id)
}

fn approve(house: &House<'_>, who: &str, id: ApprovalId) -> Performed {
    let decision = ApprovalDecision::from(Verdict::Approve);
    let client = house.client(who).unwrap();
    client.decide_approval(id, &decision).unwrap()
}

fn staff(house: &mut House<'_>) {
    for (name, grade, roles) in [
        ("chen", "important", &["staff"][..]),
        ("ding", "important", &["staff", "classifier"]),
        ("bao", "important", &["staff", "registrar"]),
        ("zhu", "important", &["staff"]),
        ("wai", "none", &["staff"]),
    ] {
        house.hire(name, grade, roles).unwrap();
    }
    let unit = house
        .client("office")
        .unwrap()
        .read_record(house.id("unit").unwrap());
    let head = json!({ "head": house.id("zhu").unwrap() });
    house
        .act("office", &unit.unwrap(), "correct", head, &[])
        .unwrap();
}

/// A document with its decision, copies, a loan that waits, files and an upload, and everything
/// about it that has a number.
fn plant(house: &House<'_>) -> (Ids, Vec<String>) {
    let chen = house.client("chen").unwrap();
    let file = chen.upload_file(WORDS[2], "application/x-plan", &mut WORDS[5].as_bytes());
    let upload = chen.upload_file(WORDS[3], "application/x-plan", &mut WORDS[5].as_bytes());
    let file = file.unwrap().id;
    let names = ["chen", "ding", "bao", "zhu"];
    let scope: Vec<RecordId> = names.iter().map(|name| house.id(name).unwrap()).collect();
    let matter = json!({
        "name": "型号方案", "level": "state.secret", "term": { "years": 10 },
        "scope_text": "项目组", "tier": "总体部", "clause": "第3条",
    });
    let matter = house
        .make("office", "secret_matter", "add", matter, &[])
        .unwrap();
    let draft = json!({
        "title": WORDS[0], "doc_no": WORDS[1], "level": "state.secret", "term": { "years": 10 },
        "contents": [file],
    });
    let draft = house.make("chen", "document", "draft", draft, &[]).unwrap();
    let document = draft.record().unwrap().id;
    let proposal = json!({
        "document": document, "level": "state.secret", "term": { "years": 10 },
        "scope_persons": scope, "basis": matter.record().unwrap().id, "reason": WORDS[0],
    });
    let proposed = house.make("chen", "classification", "propose", proposal, &[]);
    let (approval, proposal) = waiting(proposed.unwrap());
    approve(house, "ding", approval);
    let classified = house.client("bao").unwrap().read_record(document).unwrap();
    let copies = json!({
        "copies_count": 2, "keeper": house.id("bao").unwrap(), "place": house.id("safe").unwrap(),
    });
    let Performed::Done(made) = house
        .act("bao", &classified, "make_copies", copies, &[])
        .unwrap()
    else {
        panic!("copies wait")
    };
    let copy = made.made[0].id;
    let loan = json!({
        "copy": copy, "borrower": house.id("chen").unwrap(), "purpose": WORDS[4],
        "due_at": "2026-03-05T09:00:00Z",
    });
    let (approval, loan) = waiting(house.make("bao", "loan", "request", loan, &[]).unwrap());
    let proposal_now = house.client("chen").unwrap().read_record(proposal).unwrap();
    let numbers = [classified.number, proposal_now.number]
        .into_iter()
        .flatten()
        .collect();
    let ids = Ids {
        document,
        proposal,
        copy,
        loan,
        file,
        upload: upload.unwrap().id,
        entry: classified.entry.unwrap(),
        approval,
    };
    (ids, numbers)
}

fn get(path: &str) -> Call {
    Call::new("GET", &format!("/api/v1{path}"))
}

fn post(path: &str, body: &Value) -> Call {
    let call = Call::new("POST", &format!("/api/v1{path}"));
    call.json(body).unwrap()
}

/// Every way to ask by id.
fn by_id(ids: &Ids, me: RecordId) -> Vec<Call> {
    let mut calls = Vec::new();
    for record in [ids.document, ids.proposal, ids.copy, ids.loan] {
        for part in ["", "/history", "/custody", "/files"] {
            calls.push(get(&format!("/records/{record}{part}")));
        }
        for action in ["make_copies", "correct", "cancel", "fly"] {
            for query in ["", "?dry_run=true"] {
                let path = format!("/records/{record}/actions/{action}{query}");
                let body = json!({ "input": {}, "comment": "x" });
                calls.push(post(&path, &body).header("if-match", "\"2\""));
            }
        }
    }
    for file in [ids.file, ids.upload] {
        let path = format!("/files/{file}/content");
        calls.extend([get(&path), get(&path).header("range", "bytes=0-3")]);
        let fields = json!({
            "title": "草稿", "level": "open", "term": { "years": 1 }, "contents": [file],
        });
        let body = json!({ "action": "draft", "fields": fields });
        calls.push(post("/registers/document/records", &body));
    }
    let every = [ids.document, ids.proposal, ids.copy, ids.loan].map(|id| id.to_string());
    calls.push(get(&format!("/names?ids={}", every.join(","))));
    calls.extend(every.iter().map(|id| get(&format!("/names?ids={id},{me}"))));
    calls.push(get(&format!("/log/proof/{}", ids.entry)));
    let decision = json!({ "decision": "approve" });
    calls.push(post(&format!("/approvals/{}", ids.approval), &decision));
    for (register, field, id) in [
        ("loan", "copy", ids.copy),
        ("loss", "copy", ids.copy),
        ("copy", "document", ids.document),
        ("classification", "document", ids.document),
    ] {
        let list = format!("/registers/{register}/records");
        calls.push(get(&format!("{list}?filter={field}:{id}&count=exact")));
        calls.push(get(&format!("{list}?q={id}&count=exact")));
    }
    let loan = json!({
        "copy": ids.copy, "borrower": me, "purpose": "看看", "due_at": "2026-03-05T09:00:00Z",
    });
    for query in ["", "?dry_run=true"] {
        let body = json!({ "action": "request", "fields": loan });
        calls.push(post(&format!("/registers/loan/records{query}"), &body));
    }
    let proposal = json!({
        "document": ids.document, "level": "state.secret", "term": { "years": 10 },
        "scope_persons": [me], "reason": "看看",
    });
    let body = json!({ "action": "propose", "fields": proposal });
    calls.push(post("/registers/classification/records", &body));
    calls
}

/// Every way to look around, and to ask for words and numbers.
fn around(numbers: &[String]) -> Vec<Call> {
    let mut calls = vec![
        get("/me"),
        get("/registers"),
        get("/inbox"),
        get("/accounts"),
        get("/log/entries"),
        get("/log/checkpoint"),
        get("/log/tile/0/000"),
        get("/log/tile/entries/000"),
        Call::new("GET", "/log/tile/entries/000"),
    ];
    // the whole bundle is there only once it is full; a partial one names its width
    calls.extend(
        (1..=255)
            .step_by(2)
            .map(|width| get(&format!("/log/tile/entries/000.p/{width}"))),
    );
    for register in [
        "document",
        "classification",
        "copy",
        "loan",
        "loss",
        "destruction",
        "receive",
        "secret_matter",
        "person",
        "unit",
        "post",
        "place",
    ] {
        let list = format!("/registers/{register}/records?limit=200&count=exact");
        calls.push(get(&list));
        calls.push(get(&format!("{list}&sort=created_at")));
        calls.push(get(&format!("{list}&filter=state:classified")));
        for word in WORDS
            .iter()
            .copied()
            .chain(numbers.iter().map(String::as_str))
        {
            calls.push(get(&format!("{list}&q={}", percent(word))));
        }
    }
    calls.push(get("/registers/document/records?sort=title"));
    calls.push(get(&format!(
        "/registers/document/records?filter=doc_no:{}",
        percent(WORDS[1])
    )));
    calls
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// An answer as text, without what every answer has of its own.
fn shown(answer: &Answer) -> (u16, String, Vec<(String, String)>) {
    let mut body = String::from_utf8_lossy(&answer.body).into_owned();
    if let Ok(mut json) = serde_json::from_slice::<Value>(&answer.body) {
        if let Some(problem) = json.as_object_mut() {
            problem.remove("request_id");
        }
        body = json.to_string();
    }
    let mut headers = answer.headers.clone();
    headers.retain(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()));
    headers.sort();
    (answer.status, body, headers)
}

#[track_caller]
fn tells_nothing(answer: &Answer, secrets: &[String], asked: &Call) {
    let (_, body, headers) = shown(answer);
    let raw = String::from_utf8_lossy(&answer.body);
    for secret in secrets {
        let told = body.contains(secret.as_str())
            || raw.contains(secret.as_str())
            || headers
                .iter()
                .any(|(_, value)| value.contains(secret.as_str()));
        assert!(!told, "`{secret}` is told by {asked:?}: {body}");
    }
}

#[test]
fn without_clearance_or_ground_nothing_is_found() {
    on_each_database(|server| {
        let mut house = House::furnish(&server).unwrap();
        staff(&mut house);
        let (ids, numbers) = plant(&house);
        assert_eq!(numbers.len(), 2, "what is looked for has numbers");
        let me = house.id("wai").unwrap();
        let secrets: Vec<String> = WORDS
            .iter()
            .map(ToString::to_string)
            .chain(numbers.iter().cloned())
            .chain(ids.texts())
            .collect();
        for who in ["wai", "sysadmin"] {
            let client = house.client(who).unwrap();
            let mut calls = by_id(&ids, me);
            calls.extend(around(&numbers));
            for call in calls {
                tells_nothing(&client.send(&call).unwrap(), &secrets, &call);
            }
        }
        somebody_sees_it(house.client("chen").unwrap(), &ids);
    });
}

/// The test would notice: who may know it finds it by the same calls.
fn somebody_sees_it(chen: &Client, ids: &Ids) {
    let list = chen.send(&get(&format!(
        "/registers/document/records?q={}",
        percent(WORDS[0])
    )));
    let list: Value = list.unwrap().json().unwrap();
    assert_eq!(list["items"][0]["id"], ids.document.to_string());
    for path in [
        format!("/records/{}/history", ids.document),
        format!("/records/{}/custody", ids.copy),
        format!("/files/{}/content", ids.file),
        format!("/files/{}/content", ids.upload),
    ] {
        assert_eq!(chen.send(&get(&path)).unwrap().status, 200, "{path}");
    }
    let all = [ids.document, ids.proposal, ids.copy, ids.loan];
    let names = chen.list_names(&all).unwrap().items;
    let told: BTreeSet<RecordId> = names.iter().map(|name| name.id).collect();
    assert_eq!(told, BTreeSet::from(all));
    let title = |id| {
        let name = names.iter().find(|name| name.id == id).unwrap();
        name.title.as_deref()
    };
    assert_eq!(title(ids.document), Some(WORDS[0]));
    assert_eq!(title(ids.copy), Some("000001"));
    let history = chen.read_history(ids.document).unwrap();
    let marks: Vec<_> = history
        .items
        .iter()
        .map(|version| version.label.as_ref().and_then(|label| label.mark.clone()))
        .collect();
    assert!(
        marks
            .iter()
            .all(|mark| mark.as_deref() == Some("机密★10年")),
        "{marks:?}"
    );
}

#[test]
fn hidden_and_absent_are_answered_alike() {
    on_each_database(|server| {
        let mut house = House::furnish(&server).unwrap();
        staff(&mut house);
        let (ids, _) = plant(&house);
        let me = house.id("wai").unwrap();
        for who in ["wai", "sysadmin"] {
            let client = house.client(who).unwrap();
            let (hidden, absent) = (by_id(&ids, me), by_id(&Ids::absent(), me));
            for (hidden, absent) in hidden.iter().zip(&absent) {
                let answers = (client.send(hidden).unwrap(), client.send(absent).unwrap());
                assert_eq!(shown(&answers.0), shown(&answers.1), "{who}: {hidden:?}");
            }
        }
    });
}

#[test]
fn entries_are_for_those_who_read_the_log_and_hashes_for_everybody() {
    on_each_database(|server| {
        let mut house = House::furnish(&server).unwrap();
        staff(&mut house);
        let (ids, _) = plant(&house);
        let auditor = server.enter("auditor").unwrap();
        sequenced(&auditor, ids.entry);
        let size = size_of_log(&auditor);
        let bundle = get(&format!("/log/tile/entries/000.p/{}", size.min(255)));
        let wai = house.client("wai").unwrap();
        let refused = wai.send(&bundle).unwrap();
        let refusal = problem(&refused);
        assert_eq!(
            (refused.status, refusal.code.as_str()),
            (403, "access.denied")
        );
        assert_eq!(refusal.rule.as_deref(), Some("R-409"));
        assert_eq!(
            wai.list_entries(&LogQuery::default()).unwrap_err().code(),
            "access.denied"
        );
        assert!(!wai.read_checkpoint().unwrap().is_empty());
        let read = auditor.list_entries(&LogQuery::default()).unwrap();
        let told = serde_json::to_string(&read.items).unwrap();
        for word in WORDS {
            assert!(!told.contains(word), "the log tells no titles");
        }
        let proof = house.client("chen").unwrap().read_proof(ids.entry).unwrap();
        assert!(!proof.is_empty(), "a reader of the record has its proof");
        verify(&server, &auditor, 0);
        verify(&server, wai, 1);
    });
}

/// Waits until an entry has its place: the server places entries every moment.
fn sequenced(client: &Client, entry: EntryId) {
    for _ in 0..200 {
        match client.read_proof(entry) {
            Ok(_) => return,
            Err(error) => assert_eq!(error.code(), "ledger.pending"),
        }
        std::thread::park_timeout(std::time::Duration::from_millis(50));
    }
    panic!("the entry gets no place");
}

fn size_of_log(client: &Client) -> u64 {
    let checkpoint = String::from_utf8(client.read_checkpoint().unwrap()).unwrap();
    checkpoint.lines().nth(1).unwrap().parse().unwrap()
}

/// `ruping ledger verify --url` with a program's token of this account.
fn verify(server: &Server, client: &Client, exit: i32) {
    let new = NewToken {
        name: "verifier".to_owned(),
        scopes: vec!["log".to_owned()],
        expires_at: "2026-04-01T00:00:00Z".parse().unwrap(),
    };
    let token = client.create_token(&new).unwrap().token;
    let file = server.folder().join("token");
    std::fs::write(&file, token.expose()).unwrap();
    let vkey = server.vkey_file();
    let output = server
        .ruping(&[
            "ledger",
            "verify",
            "--url",
            server.address(),
            "--token-file",
            &file.display().to_string(),
            "--vkey",
            &vkey.display().to_string(),
        ])
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(exit), "{said}{told}");
    if exit != 0 {
        assert!(said.contains("audit"), "it says whose right it is: {said}");
    }
}

#[test]
fn compartments_are_for_the_person_the_office_and_the_security_administrator() {
    on_each_database(|server| {
        let mut house = House::furnish(&server).unwrap();
        staff(&mut house);
        let chen = house.id("chen").unwrap();
        let record = house.client("office").unwrap().read_record(chen).unwrap();
        let input = json!({ "compartments": "方舟" });
        house.act("office", &record, "correct", input, &[]).unwrap();
        for (who, sees) in [
            ("office", true),
            ("secadmin", true),
            ("chen", true),
            ("bao", false),
            ("wai", false),
            ("sysadmin", false),
        ] {
            let client = house.client(who).unwrap();
            let read = client.read_record(chen).unwrap();
            assert_eq!(read.fields.contains_key("compartments"), sees, "{who}");
            assert!(read.fields.contains_key("name"), "{who}");
            let history = client.read_history(chen).unwrap();
            let told = serde_json::to_string(&history.items).unwrap();
            assert_eq!(told.contains("方舟"), sees, "{who}");
        }
    });
}
