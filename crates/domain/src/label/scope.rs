//! Who may know 知悉范围: everyone, or those inside every one of a set of clauses.
//!
//! A clause names persons and units; what is derived from two items may be known only by
//! those inside both scopes, so intersecting is collecting clauses. Clauses implied by a narrower
//! one are dropped, which makes equal scopes equal values. Whether a unit is inside another is not
//! known here: the caller gives a person's units with all their ancestors.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::listed;
use crate::{Error, PersonId, UnitId};

/// One circle of people: the named persons, and everybody in the named units.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Persons inside by name.
    pub persons: BTreeSet<PersonId>,
    /// Units whose people are inside.
    pub units: BTreeSet<UnitId>,
}

impl Clause {
    /// Whether a person with these units (own and ancestors) is inside.
    pub fn contains(&self, person: PersonId, units: &BTreeSet<UnitId>) -> bool {
        self.persons.contains(&person) || !self.units.is_disjoint(units)
    }

    /// Whether everybody inside is inside the other, whatever the units hold.
    fn implies(&self, other: &Self) -> bool {
        self.persons.is_subset(&other.persons) && self.units.is_subset(&other.units)
    }
}

/// Who may know. Equal sets of clauses are equal values.
///
/// A clause naming nobody is a scope nobody is inside; it is never read as "everyone".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    // INVARIANT: no clause implies another; no clause at all means everyone.
    clauses: BTreeSet<Clause>,
}

impl Scope {
    /// Everyone: the neutral element of `intersect`.
    pub fn everyone() -> Self {
        Self {
            clauses: BTreeSet::new(),
        }
    }

    /// Nobody: the absorbing element of `intersect`.
    pub fn nobody() -> Self {
        Self::named([], [])
    }

    /// The named persons and the people of the named units.
    pub fn named(
        persons: impl IntoIterator<Item = PersonId>,
        units: impl IntoIterator<Item = UnitId>,
    ) -> Self {
        let clause = Clause {
            persons: persons.into_iter().collect(),
            units: units.into_iter().collect(),
        };
        Self {
            clauses: BTreeSet::from([clause]),
        }
    }

    /// The clauses, all of which must hold; none for everyone.
    pub fn clauses(&self) -> impl Iterator<Item = &Clause> {
        self.clauses.iter()
    }

    /// Whether nobody is kept out.
    pub fn is_everyone(&self) -> bool {
        self.clauses.is_empty()
    }

    /// Whether a person with these units (own and ancestors) is inside every clause.
    pub fn contains(&self, person: PersonId, units: &BTreeSet<UnitId>) -> bool {
        self.clauses
            .iter()
            .all(|clause| clause.contains(person, units))
    }

    /// Those inside both.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        Self::normalised(&self.clauses.union(&other.clauses).cloned().collect())
    }

    /// Whether everybody inside is inside the other, by the clauses alone.
    pub fn is_narrower_or_equal(&self, other: &Self) -> bool {
        other
            .clauses
            .iter()
            .all(|wide| self.clauses.iter().any(|narrow| narrow.implies(wide)))
    }

    /// Drops every clause that another one implies.
    fn normalised(clauses: &BTreeSet<Clause>) -> Self {
        let needed = |clause: &&Clause| {
            !clauses
                .iter()
                .any(|other| other != *clause && other.implies(clause))
        };
        Self {
            clauses: clauses.iter().filter(needed).cloned().collect(),
        }
    }

    pub(super) fn canonical(&self) -> String {
        if self.is_everyone() {
            return String::from("\"everyone\"");
        }
        format!(
            "{{\"clauses\":[{}]}}",
            listed(self.clauses.iter().map(Clause::canonical))
        )
    }
}

impl Clause {
    fn canonical(&self) -> String {
        format!(
            "{{\"persons\":[{}],\"units\":[{}]}}",
            listed(self.persons.iter().map(|id| format!("\"{id}\""))),
            listed(self.units.iter().map(|id| format!("\"{id}\"")))
        )
    }
}

/// The stored shape: the word `everyone`, or clauses.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stored {
    Everyone,
    Clauses(BTreeSet<Clause>),
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stored = if self.is_everyone() {
            Stored::Everyone
        } else {
            Stored::Clauses(self.clauses.clone())
        };
        stored.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Stored::deserialize(deserializer)? {
            Stored::Everyone => Ok(Self::everyone()),
            // WHY: an empty list is more likely a lost scope than one opened to everyone.
            Stored::Clauses(clauses) if clauses.is_empty() => {
                Err(de::Error::custom(Error::EmptyScope))
            }
            Stored::Clauses(clauses) => Ok(Self::normalised(&clauses)),
        }
    }
}
