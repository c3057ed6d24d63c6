//! Marks of trade secrets: owner, level, period; also with the triangle or star that firms put between.

use super::{Found, Look, Star, period};

/// Characters of an owner.
const OWNER_MOST: usize = 20;

pub(super) fn read(look: &Look<'_>) -> Option<Found> {
    let grade = if look.after.starts_with('级') {
        '级'.len_utf8()
    } else {
        0
    };
    let (star, star_end) = look.star(grade);
    let from = if star == Star::None { grade } else { star_end };
    let term = look.after.get(from..).and_then(period::length);
    let tail = from + term.unwrap_or_default();
    let line = look.line(tail);
    let owned = line.after.is_empty()
        && line.before.chars().count() <= OWNER_MOST
        && (line.apart || line.before.is_empty())
        && !line.before.contains(['，', '。', ',', '、', '；']);
    let exact = look.word != "商业秘密" && look.word != "商密";
    if look.spoken_of(tail) {
        return look.found(tail, 0.45);
    }
    let confidence = match (star, term.is_some()) {
        (Star::None, false) => return bare(look, exact, owned),
        (Star::None, true) if owned => 0.95,
        (Star::None, true) => return None,
        (_, true) => 0.93,
        (_, false) if owned => 0.9,
        (_, false) => 0.6,
    };
    look.found(tail, confidence)
}

fn bare(look: &Look<'_>, exact: bool, owned: bool) -> Option<Found> {
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
        (false, true, true) if owned && !line.before.is_empty() => look.found(0, 0.85),
        (false, _, _) if line.bracketed() => look.found(0, 0.6),
        (false, _, _) => None,
    }
}
