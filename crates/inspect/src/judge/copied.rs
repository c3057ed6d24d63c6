//! Passages of registered documents, as findings.

use crate::copies::{Passage, Registered, Unanswered, passages};
use crate::normal::Normal;
use crate::report::{Finding, Kind, Why};
use crate::{Part, Text};

/// Documents that are told of one file: the longest passages.
pub(crate) const DOCUMENTS_MOST: usize = 50;
/// Characters of a passage that are told.
const TEXT_MOST: usize = 200;
/// The rule that a finding names.
const RULE: &str = "copy.registered";

/// A passage as it is told, and what is asked of it where a text is read in pieces.
#[derive(Debug, Clone)]
pub(crate) struct Copied {
    /// The number of its document.
    pub(crate) number: u32,
    /// How many letters of it.
    pub(crate) letters: u32,
    /// As it is told.
    pub(crate) finding: Finding,
}

pub(crate) fn of(text: &Text, index: &dyn Registered) -> Result<Vec<Copied>, Unanswered> {
    let source = written(text);
    let normal = Normal::of(&source);
    let found = passages(index, normal.as_str(), DOCUMENTS_MOST)?;
    let copied = found.iter().map(|passage| Copied {
        number: passage.number,
        letters: passage.letters,
        finding: told(passage, text, &source, &normal),
    });
    Ok(copied.collect())
}

/// The text without properties and names, which take as many line ends. WHY: all files of one program have the same ones.
fn written(text: &Text) -> String {
    let pieces = text.pieces();
    let ends = pieces.iter().skip(1).map(|(from, _)| *from);
    let whole = text.as_str();
    let mut written = String::with_capacity(whole.len());
    for ((from, place), end) in pieces.iter().zip(ends.chain([whole.len()])) {
        match place.part {
            Part::Metadata | Part::Name => written.extend(std::iter::repeat_n('\n', end - from)),
            Part::Body
            | Part::Header
            | Part::Footer
            | Part::Footnote
            | Part::Comment
            | Part::Textbox
            | Part::Picture
            | Part::Notes
            | Part::Hidden => written.push_str(whole.get(*from..end).unwrap_or_default()),
        }
    }
    written
}

fn told(passage: &Passage, text: &Text, source: &str, normal: &Normal) -> Finding {
    let range = normal.origin(source, passage.range.clone());
    let before = source.get(..range.start).unwrap_or_default();
    let there = source.get(range.clone()).unwrap_or_default();
    let (name, letters) = (&passage.document.name, passage.letters);
    let percent = (passage.share * 100.0).round();
    Finding {
        rule: RULE.to_owned(),
        kind: Kind::Copy,
        level: passage.document.level.clone(),
        confidence: confidence(passage),
        text: there.chars().take(TEXT_MOST).collect(),
        place: text.place_told(range.start),
        offset: before.chars().count(),
        why: Why {
            zh: format!("与已登记文件“{name}”有约 {letters} 字相同，含其内容约 {percent}%"),
            en: format!(
                "about {letters} characters as in the registered document \u{201c}{name}\u{201d}, about {percent} % of it"
            ),
        },
    }
}

/// One tag alone may be a turn of phrase that many documents have; two in the same order are none.
fn confidence(passage: &Passage) -> f32 {
    match passage.tags {
        0 | 1 => 0.4,
        2 => 0.7,
        _ if passage.share < 0.5 => 0.9,
        _ => 0.97,
    }
}
