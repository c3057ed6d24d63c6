//! When the secrecy of one item ends: a day, events, or no end date.
//!
//! What is derived ends when the last of its sources does, so a join is the latest day and all
//! events; no end date absorbs everything.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// When secrecy ends. Fields are private so that an absorbed part cannot linger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "RawEnds")]
pub struct Ends {
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<Date>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    events: BTreeSet<String>,
    #[serde(skip_serializing_if = "is_false")]
    long_term: bool,
}

impl Ends {
    /// No ends: open material. The neutral element of `join`.
    pub fn none() -> Self {
        Self::default()
    }

    /// Over from this day on; secret through the day before.
    pub fn on(date: Date) -> Self {
        Self {
            date: Some(date),
            ..Self::default()
        }
    }

    /// Over when the event has happened.
    pub fn when(event: impl Into<String>) -> Self {
        Self {
            events: BTreeSet::from([event.into()]),
            ..Self::default()
        }
    }

    /// No end date; over only by a decision.
    pub fn long_term() -> Self {
        Self {
            long_term: true,
            ..Self::default()
        }
    }

    /// The first day it is no longer secret, unless events or 长期 keep it.
    pub fn date(&self) -> Option<Date> {
        self.date
    }

    /// The events that must all have happened.
    pub fn events(&self) -> &BTreeSet<String> {
        &self.events
    }

    /// Whether there is no end date.
    pub fn is_long_term(&self) -> bool {
        self.long_term
    }

    /// Whether there are no ends at all (open material).
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// The end of what is made from both: latest day, all events; 长期 absorbs.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        if self.long_term || other.long_term {
            return Self::long_term();
        }
        Self {
            date: self.date.max(other.date),
            events: self.events.union(&other.events).cloned().collect(),
            long_term: false,
        }
    }

    /// Whether it ends no sooner than the other; then joining the other changes nothing.
    pub fn covers(&self, other: &Self) -> bool {
        self.long_term
            || (!other.long_term && self.date >= other.date && other.events.is_subset(&self.events))
    }

    /// Whether the secrecy has ended by itself: the day has come and every event has
    /// happened. Never for 长期, and not for open material, which has nothing to end.
    pub fn over(&self, today: Date, happened: &BTreeSet<String>) -> bool {
        !self.long_term
            && !self.is_none()
            && self.date.is_none_or(|date| today >= date)
            && self.events.is_subset(happened)
    }
}

/// The stored shape; what 长期 absorbs is dropped on reading.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEnds {
    date: Option<Date>,
    #[serde(default)]
    events: BTreeSet<String>,
    #[serde(default)]
    long_term: bool,
}

impl From<RawEnds> for Ends {
    fn from(raw: RawEnds) -> Self {
        if raw.long_term {
            return Self::long_term();
        }
        Self {
            date: raw.date,
            events: raw.events,
            long_term: false,
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature serde asks for"
)]
fn is_false(value: &bool) -> bool {
    !*value
}
