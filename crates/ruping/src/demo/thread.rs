//! The main job: from legacy items and an outside envelope to a certificate of destruction.

use super::{
    house::{House, Outcome},
    story::Story,
};
use anyhow::{Context, Result};
use domain::RecordId;
use serde_json::{Value, json};
use wire::Record;

/// Samples the program carries, fictitious all of them.
const DRAFT: &[u8] = include_bytes!("../../../../samples/draft.docx");
const ANNEX: &[u8] = include_bytes!("../../../../samples/annex.pdf");

/// Runs the main job.
pub(super) fn run(story: &mut Story, house: &mut House<'_>) -> Result<()> {
    legacy(story, house)?;
    receive(story, house)?;
    let document = classify(story, house)?;
    let copies = make_copies(story, house, &document)?;
    lend(story, house, &copies)?;
    lose_and_find(story, house, &copies)?;
    destroy(story, house, &document, &copies)?;
    period_ends(story, house)?;
    custody(story, house, &copies)
}

fn scope(house: &House<'_>) -> Value {
    ["chen", "ding", "bao", "ling", "zhu", "yue", "jian", "ban"]
        .iter()
        .map(|key| house.id(key))
        .collect()
}

fn legacy(story: &mut Story, house: &House<'_>) -> Result<()> {
    story.step("补登三份存量文件", "take over three legacy items");
    for (title, date, level) in [
        ("旧总体方案", "2016-06-01", "state.confidential"),
        ("旧试验大纲", "2019-03-01", "state.secret"),
        ("旧会议纪要", "2021-09-15", "state.confidential"),
    ] {
        let item = json!({
            "title": title, "level": level, "term": { "years": 10 }, "issue_date": date,
            "scope_persons": scope(house), "issuer": "本单位",
        });
        let made = house.make("bao", "document", "take_over", item, &[])?;
        story.fact(&format!(
            "{} {title} {}，解密日期 secret until {}",
            made.record.number.unwrap_or_default(),
            made.record.label.mark.unwrap_or_default(),
            made.record
                .fields
                .get("ends_on")
                .and_then(Value::as_str)
                .unwrap_or_default(),
        ));
    }
    Ok(())
}

fn receive(story: &mut Story, house: &House<'_>) -> Result<()> {
    story.step(
        "收到密封信封：清点少一份，注明并签收",
        "an outside envelope: one copy short, noted, signed",
    );
    let mut slip = json!({
        "sender": "上级机关", "envelope_no": "JY-0071", "seal_no": "F-12", "seal_intact": true,
        "channel": "courier", "level": "state.secret", "term": { "years": 10 },
        "scope_persons": scope(house), "keeper": house.id("bao"), "place": house.id("safe"),
        "list": [{
            "title": "年度任务书", "doc_no": "示发〔2026〕3号", "level": "state.secret",
            "term": { "years": 10 }, "issue_date": "2026-02-01",
            "copies_listed": 3, "copies_found": 2, "first_serial": 17,
        }],
    });
    story.refused(
        "R-201",
        house.try_make("bao", "receive", "register", slip.clone(), &["bao"]),
    );
    let fields = slip.as_object_mut().context("the slip's fields")?;
    fields.insert(
        "discrepancy".into(),
        "清单三份，实收两份，已电话核对".into(),
    );
    let done = house.make("bao", "receive", "register", slip, &["bao"])?;
    story.must(
        done.made.len() == 3,
        "登记一份文件、两份载体 one document, two copies",
    );
    story.fact(&format!(
        "收文号 {}",
        done.record.number.unwrap_or_default()
    ));
    Ok(())
}

fn proposal(house: &House<'_>, document: &Record, scope: &Value, years: u16, level: &str) -> Value {
    json!({
        "document": document.id, "level": level, "term": { "years": years },
        "scope_persons": scope, "basis": house.id("matter"), "reason": "属保密事项范围第3条",
    })
}

