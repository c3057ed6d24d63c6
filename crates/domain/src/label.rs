//! What protects an item: levels, ends, compartments and scope together, and their algebra.
//!
//! Labels join: what is made from several sources is at least as secret as each of them. The join
//! is commutative, associative and idempotent, open material is its neutral element; property
//! tests hold it to that. The part that decides visibility is the [`LabelClass`], which storage
//! interns. Who may see what is decided in `access`, never here.

mod class_id;
mod clearance;
mod compartment;
mod ends;
mod levels;
mod scope;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use class_id::ClassId;
pub use clearance::Clearance;
pub use compartment::Compartment;
pub use ends::Ends;
pub use levels::Levels;
pub use scope::{Clause, Scope};

/// What protects one item.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// At most one level per family.
    pub levels: Levels,
    /// When the secrecy ends.
    pub ends: Ends,
    /// Named circles inside the levels; all of them must be in the reader's clearance.
    pub compartments: BTreeSet<Compartment>,
    /// Who may know 知悉范围.
    pub scope: Scope,
}

impl Label {
    /// Open material: no level, no end, no compartment, everyone. The neutral element of `join`.
    pub fn open() -> Self {
        Self {
            levels: Levels::new(),
            ends: Ends::none(),
            compartments: BTreeSet::new(),
            scope: Scope::everyone(),
        }
    }

    /// Whether nothing restricts it.
    pub fn is_open(&self) -> bool {
        self.levels.is_open() && self.compartments.is_empty() && self.scope.is_everyone()
    }

    /// The label of what is made from both: highest level of each family, latest
    /// end and all events, all compartments, only those inside both scopes.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        Self {
            levels: self.levels.join(&other.levels),
            ends: self.ends.join(&other.ends),
            compartments: self
                .compartments
                .union(&other.compartments)
                .cloned()
                .collect(),
            scope: self.scope.intersect(&other.scope),
        }
    }

    /// The join of many; open if there are none.
    #[must_use]
    pub fn join_all<'a>(labels: impl IntoIterator<Item = &'a Self>) -> Self {
        labels
            .into_iter()
            .fold(Self::open(), |joined, label| joined.join(label))
    }

    /// Whether it protects at least as much in every part; then joining the other changes nothing.
    pub fn dominates(&self, other: &Self) -> bool {
        other.levels.dominated_by(&self.levels)
            && self.ends.covers(&other.ends)
            && other.compartments.is_subset(&self.compartments)
            && self.scope.is_narrower_or_equal(&other.scope)
    }

    /// The part that decides who sees it.
    pub fn class(&self) -> LabelClass {
        LabelClass {
            compartments: self.compartments.clone(),
            levels: self.levels.clone(),
            scope: self.scope.clone(),
        }
    }
}

impl Default for Label {
    fn default() -> Self {
        Self::open()
    }
}

/// The part of a label that decides who sees it; equal classes are stored once.
///
/// Fields stand in alphabetical order so that the derived JSON is canonical.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelClass {
    /// See [`Label::compartments`].
    pub compartments: BTreeSet<Compartment>,
    /// See [`Label::levels`].
    pub levels: Levels,
    /// See [`Label::scope`].
    pub scope: Scope,
}

impl LabelClass {
    /// The class of open material.
    pub fn open() -> Self {
        Label::open().class()
    }

    /// Whether nothing restricts it.
    pub fn is_open(&self) -> bool {
        self.levels.is_open() && self.compartments.is_empty() && self.scope.is_everyone()
    }

    /// The one JSON text of this class, for interning and digests. Reads back by serde.
    pub fn canonical(&self) -> String {
        let compartments = self.compartments.iter().map(|name| quote(name.as_str()));
        let by_key = self.levels.by_key();
        let levels = by_key
            .iter()
            .map(|(key, level)| format!("\"{key}\":\"{}\"", level.key()));
        format!(
            "{{\"compartments\":[{}],\"levels\":{{{}}},\"scope\":{}}}",
            listed(compartments),
            listed(levels),
            self.scope.canonical()
        )
    }
}

/// Escapes a text as JSON, without the `Result` that serialising a string cannot need.
fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn listed(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
