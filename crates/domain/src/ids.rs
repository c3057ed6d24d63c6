//! Every id of the system, from one append-only list.
//!
//! An id is a UUID with a type, so that a person can never be passed where a record is meant.
//! New ones are `UUIDv7`: they sort by creation time, which keeps index pages warm. Time and
//! randomness come in as parameters. Ids tell nothing about what they name.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

use crate::Error;
use crate::error::quoted;

/// The length of a hyphenated UUID; the other spellings are refused so that ids compare as text.
const HYPHENATED_CHARS: usize = 36;

macro_rules! ids {
    ($($(#[doc = $doc:literal])+ $name:ident = $kind:literal;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// Makes a `UUIDv7` from the clock's time and ten random bytes.
            pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
                Self(uuid_v7(now, random))
            }

            /// Takes an id that was stored as a UUID.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID, for storage.
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self.0.as_hyphenated(), f)
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                parse_uuid($kind, text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    )+};
}

ids! {
    /// A row of a register.
    RecordId = "record";
    /// One append-only version of a record.
    VersionId = "version";
    /// One leaf of the log.
    EntryId = "entry";
    /// A login: of a person, or of a program.
    AccountId = "account";
    /// A person; a person is a record of the register of people.
    PersonId = "person";
    /// An organisational unit; a unit is a record of the register of units.
    UnitId = "unit";
    /// The decisions an action waits for.
    ApprovalId = "approval";
    /// An uploaded or produced file, as records point to it.
    FileId = "file";
    /// A stored encrypted object, as the vault names it.
    ObjectId = "object";
    /// One running deadline.
    ClockId = "clock";
    /// A browser session.
    SessionId = "session";
    /// A program's bearer token.
    TokenId = "token";
    /// Work done in the background.
    JobId = "job";
    /// One hop of a copy between holders or places.
    MovementId = "movement";
}

impl From<RecordId> for PersonId {
    fn from(id: RecordId) -> Self {
        Self(id.0)
    }
}

impl From<PersonId> for RecordId {
    fn from(id: PersonId) -> Self {
        Self(id.0)
    }
}

impl From<RecordId> for UnitId {
    fn from(id: RecordId) -> Self {
        Self(id.0)
    }
}

impl From<UnitId> for RecordId {
    fn from(id: UnitId) -> Self {
        Self(id.0)
    }
}

fn uuid_v7(now: Timestamp, random: [u8; 10]) -> Uuid {
    // WHY: UUIDv7 cannot say "before 1970"; a clock that wrong still gets a unique id.
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

fn parse_uuid(kind: &'static str, text: &str) -> Result<Uuid, Error> {
    let refused = || Error::Id {
        kind,
        value: quoted(text),
    };
    if text.len() != HYPHENATED_CHARS {
        return Err(refused());
    }
    Uuid::try_parse(text).map_err(|_| refused())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn new_ids_are_version_7_and_sort_by_time() {
        let early = RecordId::new(at("2026-03-01T00:00:00Z"), [0xff; 10]);
        let late = RecordId::new(at("2026-03-01T00:00:01Z"), [0; 10]);
        assert_eq!(early.as_uuid().get_version_num(), 7);
        assert!(early < late);
        assert!(early.to_string() < late.to_string());
    }

    #[test]
    fn ids_print_and_parse_as_hyphenated_text_only() {
        let id = PersonId::new(at("2026-03-01T00:00:00Z"), [7; 10]);
        assert_eq!(id.to_string().parse::<PersonId>().unwrap(), id);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, format!("\"{id}\""));
        assert_eq!(serde_json::from_str::<PersonId>(&json).unwrap(), id);
        for wrong in [
            "",
            "x",
            "0195500000007000800000000000000",
            "{01955000-0000-7000-8000-000000000000}",
            "01955000-0000-7000-8000-00000000000g",
        ] {
            let error = wrong.parse::<PersonId>().unwrap_err();
            assert_eq!(error.code(), "domain.id");
            assert!(error.to_string().contains("person"), "{error}");
        }
    }

    #[test]
    fn a_person_and_a_unit_are_records() {
        let record = RecordId::new(at("2026-03-01T00:00:00Z"), [9; 10]);
        assert_eq!(RecordId::from(PersonId::from(record)), record);
        assert_eq!(RecordId::from(UnitId::from(record)), record);
    }

    #[test]
    fn a_clock_before_1970_still_gives_an_id() {
        assert_eq!(
            EntryId::new(at("1960-01-01T00:00:00Z"), [1; 10]),
            EntryId::new(at("1970-01-01T00:00:00Z"), [1; 10])
        );
    }
}
