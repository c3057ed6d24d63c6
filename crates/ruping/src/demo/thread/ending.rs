//! What remains: a period that ends by itself, the line of custody, and a log that proves it all.

use super::{Document, local, shown, wait_for};
use crate::demo::{house::House, story::Story};
use anyhow::{Context, Result};
use wire::{CopyCustody, ListQuery};

pub(super) fn period_ends(story: &mut Story, house: &mut House<'_>) -> Result<()> {
    story.step(
        "一份存量文件保密期满：自动解密，但未公开",
        "a legacy item's period ends by itself: declassified, not public",
    );
    house.set_clock("2026-06-01T01:00:00Z")?;
    let query = ListQuery {
        filter: Some("state:declassified_not_public".to_owned()),
        ..ListQuery::default()
    };
    let item = wait_for(|| {
        let page = house.client("yue")?.list_records("document", &query)?;
        Ok(page.items.into_iter().next())
    })?;
    let number = item.as_ref().and_then(|item| item.number.as_deref());
    let number = format!("{} 已解密未公开 declassified, not public", shown(number));
    story.must(item.is_some(), "已解密 declassified", &number)?;
    let item = item.context("an item whose period has ended")?;
    story.fact("魏无关 wai", "仍不在知悉范围内 is still outside the scope");
    story.refused("not_found", house.client("wai")?.read_record(item.id))?;
    Ok(())
}

pub(super) fn custody(story: &mut Story, house: &House<'_>, document: &Document) -> Result<()> {
    story.step(
        "第 3 份的来龙去脉：现在何处，谁持有过，谁打开过",
        "copy 3: where it is now, who ever held it, who ever opened it",
    );
    let third = *document.copies.get(2).context("copy 3")?;
    let custody = house.client("bao")?.read_custody(third)?;
    let copy = custody.copies.first().context("the copy's custody")?;
    story.fact(
        "现在 now",
        &format!("份号 serial {}  {}", copy.serial, word(&copy.status)),
    );
    let kinds = tell_movements(story, copy);
    for known in &custody.known_by {
        let when = local(known.at);
        story.fact(
            "知悉 known",
            &format!("{when}  {}  {}", known.person.name, word(&known.how)),
        );
    }
    story.must(
        kinds == ["made", "lent", "returned", "destroyed"],
        "无缺环 no gap",
        "制作、借出、归还、销毁 made, lent, returned, destroyed",
    )?;
    let opened = custody
        .known_by
        .iter()
        .any(|known| known.how == "opened" && known.person.id.to_string() == house.id("yue"));
    story.must(opened, "打开过 opened", "岳阅读")?;
    Ok(())
}

fn tell_movements<'c>(story: &Story, copy: &'c CopyCustody) -> Vec<&'c str> {
    for one in &copy.movements {
        let person = one.person.as_ref().map(|person| person.name.as_str());
        let line = format!("{}  {}  {}", local(one.at), word(&one.kind), shown(person));
        story.fact("流转 moved", &line);
    }
    copy.movements.iter().map(|one| one.kind.as_str()).collect()
}

/// A key of custody in both languages.
fn word(key: &str) -> String {
    let zh = match key {
        "made" => "制作",
        "lent" => "借出",
        "returned" => "归还",
        "destroyed" => "销毁",
        "opened" => "打开",
        "borrowed" => "借阅",
        _ => return key.to_owned(),
    };
    format!("{zh} {key}")
}

/// The whole log, verified over HTTP with nothing but the verifier key.
pub(super) fn verify(story: &mut Story, house: &House<'_>) -> Result<()> {
    story.step(
        "安全审计员只凭验证公钥核验整个日志",
        "the auditor verifies the whole log with the verifier key alone",
    );
    let key: ledger::VerifierKey = house.server.vkey.trim().parse()?;
    let log = Remote(client::RemoteLog::new(house.client("auditor")?));
    let found = ledger::verify(&log, &key, None)?;
    let size = found.size;
    story.must(
        found.ok,
        "日志完整 whole",
        &format!("{size} 条记录 entries"),
    )?;
    Ok(())
}

/// The server's log as the verifier reads it.
struct Remote(client::RemoteLog);

impl ledger::TileSource for Remote {
    fn read(&self, path: &str, _limit: usize) -> Result<Option<Vec<u8>>, ledger::BoxError> {
        Ok(self.0.read(path)?)
    }
}
