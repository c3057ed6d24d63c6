//! Clocks: deadlines that follow from a record.

use domain::Text;
use serde::Serialize;

use crate::{Expr, Offset, Span, WhoSet};

/// One deadline.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClockDef {
    /// Key, unique in its register or line.
    pub key: String,
    /// Name shown to people.
    pub name: Text,
    /// What starts it; an event that also stops it starts it anew.
    pub start: Vec<Trigger>,
    /// Runs only when this holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Expr>,
    /// When it is due.
    #[serde(flatten)]
    pub due: Due,
    /// What stops it.
    pub stop: Vec<Trigger>,
    /// When to remind, counted from the due time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warn: Vec<Offset>,
    /// Who hears of it once it is overdue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escalate: Option<WhoSet>,
    /// Action the system performs when it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expire: Option<String>,
}

/// What starts or stops a clock: entering a state, a field being filled, an act elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// The record (or line) enters this state.
    State(String),
    /// This field is filled; its value is the start.
    Field(String),
    /// An act on a record that names this one.
    Event(EventName),
}

/// An act on the records of a register, or on its lines (`meeting.papers`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct EventName {
    /// The register.
    pub register: String,
    /// Key of the action.
    pub action: String,
}

impl EventName {
    /// Reads `register.action`; the last dot parts them.
    pub fn parse(written: &str) -> Option<Self> {
        let (register, action) = written.rsplit_once('.')?;
        Some(Self {
            register: register.to_owned(),
            action: action.to_owned(),
        })
    }
}

impl std::fmt::Display for EventName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.register, self.action)
    }
}

/// When a clock is due.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// A date or datetime: the key of a field or an expression.
    Due(Expr),
    /// A length of time after the start; the first case that holds.
    After(Vec<After>),
}

/// One length of time after the start.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct After {
    /// Taken only when this holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Expr>,
    /// How long.
    #[serde(flatten)]
    pub length: Length,
}

/// A length of time: written out, or a parameter of the regime.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Length {
    /// Written out.
    After(Span),
    /// The key of a parameter that holds one.
    Param(String),
}
