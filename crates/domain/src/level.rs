//! Levels of secrecy and the three families they belong to.
//!
//! A level says how secret something is inside its own family. State, work and trade secrets are
//! protected by different laws, so levels of different families are never ranked against each
//! other; [`Level`] therefore has no `Ord`.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Error;
use crate::error::quoted;

/// The kinds of secret protected by different laws; at most one level of each per item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// State secrets 国家秘密; the only family marked with ★.
    State,
    /// Work secrets 工作秘密; one level, no period in the mark.
    Work,
    /// Trade secrets 商业秘密.
    Trade,
}

impl Family {
    /// Every family, in the order they are shown.
    pub const ALL: [Self; 3] = [Self::State, Self::Work, Self::Trade];

    /// The first part of the family's level keys.
    pub const fn key(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Work => "work",
            Self::Trade => "trade",
        }
    }

    /// Finds a family by its key.
    pub fn parse_key(key: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|family| family.key() == key)
            .ok_or_else(|| Error::Family { value: quoted(key) })
    }
}

/// How secret something is, inside its family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// 绝密, state.
    TopSecret,
    /// 机密, state.
    Secret,
    /// 秘密, state.
    Confidential,
    /// 内部, the one level of work secrets.
    Internal,
    /// 核心商密, trade.
    Core,
    /// 普通商密, trade.
    Ordinary,
}

impl Level {
    /// Every level, by family and highest first.
    pub const ALL: [Self; 6] = [
        Self::TopSecret,
        Self::Secret,
        Self::Confidential,
        Self::Internal,
        Self::Core,
        Self::Ordinary,
    ];

    /// The family whose law protects it.
    pub const fn family(self) -> Family {
        match self {
            Self::TopSecret | Self::Secret | Self::Confidential => Family::State,
            Self::Internal => Family::Work,
            Self::Core | Self::Ordinary => Family::Trade,
        }
    }

    /// The stable key: what files, the API and the command line say.
    pub const fn key(self) -> &'static str {
        match self {
            Self::TopSecret => "state.top_secret",
            Self::Secret => "state.secret",
            Self::Confidential => "state.confidential",
            Self::Internal => "work.internal",
            Self::Core => "trade.core",
            Self::Ordinary => "trade.ordinary",
        }
    }

    /// Finds a level by its key.
    pub fn parse_key(key: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|level| level.key() == key)
            .ok_or_else(|| Error::Level { value: quoted(key) })
    }

    /// The Chinese word, as printed in marks.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::TopSecret => "绝密",
            Self::Secret => "机密",
            Self::Confidential => "秘密",
            Self::Internal => "内部",
            Self::Core => "核心商密",
            Self::Ordinary => "普通商密",
        }
    }

    /// The English word.
    pub const fn en(self) -> &'static str {
        match self {
            Self::TopSecret => "Top secret",
            Self::Secret => "Secret",
            Self::Confidential => "Confidential",
            Self::Internal => "Internal",
            Self::Core => "Core trade secret",
            Self::Ordinary => "Ordinary trade secret",
        }
    }

    /// The place inside the family, 1 is the lowest. Means nothing across families.
    pub const fn rank(self) -> u8 {
        match self {
            Self::Confidential | Self::Internal | Self::Ordinary => 1,
            Self::Secret | Self::Core => 2,
            Self::TopSecret => 3,
        }
    }

    /// Whether this level is the other or higher; always false across families.
    pub fn at_least(self, other: Self) -> bool {
        self.family() == other.family() && self.rank() >= other.rank()
    }

    /// The longest period in years unless otherwise provided; also what a bare ★ means
    /// . Work and trade secrets have no such limit.
    pub const fn max_years(self) -> Option<u16> {
        match self {
            Self::TopSecret => Some(30),
            Self::Secret => Some(20),
            Self::Confidential => Some(10),
            Self::Internal | Self::Core | Self::Ordinary => None,
        }
    }
}

impl std::str::FromStr for Level {
    type Err = Error;

    fn from_str(key: &str) -> Result<Self, Error> {
        Self::parse_key(key)
    }
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

impl<'de> Deserialize<'de> for Level {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse_key(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl Serialize for Family {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

impl<'de> Deserialize<'de> for Family {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse_key(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_stable_and_read_back() {
        for level in Level::ALL {
            assert_eq!(Level::parse_key(level.key()).unwrap(), level);
            assert!(level.key().starts_with(level.family().key()));
            let json = serde_json::to_string(&level).unwrap();
            assert_eq!(serde_json::from_str::<Level>(&json).unwrap(), level);
        }
        assert_eq!(Level::Secret.key(), "state.secret");
        let error = Level::parse_key("work.secret").unwrap_err();
        assert_eq!(error.code(), "domain.level");
        assert_eq!(error.to_string(), "`work.secret` is not a level key");
        for family in Family::ALL {
            let json = serde_json::to_string(&family).unwrap();
            assert_eq!(serde_json::from_str::<Family>(&json).unwrap(), family);
        }
        assert!(Family::parse_key("open").is_err());
    }

    #[test]
    fn levels_compare_only_inside_a_family() {
        assert!(Level::TopSecret.at_least(Level::Secret));
        assert!(Level::Secret.at_least(Level::Secret));
        assert!(!Level::Confidential.at_least(Level::Secret));
        assert!(!Level::TopSecret.at_least(Level::Internal));
        assert!(!Level::Core.at_least(Level::Confidential));
    }

    #[test]
    fn r131_longest_periods() {
        let years = Level::ALL.map(Level::max_years);
        assert_eq!(years, [Some(30), Some(20), Some(10), None, None, None]);
    }
}
