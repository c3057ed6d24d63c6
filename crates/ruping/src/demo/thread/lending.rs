//! Copies, and a loan that is not brought back in time.

use super::{Document, local, shown, wait_for};
use crate::demo::{acts::Outcome, house::House, story::Story};
use anyhow::{Context, Result};
use domain::RecordId;
use serde_json::json;
use wire::Record;

pub(super) fn make_copies(
    story: &mut Story,
    house: &House<'_>,
    document: &mut Document,
) -> Result<()> {
    story.step("制作五份，逐份编号", "make five copies, each numbered");
    let input = json!({ "copies_count": 5, "keeper": house.id("bao"), "place": house.id("safe") });
    let made = house
        .act("bao", &document.record, "make_copies", input, &[])?
        .made;
    document.copies = made.iter().map(|one| one.id).collect();
    story.must(
        document.copies.len() == 5,
        "份号 serials",
        "000001–000005，一号保密柜 in cabinet 1",
    )?;
    Ok(())
}

fn request(house: &House<'_>, copy: RecordId, who: &str) -> Result<Outcome, client::Error> {
    let input = json!({
        "copy": copy, "borrower": house.id(who), "purpose": "评审", "due_at": "2026-03-05T09:00:00Z",
    });
    house.try_make("bao", "loan", "request", input, &[])
}

pub(super) fn lend(story: &mut Story, house: &House<'_>, document: &Document) -> Result<Record> {
    story.step(
        "第 3 份经部门领导批准借出，借阅人本人签收",
        "copy 3 is lent on approval, against the borrower's own signature",
    );
    let third = *document.copies.get(2).context("copy 3")?;
    let waiting = request(house, third, "yue")?;
    let approved = house.approve("zhu", &waiting)?.record;
    let lend = |signers: &[&str]| house.try_act("bao", &approved, "lend", json!({}), signers);
    story.refused("signature.missing", lend(&[]))?;
    let lent = lend(&["yue"]).context("bao: loan.lend")?.record;
    story.fact("借阅号 number", shown(lent.number.as_deref()));
    story.fact("借阅人 borrower", "岳阅读  应还 due 2026-03-05");
    story.refused("reservation.taken", request(house, third, "jian"))?;
    let second = *document.copies.get(1).context("copy 2")?;
    story.refused("R-318", request(house, second, "tuo"))?;
    Ok(lent)
}

pub(super) fn overdue(story: &mut Story, house: &mut House<'_>, loan: &Record) -> Result<()> {
    story.step(
        "到期未还：催还借阅人，并上报部门领导",
        "it is not brought back in time: the borrower is chased, the head of the unit told",
    );
    house.set_clock("2026-03-07T01:00:00Z")?;
    let late = wait_for(|| {
        let record = house.record("bao", loan.id)?;
        let clock = record
            .clocks
            .into_iter()
            .find(|clock| clock.state == "overdue" && !clock.fired.is_empty());
        Ok(clock)
    })?;
    let due = late.as_ref().map(|clock| local(clock.due_at));
    story.must(late.is_some(), "逾期 overdue", shown(due.as_deref()))?;
    for (who, name) in [
        ("yue", "岳阅读，借阅人 the borrower"),
        ("zhu", "朱主任，部门领导 the head of the unit"),
    ] {
        let notices = house
            .client(who)?
            .list_notices(&wire::PageQuery::default())?
            .items;
        let told = notices
            .iter()
            .any(|notice| notice.record == loan.id && notice.kind == "clock.overdue");
        story.must(told, "已通知 told", name)?;
    }
    Ok(())
}

pub(super) fn give_back(story: &mut Story, house: &House<'_>, loan: &Record) -> Result<()> {
    story.step("归还", "it comes back");
    let back = house
        .act("bao", loan, "return", json!({ "condition": "完好" }), &[])?
        .record;
    story.must(back.state == "returned", "第 3 份 copy 3", "在库 in stock")?;
    Ok(())
}
