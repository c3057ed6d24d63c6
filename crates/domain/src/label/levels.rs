//! At most one level per family.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Error, Family, Level};

/// At most one level per family; none at all is open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Levels(BTreeMap<Family, Level>);

impl Levels {
    /// No level in any family: open.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts the level in its family's place, whatever stood there. To raise only, use `join`.
    #[must_use]
    pub fn with(mut self, level: Level) -> Self {
        self.0.insert(level.family(), level);
        self
    }

    /// Takes a family out, as when its secrecy is lifted.
    #[must_use]
    pub fn without(mut self, family: Family) -> Self {
        self.0.remove(&family);
        self
    }

    /// The level in a family.
    pub fn get(&self, family: Family) -> Option<Level> {
        self.0.get(&family).copied()
    }

    /// The levels, state first.
    pub fn iter(&self) -> impl Iterator<Item = Level> + '_ {
        self.0.values().copied()
    }

    /// Whether no family has a level.
    pub fn is_open(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether its family has this level or a higher one.
    pub fn at_least(&self, level: Level) -> bool {
        self.get(level.family())
            .is_some_and(|own| own.at_least(level))
    }

    /// The higher level of each family.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        let mut joined = self.clone();
        for level in other.iter() {
            if !joined.at_least(level) {
                joined = joined.with(level);
            }
        }
        joined
    }

    /// Whether each of its levels is reached by the other's level of the same family.
    pub fn dominated_by(&self, other: &Self) -> bool {
        self.iter().all(|level| other.at_least(level))
    }

    /// The entries in the order of their keys, as canonical JSON wants them.
    pub(crate) fn by_key(&self) -> BTreeMap<&'static str, Level> {
        self.0
            .iter()
            .map(|(family, level)| (family.key(), *level))
            .collect()
    }
}

impl FromIterator<Level> for Levels {
    /// Joins the levels: the highest of each family stays.
    fn from_iter<I: IntoIterator<Item = Level>>(levels: I) -> Self {
        levels.into_iter().fold(Self::new(), |joined, level| {
            joined.join(&Self::new().with(level))
        })
    }
}

impl From<Level> for Levels {
    fn from(level: Level) -> Self {
        Self::new().with(level)
    }
}

impl Serialize for Levels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.by_key())
    }
}

impl<'de> Deserialize<'de> for Levels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let levels = BTreeMap::<Family, Level>::deserialize(deserializer)?;
        for (family, level) in &levels {
            if level.family() != *family {
                let (family, level) = (family.key(), level.key());
                return Err(de::Error::custom(Error::LevelFamily { family, level }));
            }
        }
        Ok(Self(levels))
    }
}
