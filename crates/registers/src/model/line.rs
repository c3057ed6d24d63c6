//! Lines: child records with their own state, inside one record.

use domain::Text;
use serde::Serialize;

use super::{Action, Assignments, ClockDef, Field, Rule, State, is_false};
use crate::Expr;

/// One kind of child record: the readers of a circulation, the copies of a stock-take.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Key, unique among the register's fields and lines.
    pub key: String,
    /// Name shown to people.
    pub name: Text,
    /// What a line stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<Text>,
    /// Fields of a line.
    pub fields: Vec<Field>,
    /// States of a line.
    pub states: Vec<State>,
    /// Moves of a line.
    pub actions: Vec<Action>,
    /// Deadlines of a line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<ClockDef>,
    /// Checks on a line's actions; `on` names them without the line's key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// Lines are worked off one after the other.
    #[serde(skip_serializing_if = "is_false")]
    pub order: bool,
    /// Lines made from a query, frozen when it ran.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fill: Option<Fill>,
    /// Field whose target is reserved while the line is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserve: Option<String>,
    /// Moves of the record that follow from the states of its lines; the first that holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parent: Vec<ParentMove>,
    /// Fewest lines a record must have once its first action is through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<usize>,
    /// Most lines a record may have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<usize>,
}

impl Line {
    /// The field of this key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// The state of this key.
    pub fn state(&self, key: &str) -> Option<&State> {
        self.states.iter().find(|state| state.key == key)
    }

    /// The action of this key.
    pub fn action(&self, key: &str) -> Option<&Action> {
        self.actions.iter().find(|action| action.key == key)
    }

    /// The state a new line stands in.
    pub fn initial_state(&self) -> Option<&State> {
        self.states.iter().find(|state| state.initial)
    }

    /// Whether a line in this state is closed: it no longer reserves its target.
    pub fn is_final(&self, state: &str) -> bool {
        self.state(state).is_some_and(|state| state.is_final)
    }
}

/// Lines made from the records of a register at one moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fill {
    /// Register whose records become lines.
    pub from: String,
    /// Which of them: bare names are the candidate's, `record` is this record.
    #[serde(rename = "where")]
    pub filter: Expr,
    /// Line field → expression over the candidate.
    pub set: Assignments,
    /// Action of this register at which the query runs.
    pub at: String,
}

/// A move of the record that follows from its lines.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ParentMove {
    /// Condition over the lines.
    pub when: Expr,
    /// Action the system performs on the record.
    pub action: String,
}
