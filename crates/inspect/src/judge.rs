//! What findings come to: which are told, and the one verdict.

pub(crate) mod copied;
pub(crate) mod registered;

use std::cmp::Ordering;

use crate::copies::Unanswered;
use crate::detect::{self, Hit};
use crate::report::{Cause, Finding, Verdict, Where, Why};

use crate::rules::{Rules, SHOWN};
use crate::{Limits, Text};

/// Characters of a finding's text; a key may be longer.
pub(crate) const TEXT_MOST: usize = 200;

/// Levels, the highest first. WHY one order, where the law ranks no family against another: somebody has to be told one
/// thing first.
const ORDER: [&str; 6] = [
    "state.top_secret",
    "state.secret",
    "state.confidential",
    "trade.core",
    "work.internal",
    "trade.ordinary",
];

/// Whether a key names a level.
pub(crate) fn is_level(key: &str) -> bool {
    let scheme = key
        .strip_prefix("foreign.")
        .and_then(|rest| rest.split_once('.'));
    key == "open"
        || ORDER.contains(&key)
        || scheme.is_some_and(|(scheme, level)| !scheme.is_empty() && !level.is_empty())
}

/// What was judged of a text.
pub(crate) struct Judged {
    /// All findings that are told.
    pub(crate) findings: Vec<Finding>,
    pub(crate) verdict: Verdict,
    /// Why not all was asked.
    pub(crate) missed: Vec<Cause>,
}

/// All findings that are told, the verdict, and what was not asked.
pub(crate) fn of(text: &Text, rules: &Rules, limits: &Limits) -> Judged {
    let (hits, whole) = detect::of(text, rules, limits);
    let mut judged = Judged {
        verdict: verdict(&hits, rules),
        findings: told(text, rules, hits, limits.findings),
        missed: Vec::from_iter((!whole).then_some(Cause::Time)),
    };
    if let Some(index) = &rules.registered {
        match copied::of(text, index.as_ref()) {
            Ok(copied) => judged.add(copied.into_iter().map(|copied| copied.finding).collect()),
            Err(Unanswered) => judged.missed.push(Cause::Registered),
        }
    }
    if !rules.exact.is_empty() {
        let tables = rules.exact.iter().map(AsRef::as_ref);
        let (found, whole) = registered::of(text, tables, limits);
        judged.add(found);
        judged.missed.extend((!whole).then_some(Cause::Time));
    }
    judged
}

impl Judged {
    fn add(&mut self, more: Vec<Finding>) {
        let verdict = std::mem::take(&mut self.verdict);
        self.verdict = higher(verdict, Verdict::of(&more));
        self.findings.extend(more);
    }
}

impl Verdict {
    /// What findings come to: the highest level among those that are shown to people.
    pub fn of(findings: &[Finding]) -> Self {
        let shown = findings
            .iter()
            .filter(|finding| finding.confidence >= SHOWN);
        shown.fold(Self::default(), |highest, finding| {
            let this = Self {
                level: finding.level.clone(),
                confidence: finding.confidence,
            };
            higher(highest, this)
        })
    }
}

/// The one of the higher level; of two the same the surer one.
pub(crate) fn higher(one: Verdict, other: Verdict) -> Verdict {
    let order = |verdict: &Verdict| verdict.level.as_deref().map_or(usize::MAX, rank);
    match order(&one).cmp(&order(&other)) {
        Ordering::Less => one,
        Ordering::Equal if one.confidence >= other.confidence => one,
        Ordering::Equal | Ordering::Greater if other.level.is_some() => other,
        Ordering::Equal | Ordering::Greater => one,
    }
}

/// The highest level among what is shown to people; among weaker findings only where there are no others.
pub(crate) fn verdict(hits: &[Hit], rules: &Rules) -> Verdict {
    let levels = |least: f32| {
        hits.iter()
            .filter(move |hit| hit.confidence >= least)
            .filter_map(|hit| Some((level_of(hit, rules)?, hit.confidence)))
            .min_by(|(one, sure), (other, surer)| {
                rank(one).cmp(&rank(other)).then(surer.total_cmp(sure))
            })
    };
    match levels(SHOWN) {
        Some((level, confidence)) => Verdict {
            level: Some(level),
            confidence,
        },
        None => Verdict::default(),
    }
}

