//! The one way to say who: performs, decides, signs, hears of it.
//!
//! `role:registrar`, `field:borrower`, `head_of(borrower.unit)`, `holder_of(copy)`, `drafter`,
//! `proposer`, `system`, `staff`, or a list of these, each with a condition if need be. Resolving
//! names the parties; whether somebody is one of them is the caller's lookup.

mod parse;
mod resolve;

use std::fmt;

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use crate::Expr;

pub use parse::WhoError;
pub use resolve::Party;

/// One way to name somebody.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// Everybody with this role.
    Role(String),
    /// The person or persons in a field.
    Field(Vec<String>),
    /// The head of a unit (or of a person's unit).
    HeadOf(Vec<String>),
    /// Who holds a linked copy.
    HolderOf(Vec<String>),
    /// Who wrote the record.
    Drafter,
    /// Who asked for the action that is being decided.
    Proposer,
    /// The program itself, by a clock or a line's end.
    System,
    /// Every member of staff.
    Staff,
}

/// Any of several ways to name somebody.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WhoSet {
    /// The ways, each with its condition.
    pub any: Vec<WhoCase>,
}

/// One way to name somebody, and when it counts.
#[derive(Debug, Clone, PartialEq)]
pub struct WhoCase {
    /// Who.
    pub who: Who,
    /// Counts only when this holds.
    pub when: Option<Expr>,
}

impl WhoSet {
    /// One way without a condition.
    pub fn one(who: Who) -> Self {
        Self {
            any: vec![WhoCase { who, when: None }],
        }
    }

    /// Whether only the program itself is meant.
    pub fn is_system(&self) -> bool {
        self.any.iter().all(|case| case.who == Who::System)
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role(role) => write!(f, "role:{role}"),
            Self::Field(path) => write!(f, "field:{}", path.join(".")),
            Self::HeadOf(path) => write!(f, "head_of({})", path.join(".")),
            Self::HolderOf(path) => write!(f, "holder_of({})", path.join(".")),
            Self::Drafter => f.write_str("drafter"),
            Self::Proposer => f.write_str("proposer"),
            Self::System => f.write_str("system"),
            Self::Staff => f.write_str("staff"),
        }
    }
}

impl Serialize for Who {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for WhoCase {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(when) = &self.when else {
            return self.who.serialize(serializer);
        };
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("who", &self.who)?;
        map.serialize_entry("when", when)?;
        map.end()
    }
}

impl Serialize for WhoSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let [only] = self.any.as_slice() {
            return only.serialize(serializer);
        }
        let mut list = serializer.serialize_seq(Some(self.any.len()))?;
        for case in &self.any {
            list.serialize_element(case)?;
        }
        list.end()
    }
}

#[cfg(test)]
mod tests;
