//! What a viewer asks for (`Grant`), why he may have it (`Ground`), and of which kind of
//! register (`Nature`).
//!
//! Grounds are recorded in the entry of every use, so their keys are stable and only added to.
//! A ground never replaces clearance; it only answers the second question, the need to know.

use domain::Text;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Error;
use crate::error::quoted;

/// What is asked of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grant {
    /// Register facts: title, number, state, holder. Lists and their totals too.
    Handle,
    /// The content itself.
    Open,
    /// Counts only, for reports. Never the total under a list, which is `Handle`.
    Stat,
}

impl Grant {
    /// Every grant.
    pub const ALL: [Self; 3] = [Self::Handle, Self::Open, Self::Stat];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Handle => "handle",
            Self::Open => "open",
            Self::Stat => "stat",
        }
    }

    /// Finds a grant by its key.
    pub fn parse_key(key: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|grant| grant.key() == key)
            .ok_or_else(|| Error::Grant { value: quoted(key) })
    }
}

/// Why somebody may know. The first four of [`Ground::ALL`] after `InScope` come from the record
/// (the caller looks them up); the others follow from viewer and label alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ground {
    /// The label's scope 知悉范围 contains the person.
    InScope,
    /// The person drafted the record.
    Drafter,
    /// The person has to decide on it now: an open approval step names him.
    Decision,
    /// The person keeps or carries the thing: the registrar by duty, a holder by receipt.
    Custody,
    /// A task assigned with an end: witness, counter, investigator. The caller gives it only
    /// while the task runs.
    Task,
    /// An open record of a directory register (units, posts, places), known to everybody.
    Directory,
    /// Counts of what the viewer is cleared for.
    Cleared,
    /// Counts of everything, for the head of the confidentiality office.
    Oversight,
    /// An administrator's own duty, which concerns no record.
    Office,
}

impl Ground {
    /// Every ground.
    pub const ALL: [Self; 9] = [
        Self::InScope,
        Self::Drafter,
        Self::Decision,
        Self::Custody,
        Self::Task,
        Self::Directory,
        Self::Cleared,
        Self::Oversight,
        Self::Office,
    ];

    /// The stable key, as entries name it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::InScope => "in_scope",
            Self::Drafter => "drafter",
            Self::Decision => "decision",
            Self::Custody => "custody",
            Self::Task => "task",
            Self::Directory => "directory",
            Self::Cleared => "cleared",
            Self::Oversight => "oversight",
            Self::Office => "office",
        }
    }

    /// The ground's name as shown to people.
    pub fn name(self) -> Text {
        let (zh, en) = match self {
            Self::InScope => ("在知悉范围内", "within the scope"),
            Self::Drafter => ("拟稿人", "drafted it"),
            Self::Decision => ("待其审批", "has to decide on it"),
            Self::Custody => ("持有或保管", "holds or keeps it"),
            Self::Task => ("承担任务", "has a task with it"),
            Self::Directory => ("公开名录", "open directory"),
            Self::Cleared => ("统计其知悉资格以内", "counts what they are cleared for"),
            Self::Oversight => ("统计全部", "counts everything"),
            Self::Office => ("管理职责", "their own office"),
        };
        Text::new(zh, en)
    }

    /// Finds a ground by its key.
    pub fn parse_key(key: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|ground| ground.key() == key)
            .ok_or_else(|| Error::Ground { value: quoted(key) })
    }

    /// The grounds a single record can give for this grant: what the caller's scope lookup has
    /// to ask for beside [`crate::Visibility::with_ground`]. Whoever keeps or carries a thing
    /// knows that it exists but has no business reading it, so custody never opens content.
    pub const fn of_record(grant: Grant) -> &'static [Self] {
        match grant {
            Grant::Handle => &[Self::Drafter, Self::Decision, Self::Custody, Self::Task],
            Grant::Open => &[Self::Drafter, Self::Decision, Self::Task],
            Grant::Stat => &[],
        }
    }
}

/// What a register is about, as its definition says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Nature {
    /// Secrets, carriers, people's affairs: the default.
    #[default]
    Business,
    /// Units, posts, places, names: open ones are known to everybody, administrators included.
    Directory,
}

impl Nature {
    /// Every nature.
    pub const ALL: [Self; 2] = [Self::Business, Self::Directory];

    /// The stable key, as definitions write it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Business => "business",
            Self::Directory => "directory",
        }
    }

    /// Finds a nature by its key.
    pub fn parse_key(key: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|nature| nature.key() == key)
            .ok_or_else(|| Error::Nature { value: quoted(key) })
    }
}

macro_rules! serde_by_key {
    ($($name:ident),+) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.key())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::parse_key(&String::deserialize(deserializer)?).map_err(de::Error::custom)
            }
        }
    )+};
}

serde_by_key!(Grant, Ground, Nature);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_stable_and_read_back() {
        for grant in Grant::ALL {
            let json = serde_json::to_string(&grant).unwrap();
            assert_eq!(serde_json::from_str::<Grant>(&json).unwrap(), grant);
        }
        for ground in Ground::ALL {
            let json = serde_json::to_string(&ground).unwrap();
            assert_eq!(serde_json::from_str::<Ground>(&json).unwrap(), ground);
        }
        for nature in Nature::ALL {
            let json = serde_json::to_string(&nature).unwrap();
            assert_eq!(serde_json::from_str::<Nature>(&json).unwrap(), nature);
        }
        assert_eq!(Grant::parse_key("read").unwrap_err().code(), "access.grant");
        assert_eq!(
            Ground::parse_key("owner").unwrap_err().code(),
            "access.ground"
        );
        assert_eq!(
            Nature::parse_key("secret").unwrap_err().code(),
            "access.nature"
        );
    }

    #[test]
    fn custody_never_opens_content() {
        assert!(Ground::of_record(Grant::Handle).contains(&Ground::Custody));
        assert!(!Ground::of_record(Grant::Open).contains(&Ground::Custody));
        assert!(Ground::of_record(Grant::Stat).is_empty());
    }
}
