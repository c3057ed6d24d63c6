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
    /// What starts it.
    pub start: Trigger,
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

/// What starts or stops a clock: entering a state, a field being filled, a named event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// The record (or line) enters this state.
    State(String),
    /// This field is filled; its value is the start.
    Field(String),
    /// An event of the program.
    Event(String),
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
