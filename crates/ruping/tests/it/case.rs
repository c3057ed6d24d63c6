//! One office's papers, for tests that break things: a document with a file whose copy is lent,
//! another whose last copy was destroyed with its content.

use std::{fs, path::Path};

use client::Client;
use domain::{EntryId, FileId, RecordId};
use serde_json::{Value, json};
use testkit::{House, Server, refusal_code};
use wire::{ApprovalDecision, LogEntry, LogQuery, Performed, Record, ScanRequest, Verdict};

/// What there is.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// The document that is there.
    pub(crate) kept: RecordId,
    /// Its file.
    pub(crate) file: FileId,
    /// Its first copy, which is lent.
    pub(crate) lent: RecordId,
    /// Its second copy, which is in stock.
    pub(crate) stock: RecordId,
    /// The loan.
    pub(crate) loan: RecordId,
    /// The file of the document that was destroyed.
    pub(crate) gone: FileId,
    /// The document that was destroyed.
    pub(crate) doomed: RecordId,
    /// The log entry of the destruction: its certificate.
    pub(crate) certificate: EntryId,
}

/// What the files hold.
pub(crate) const KEPT: &str = "留存文件的内容-KP4";
pub(crate) const DOOMED: &str = "已销毁文件的内容-DM7";

/// Hires everybody.
pub(crate) fn staff<'s>(server: &'s Server) -> House<'s> {
    let mut house = House::furnish(server).unwrap();
    for (name, roles) in [
        ("bao", ["staff", "registrar"]),
        ("ling", ["staff", "leader"]),
        ("zhu", ["staff", "staff"]),
        ("jian", ["staff", "staff"]),
        ("yue", ["staff", "staff"]),
    ] {
        house.hire(name, "important", &roles).unwrap();
    }
    let unit = house.id("unit").unwrap();
    let unit = house.client("office").unwrap().read_record(unit).unwrap();
    let head = json!({ "head": house.id("zhu").unwrap() });
    house.act("office", &unit, "correct", head, &[]).unwrap();
    house
}

/// Hires everybody, and ban as head of the confidentiality office.
pub(crate) fn office<'s>(server: &'s Server) -> House<'s> {
    let mut house = staff(server);
    let roles = ["staff", "office_head"];
    house.hire("ban", "important", &roles).unwrap();
    house
}

/// Takes over a document with one file, and makes copies of it.
pub(crate) fn document(
    house: &House<'_>,
    title: &str,
    content: &str,
    copies: u64,
) -> (Record, FileId, Vec<RecordId>) {
    let bao = house.client("bao").unwrap();
    let mut bytes = content.as_bytes();
    let name = format!("{title}.txt");
    let file = bao.upload_file(&name, "text/plain", &mut bytes).unwrap();
    let scope: Vec<_> = ["bao", "ling", "zhu", "jian", "yue"]
        .iter()
        .map(|who| house.id(who).unwrap())
        .collect();
    let fields = json!({
        "title": title, "level": "state.secret", "term": { "years": 10 },
        "issue_date": "2026-02-01", "scope_persons": scope, "issuer": "本单位",
        "taken_from": "旧台账", "contents": [file.id],
    });
    let made = house
        .make("bao", "document", "take_over", fields, &[])
        .unwrap();
    let document = made.record().unwrap().clone();
    let stock = json!({
        "copies_count": copies, "keeper": house.id("bao").unwrap(),
        "place": house.id("safe").unwrap(),
    });
    let made = house
        .act("bao", &document, "make_copies", stock, &[])
        .unwrap();
    let Performed::Done(done) = made else {
        panic!("copies wait for somebody: {made:?}")
    };
    let copies = done.made.iter().map(|one| one.id).collect();
    (done.record, file.id, copies)
}

/// The code of a refusal.
pub(crate) fn refused(outcome: anyhow::Result<Performed>) -> String {
    let error = outcome.unwrap_err();
    refusal_code(&error).unwrap().to_owned()
}

/// A record as somebody sees it.
pub(crate) fn seen(house: &House<'_>, who: &str, id: RecordId) -> Record {
    house.client(who).unwrap().read_record(id).unwrap()
}

/// What was done, which waited for nobody.
pub(crate) fn done(outcome: anyhow::Result<Performed>) -> Record {
    let Performed::Done(done) = outcome.unwrap() else {
        panic!("somebody has to decide")
    };
    done.record
}

/// Somebody approves what waits.
pub(crate) fn approve(house: &House<'_>, who: &str, waiting: &Performed) -> Record {
    let Performed::Waiting(waiting) = waiting else {
        panic!("nothing waits: {waiting:?}")
    };
    let decision = ApprovalDecision::from(Verdict::Approve);
    let client = house.client(who).unwrap();
    let done = client.decide_approval(waiting.approval, &decision).unwrap();
    done.record().unwrap().clone()
}

/// What the label of a record says.
pub(crate) fn label(id: RecordId) -> String {
    format!("RP:{}", id.to_string().replace('-', "").to_uppercase())
}

/// Somebody scans something that is to be on the list of a record.
pub(crate) fn scan(
    house: &House<'_>,
    who: &str,
    of: RecordId,
    code: &str,
    input: Value,
) -> anyhow::Result<Performed> {
    let request = ScanRequest::of(code, input);
    Ok(house.client(who)?.scan_line(of, &request, None)?)
}

