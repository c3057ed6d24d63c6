//! Marks of other countries and of alliances, as banners and lines of their own: SECRET//NOFORN, NATO SECRET, VS-NfD.

use super::{Found, Look};
use crate::Part;

pub(super) fn read(look: &Look<'_>) -> Option<Found> {
    let letter =
        |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && c.is_ascii() || c == '_');
    let (before, after) = (look.before.chars().next_back(), look.after.chars().next());
    // what such a word begins says more than it does: CUI//SP-CTI
    let begins = look.word.ends_with("//");
    // a number of a footnote may stand right before it
    let noted = before.is_some_and(|c| c.is_ascii_digit()) && {
        let line = look.line(0);
        line.before.len() <= 2 && line.before.bytes().all(|byte| byte.is_ascii_digit())
    };
    if (letter(before) && !noted) || (letter(after) && !begins) {
        return None;
    }
    let said = if begins {
        known(look.after)
    } else {
        caveats(look.after)
    };
    if let Some(tail) = said {
        let line = look.line(tail);
        return look.found(
            tail,
            if line.own() || line.before.is_empty() {
                0.96
            } else {
                0.85
            },
        );
    }
    if begins {
        return None;
    }
    let line = look.line(0);
    if look.labelled(&line) {
        return look.found(0, 0.9);
    }
    // words that are nothing but a mark
    let exact = [
        "NATO",
        "COSMIC",
        "VS-",
        "VS–",
        "EU ",
        "TRÈS",
        "STRENG",
        "DIFFUSION",
        "UE/EU",
        "OFFICIAL",
    ]
    .iter()
    .any(|begin| look.word.starts_with(begin));
    let several = look.word.contains(' ') || !look.word.is_ascii();
    match (line.own(), line.prominent(), exact, several) {
        (true, true, true, _) => look.found(0, 0.93),
        (true, true, false, true) => look.found(0, 0.9),
        (true, true, false, false) => look.found(0, 0.7),
        (true, false, true, _) => look.found(0, 0.7),
        (true, false, false, true) => look.found(0, 0.55),
        (true, false, false, false) => look.found(0, 0.4),
        (false, _, true, _) => look.found(0, if line.prominent() { 0.7 } else { 0.5 }),
        (false, _, false, true) if line.part == Part::Name || line.bracketed() => {
            look.found(0, 0.6)
        }
        (false, _, false, _) => None,
    }
}

/// `//NOFORN`, `//SI/TK//REL TO USA, GBR`: the length of what follows.
fn caveats(text: &str) -> Option<usize> {
    let text = text.strip_prefix(' ').unwrap_or(text);
    known(text.strip_prefix("//")?).map(|length| 2 + length)
}

/// The length of words that are known to follow a level.
fn known(rest: &str) -> Option<usize> {
    let length = rest
        .find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || "/-, ".contains(c)))
        .unwrap_or(rest.len())
        .min(80);
    let said = rest.get(..length)?.trim_end_matches([' ', ',', '/', '-']);
    let known = [
        "NOFORN",
        "REL",
        "ORCON",
        "SI",
        "TK",
        "HCS",
        "FOUO",
        "IMCON",
        "PROPIN",
        "FGI",
        "FISA",
        "SAR",
        "FOR OFFICIAL",
        "SBU",
        "NF",
        "SP-",
        "BASIC",
        "LES",
        "DSEN",
        "EYES",
        "RELIDO",
        "25X",
        "20",
    ];
    known
        .iter()
        .any(|begin| said.starts_with(begin))
        .then_some(said.len())
}
