//! Marks of state secrets: 密级★保密期限, and what people write instead.

use super::{Found, Look, Star, period};
use crate::Part;
use crate::detect::line::Line;

pub(super) fn read(look: &Look<'_>) -> Option<Found> {
    // 商业秘密, 工作秘密 and the like are words of other families
    let of_others = [
        "商业", "工作", "个人", "核心", "普通", "国家", "军事", "技术", "保守", "保护", "泄露",
        "泄漏",
    ];
    let other =
        look.word.starts_with('秘') && of_others.iter().any(|word| look.before.ends_with(word));
    let grade = if look.after.starts_with('级') {
        '级'.len_utf8()
    } else {
        0
    };
    let (star, star_end) = match look.star(grade) {
        (Star::None, end) => look
            .misread_star(grade)
            .map_or((Star::None, end), |end| (Star::Weak, end)),
        star => star,
    };
    let from = if star == Star::None { grade } else { star_end };
    let rest = look.after.get(from..).unwrap_or_default();
    match (star, period::length(rest)) {
        // WHY twice: the next line may begin with a day
        (Star::None, Some(length)) => sloppy(look, from + length, other)
            .or_else(|| bare(look, other).filter(|_| look.line(0).after.is_empty())),
        (_, Some(length)) => starred(look, from + length, other),
        (Star::Strong, None) => open(look, star_end),
        (Star::Weak, None) => weak(look, star_end).or_else(|| bare(look, other)),
        (Star::None, None) => bare(look, other),
    }
}

/// 机密★10年.
fn starred(look: &Look<'_>, tail: usize, other: bool) -> Option<Found> {
    let line = look.line(tail);
    let confidence = match (look.spoken_of(tail), line.own()) {
        (true, _) => 0.55,
        (false, true) => 0.97,
        (false, false) if other => 0.6,
        (false, false) => 0.92,
    };
    look.found(tail, confidence)
}

/// 机密*, or 机密*会议开始前.
fn weak(look: &Look<'_>, star_end: usize) -> Option<Found> {
    let line = look.line(star_end);
    if line.own() && line.prominent() {
        return look.found(star_end, 0.75);
    }
    let tail = look.condition(star_end)?;
    if line.field.0.is_empty() && !look.spoken_of(tail) {
        look.found(tail, 0.7)
    } else {
        None
    }
}

/// 机密★, or with a condition after it.
fn open(look: &Look<'_>, star_end: usize) -> Option<Found> {
    let line = look.line(star_end);
    if look.spoken_of(star_end) {
        return look.found(star_end, 0.5);
    }
    if let Some(tail) = look.condition(star_end) {
        return look.found(tail, 0.93);
    }
    let confidence = if line.own() || line.after.is_empty() || line.before.is_empty() {
        0.93
    } else {
        0.6
    };
    look.found(star_end, confidence)
}

/// 机密10年: no mark by the law, and one all the same for who reads it.
fn sloppy(look: &Look<'_>, tail: usize, other: bool) -> Option<Found> {
    let line = look.line(tail);
    if other || look.spoken_of(tail) {
        return None;
    }
    if look.labelled(&line) {
        return look.found(tail, 0.9);
    }
    if line.own() || line.cell {
        look.found(tail, 0.75)
    } else {
        None
    }
}

/// The word alone: it depends on where.
fn bare(look: &Look<'_>, other: bool) -> Option<Found> {
    let line = look.line(0);
    if other || look.listed() {
        return None;
    }
    if look.labelled(&line) {
        return labelled(look);
    }
    let strong = !look.word.starts_with('秘');
    if line.part == Part::Name {
        return named(look, strong);
    }
    if line.own() {
        return own(look, &line, strong);
    }
    if line.bracketed() {
        return look.found(0, if strong { 0.7 } else { 0.55 });
    }
    document(look, &line, strong)
}

/// 密级：机密, and no further word of the sentence.
fn labelled(look: &Look<'_>) -> Option<Found> {
    let after = look.after.strip_prefix('级').unwrap_or(look.after);
    let ends = after
        .chars()
        .next()
        .is_none_or(|c| !c.is_alphanumeric() || c.is_ascii());
    let line = look.line(0);
    let ends = ends || line.after.trim_start_matches('级').is_empty() || line.cell;
    // 密级：机密保密期限：10年, where a line or cell ended between
    let next = [
        "保密", "紧急", "份号", "编号", "定密", "期限", "知悉", "文号", "发文",
    ]
    .iter()
    .any(|word| after.starts_with(word));
    if ends || next {
        look.found(0, 0.92)
    } else {
        None
    }
}

/// A name of a file: 【机密】方案.docx, 机密-方案.docx.
fn named(look: &Look<'_>, strong: bool) -> Option<Found> {
    let apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let before = apart(look.before.chars().next_back());
    let after = look.after.chars().next();
    let bracketed = look.before.ends_with(['(', '[', '【', '〔'])
        && after.is_some_and(|c| ")]】〕".contains(c));
    match (strong, bracketed, before && apart(after)) {
        (_, true, _) => look.found(0, 0.75),
        (true, false, true) => look.found(0, 0.6),
        _ => None,
    }
}

/// The word is all of its line.
fn own(look: &Look<'_>, line: &Line<'_>, strong: bool) -> Option<Found> {
    let framed = line.before.len() + line.after.len() > 0;
    let confidence = match (line.prominent(), strong, official(look)) {
        (true, true, _) => 0.9,
        (true, false, true) => 0.88,
        (true, false, false) if framed => 0.7,
        (true, false, false) if matches!(line.part, Part::Header | Part::Footer) => 0.8,
        (true, false, false) => 0.55,
        (false, true, _) => 0.45,
        (false, false, _) => 0.3,
    };
    look.found(0, confidence)
}

/// What an official document has around its mark: a number of copies, an urgency, a number of its own.
fn official(look: &Look<'_>) -> bool {
    let around = |text: &str| {
        [
            "特急",
            "加急",
            "急件",
            "〔20",
            "[20",
            "(20",
            "号文",
            "签发",
            "印发",
            "份号",
            "发文",
            "保密期限",
            "党组",
            "委员会",
            "办公",
        ]
        .iter()
        .any(|word| text.contains(word))
    };
    let copies = look.before.trim_end();
    let six = copies.len() >= 6
        && copies
            .bytes()
            .rev()
            .take(6)
            .all(|byte| byte.is_ascii_digit());
    six || around(look.before) || around(look.after)
}

/// 机密文件 as a line at the beginning.
fn document(look: &Look<'_>, line: &Line<'_>, strong: bool) -> Option<Found> {
    let thing = ["文件", "资料", "材料", "级", "事项", "载体"]
        .iter()
        .find(|thing| line.after == **thing)?;
    let alone = line.before.is_empty() && strong && line.prominent();
    if alone {
        look.found(thing.len(), 0.75)
    } else {
        None
    }
}