fn classify(story: &mut Story, house: &House<'_>) -> Result<Record> {
    story.step(
        "拟稿并上传文件，加预标志",
        "upload a draft, provisional mark",
    );
    let mut content = DRAFT;
    let media = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    let file = house
        .client("chen")?
        .upload_file("总体方案（拟稿）.docx", media, &mut content)?;
    let mut content = ANNEX;
    let annex = house
        .client("chen")?
        .upload_file("附件.pdf", "application/pdf", &mut content)?;
    let draft = json!({
        "title": "长城项目总体方案", "level": "state.secret", "term": { "years": 10 },
        "contents": [file.id, annex.id],
    });
    let draft = house.make("chen", "document", "draft", draft, &[])?.record;
    story.fact(&format!(
        "预标志 {}",
        draft.label.mark.clone().unwrap_or_default()
    ));

    story.step("提出定密：机密10年", "propose 机密 for ten years");
    let everyone = scope(house);
    let propose = |scope: &Value, years: u16, level: &str| {
        let input = proposal(house, &draft, scope, years, level);
        house.try_make("chen", "classification", "propose", input, &[])
    };
    story.refused("R-131", propose(&everyone, 25, "state.secret"));
    story.refused("R-102", propose(&json!([]), 10, "state.secret"));
    story.refused(
        "R-184",
        propose(
            &json!([house.id("chen"), house.id("wai")]),
            10,
            "state.secret",
        ),
    );
    story.refused("R-421", propose(&everyone, 10, "state.top_secret"));
    let waiting = propose(&everyone, 10, "state.secret")?;
    story.refused("R-103", house.try_approve("chen", &waiting));

    story.step(
        "定密责任人审批（再次验证身份）",
        "the classifier decides, with a fresh second proof",
    );
    let decided = house.approve("ding", &waiting)?;
    let document = house.record("yue", draft.id)?;
    story.must(
        document.label.mark.as_deref() == Some("机密★10年"),
        "标志 mark 机密★10年",
    );
    story.fact(&format!(
        "定密决定 {}",
        decided.record.number.unwrap_or_default()
    ));
    let opened = house.client("yue")?.read_file_range(file.id, 0, 1)?;
    story.must(
        opened == b"PK",
        "知悉范围内的人打开内容 a person in the scope opens the content",
    );
    story.refused("not_found", house.client("wai")?.read_record(draft.id));
    Ok(document)
}

fn make_copies(story: &mut Story, house: &House<'_>, document: &Record) -> Result<Vec<RecordId>> {
    story.step("制作五份，逐份编号", "five numbered copies");
    let input = json!({ "copies_count": 5, "keeper": house.id("bao"), "place": house.id("safe") });
    let made = house.act("bao", document, "make_copies", input, &[])?.made;
    let copies: Vec<RecordId> = made.iter().map(|one| one.id).collect();
    story.must(copies.len() == 5, "份号 000001–000005");
    Ok(copies)
}

fn loan(house: &House<'_>, copy: RecordId, who: &str) -> Result<Outcome, client::Error> {
    let input = json!({
        "copy": copy, "borrower": house.id(who), "purpose": "评审", "due_at": "2026-03-05T09:00:00Z",
    });
    house.try_make("bao", "loan", "request", input, &[])
}

fn lend(story: &mut Story, house: &mut House<'_>, copies: &[RecordId]) -> Result<()> {
    story.step(
        "借出第3份，借阅人本人签收",
        "lend copy 3 against the borrower's own signature",
    );
    let third = *copies.get(2).context("copy 3")?;
    let waiting = loan(house, third, "yue")?;
    let loan_record = house.approve("zhu", &waiting)?.record;
    story.refused(
        "signature.missing",
        house.try_act("bao", &loan_record, "lend", json!({}), &[]),
    );
    let lent = house
        .act("bao", &loan_record, "lend", json!({}), &["yue"])?
        .record;
    story.fact(&format!(
        "借阅号 {}",
        lent.number.clone().unwrap_or_default()
    ));
    story.refused("reservation.taken", loan(house, third, "jian"));
    let second = *copies.get(1).context("copy 2")?;
    story.refused("R-318", loan(house, second, "tuo"));

    story.step(
        "时钟走过应还时间：催还并上报",
        "the clock passes the due time: chased and escalated",
    );
    house.server.set_clock("2026-03-07T01:00:00Z".parse()?)?;
    house.enter_all()?;
    let late = wait_for_clock(house, lent.id)?;
    story.must(late, "借阅已逾期 the loan is overdue");

    story.step("归还", "returned");
    let back = house.act("bao", &lent, "return", json!({ "condition": "完好" }), &[])?;
    story.must(
        back.record.state == "returned",
        "第3份在库 copy 3 is in stock",
    );
    Ok(())
}