fn level_of(hit: &Hit, rules: &Rules) -> Option<String> {
    hit.level.clone().or_else(|| {
        rules
            .rules
            .get(hit.rule)
            .and_then(|rule| rule.level.clone())
    })
}

/// Foreign levels stand after those of the state, by their own words; open stands last.
fn rank(level: &str) -> usize {
    if let Some(place) = ORDER.iter().position(|known| *known == level) {
        return if place < 3 { place } else { place + 10 };
    }
    match level.rsplit('.').next() {
        Some("top_secret") => 4,
        Some("secret") => 5,
        Some("confidential") => 6,
        _ if level == "open" => 100,
        _ => 7,
    }
}

/// Findings in the order of the text; where there are too many, the surest ones.
fn told(text: &Text, rules: &Rules, hits: Vec<Hit>, most: usize) -> Vec<Finding> {
    let hits = surest(hits, most);
    let source = text.as_str();
    let (mut byte, mut characters) = (0, 0);
    hits.iter()
        .filter_map(|hit| {
            characters += source
                .get(byte..hit.range.start)
                .map_or(0, |between| between.chars().count());
            byte = hit.range.start;
            let there = hit
                .said
                .as_deref()
                .or_else(|| source.get(hit.range.clone()))
                .unwrap_or_default();
            let place = text.place_told(hit.range.start);
            finding(hit, rules, there, place, characters)
        })
        .collect()
}

/// In the order of the text; where there are too many, the surest ones.
pub(crate) fn surest(mut hits: Vec<Hit>, most: usize) -> Vec<Hit> {
    if hits.len() > most {
        hits.sort_by(|one, other| other.confidence.total_cmp(&one.confidence));
        hits.truncate(most);
    }
    hits.sort_by_key(|hit| (hit.range.start, hit.rule));
    hits
}

/// A hit as it is told; `there` is what it says, `offset` where it begins, in characters.
pub(crate) fn finding(
    hit: &Hit,
    rules: &Rules,
    there: &str,
    place: Where,
    offset: usize,
) -> Option<Finding> {
    let rule = rules.rules.get(hit.rule)?;
    Some(Finding {
        rule: rule.key.clone(),
        kind: rule.kind,
        level: level_of(hit, rules),
        confidence: (hit.confidence * 100.0).round() / 100.0,
        text: there.chars().take(TEXT_MOST).collect(),
        place,
        offset,
        why: Why {
            zh: rule.why.zh.clone(),
            en: rule.why.en.clone(),
        },
    })
}

/// A text that may be shown to who must not see it: enough to know it again, not enough to use it.
pub fn masked(text: &str) -> String {
    let all = text.chars().count();
    let shown = match all {
        0..=2 => 0,
        3..=7 => 1,
        8..=15 => 2,
        _ => 4,
    };
    text.chars()
        .enumerate()
        .map(|(place, c)| {
            if place < shown || place + shown.min(2) >= all || c.is_whitespace() {
                c
            } else {
                '*'
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{is_level, masked, rank};

    #[test]
    fn levels_are_known_and_have_an_order() {
        for level in [
            "open",
            "state.secret",
            "work.internal",
            "trade.core",
            "foreign.nato.secret",
        ] {
            assert!(is_level(level), "{level}");
        }
        assert!(!is_level("secret") && !is_level("foreign.secret") && !is_level("foreign..x"));
        assert!(
            rank("state.top_secret") < rank("state.secret")
                && rank("trade.core") < rank("trade.ordinary")
        );
        assert!(
            rank("foreign.us.secret") < rank("work.internal")
                && rank("work.internal") < rank("open")
        );
    }

    #[test]
    fn masked_texts_can_be_known_again_and_not_used() {
        assert_eq!(masked("11010519491231002X"), "1101************2X");
        assert_eq!(masked("机密★10年"), "机****年");
        assert_eq!(masked("ab"), "**");
        assert_eq!(masked(""), "");
    }
}
