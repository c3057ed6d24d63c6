//! What comes in: items from before the system, and an envelope from outside.

use super::{scope, shown};
use crate::demo::{house::House, story::Story};
use anyhow::{Context, Result};
use serde_json::{Value, json};

pub(super) fn legacy(story: &mut Story, house: &House<'_>) -> Result<()> {
    story.step("补登三份存量文件", "take over three legacy items");
    for (title, date, level) in [
        ("旧总体方案", "2016-06-01", "state.confidential"),
        ("旧试验大纲", "2019-03-01", "state.secret"),
        ("旧会议纪要", "2021-09-15", "state.confidential"),
    ] {
        let item = json!({
            "title": title, "level": level, "term": { "years": 10 }, "issue_date": date,
            "scope_persons": scope(house), "issuer": "本单位",
            "taken_from": "纸质涉密文件登记簿",
        });
        let made = house
            .make("bao", "document", "take_over", item, &[])?
            .record;
        let until = made.fields.get("ends_on").and_then(Value::as_str);
        story.fact(
            shown(made.number.as_deref()),
            &format!(
                "{title}  {}  至 until {}",
                shown(made.label.mark.as_deref()),
                shown(until)
            ),
        );
    }
    Ok(())
}

pub(super) fn receive(story: &mut Story, house: &House<'_>) -> Result<()> {
    story.step(
        "收到密封信封：按清单清点，少一份，须注明；收件人签收",
        "a sealed envelope, counted against its list: one copy short, which is noted; signed for",
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
    let register = |slip: &Value, signers: &[&str]| {
        house.try_make("bao", "receive", "register", slip.clone(), signers)
    };
    story.fact(
        "信封 envelope",
        "JY-0071  封条 seal F-12  清单 listed 3  实收 found 2",
    );
    story.refused("R-201", register(&slip, &["bao"]))?;
    let note = "清单三份，实收两份，已电话核对";
    let fields = slip.as_object_mut().context("the slip's fields")?;
    fields.insert("discrepancy".into(), note.into());
    story.refused("signature.missing", register(&slip, &[]))?;
    let done = register(&slip, &["bao"]).context("bao: receive.register")?;
    story.fact("注明 noted", note);
    story.fact("收文号 number", shown(done.record.number.as_deref()));
    story.must(
        done.made.len() == 3,
        "登记 registered",
        "一份文件、两份载体 one document, two copies",
    )?;
    Ok(())
}