/// The server works clocks off every second.
fn wait_for_clock(house: &House<'_>, loan: RecordId) -> Result<bool> {
    for _ in 0..100 {
        let record = house.record("bao", loan)?;
        if record
            .clocks
            .iter()
            .any(|clock| clock.state == "overdue" && !clock.fired.is_empty())
        {
            return Ok(true);
        }
        pause();
    }
    Ok(false)
}

/// A tenth of a second.
fn pause() {
    std::thread::park_timeout(std::time::Duration::from_millis(100));
}

fn lose_and_find(story: &mut Story, house: &House<'_>, copies: &[RecordId]) -> Result<()> {
    story.step(
        "第5份下落不明：24 小时与 60 天时钟",
        "copy 5 cannot be found: 24 hours and 60 days",
    );
    let fifth = *copies.get(4).context("copy 5")?;
    let report = json!({
        "copy": fifth, "discovered_at": "2026-03-07T00:30:00Z", "circumstances": "清点时未见",
    });
    let loss = house.make("bao", "loss", "report", report, &[])?.record;
    for clock in &loss.clocks {
        story.fact(&format!("{} → {}", clock.key, clock.due_at));
    }
    story.must(loss.clocks.len() == 2, "两个时钟 two clocks");
    story.step(
        "找回，评估失控期间知悉情况后才入库",
        "found; back in stock only after its exposure is assessed",
    );
    let found = json!({ "found_at": "2026-03-07T00:50:00Z", "found_where": "会议室" });
    let loss = house.act("bao", &loss, "find", found, &[])?.record;
    let mut stock = json!({ "keeper": house.id("bao"), "place": house.id("safe") });
    story.refused(
        "R-606",
        house.try_act("ban", &loss, "assess", stock.clone(), &[]),
    );
    let fields = stock.as_object_mut().context("the assessment's fields")?;
    fields.insert("exposure".into(), "失控不足一小时，无人接触".into());
    let closed = house.act("ban", &loss, "assess", stock, &[])?.record;
    story.must(closed.state == "closed", "结案 closed");
    Ok(())
}

fn destroy(
    story: &mut Story,
    house: &House<'_>,
    document: &Record,
    copies: &[RecordId],
) -> Result<()> {
    story.step("列销毁清册，报批", "destruction list, approval");
    let list =
        json!({ "copies": copies, "route": "centre", "method": "shred", "reason": "任务完成" });
    let waiting = house.make("bao", "destruction", "draw_up", list, &[])?;
    let approved = house.approve("ling", &waiting)?.record;
    story.step("两人监销并签字", "two distinct people supervise and sign");
    let with = |supervisors: &[&str]| {
        let ids: Vec<String> = supervisors.iter().map(|key| house.id(key)).collect();
        house.try_act(
            "bao",
            &approved,
            "destroy",
            json!({ "supervisors": ids }),
            supervisors,
        )
    };
    story.refused("R-233", with(&["jian"]));
    story.refused("R-234", with(&["jian", "ling"]));
    let done = with(&["jian", "zhu"])?.record;
    story.must(done.state == "destroyed", "销毁完成 destroyed");
    let gone = house.record("yue", document.id)?;
    let file = gone
        .fields
        .get("contents")
        .and_then(|list| list.get(0))
        .and_then(Value::as_str);
    let file = file.context("the document's file")?.parse()?;
    let mut sink = std::io::sink();
    story.refused(
        "vault.key_gone",
        house.client("yue")?.read_file(file, &mut sink),
    );
    certificate(story, house, &done)
}

