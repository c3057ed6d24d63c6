//! What an expression is evaluated on: the facts of one record at one moment.
//!
//! The caller (`app`) collects them; links, people and units are resolved to maps, dates and
//! instants are text, a label and a clearance stand as `domain` serialises them.

use domain::Calendar;
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil::Date};
use serde_json::{Map, Value};
use std::sync::Arc;

use crate::Parameters;
use crate::model::Line;

/// The facts of one record at one moment.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// Variables by name: the record's fields and `id`, `number`, `state`, `label`, `lines` (one
    /// list, each with its `line` key), `actor`, `proposer`, `drafter`, `decider` and `approvers`
    /// (their ids). What is missing is null.
    /// `open_items` maps a person's id to the list of what that person still has open.
    pub vars: Map<String, Value>,
    /// The variables of the record, on facts of a line.
    of: Option<Arc<Map<String, Value>>>,
    /// The site's day.
    pub today: Date,
    /// The moment.
    pub now: Timestamp,
    /// Parameters of the regimes in force.
    pub params: &'a Parameters,
    /// Holidays and make-up days.
    pub calendar: &'a Calendar,
    /// The site's time zone, in which an instant becomes a day.
    pub zone: TimeZone,
}

impl<'a> Facts<'a> {
    /// Facts in UTC; give the site's zone with [`Facts::in_zone`].
    pub fn new(
        vars: Map<String, Value>,
        today: Date,
        now: Timestamp,
        params: &'a Parameters,
        calendar: &'a Calendar,
    ) -> Self {
        Self {
            vars,
            of: None,
            today,
            now,
            params,
            calendar,
            zone: TimeZone::UTC,
        }
    }

    /// The same facts in a time zone.
    #[must_use]
    pub fn in_zone(mut self, zone: TimeZone) -> Self {
        self.zone = zone;
        self
    }

    /// The same moment with other variables.
    #[must_use]
    pub fn with_vars(&self, vars: Map<String, Value>) -> Self {
        Self {
            vars,
            of: self.of.clone(),
            zone: self.zone.clone(),
            ..*self
        }
    }

    /// A variable: the line's own, else its record's.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let of = || self.of.as_ref().and_then(|record| record.get(name));
        self.vars.get(name).or_else(of)
    }

    /// The record that a line belongs to, on facts of a line.
    pub(crate) fn record(&self) -> Option<&Map<String, Value>> {
        self.of.as_deref()
    }

    /// The same facts as those of a record whose lines are looked at one after the other: its
    /// variables are shared, not copied for each.
    #[must_use]
    pub fn for_lines(mut self) -> Self {
        self.of = Some(Arc::new(std::mem::take(&mut self.vars)));
        self
    }

    /// The facts seen from one line: its fields cover the record's, which stays reachable as
    /// `record`.
    #[must_use]
    pub fn in_line(&self, kind: &Line, line: &Map<String, Value>) -> Self {
        let shared = match &self.of {
            Some(of) if self.vars.is_empty() => Arc::clone(of),
            Some(_) | None => Arc::new(self.vars.clone()),
        };
        let fields = kind.fields.iter().map(|field| field.key.as_str());
        let mut vars: Map<String, Value> = fields
            .chain(["id", "state"])
            .map(|key| (key.to_owned(), Value::Null))
            .collect();
        vars.extend(line.iter().map(|(key, value)| (key.clone(), value.clone())));
        let mut facts = self.with_vars(vars);
        facts.of = Some(shared);
        facts
    }
}
