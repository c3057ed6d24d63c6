//! From tags in common to passages.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::ops::{ControlFlow, Range};

use super::{Document, GRAM, Registered, Tag, Unanswered, tags};

/// Letters put in or taken out between two tags of one passage, at most.
const BENT: i64 = 16;
/// Letters between two tags of one passage, at most: what lies between may have been written anew.
const GAP: u32 = 200;
/// Postings that are looked at; beyond, a text that is made of one gram could take any time.
const POSTINGS_MAX: usize = 1_000_000;

/// A passage of a registered document in a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Passage {
    /// The number of the document.
    pub(crate) number: u32,
    pub(crate) document: Document,
    /// Where it stands, in bytes of the normalised text.
    pub(crate) range: Range<usize>,
    /// Letters of it.
    pub(crate) letters: u32,
    /// Tags of it; with one alone it may be a common turn of phrase.
    pub(crate) tags: u32,
    /// Of the document's tags, those that stand anywhere in the text: 0 to 1.
    pub(crate) share: f32,
}

/// A tag of the text and one of a document that are the same.
#[derive(Debug, Clone, Copy)]
struct Pair {
    here: Tag,
    there: u32,
}

/// The longest passage of each registered document in a normalised text: the longest ones, at most so many, the longest first.
///
/// # Errors
/// The index could not be read.
pub(crate) fn passages(
    index: &dyn Registered,
    text: &str,
    most: usize,
) -> Result<Vec<Passage>, Unanswered> {
    let chosen = tags(index.key(), text);
    let mut pairs: BTreeMap<u32, Vec<Pair>> = BTreeMap::new();
    let mut count = 0;
    index.look(&chosen, &mut |which, posting| {
        count += 1;
        if let Some(here) = chosen.get(which) {
            pairs.entry(posting.document).or_default().push(Pair {
                here: *here,
                there: posting.at,
            });
        }
        if count < POSTINGS_MAX {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    })?;
    let mut found: Vec<(u32, Longest)> = pairs
        .into_iter()
        .filter_map(|(number, pairs)| Some((number, longest(pairs)?)))
        .collect();
    found.sort_by_key(|(number, longest)| (Reverse(longest.letters()), *number));
    let mut told = Vec::new();
    // WHY only now: to know a document may cost a look at a disk, and a turn of phrase may stand in all of them
    for (number, longest) in found {
        if told.len() == most {
            break;
        }
        if let Some(document) = index.document(number)? {
            told.push(longest.of(number, document, text));
        }
    }
    Ok(told)
}

/// The longest run of a document, and how many of its tags stand anywhere in the text.
#[derive(Debug)]
struct Longest {
    run: Run,
    distinct: usize,
}

fn longest(mut pairs: Vec<Pair>) -> Option<Longest> {
    let distinct: HashSet<u64> = pairs.iter().map(|pair| pair.here.tag).collect();
    pairs.sort_by_key(|pair| (pair.here.at, pair.there));
    let mut runs: Vec<Run> = Vec::new();
    for pair in &pairs {
        // only the last few runs can still go on: the others lie too far back
        match runs
            .iter_mut()
            .rev()
            .take(8)
            .find(|run| run.goes_on_with(pair))
        {
            Some(run) => run.take(pair),
            None => runs.push(Run::of(pair)),
        }
    }
    let run = runs
        .into_iter()
        .max_by_key(|run| (run.last.here.at - run.first.here.at, run.tags))?;
    Some(Longest {
        run,
        distinct: distinct.len(),
    })
}

impl Longest {
    fn letters(&self) -> u32 {
        self.run.last.here.at - self.run.first.here.at + GRAM
    }

    fn of(&self, number: u32, document: Document, text: &str) -> Passage {
        let Run { first, last, tags } = self.run;
        let share = self.distinct as f32 / document.tags.max(1) as f32;
        Passage {
            number,
            document,
            range: first.here.byte..end_of_gram(text, last.here.byte),
            letters: self.letters(),
            tags,
            share: share.min(1.0),
        }
    }
}

/// Tags that follow each other in the text as they do in the document.
#[derive(Debug, Clone, Copy)]
struct Run {
    first: Pair,
    last: Pair,
    tags: u32,
}

impl Run {
    fn of(pair: &Pair) -> Self {
        Self {
            first: *pair,
            last: *pair,
            tags: 1,
        }
    }

    fn goes_on_with(&self, pair: &Pair) -> bool {
        let apart = |pair: &Pair| i64::from(pair.here.at) - i64::from(pair.there);
        pair.here.at > self.last.here.at
            && pair.there > self.last.there
            && pair.here.at - self.last.here.at <= GAP
            && (apart(pair) - apart(&self.last)).abs() <= BENT
    }

    fn take(&mut self, pair: &Pair) {
        self.last = *pair;
        self.tags += 1;
    }
}

/// Where the gram that begins at a byte ends, in bytes.
fn end_of_gram(text: &str, byte: usize) -> usize {
    let rest = text.get(byte..).unwrap_or_default();
    let letters = rest.char_indices().filter(|(_, one)| one.is_alphanumeric());
    letters
        .take(GRAM as usize)
        .last()
        .map_or(byte, |(at, one)| byte + at + one.len_utf8())
}