/// The certificate's proof, checked with nothing but the verifier key.
fn certificate(story: &mut Story, house: &House<'_>, done: &Record) -> Result<()> {
    story.step(
        "销毁证明，只凭验证公钥离线核验",
        "certificate with proof, checked offline",
    );
    let entry = done.entry.context("the destruction's log entry")?;
    let mut proof = None;
    for _ in 0..100 {
        match house.client("bao")?.read_proof(entry) {
            Ok(bytes) => {
                proof = Some(bytes);
                break;
            }
            Err(error) if error.code() == "ledger.pending" => pause(),
            Err(error) => return Err(error.into()),
        }
    }
    let proof = proof.context("the entry was not placed in the log")?;
    let path = house.server.folder().join("destruction.tlog-proof");
    std::fs::write(&path, &proof)?;
    let key: ledger::VerifierKey = house.server.vkey.trim().parse()?;
    let proved = ledger::ProofFile::parse(&proof)?.verify(&key);
    story.must(proved.is_ok(), "证明有效 the proof holds");
    story.fact(&format!("{}", path.display()));
    Ok(())
}

fn period_ends(story: &mut Story, house: &mut House<'_>) -> Result<()> {
    story.step(
        "存量文件保密期满，自动解密但未公开",
        "a legacy item's period ends by itself: declassified, not public",
    );
    house.server.set_clock("2026-06-01T01:00:00Z".parse()?)?;
    house.enter_all()?;
    for _ in 0..100 {
        let query = wire::ListQuery {
            filter: Some("state:declassified_not_public".to_owned()),
            ..wire::ListQuery::default()
        };
        let page = house.client("yue")?.list_records("document", &query)?;
        if let Some(item) = page.items.first() {
            story.fact(&format!(
                "{} {}",
                item.number.clone().unwrap_or_default(),
                item.state
            ));
            let hidden = house.client("wai")?.read_record(item.id);
            story.refused("not_found", hidden);
            return Ok(());
        }
        pause();
    }
    story.must(false, "期满解密 declassified at the end of its period");
    Ok(())
}

fn custody(story: &mut Story, house: &House<'_>, copies: &[RecordId]) -> Result<()> {
    story.step(
        "第3份的来龙去脉",
        "custody history of copy 3: where, who held it, who opened it",
    );
    let third = *copies.get(2).context("copy 3")?;
    let custody = house.client("bao")?.read_custody(third)?;
    for copy in &custody.copies {
        story.fact(&format!("份号 {} 现状 {}", copy.serial, copy.status));
        for one in &copy.movements {
            let person = one.person.as_ref().map(|person| person.name.as_str());
            story.fact(&format!(
                "{} {} {}",
                one.at,
                one.kind,
                person.unwrap_or("—")
            ));
        }
    }
    for known in &custody.known_by {
        story.fact(&format!(
            "知悉 {} {} {}",
            known.person.name, known.how, known.at
        ));
    }
    let whole = custody
        .copies
        .first()
        .is_some_and(|copy| copy.movements.len() == 4);
    story.must(
        whole,
        "制作、借出、归还、销毁 made, lent, returned, destroyed",
    );
    Ok(())
}

/// The whole log, verified over HTTP with nothing but the verifier key.
pub(super) fn verify(story: &mut Story, house: &House<'_>) -> Result<()> {
    story.step("核验整个日志", "verify the whole log");
    let key: ledger::VerifierKey = house.server.vkey.trim().parse()?;
    let log = Remote(client::RemoteLog::new(house.client("bao")?.clone()));
    let found = ledger::verify(&log, &key, None)?;
    story.must(found.ok, "日志完整 the log is whole");
    story.fact(&format!("{} 条 entries", found.size));
    Ok(())
}

/// The server's log as the verifier reads it.
struct Remote(client::RemoteLog);

impl ledger::TileSource for Remote {
    fn read(&self, path: &str, _limit: usize) -> Result<Option<Vec<u8>>, ledger::BoxError> {
        Ok(self.0.read(path)?)
    }
}
