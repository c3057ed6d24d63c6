//! Where every copy of an item is, how it came there, and who came to know the item.

use domain::{EntryId, RecordId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::NamedPerson;

/// The line of custody of an item.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Custody {
    /// The item, if you may know it and not only one of its copies.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub item: Option<RecordId>,
    /// Its copies, by serial number.
    pub copies: Vec<CopyCustody>,
    /// Who came to know it.
    pub known_by: Vec<KnownBy>,
}

/// One copy's line of custody.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CopyCustody {
    /// The copy.
    #[schema(value_type = String, format = "uuid")]
    pub copy: RecordId,
    /// Its serial number, six digits.
    pub serial: String,
    /// Where it stands.
    pub status: String,
    /// Who answers for it.
    pub person: Option<NamedPerson>,
    /// The place's name.
    pub place: Option<String>,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// Every movement, oldest first.
    pub movements: Vec<Movement>,
}

/// A movement of a copy.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Movement {
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What happened.
    pub kind: String,
    /// Status after.
    pub status: String,
    /// Who answers for it after.
    pub person: Option<NamedPerson>,
    /// Place after.
    pub place: Option<String>,
    /// The record that made it move, if the caller may see it.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub cause: Option<RecordId>,
    /// The log entry that proves it.
    #[schema(value_type = String, format = "uuid")]
    pub entry: EntryId,
}

/// Somebody who came to know an item.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct KnownBy {
    /// Who.
    pub person: NamedPerson,
    /// How: `drafted`, `borrowed`, `opened` …
    pub how: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}
