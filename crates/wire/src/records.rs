//! Records and their history, as one caller may see them.

use domain::{EntryId, PersonId, RecordId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use crate::{LabelView, Text};

/// A record as one caller may see it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Record {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: RecordId,
    /// Key of its register.
    pub register: String,
    /// Its number.
    pub number: Option<String>,
    /// Key of its state.
    pub state: String,
    /// Its version: quoted, the value for `If-Match`.
    pub version: i64,
    /// What protects it.
    pub label: LabelView,
    /// Field values the caller may see.
    #[schema(value_type = Object)]
    pub fields: Map<String, Value>,
    /// Its lines, at most 200 of each kind; the others page by page.
    #[serde(default)]
    pub lines: Vec<Line>,
    /// Whose line it is, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub line: Option<LinePlace>,
    /// Its clocks.
    pub clocks: Vec<ClockState>,
    /// What the caller may do now, and why not.
    pub actions: Vec<ActionState>,
    /// Kinds of its lines on which the caller may act now by scanning (`POST /records/{id}/scan`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scans: Vec<String>,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// The log entry of its newest version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid", nullable = false)]
    pub entry: Option<EntryId>,
    /// Where the proof of that entry is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub proof: Option<String>,
}

/// The place of a line.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LinePlace {
    /// The record it belongs to.
    #[schema(value_type = String, format = "uuid")]
    pub of: RecordId,
    /// Key of its kind.
    pub line: String,
    /// Counts the lines of the kind from 1; 0 while they are counted blindly.
    pub no: i64,
}

/// A line of a record. It is read and acted on like a record, by its own id and version.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Line {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: RecordId,
    /// Key of its kind.
    pub line: String,
    /// Counts the lines of the kind from 1; 0 while they are counted blindly.
    pub no: i64,
    /// Key of its state.
    pub state: String,
    /// Its version: quoted, the value for `If-Match`.
    pub version: i64,
    /// Field values the caller may see.
    #[schema(value_type = Object)]
    pub fields: Map<String, Value>,
    /// What the caller may do now, and why not.
    pub actions: Vec<ActionState>,
}

/// What a record is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordName {
    /// The record.
    #[schema(value_type = String, format = "uuid")]
    pub id: RecordId,
    /// Key of its register.
    pub register: String,
    /// Its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub number: Option<String>,
    /// The value of the field that its register shows as the title (`title` of the definition), if the
    /// caller may see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub title: Option<String>,
}

/// Whose names are asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NamesQuery {
    /// Ids of records, joined by `,`, up to 200.
    pub ids: String,
}

/// A clock of a record.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ClockState {
    /// Key in the definition.
    pub key: String,
    /// From when it counts.
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Timestamp,
    /// When it is due.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
    /// `running`, `overdue`, `stopped` or `expired`.
    pub state: String,
    /// Warnings and escalations given so far.
    pub fired: Vec<String>,
}

/// An action on a record as the caller stands to it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ActionState {
    /// Its key.
    pub key: String,
    /// Whether the caller may do it now.
    pub allowed: bool,
    /// Why not.
    pub reasons: Vec<Text>,
}

/// A person with the name the caller may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NamedPerson {
    /// The person.
    #[schema(value_type = String, format = "uuid")]
    pub id: PersonId,
    /// Their name.
    pub name: String,
}

/// One version of a record.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Version {
    /// Its number.
    pub version: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who, as far as the caller may know.
    pub actor: String,
    /// Which action.
    pub action: String,
    /// State after it.
    pub state: String,
    /// What protected it then; none once the version was erased.
    pub label: Option<LabelView>,
    /// Field values then; none once the version was erased.
    #[schema(value_type = Option<Object>)]
    pub fields: Option<Map<String, Value>>,
    /// What was said to it: the reason of a correction, why something was taken over.
    pub comment: Option<String>,
    /// Who signed it; empty once the version was erased.
    #[serde(default)]
    pub signatures: Vec<Signed>,
    /// The log entry.
    #[schema(value_type = String, format = "uuid")]
    pub entry: EntryId,
}

/// A signature on a version.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Signed {
    /// Who signed; nobody of the house for a return slip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub person: Option<NamedPerson>,
    /// What was done with it.
    pub action: String,
    /// `counter`, `inbox`, `paper` or `slip`.
    pub method: String,
    /// Where a signature on paper stands: book, page, line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub paper: Option<String>,
    /// What was signed: SHA-256 of the record as it stood after the act, hex. Only for readers of all
    /// of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub digest: Option<String>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}
