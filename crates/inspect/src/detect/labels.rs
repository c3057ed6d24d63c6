//! Labels that programs put into files: sensitivity labels, STANAG 4774, properties of a document.

use super::Hit;
use crate::rules::Rules;
use crate::{Text, judge};

/// What a level is called in a property's value, the most exact first.
const VALUES: [(&str, &str); 26] = [
    ("绝密", "state.top_secret"),
    ("机密", "state.secret"),
    ("核心商密", "trade.core"),
    ("普通商密", "trade.ordinary"),
    ("商业秘密", "trade.ordinary"),
    ("工作秘密", "work.internal"),
    ("秘密", "state.confidential"),
    ("内部", "work.internal"),
    ("非密", "open"),
    ("公开", "open"),
    ("cosmic top secret", "foreign.nato.top_secret"),
    ("nato secret", "foreign.nato.secret"),
    ("nato confidential", "foreign.nato.confidential"),
    ("nato restricted", "foreign.nato.restricted"),
    ("top secret", "foreign.us.top_secret"),
    ("vs-nfd", "foreign.de.restricted"),
    ("highly confidential", "foreign.general.confidential"),
    ("confidential", "foreign.general.confidential"),
    ("restricted", "foreign.general.restricted"),
    ("unclassified", "open"),
    ("non-business", "open"),
    ("public", "open"),
    ("secret", "foreign.us.secret"),
    ("internal", "work.internal"),
    ("general", "open"),
    ("personal", "open"),
];

pub(super) fn of(text: &Text, rules: &Rules) -> Vec<Hit> {
    let mut hits = Vec::new();
    for &number in &rules.properties {
        let Some(rule) = rules.rules.get(number) else {
            continue;
        };
        for property in text.properties() {
            let name = property.name.to_lowercase();
            // pdfx:Classification, ConfidentialityLabel.Classification
            let local = name.rsplit([':', '.']).next().unwrap_or_default();
            let named = rule
                .properties
                .iter()
                .any(|wanted| fits(wanted, &name) || fits(wanted, local));
            if !named || property.value.trim().is_empty() {
                continue;
            }
            let level = rule.level.clone().or_else(|| {
                level(&property.value, rule.need_near).map(|level| of_policy(level, text))
            });
            // WHY: a label without a level is told, a property that only may be one is not
            let confidence = match level {
                Some(_) => rule.confidence,
                None if rule.key.contains("name") || name.starts_with("msip") => {
                    rule.confidence * 0.7
                }
                None => continue,
            };
            hits.push(Hit {
                rule: number,
                range: property.at..property.at + property.value.len(),
                confidence,
                said: None,
                level: level.filter(|level| judge::is_level(level)),
            });
        }
    }
    hits
}

/// A foreign level is of the policy that the label names beside it (STANAG 4774), if it names one.
fn of_policy(level: &str, text: &Text) -> String {
    let Some(("foreign.us" | "foreign.general", rank)) = level.rsplit_once('.') else {
        return level.to_owned();
    };
    let policy = text.properties().iter().find(|property| {
        let name = property.name.to_lowercase();
        name.rsplit([':', '.']).next() == Some("policyidentifier")
    });
    let scheme: String = policy
        .map(|policy| policy.value.trim().to_lowercase())
        .filter(|policy| {
            policy.len() <= 12 && policy.bytes().all(|byte| byte.is_ascii_alphabetic())
        })
        .unwrap_or_default();
    if scheme.is_empty() {
        level.to_owned()
    } else {
        format!("foreign.{scheme}.{rank}")
    }
}

/// Whether a name is the wanted one; `*` stands for anything.
fn fits(wanted: &str, name: &str) -> bool {
    match wanted.split_once('*') {
        Some((begin, end)) => {
            name.starts_with(begin) && name.ends_with(end) && name.len() >= begin.len() + end.len()
        }
        None => name == wanted,
    }
}

/// The level that a value names, or that it is and nothing else.
fn level(value: &str, exact: bool) -> Option<&'static str> {
    let form = crate::normal::Normal::of(value)
        .as_str()
        .trim()
        .to_lowercase();
    // WHY not all of them: internal, general and public are words of many other lists
    let clear =
        |word: &str| !word.is_ascii() || word.contains("secret") || word.contains("confidential");
    let says = |word: &str| {
        if exact {
            form == word && clear(word)
        } else {
            form.contains(word)
        }
    };
    VALUES
        .iter()
        .find(|(word, _)| says(word))
        .map(|(_, level)| *level)
}
