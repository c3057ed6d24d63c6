//! Whether something that looks like a hit is one: its check, its disorder, and the words around it.

use std::ops::Range;

use super::Search;
use crate::rules::{Rule, SHOWN, validate};

/// What a word near it adds, and what one that speaks against it takes.
const RAISED: f32 = 0.2;
const LOWERED: f32 = 0.4;
/// What each bent character takes, and all of them at most.
const BENT: f32 = 0.05;
const BENT_MOST: f32 = 0.4;
/// What is recognised on a picture may be misread.
const RECOGNISED: f32 = 0.9;
/// Nothing is quite sure.
const SURE: f32 = 0.99;

impl Search<'_> {
    pub(super) fn candidate(&mut self, number: usize, rule: &Rule, range: Range<usize>) {
        let Some(found) = self.normal.as_str().get(range.clone()) else {
            return;
        };
        if rule
            .validator
            .is_some_and(|validator| !validator.holds(found))
        {
            return;
        }
        if rule
            .entropy
            .is_some_and(|least| validate::entropy(found) < least)
        {
            return;
        }
        if let Some(factor) = self.context(rule, &range) {
            self.push(number, rule, range, factor, None);
        }
    }

    /// What the words around make of it; none where words that it needs are missing.
    pub(super) fn context(&self, rule: &Rule, range: &Range<usize>) -> Option<f32> {
        if rule.near.is_empty() && rule.far.is_empty() && rule.all.is_empty() {
            return Some(1.0);
        }
        let window = self.around(
            range.start.saturating_sub(rule.within * 3),
            range.end + rule.within * 3,
        );
        let before = self
            .normal
            .as_str()
            .get(window.start..range.start)
            .unwrap_or_default();
        let after = self
            .normal
            .as_str()
            .get(range.end..window.end)
            .unwrap_or_default();
        let (before, after) = (last(before, rule.within), first(after, rule.within));
        let around = format!("{before}\u{1f}{after}").to_lowercase();
        let has = |words: &[String]| words.iter().any(|word| around.contains(word.as_str()));
        if rule.all.iter().any(|words| !has(words)) {
            return None;
        }
        let near = has(&rule.near);
        if rule.need_near && !near {
            return None;
        }
        let mut confidence = rule.confidence;
        if near && !rule.need_near {
            confidence = (confidence + RAISED).min(SURE);
        }
        if has(&rule.far) {
            confidence -= LOWERED;
        }
        Some(confidence.max(0.0) / rule.confidence.max(f32::EPSILON))
    }
}

/// The first so many characters.
fn first(text: &str, characters: usize) -> &str {
    let end = text
        .char_indices()
        .nth(characters)
        .map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}

/// The last so many characters.
fn last(text: &str, characters: usize) -> &str {
    let from = characters
        .checked_sub(1)
        .and_then(|before| text.char_indices().rev().nth(before));
    text.get(from.map_or(0, |(at, _)| at)..).unwrap_or_default()
}

/// How sure something is that had to be bent; what was to be shown still is.
pub(super) fn bent(written: &str, form: &str, confidence: f32) -> f32 {
    if written == form {
        return confidence;
    }
    let mut rest = form.chars().peekable();
    let mut bends = 0_u16;
    for c in written.chars().take(2_000) {
        if rest.peek() == Some(&c) {
            rest.next();
        } else {
            bends = bends.saturating_add(1);
            if !c.is_whitespace() && written.chars().count() <= form.chars().count() {
                rest.next();
            }
        }
    }
    let lowered = confidence * (1.0 - (f32::from(bends) * BENT).min(BENT_MOST));
    if confidence >= SHOWN {
        lowered.max(SHOWN)
    } else {
        lowered
    }
}

/// How sure something is that was recognised on a picture; what was to be shown still is.
pub(super) fn recognised(confidence: f32) -> f32 {
    let lowered = confidence * RECOGNISED;
    if confidence >= SHOWN {
        lowered.max(SHOWN)
    } else {
        lowered
    }
}
