//! What an expression is evaluated on: the facts of one record at one moment.
//!
//! The caller (`app`) collects them; links, people and units are resolved to maps, dates and
//! instants are text, a label and a clearance stand as `domain` serialises them.

use domain::Calendar;
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil::Date};
use serde_json::{Map, Value};

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
            zone: self.zone.clone(),
            ..*self
        }
    }

    /// The facts seen from one line: its fields cover the record's, which stays reachable as
    /// `record`.
    #[must_use]
    pub fn in_line(&self, kind: &Line, line: &Map<String, Value>) -> Self {
        let mut vars = self.vars.clone();
        let record = self.vars.clone();
        for field in &kind.fields {
            vars.insert(field.key.clone(), Value::Null);
        }
        for own in ["id", "state"] {
            vars.insert(own.to_owned(), Value::Null);
        }
        vars.extend(line.iter().map(|(key, value)| (key.clone(), value.clone())));
        vars.insert("record".to_owned(), Value::Object(record));
        self.with_vars(vars)
    }
}
