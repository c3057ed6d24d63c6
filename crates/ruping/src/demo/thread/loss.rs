//! A copy that cannot be found, and is.

use super::{Document, local, shown};
use crate::demo::{house::House, story::Story};
use anyhow::{Context, Result};
use serde_json::json;

pub(super) fn lose(story: &mut Story, house: &House<'_>, document: &Document) -> Result<()> {
    story.step(
        "第 5 份下落不明，发现人即报：24 小时报告、60 天查找两个时限开始计时",
        "copy 5 cannot be found, and whoever sees it reports it: 24 hours to tell, 60 days to search",
    );
    let fifth = *document.copies.get(4).context("copy 5")?;
    let report = json!({
        "copy": fifth, "discovered_at": "2026-03-07T00:30:00Z", "circumstances": "清点时未见",
    });
    let loss = house.make("yue", "loss", "report", report, &[])?.record;
    story.fact("报告人 reporter", "岳阅读，不是保密员 no registrar");
    story.fact("报失号 number", shown(loss.number.as_deref()));
    for (key, name, due) in [
        ("report", "报告 report", "2026-03-08T00:30:00Z"),
        ("search", "查找 search", "2026-05-06T16:00:00Z"),
    ] {
        let clock = loss.clocks.iter().find(|clock| clock.key == key);
        let at = clock.map(|clock| clock.due_at);
        let until = at.map(local);
        story.must(
            at == Some(due.parse()?),
            name,
            &format!("至 by {}", shown(until.as_deref())),
        )?;
    }
    story.step(
        "找回；评估失控期间的知悉情况后才能入库",
        "it is found; back in stock only after its exposure has been assessed",
    );
    let found = json!({ "found_at": "2026-03-07T00:50:00Z", "found_where": "会议室" });
    let loss = house.act("bao", &loss, "find", found, &[])?.record;
    let mut stock = json!({ "keeper": house.id("bao"), "place": house.id("safe") });
    story.refused(
        "R-606",
        house.try_act("ban", &loss, "assess", stock.clone(), &[]),
    )?;
    let fields = stock.as_object_mut().context("the assessment's fields")?;
    fields.insert("exposure".into(), "失控不足一小时，无人接触".into());
    let closed = house.act("ban", &loss, "assess", stock, &[])?.record;
    story.must(
        closed.state == "closed",
        "第 5 份 copy 5",
        "结案入库 closed, in stock",
    )?;
    Ok(())
}
