//! Marks of work secrets: 内部, 内部事项 注意保管, and what offices write instead.

use super::{Found, Look};
use crate::Part;

const THINGS: [&str; 13] = [
    "事项", "资料", "文件", "材料", "参考", "刊物", "使用", "传阅", "文稿", "信息", "情况", "掌握",
    "公开",
];
const CARE: [&str; 16] = [
    "注意保管",
    "注意保存",
    "妥善保管",
    "妥善保存",
    "不得外传",
    "请勿外传",
    "严禁外传",
    "禁止外传",
    "不得公开",
    "不得外泄",
    "请勿扩散",
    "不得扩散",
    "严禁外泄",
    "注意保密",
    "不准外传",
    "切勿外传",
];

pub(super) fn read(look: &Look<'_>) -> Option<Found> {
    if look.word == "工作秘密" {
        return secret(look);
    }
    let mut tail = 0;
    let rest = || look.after;
    if let Some(thing) = THINGS.iter().find(|thing| rest().starts_with(**thing)) {
        tail = thing.len();
    }
    let after = look.after.get(tail..).unwrap_or_default();
    let between = after
        .find(|c: char| c.is_alphanumeric())
        .unwrap_or(after.len());
    let care = after
        .get(between..)
        .and_then(|after| CARE.iter().find(|care| after.starts_with(**care)));
    if let Some(care) = care.filter(|_| between <= 8) {
        let tail = tail + between + care.len();
        let line = look.line(tail);
        let confidence = if look.spoken_of(tail) {
            0.4
        } else if line.own() {
            0.95
        } else {
            0.8
        };
        return look.found(tail, confidence);
    }
    let mut line = look.line(tail);
    // WHY: the next line may begin with such a word
    if tail > 0 && !line.own() && look.line(0).after.is_empty() {
        (tail, line) = (0, look.line(0));
    }
    if look.listed() || look.spoken_of(tail) {
        return None;
    }
    if look.labelled(&line) && tail == 0 {
        return look.found(0, 0.9);
    }
    if line.part == Part::Name && line.bracketed() {
        return look.found(tail, 0.6);
    }
    match (line.own(), line.prominent(), tail > 0) {
        (true, true, true) => look.found(tail, 0.75),
        (true, true, false) => look.found(tail, 0.8),
        (true, false, _) => look.found(tail, 0.4),
        (false, _, _) if line.bracketed() && line.head => look.found(tail, 0.55),
        (false, _, _) => None,
    }
}

/// 工作秘密 is what laws call them; as a mark it stands alone.
fn secret(look: &Look<'_>) -> Option<Found> {
    let (star, end) = look.star(0);
    let tail = if star == super::Star::None { 0 } else { end };
    let line = look.line(tail);
    if look.labelled(&line) {
        return look.found(tail, 0.92);
    }
    match (line.own(), line.prominent()) {
        (true, true) => look.found(tail, 0.88),
        (true, false) => look.found(tail, 0.45),
        (false, _) if line.bracketed() => look.found(tail, 0.6),
        (false, _) => None,
    }
}
