//! The end of the document: list, approval, two signers, certificate, and nothing left to open.

use super::{Document, shown, wait_for};
use crate::demo::{house::House, story::Story};
use anyhow::{Context, Result};
use serde_json::json;
use wire::Record;

pub(super) fn destroy(story: &mut Story, house: &House<'_>, document: &Document) -> Result<Record> {
    story.step(
        "列销毁清册，逐份清点，报领导批准",
        "a destruction list, each copy counted, approved by a leader",
    );
    let copies = document.copies.iter();
    let copies: Vec<_> = copies.map(|copy| json!({ "copy": copy })).collect();
    let list = json!({
        "copies": copies, "route": "centre", "method": "shred", "reason": "任务完成",
    });
    let listed = house
        .make("bao", "destruction", "draw_up", list, &[])?
        .record;
    let uncounted = house.try_act("bao", &listed, "apply", json!({}), &[]);
    story.refused("R-231", uncounted)?;
    let counted = house.act("bao", &listed, "count", json!({}), &[])?.record;
    let waiting = house.act("bao", &counted, "apply", json!({}), &[])?;
    let approved = house.approve("ling", &waiting)?.record;
    story.fact("清册号 number", shown(approved.number.as_deref()));
    story.step("两人监销，各自签字", "two witnesses watch, and each signs");
    house.step_up("bao")?;
    let with = |supervisors: &[&str], signers: &[&str]| {
        let ids: Vec<String> = supervisors.iter().map(|key| house.id(key)).collect();
        let input = json!({ "supervisors": ids });
        house.try_act("bao", &approved, "destroy", input, signers)
    };
    story.refused("R-233", with(&["jian"], &["jian"]))?;
    story.refused(
        "register.field_repeated",
        with(&["jian", "jian"], &["jian"]),
    )?;
    story.refused("signature.twice", with(&["jian", "zhu"], &["jian", "jian"]))?;
    story.refused("signature.missing", with(&["jian", "zhu"], &["jian"]))?;
    story.refused("R-234", with(&["jian", "ling"], &["jian", "ling"]))?;
    let done = with(&["jian", "zhu"], &["jian", "zhu"]).context("bao: destruction.destroy")?;
    story.must(
        done.record.state == "destroyed",
        "已销毁 destroyed",
        "五份，简监销、朱主任签字 five copies, signed by both",
    )?;
    Ok(done.record)
}

/// The certificate's proof, checked with nothing but the verifier key.
pub(super) fn certificate(story: &mut Story, house: &House<'_>, done: &Record) -> Result<()> {
    story.step(
        "销毁证明，只凭验证公钥离线核验",
        "a certificate with its proof, checked offline with the verifier key alone",
    );
    let entry = done.entry.context("the destruction's log entry")?;
    let proof = wait_for(|| match house.client("bao")?.read_proof(entry) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.code() == "ledger.pending" => Ok(None),
        Err(error) => Err(error.into()),
    })?;
    let proof = proof.context("the entry was not placed in the log")?;
    let path = house.server.folder().join("destruction.tlog-proof");
    std::fs::write(&path, &proof)?;
    let key: ledger::VerifierKey = house.server.vkey.trim().parse()?;
    let proved = ledger::ProofFile::parse(&proof)?.verify(&key);
    story.must(
        proved.is_ok(),
        "证明有效 proved",
        &path.display().to_string(),
    )?;
    Ok(())
}

/// Whoever might read it yesterday cannot today: the keys are gone.
pub(super) fn nothing_opens(
    story: &mut Story,
    house: &House<'_>,
    document: &Document,
) -> Result<()> {
    story.step(
        "内容再也打不开：密钥已不存在",
        "the content cannot be opened any more: its keys are gone",
    );
    let reader = house.client("yue")?;
    let (first, others) = document
        .files
        .split_first()
        .context("the document's files")?;
    story.refused(
        "vault.key_gone",
        reader.read_file(*first, &mut std::io::sink()),
    )?;
    let closed = others.iter().all(|id| {
        let opened = reader.read_file(*id, &mut std::io::sink());
        opened.is_err_and(|error| error.code() == "vault.key_gone")
    });
    let count = document.files.len();
    story.must(
        closed,
        "全部文件 every file",
        &format!("{count} 个均已打不开 none of them opens"),
    )?;
    Ok(())
}
