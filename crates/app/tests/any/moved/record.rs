//! The model: a record as it should be, and what a new definition makes of it.

use super::{
    shape::{Change, Fields},
    version::{Chain, Step, Version},
};
use domain::{ApprovalId, RecordId, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;

/// One version of a record or a line as it was written.
#[derive(Debug, Clone)]
pub(super) struct Then {
    pub(super) action: String,
    pub(super) under: u32,
    pub(super) state: String,
    pub(super) fields: Fields,
}

/// What a record and a line have in common: what is written, and under which definition.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    pub(super) id: RecordId,
    pub(super) under: u32,
    pub(super) state: String,
    pub(super) fields: Fields,
    /// Everything it was, oldest first.
    pub(super) history: Vec<Then>,
}

impl Sheet {
    pub(super) fn new(id: RecordId, under: u32, state: &str, fields: Fields, action: &str) -> Self {
        let mut sheet = Self {
            id,
            under,
            state: state.to_owned(),
            fields,
            history: Vec::new(),
        };
        sheet.written(action);
        sheet
    }

    /// An act has written a version.
    pub(super) fn written(&mut self, action: &str) {
        self.history.push(Then {
            action: action.to_owned(),
            under: self.under,
            state: self.state.clone(),
            fields: self.fields.clone(),
        });
    }

    pub(super) fn version(&self) -> i64 {
        i64::try_from(self.history.len()).unwrap()
    }

    fn carry(&mut self, (fields, state): (Fields, String), under: u32) {
        (self.fields, self.state, self.under) = (fields, state, under);
        self.written("carry_over");
    }
}

/// A deadline that was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Runs {
    pub(super) due: Timestamp,
    pub(super) stopped: bool,
}

/// A line.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) sheet: Sheet,
    /// It ended with its record.
    pub(super) over: bool,
}

/// A record as it should be.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) sheet: Sheet,
    pub(super) number: Option<String>,
    pub(super) thing: usize,
    pub(super) holder: &'static str,
    pub(super) helper: Option<&'static str>,
    pub(super) rows: Vec<Row>,
    pub(super) clocks: BTreeMap<String, Runs>,
    /// When it was last acted on.
    pub(super) acted: Timestamp,
    /// A request that waits, by the action it is for, and by the version of then.
    pub(super) waits: Option<(ApprovalId, String, u32)>,
    /// One that went back to who asked.
    pub(super) returned: Option<ApprovalId>,
}

/// What becomes of fields and a state under a definition; nothing where they do not fit it.
fn under<'s>(
    sheet: &Sheet,
    number: Option<&str>,
    steps: impl Iterator<Item = &'s Change>,
) -> Option<(Fields, String)> {
    let mut steps = steps;
    let begun = (sheet.fields.clone(), sheet.state.clone());
    steps.try_fold(begun, |(fields, state), step| {
        step.applied((&fields, &state), number)
    })
}

impl Known {
    pub(super) fn version<'c>(&self, chain: &'c Chain) -> &'c Version {
        chain.version(self.sheet.under)
    }

    pub(super) fn is_open(&self, chain: &Chain) -> bool {
        !self.version(chain).is_closed(&self.sheet.state)
    }

    /// What it would be under a definition; nothing where it stays behind.
    pub(super) fn next(&self, chain: &Chain, to: u32) -> Option<(Fields, String)> {
        let steps = chain.between(self.sheet.under, to).map(|step| &step.of);
        let next = under(&self.sheet, self.number.as_deref(), steps)?;
        let fits = chain.version(to).of.fits(&next.0, &next.1);
        fits.then_some(next)
    }

    /// Carries it over, with its deadlines.
    pub(super) fn carry(&mut self, chain: &Chain, to: u32, next: (Fields, String), at: Due) {
        self.sheet.carry(next, to);
        let version = chain.version(to);
        let closed = version.is_closed(&self.sheet.state);
        for (key, clock) in &mut self.clocks {
            clock.stopped |= closed || !version.clocks.contains_key(key);
        }
        for (key, clock) in &version.clocks {
            let starts = self.sheet.state == version.of.state(clock.start) && !closed;
            if starts && !self.clocks.contains_key(key) {
                let due = at(self.acted, clock.days);
                let stopped = false;
                self.clocks.insert(key.clone(), Runs { due, stopped });
            }
        }
        if !version.of.has("helper") {
            self.helper = None;
        }
    }

    /// An act has led it to a state.
    pub(super) fn goes_to(&mut self, chain: &Chain, role: &str, now: Timestamp, at: Due) {
        let version = self.version(chain).clone();
        let to = version.of.state(role).to_owned();
        let entered = self.sheet.state != to || self.sheet.history.is_empty();
        let closed = version.is_closed(&to);
        self.sheet.state = to;
        for clock in self.clocks.values_mut() {
            clock.stopped |= closed;
        }
        for (key, clock) in &version.clocks {
            let starts = entered && self.sheet.state == version.of.state(clock.start);
            if starts && !self.clocks.contains_key(key) {
                let due = at(now, clock.days);
                let stopped = false;
                self.clocks.insert(key.clone(), Runs { due, stopped });
            }
        }
    }

    /// Its lines that are open end with it.
    pub(super) fn end_rows(&mut self, chain: &Chain) {
        for row in &mut self.rows {
            let rows = &chain.version(row.sheet.under).rows;
            if !row.over && !rows.is(&row.sheet.state, &["done"]) {
                row.over = true;
                row.sheet.written("close");
            }
        }
    }
}

/// When so many days are over.
pub(super) type Due = fn(Timestamp, u32) -> Timestamp;

impl Row {
    /// What it would be under a definition; nothing where it stays behind.
    pub(super) fn next(&self, chain: &Chain, to: u32) -> Option<(Fields, String)> {
        let steps = chain.between(self.sheet.under, to).map(|step| &step.rows);
        let next = under(&self.sheet, None, steps)?;
        let fits = chain.version(to).rows.fits(&next.0, &next.1);
        fits.then_some(next)
    }

    pub(super) fn carry(&mut self, to: u32, next: (Fields, String)) {
        self.sheet.carry(next, to);
    }
}

/// Fields and a state of an earlier definition under the keys of a later one; what is removed is nobody's.
pub(super) fn in_words_of(
    chain: &Chain,
    (from, to): (u32, u32),
    (fields, state): (&Fields, &str),
    of: fn(&Step) -> &Change,
) -> (Fields, String) {
    let begun = (fields.clone(), state.to_owned());
    let steps = chain.between(from, to).map(of);
    steps.fold(begun, |(fields, state), step| {
        (step.renamed(&fields), step.state_after(&state))
    })
}

/// A value that is to be, unless there is none.
pub(super) fn put(fields: &mut Fields, key: &str, value: Value) {
    if !value.is_null() {
        fields.insert(key.to_owned(), value);
    }
}
