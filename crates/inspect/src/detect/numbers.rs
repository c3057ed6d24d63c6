//! Numbers of people, firms and accounts, and addresses with an `@`: found by what they are made of, not by words.

use std::ops::Range;

use super::Search;
use crate::rules::Rule;

/// Every number that is looked for has two digits in a row somewhere, so every second byte is enough.
const STEP: usize = 2;
/// A number with gaps is not longer; what is longer is no number.
const RUN_MOST: usize = 64;
/// What stands before and after an `@`, in bytes.
const ADDRESS: usize = 96;

pub(super) fn run(search: &mut Search<'_>) {
    if !search.rules.numbers.is_empty() {
        numbers(search);
    }
    if !search.rules.at_signs.is_empty() {
        addresses(search);
    }
}

fn numbers(search: &mut Search<'_>) {
    let rules = search.rules;
    let lengths = rules
        .numbers
        .iter()
        .filter_map(|which| rules.rules.get(*which)?.number);
    let least = lengths.map(|[least, _]| least).min().unwrap_or_default();
    let mut group: Vec<Range<usize>> = Vec::new();
    for run in runs(search.normal.as_str().as_bytes()) {
        if group
            .last()
            .is_some_and(|last| !gap(search, last.end, run.start))
        {
            grouped(search, &mut group);
        }
        if run.len() >= least && number(search, &run, None) {
            group.clear();
        } else {
            group.push(run);
        }
    }
    grouped(search, &mut group);
}

/// Runs of letters and digits that have two digits in a row, and those right behind and before them.
fn runs(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    let mut last_end = 0;
    while let Some(byte) = bytes.get(at) {
        if !byte.is_ascii_digit() {
            at += STEP;
            continue;
        }
        let earlier = bytes
            .get(last_end..at)
            .unwrap_or_default()
            .iter()
            .rev()
            .take(RUN_MOST);
        let begin = at
            - earlier
                .take_while(|byte| byte.is_ascii_alphanumeric())
                .count();
        // a single digit before it, as 8 in 8-10
        if let Some(alone) = begin.checked_sub(2).filter(|alone| *alone >= last_end)
            && bytes.get(alone).is_some_and(u8::is_ascii_digit)
            && bytes
                .get(alone + 1)
                .is_some_and(|byte| b" -.".contains(byte))
            && alone
                .checked_sub(1)
                .and_then(|at| bytes.get(at))
                .is_none_or(|byte| !byte.is_ascii_alphanumeric())
        {
            found.push(alone..alone + 1);
        }
        let mut begin = begin;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let end = at
                + rest
                    .iter()
                    .take_while(|byte| byte.is_ascii_alphanumeric())
                    .count();
            if end - begin <= RUN_MOST {
                found.push(begin..end);
            }
            last_end = end;
            let joined = bytes.get(end).is_some_and(|byte| b" -.".contains(byte));
            if !(joined && bytes.get(end + 1).is_some_and(u8::is_ascii_digit)) {
                break;
            }
            begin = end + 1;
            at = begin;
        }
        at = last_end + 1;
    }
    found
}

/// One space or dash, as people group digits.
fn gap(search: &Search<'_>, from: usize, to: usize) -> bool {
    matches!(search.normal.as_str().get(from..to), Some(" " | "-" | "."))
}

/// Digits in groups may be one number.
fn grouped(search: &mut Search<'_>, group: &mut Vec<Range<usize>>) {
    if let [first, .., last] = group.as_slice()
        && group.len() <= 8
        && last.end - first.start <= RUN_MOST
    {
        let range = first.start..last.end;
        let dotted = search
            .normal
            .as_str()
            .get(range.clone())
            .unwrap_or_default();
        let compact: String = if dotted.contains('.') {
            dotted.to_owned()
        } else {
            dotted.chars().filter(char::is_ascii_alphanumeric).collect()
        };
        number(search, &range, Some(&compact));
    }
    group.clear();
}

/// Asks each rule about a number; says whether one took it.
fn number(search: &mut Search<'_>, range: &Range<usize>, compact: Option<&str>) -> bool {
    let normal = std::mem::take(&mut search.normal);
    let bytes = normal.as_str().as_bytes();
    let text = compact
        .or_else(|| normal.as_str().get(range.clone()))
        .unwrap_or_default()
        .to_owned();
    let before = range
        .start
        .checked_sub(1)
        .and_then(|at| bytes.get(at))
        .copied()
        .unwrap_or(b' ');
    let after = bytes.get(range.end).copied().unwrap_or(b' ');
    let beyond = bytes.get(range.end + 1).copied().unwrap_or(b' ');
    search.normal = normal;
    // WHY: a piece of a longer number, a path, a version
    if matches!(before, b'_' | b'#' | b'$' | b'/' | b'\\' | b'.')
        || after == b'_'
        || (after == b'.' && beyond.is_ascii_digit())
    {
        return false;
    }
    let rules = search.rules;
    let mut taken = false;
    for &which in &rules.numbers {
        let Some(rule) = rules.rules.get(which) else {
            continue;
        };
        if is_of(rule, &text) {
            if let Some(factor) = search.context(rule, range) {
                search.push(which, rule, range.clone(), factor, None);
                taken = true;
            }
        }
    }
    taken
}

fn is_of(rule: &Rule, text: &str) -> bool {
    let [least, most] = rule.number.unwrap_or_default();
    (least..=most).contains(&text.len())
        && rule.validator.is_none_or(|validator| validator.holds(text))
}

fn addresses(search: &mut Search<'_>) {
    let places: Vec<usize> = memchr::memchr_iter(b'@', search.normal.as_str().as_bytes()).collect();
    let rules = search.rules;
    let mut end = 0;
    for at in places {
        if at < end {
            continue;
        }
        let window = search.around(at.saturating_sub(ADDRESS).max(end), at + ADDRESS);
        for &which in &rules.at_signs {
            let Some(rule) = rules.rules.get(which) else {
                continue;
            };
            if let Some(found) = search.fits(rule, window.clone(), false, at..at + 1) {
                end = end.max(found.end);
                search.candidate(which, rule, found);
            }
        }
    }
}
