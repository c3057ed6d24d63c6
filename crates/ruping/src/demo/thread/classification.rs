//! From a draft with its files to a decided level, period and scope.

use super::{Document, scope, shown};
use crate::demo::{acts::Outcome, house::House, material::Material, story::Story};
use anyhow::{Context, Result, bail};
use domain::FileId;
use serde_json::{Value, json};

pub(super) fn draft(
    story: &mut Story,
    house: &House<'_>,
    material: &[Material],
) -> Result<Document> {
    story.step(
        "拟稿并上传文件，先加预标志",
        "upload a draft with its files; it gets a provisional mark",
    );
    let author = house.client("chen")?;
    let mut files = Vec::new();
    for one in material {
        let mut content = one.bytes.as_slice();
        files.push(
            author
                .upload_file(&one.name, one.media_type, &mut content)?
                .id,
        );
    }
    let draft = json!({
        "title": "长城项目总体方案", "level": "state.secret", "term": { "years": 10 },
        "contents": files,
    });
    let record = house.make("chen", "document", "draft", draft, &[])?.record;
    let names: Vec<&str> = material
        .iter()
        .take(4)
        .map(|one| one.name.as_str())
        .collect();
    story.fact(
        "文件 files",
        &format!("{} ({})", names.join(" "), material.len()),
    );
    story.must(
        record.label.mark.is_some(),
        "预标志 mark",
        shown(record.label.mark.as_deref()),
    )?;
    Ok(Document {
        record,
        files,
        copies: Vec::new(),
    })
}

pub(super) fn propose(
    story: &mut Story,
    house: &House<'_>,
    document: &Document,
) -> Result<Outcome> {
    story.step(
        "提出定密：机密、10 年、知悉范围，依据保密事项范围第 3 条",
        "propose 机密, ten years and a scope, on clause 3 of the catalogue",
    );
    let everyone = scope(house);
    let too_wide = json!([house.id("chen"), house.id("wai")]);
    let propose = |scope: &Value, years: u16, level: &str| {
        let input = json!({
            "document": document.record.id, "level": level, "term": { "years": years },
            "scope_persons": scope, "basis": house.id("matter"),
            "reason": "属保密事项范围第3条",
        });
        house.try_make("chen", "classification", "propose", input, &[])
    };
    story.refused("R-131", propose(&everyone, 25, "state.secret"))?;
    story.refused("R-102", propose(&json!([]), 10, "state.secret"))?;
    story.refused("R-184", propose(&too_wide, 10, "state.secret"))?;
    story.refused("R-421", propose(&everyone, 10, "state.top_secret"))?;
    let waiting = propose(&everyone, 10, "state.secret")?;
    story.fact(
        "待审批 waiting",
        "由定密责任人决定，但不能是承办人 for a classifier, who may not be the proposer",
    );
    story.refused("R-103", house.try_approve("chen", &waiting))?;
    Ok(waiting)
}

pub(super) fn decide(
    story: &mut Story,
    house: &House<'_>,
    document: &mut Document,
    waiting: &Outcome,
    material: &[Material],
) -> Result<()> {
    story.step(
        "定密责任人再次认证后审批，系统编号并加标志",
        "the classifier proves who he is once more and decides; number and mark are given",
    );
    story.refused("session.step_up_needed", house.try_approve("ding", waiting))?;
    house.step_up("ding")?;
    let decided = house.approve("ding", waiting)?.record;
    let number = shown(decided.number.as_deref());
    story.must(decided.number.is_some(), "决定号 number", number)?;
    document.record = house.record("yue", document.record.id)?;
    let mark = document.record.label.mark.as_deref();
    story.must(mark == Some("机密★10年"), "标志 mark", shown(mark))?;
    let same = read_back(house, &document.files, material)?;
    story.must(
        same == material.len(),
        "读回 read back",
        &format!("{same} 个文件，整体和分段逐字节一致 files, whole and in parts, byte for byte"),
    )?;
    story.fact("魏无关 wai", "不在知悉范围内 is outside the scope");
    story.refused(
        "not_found",
        house.client("wai")?.read_record(document.record.id),
    )?;
    Ok(())
}

/// How many files a reader in the scope gets back as they were sent.
fn read_back(house: &House<'_>, files: &[FileId], material: &[Material]) -> Result<usize> {
    let reader = house.client("yue")?;
    for (id, sent) in files.iter().zip(material) {
        let mut back = Vec::new();
        reader.read_file(*id, &mut back)?;
        if back != sent.bytes {
            bail!("`{}` came back changed", sent.name);
        }
        for (first, last) in parts(sent.bytes.len()) {
            let part = reader.read_file_range(*id, first as u64, last as u64)?;
            let expected = sent.bytes.get(first..=last).context("a part of a file")?;
            if part != expected {
                bail!("bytes {first}-{last} of `{}` came back changed", sent.name);
            }
        }
    }
    Ok(files.len())
}

/// First byte, the middle across a boundary, and the end.
fn parts(length: usize) -> Vec<(usize, usize)> {
    let Some(last) = length.checked_sub(1) else {
        return Vec::new();
    };
    vec![
        (0, 0),
        (length / 3, (length / 3 + 4096).min(last)),
        (last.saturating_sub(9), last),
    ]
}