/// Lends a copy to yue.
pub(crate) fn lend(house: &House<'_>, copy: RecordId) -> Record {
    let loan = json!({
        "copy": copy, "borrower": house.id("yue").unwrap(), "purpose": "评审",
        "due_at": "2026-03-05T09:00:00Z",
    });
    let waiting = house.make("bao", "loan", "request", loan, &[]).unwrap();
    let loan = approve(house, "zhu", &waiting);
    let lent = house
        .act("bao", &loan, "lend", json!({}), &["yue"])
        .unwrap();
    lent.record().unwrap().clone()
}

/// A destruction list of these copies, each of them counted.
pub(crate) fn destruction_list(house: &House<'_>, copies: &[RecordId]) -> Record {
    let copies: Vec<Value> = copies.iter().map(|copy| json!({ "copy": copy })).collect();
    let list = json!({
        "copies": copies, "route": "centre", "method": "shred", "reason": "任务完成",
    });
    let listed = house
        .make("bao", "destruction", "draw_up", list, &[])
        .unwrap();
    let listed = listed.record().unwrap();
    let counted = house.act("bao", listed, "count", json!({}), &[]).unwrap();
    counted.record().unwrap().clone()
}

/// Destroys copies before two witnesses.
pub(crate) fn destroy(house: &House<'_>, copies: &[RecordId]) -> Record {
    let counted = destruction_list(house, copies);
    let waiting = house.act("bao", &counted, "apply", json!({}), &[]).unwrap();
    let approved = approve(house, "ling", &waiting);
    let witnesses = ["jian", "zhu"];
    let ids: Vec<Value> = witnesses
        .iter()
        .map(|who| json!(house.id(who).unwrap()))
        .collect();
    let input = json!({ "supervisors": ids });
    let done = house
        .act("bao", &approved, "destroy", input, &witnesses)
        .unwrap();
    done.record().unwrap().clone()
}

/// Does all of it, and waits until the log has everything.
pub(crate) fn tell(server: &Server) -> Case {
    let house = staff(server);
    let (kept, file, copies) = document(&house, "留存文件", KEPT, 2);
    let loan = lend(&house, copies[0]);
    let (doomed, gone, last) = document(&house, "待销毁文件", DOOMED, 1);
    let destroyed = destroy(&house, &last);
    let certificate = destroyed.entry.unwrap();
    proof(house.client("bao").unwrap(), certificate);
    Case {
        kept: kept.id,
        file,
        lent: copies[0],
        stock: copies[1],
        loan: loan.id,
        gone,
        doomed: doomed.id,
        certificate,
    }
}

/// Everybody who has to approves what waits, in turn.
pub(crate) fn approve_by(house: &House<'_>, waiting: &Performed, by: &[&str]) -> Record {
    let mut decided = None;
    for who in by {
        decided = Some(approve(house, who, waiting));
    }
    decided.unwrap()
}

/// Waits for what the program does by itself.
pub(crate) fn until(happened: impl Fn() -> bool) {
    for _ in 0..3000 {
        if happened() {
            return;
        }
        testkit::pause();
    }
    panic!("it does not happen");
}

/// Every entry of the log that a question finds, over all its pages.
pub(crate) fn log(auditor: &Client, mut query: LogQuery) -> Vec<LogEntry> {
    let mut found = Vec::new();
    loop {
        let page = auditor.list_entries(&query).unwrap();
        found.extend(page.items);
        if page.next.is_none() {
            return found;
        }
        query.after = page.next;
    }
}

/// The proof of an entry, once it has its place in the log.
pub(crate) fn proof(client: &Client, entry: EntryId) -> Vec<u8> {
    loop {
        match client.read_proof(entry) {
            Ok(proof) => return proof,
            Err(error) if error.code() == "ledger.pending" => testkit::pause(),
            Err(error) => panic!("{error}"),
        }
    }
}

/// Everything that is kept is what the log says.
pub(crate) fn sound(mut server: Server) {
    server.stop(0).unwrap();
    let check = server.on_folder("check").output().unwrap();
    let told = String::from_utf8_lossy(&check.stdout).into_owned();
    let complaints = String::from_utf8_lossy(&check.stderr);
    assert!(check.status.success(), "{told}\n{complaints}");
}

/// Copies a folder with everything in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let there = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &there);
        } else {
            fs::copy(&path, &there).unwrap();
        }
    }
}

/// The last day in time of each clock of a key that a record has had, and how it stands.
pub(crate) fn clocks(
    house: &House<'_>,
    who: &str,
    record: RecordId,
    key: &str,
) -> Vec<(String, String)> {
    let clocks = seen(house, who, record).clocks;
    let of_key = clocks.into_iter().filter(|clock| clock.key == key);
    of_key
        .map(|clock| {
            // midnight at the site is the afternoon of the day before in UTC: the last day in time
            let due = clock.due_at.to_string();
            (due.chars().take(10).collect(), clock.state)
        })
        .collect()
}

/// One of them.
pub(crate) fn clock(day: &str, state: &str) -> (String, String) {
    (day.to_owned(), state.to_owned())
}
