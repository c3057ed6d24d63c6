//! Asks all rules about a text: words in one pass, numbers and addresses by what they begin with, grammars and patterns
//! only where a word leads to them.

mod candidate;
pub(crate) mod grammar;
mod labels;
mod line;
mod numbers;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use regex_automata::Input;

use crate::normal::{Normal, layers};
use crate::report::Kind;
use crate::rules::{Rule, Rules};
use crate::{Limits, Part, Text};
use line::Sections;

/// More are not kept of one file: they say no more.
pub(crate) const HITS_MOST: usize = 50_000;
/// Words that are looked at before the clock is asked again.
const LOOK_EVERY: usize = 1_024;
/// What a pattern may see after its word, in bytes.
const PATTERN_WINDOW: usize = 4_096;
/// What is written as something else is a little less sure, and has to be sure in itself.
const LAYER_FACTOR: f32 = 0.8;
const LAYER_LEAST: f32 = 0.7;

/// What a rule found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Hit {
    /// The rule's place among [`Rules::rules`].
    pub(crate) rule: usize,
    /// Where it stands in the extracted text, in bytes.
    pub(crate) range: Range<usize>,
    pub(crate) confidence: f32,
    /// What stands there, where it was written as something else.
    pub(crate) said: Option<String>,
    /// The level, where the rule leaves it to what it found.
    pub(crate) level: Option<String>,
}

/// What all searches of one file share.
#[derive(Clone, Copy)]
struct About<'a> {
    rules: &'a Rules,
    text: &'a Text,
    sections: &'a Sections,
    limits: &'a Limits,
}

/// A text that is searched.
struct Search<'a> {
    rules: &'a Rules,
    text: &'a Text,
    source: &'a str,
    normal: Normal,
    sections: &'a Sections,
    /// The text is a layer of another: it has no lines or places of its own.
    layer: bool,
    hits: Vec<Hit>,
    /// The surest hit of each rule beyond those that are kept: the verdict needs it.
    beyond: BTreeMap<usize, Hit>,
    limits: &'a Limits,
    ended: bool,
}

/// All hits of all rules, in the order of the text. It ends early when the time is over.
pub(crate) fn of(text: &Text, rules: &Rules, limits: &Limits) -> (Vec<Hit>, bool) {
    let (hits, whole) = found(text, rules, limits);
    let there = |hit: &Hit| text.as_str().get(hit.range.clone()).map(str::to_owned);
    (settled(hits, rules, there), whole)
}

/// All hits of all rules in any order, also those that do not count. It ends early when the time is over.
pub(crate) fn found(text: &Text, rules: &Rules, limits: &Limits) -> (Vec<Hit>, bool) {
    if rules.is_empty() {
        return (Vec::new(), true);
    }
    let sections = Sections::of(text);
    let about = About {
        rules,
        text,
        sections: &sections,
        limits,
    };
    let mut search = Search::new(about, text.as_str(), false);
    search.run();
    let mut hits = std::mem::take(&mut search.hits);
    hits.extend(std::mem::take(&mut search.beyond).into_values());
    let mut whole = !search.late();
    drop(search);
    hits.extend(labels::of(text, rules));
    for layer in layers(text.as_str()) {
        let mut search = Search::new(about, &layer.text, true);
        search.run();
        whole &= !search.late();
        if !whole {
            break;
        }
        hits.extend(
            search
                .hits
                .into_iter()
                .filter(|hit| hit.confidence >= LAYER_LEAST)
                .map(|hit| Hit {
                    said: layer.text.get(hit.range.clone()).map(str::to_owned),
                    range: layer.at..layer.at + layer.length,
                    confidence: hit.confidence * LAYER_FACTOR,
                    ..hit
                }),
        );
    }
    (hits, whole)
}

/// In the order of the text, without what others hold already, and without rules that did not find enough. `there` is what
/// stands where a hit is.
pub(crate) fn settled(
    mut hits: Vec<Hit>,
    rules: &Rules,
    there: impl Fn(&Hit) -> Option<String>,
) -> Vec<Hit> {
    let mut different: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for hit in &hits {
        if rules.rules.get(hit.rule).is_some_and(|rule| rule.count > 1) {
            different
                .entry(hit.rule)
                .or_default()
                .insert(there(hit).unwrap_or_default());
        }
    }
    hits.retain(|hit| {
        let wanted = rules.rules.get(hit.rule).map_or(1, |rule| rule.count);
        wanted == 1
            || different
                .get(&hit.rule)
                .is_some_and(|all| all.len() >= wanted)
    });
    hits.sort_by(|one, other| {
        let key = |hit: &Hit| (hit.range.start, std::cmp::Reverse(hit.range.end));
        key(one)
            .cmp(&key(other))
            .then(other.confidence.total_cmp(&one.confidence))
    });
    // WHY by kind: a mark inside a longer one and a number that passes for two kinds are told once
    let mut ends: BTreeMap<Kind, (usize, f32)> = BTreeMap::new();
    hits.retain(|hit| {
        let Some(rule) = rules.rules.get(hit.rule) else {
            return false;
        };
        let (end, confidence) = ends.get(&rule.kind).copied().unwrap_or_default();
        if hit.range.end <= end && hit.confidence <= confidence {
            return false;
        }
        if hit.range.end > end {
            ends.insert(rule.kind, (hit.range.end, hit.confidence));
        }
        true
    });
    hits
}

