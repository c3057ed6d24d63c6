//! Who did something, as log entries name it: an account, or a part of the system itself.
//!
//! An entry holds ids only; the name of the person is looked up by whoever may see it.

use serde::{Deserialize, Serialize, de, ser::SerializeMap};

use crate::error::quoted;
use crate::{AccountId, Error, PersonId};

/// The parts of the system that act on their own; append-only, because entries name them.
pub const SYSTEM_ACTORS: &[&str] = &[
    "system",
    "setup",
    "clock",
    "sequencer",
    "import",
    "job",
    "migration",
    "restore",
    "demo",
    "gateway",
    "agent",
    "classification",
    "custody",
    "people",
    "directory",
    "login",
    "vault",
    "ledger",
    "check",
    "backup",
    "test",
];

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    /// An account, and the person behind it unless it belongs to a program.
    Account(AccountId, Option<PersonId>),
    /// A part of the system, one of [`SYSTEM_ACTORS`]; only those can be read back.
    System(&'static str),
}

impl Actor {
    /// The person behind the act, if it was one.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Account(_, person) => *person,
            Self::System(_) => None,
        }
    }

    /// The account behind the act, if it was one.
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Account(account, _) => Some(*account),
            Self::System(_) => None,
        }
    }
}

impl Serialize for Actor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::Account(account, person) => {
                map.serialize_entry("account", account)?;
                if let Some(person) = person {
                    map.serialize_entry("person", person)?;
                }
            }
            Self::System(part) => map.serialize_entry("system", part)?,
        }
        map.end()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAccount {
    account: AccountId,
    person: Option<PersonId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSystem {
    system: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Raw {
    Account(RawAccount),
    System(RawSystem),
}

impl<'de> Deserialize<'de> for Actor {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Raw::deserialize(deserializer)? {
            Raw::Account(RawAccount { account, person }) => Ok(Self::Account(account, person)),
            Raw::System(RawSystem { system }) => SYSTEM_ACTORS
                .iter()
                .find(|known| **known == system)
                .map(|known| Self::System(known))
                .ok_or_else(|| {
                    de::Error::custom(Error::SystemActor {
                        value: quoted(&system),
                    })
                }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actors_read_back_as_written() {
        let now = "2026-03-01T00:00:00Z".parse().unwrap();
        let account = AccountId::new(now, [1; 10]);
        let person = PersonId::new(now, [2; 10]);
        for actor in [
            Actor::Account(account, Some(person)),
            Actor::Account(account, None),
            Actor::System("clock"),
        ] {
            let json = serde_json::to_string(&actor).unwrap();
            assert_eq!(
                serde_json::from_str::<Actor>(&json).unwrap(),
                actor,
                "{json}"
            );
        }
        assert_eq!(Actor::Account(account, Some(person)).person(), Some(person));
        assert_eq!(Actor::Account(account, None).account(), Some(account));
        assert_eq!(Actor::System("clock").account(), None);
        assert_eq!(Actor::System("clock").person(), None);
    }

    #[test]
    fn an_unknown_system_part_is_refused() {
        assert!(serde_json::from_str::<Actor>(r#"{"system":"ghost"}"#).is_err());
        assert!(serde_json::from_str::<Actor>(r#"{"system":"clock","account":"x"}"#).is_err());
    }
}
