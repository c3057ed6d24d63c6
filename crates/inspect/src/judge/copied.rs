//! Passages of registered documents, as findings.

use crate::Text;
use crate::copies::{Passage, Registered, Unanswered, passages};
use crate::normal::Normal;
use crate::report::{Finding, Kind, Why};

/// Documents that are told of one file: the longest passages.
const DOCUMENTS_MOST: usize = 50;
/// Characters of a passage that are told.
const TEXT_MOST: usize = 200;
/// The rule that a finding names.
const RULE: &str = "copy.registered";

pub(super) fn of(text: &Text, index: &dyn Registered) -> Result<Vec<Finding>, Unanswered> {
    let normal = Normal::of(text.as_str());
    let found = passages(index, normal.as_str(), DOCUMENTS_MOST)?;
    Ok(found
        .iter()
        .map(|passage| told(passage, text, &normal))
        .collect())
}

fn told(passage: &Passage, text: &Text, normal: &Normal) -> Finding {
    let source = text.as_str();
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