impl<'a> Search<'a> {
    fn new(about: About<'a>, source: &'a str, layer: bool) -> Self {
        Self {
            rules: about.rules,
            text: about.text,
            source,
            normal: Normal::of(source),
            sections: about.sections,
            layer,
            hits: Vec::new(),
            beyond: BTreeMap::new(),
            limits: about.limits,
            ended: false,
        }
    }

    fn run(&mut self) {
        let rules = self.rules;
        // WHY taken out: a word leads to a hit while the text is still being read
        let normal = std::mem::take(&mut self.normal);
        let mut words: Vec<(u32, u32)> = Vec::new();
        rules.literals.each(normal.as_str(), &mut |word, at| {
            if let (Ok(word), Ok(at)) = (u32::try_from(word), u32::try_from(at)) {
                words.push((word, at));
            }
        });
        self.normal = normal;
        for (count, (word, at)) in words.into_iter().enumerate() {
            if count % LOOK_EVERY == 0 && self.late() {
                return;
            }
            let (word, at) = (word as usize, at as usize);
            let end = at + rules.literals.length(word);
            for &number in rules.uses.get(word).into_iter().flatten() {
                if let Some(rule) = rules.rules.get(number) {
                    self.word(number, rule, at..end);
                }
            }
        }
        numbers::run(self);
        self.hits
            .extend(std::mem::take(&mut self.beyond).into_values());
    }

    /// Whether the time is over; what was found before counts.
    fn late(&mut self) -> bool {
        self.ended |= self.limits.stop.as_ref().is_some_and(|stop| stop.now());
        self.ended
    }

    /// What stands at a word.
    fn word(&mut self, number: usize, rule: &Rule, word: Range<usize>) {
        if let Some(grammar) = rule.grammar {
            if let Some(found) = grammar.read(self, word) {
                self.push(number, rule, found.range, found.confidence, found.level);
            }
            return;
        }
        if rule.pattern.is_some() {
            let window = self.around(
                word.start.saturating_sub(rule.before),
                word.end + PATTERN_WINDOW,
            );
            if let Some(found) = self.fits(rule, window, rule.before == 0, word.clone()) {
                self.candidate(number, rule, found);
            }
            return;
        }
        self.candidate(number, rule, word);
    }

    /// Where the rule's pattern fits, and what of it counts.
    fn fits(
        &self,
        rule: &Rule,
        window: Range<usize>,
        anchored: bool,
        word: Range<usize>,
    ) -> Option<Range<usize>> {
        let pattern = rule.pattern.as_ref()?;
        let anchored = if anchored {
            regex_automata::Anchored::Yes
        } else {
            regex_automata::Anchored::No
        };
        let input = Input::new(self.normal.as_str())
            .range(window)
            .anchored(anchored);
        let whole = pattern.search(&input)?;
        if whole.end() <= word.start || whole.start() > word.start {
            return None;
        }
        if rule.group == 0 {
            return Some(whole.range());
        }
        let mut captures = pattern.create_captures();
        pattern.search_captures(&input, &mut captures);
        captures.get_group(rule.group).map(|span| span.range())
    }

    /// A range of normal text, moved to where characters begin.
    fn around(&self, from: usize, to: usize) -> Range<usize> {
        let text = self.normal.as_str();
        text.floor_char_boundary(from)..text.ceil_char_boundary(to.min(text.len()))
    }

    /// Keeps a hit, less sure the more it was bent.
    fn push(
        &mut self,
        number: usize,
        rule: &Rule,
        range: Range<usize>,
        confidence: f32,
        level: Option<String>,
    ) {
        let origin = self.normal.origin(self.source, range.clone());
        let written = self.source.get(origin.clone()).unwrap_or_default();
        let form = self.normal.as_str().get(range).unwrap_or_default();
        let mut confidence = candidate::bent(written, form, rule.confidence * confidence);
        if !self.layer && self.text.place(origin.start).part == Part::Picture {
            confidence = candidate::recognised(confidence);
        }
        let hit = Hit {
            rule: number,
            range: origin,
            confidence,
            said: None,
            level,
        };
        if self.hits.len() < HITS_MOST {
            self.hits.push(hit);
        } else if self
            .beyond
            .get(&number)
            .is_none_or(|kept| kept.confidence < confidence)
        {
            self.beyond.insert(number, hit);
        }
    }
}
