//! A register in three versions, each made from the one before by some changes at random.

use super::{
    changes::{self, Next},
    shape::{Change, Kind, Shape},
};
use crate::any::spec::Dice;
use std::collections::BTreeMap;

/// A deadline: from which state, and after how many days.
#[derive(Debug, Clone)]
pub(super) struct Deadline {
    pub(super) start: &'static str,
    pub(super) days: u32,
}

/// States in which a record is closed.
pub(super) const CLOSED: [&str; 2] = ["ended", "dropped"];

/// A version of a register.
#[derive(Debug, Clone)]
pub(super) struct Version {
    pub(super) number: u32,
    pub(super) of: Shape,
    pub(super) rows: Shape,
    /// The action that ends a record.
    pub(super) end: String,
    /// The leader decides on the end.
    pub(super) decided: bool,
    pub(super) clocks: BTreeMap<String, Deadline>,
    /// Keys that no field has any more.
    pub(super) freed: Vec<String>,
}

impl Version {
    /// The first version, with what it `has`.
    fn first(mut has: impl FnMut(usize) -> bool) -> Self {
        let text = |hidden| Kind::Text {
            max: 40,
            unique: false,
            hidden,
        };
        let mut fields = vec![
            ("note", text(false)),
            ("amount", Kind::Whole { max: 99 }),
            (
                "kind",
                Kind::Choice {
                    keys: vec!["a", "b", "c"],
                },
            ),
            ("holder", Kind::Person),
            ("thing", Kind::Thing { reserve: !has(3) }),
            ("code", text(false)),
            ("secret", text(has(4))),
        ];
        for (role, kind) in [
            ("helper", Kind::Person),
            ("extra", text(false)),
            ("limit", Kind::Whole { max: 999 }),
        ] {
            if has(5) {
                fields.push((role, kind));
            }
        }
        let clock = Deadline {
            start: "going",
            days: 3,
        };
        let clocks = has(4).then(|| ("due".to_owned(), clock));
        Self {
            number: 1,
            of: Shape::new(&fields, &["begun", "going", "paused", "ended", "dropped"]),
            rows: Shape::new(
                &[("what", text(false)), ("pieces", Kind::Whole { max: 99 })],
                &["open", "half", "done"],
            ),
            end: "finish".to_owned(),
            decided: has(4),
            clocks: clocks.into_iter().collect(),
            freed: Vec::new(),
        }
    }

    pub(super) fn is_closed(&self, state: &str) -> bool {
        self.of.is(state, &CLOSED)
    }

    /// Whether an open record holds its thing.
    pub(super) fn reserves(&self) -> bool {
        matches!(self.of.fields["thing"].kind, Kind::Thing { reserve: true })
    }

    /// Whether no two records share a code.
    pub(super) fn is_unique(&self) -> bool {
        matches!(self.of.fields["code"].kind, Kind::Text { unique: true, .. })
    }
}

/// What leads from one version to the next.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) from: u32,
    pub(super) of: Change,
    pub(super) rows: Change,
    /// What it does, for the count.
    pub(super) marks: Vec<&'static str>,
    pub(super) rows_marks: Vec<&'static str>,
}

impl Step {
    pub(super) fn new(from: u32) -> Self {
        Self {
            from,
            of: Change::default(),
            rows: Change::default(),
            marks: Vec::new(),
            rows_marks: Vec::new(),
        }
    }
}

/// A register in all its versions.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    pub(super) key: String,
    pub(super) versions: Vec<Version>,
    pub(super) steps: Vec<Step>,
    /// The second version never comes into force.
    pub(super) skips: bool,
}

impl Chain {
    /// A register that changes at random.
    pub(super) fn any(key: &str, dice: &mut Dice) -> Self {
        let mut chain = Self::with(key, Version::first(|bound| !dice.one_in(bound)));
        for _ in 0..2 {
            chain.grow(dice, changes::some);
        }
        chain.skips = dice.one_in(3);
        chain
    }

    /// A register that has everything, and has not changed.
    pub(super) fn full(key: &str) -> Self {
        Self::with(key, Version::first(|_| true))
    }

    fn with(key: &str, first: Version) -> Self {
        Self {
            key: key.to_owned(),
            versions: vec![first],
            steps: Vec::new(),
            skips: false,
        }
    }

    /// One version more.
    pub(super) fn grow(&mut self, dice: &mut Dice, changes: impl FnOnce(&mut Next)) {
        let last = &self.versions[self.versions.len() - 1];
        let mut next = Next::after(last, dice);
        changes(&mut next);
        let (version, step) = next.made();
        self.versions.push(version);
        self.steps.push(step);
    }

    pub(super) fn version(&self, number: u32) -> &Version {
        self.versions
            .iter()
            .find(|version| version.number == number)
            .unwrap()
    }

    /// The version in force once so many times new definitions have come.
    pub(super) fn in_force(&self, times: usize) -> &Version {
        let times = if self.skips && times == 1 { 0 } else { times };
        &self.versions[times.min(self.versions.len() - 1)]
    }

    /// The steps between two versions.
    pub(super) fn between(&self, from: u32, to: u32) -> impl Iterator<Item = &Step> {
        self.steps
            .iter()
            .filter(move |step| (from..to).contains(&step.from))
    }
}
