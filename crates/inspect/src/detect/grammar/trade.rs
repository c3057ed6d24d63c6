//! Marks of trade secrets: owner, level, period; also with the triangle or star that firms put between.

use super::{Found, Look, Star, period};

/// Characters of an owner.
const OWNER_MOST: usize = 20;

/// Whose mark it is, as far as that is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owned {
    /// It stands among other words.
    No,
    /// It fills a line, with something glued to it that may be its owner.
    Glued,
    /// It fills a cell or a string, perhaps with its owner before it.
    Field,
    /// It fills a line, perhaps with its owner before it.
    Line,
}

pub(super) fn read(look: &Look<'_>) -> Option<Found> {
    let grade = if look.after.starts_with('级') {
        '级'.len_utf8()
    } else {
        0
    };
    let (star, star_end) = look.star(grade);
    let from = if star == Star::None { grade } else { star_end };
    let term = look.after.get(from..).and_then(period::length);
    let term = term.map(|length| from + length);
    let tail = term.or_else(|| look.condition(from)).unwrap_or(from);
    let owned = owned(look, tail);
    let exact = look.word != "商业秘密" && look.word != "商密";
    if look.spoken_of(tail) {
        return look.found(tail, 0.45);
    }
    let confidence = match (star, tail > from, owned) {
        (Star::None, false, _) => return bare(look, exact),
        (Star::None, true, Owned::Line) => 0.95,
        (Star::None, true, Owned::Field) => 0.8,
        (Star::None, true, Owned::Glued) => 0.6,
        // WHY: the next line may begin with a day
        (Star::None, true, Owned::No) => {
            return bare(look, exact).filter(|_| look.line(0).after.is_empty());
        }
        (_, true, _) => 0.93,
        (_, false, Owned::Line | Owned::Field) => 0.9,
        (_, false, Owned::No | Owned::Glued) => 0.6,
    };
    look.found(tail, confidence)
}

fn owned(look: &Look<'_>, tail: usize) -> Owned {
    let line = look.line(tail);
    let (before, after) = line.field;
    let owner = before.chars().count() <= OWNER_MOST
        && !before.contains(['，', '。', ',', '、', '；', ';', '(', '（']);
    let apart = line.apart || before.is_empty();
    match owner && after.is_empty() {
        false => Owned::No,
        true if !apart && before.len() == line.before.len() && line.after.is_empty() => {
            Owned::Glued
        }
        true if !apart => Owned::No,
        true if before.len() == line.before.len() && line.after.len() == after.len() => Owned::Line,
        true => Owned::Field,
    }
}

fn bare(look: &Look<'_>, exact: bool) -> Option<Found> {
    let line = look.line(0);
    if look.listed() {
        return None;
    }
    if look.labelled(&line) {
        return look.found(0, 0.92);
    }
    match (line.own(), line.prominent(), exact) {
        (true, true, true) => look.found(0, 0.92),
        (true, true, false) => look.found(0, 0.8),
        (true, false, true) => look.found(0, 0.6),
        (true, false, false) => look.found(0, 0.4),
        (false, true, true) if !line.before.is_empty() && owned(look, 0) == Owned::Line => {
            look.found(0, 0.85)
        }
        (false, _, _) if line.bracketed() => look.found(0, 0.6),
        (false, _, _) => None,
    }
}
