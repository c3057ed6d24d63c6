//! Taking files in: what a file's columns stand for, how it is worked off, what became of its rows.

use std::collections::BTreeMap;

use domain::{JobId, RecordId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{AcceptedWarning, Text};

/// The name of a file that is sent.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// The file's name.
    #[serde(default)]
    #[param(required = false)]
    pub name: Option<String>,
}

/// Which sheet is asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SheetQuery {
    /// The action whose columns it has; a template only.
    #[serde(default)]
    #[param(required = false)]
    pub action: Option<String>,
    /// `xlsx` (the default) or `csv`.
    #[serde(default)]
    #[param(required = false)]
    pub format: Option<String>,
    /// Language of heads and words, `zh` (the default) or `en`.
    #[serde(default)]
    #[param(required = false)]
    pub language: Option<String>,
}

/// Which rows are asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportRowsQuery {
    /// Only rows of this outcome.
    #[serde(default)]
    #[param(required = false)]
    pub outcome: Option<String>,
    /// Rows behind this one.
    #[serde(default)]
    #[param(required = false)]
    pub after: Option<i64>,
}

/// A file that is taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Import {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: JobId,
    /// Where its rows go.
    pub register: String,
    /// The name of the file.
    pub name: String,
    /// `read`, `running`, `checked` (every row was tried), `done`, `stopped` or `failed`.
    pub state: String,
    /// The action its rows are taken in by.
    pub action: String,
    /// Whether they are only tried.
    pub dry_run: bool,
    /// Its columns.
    pub heads: Vec<ImportHead>,
    /// What a column can stand for.
    pub targets: Vec<ImportTarget>,
    /// How many rows are `waiting`, `would` be taken in, were `made`, `waits` for decisions, `failed`.
    pub counts: BTreeMap<String, i64>,
    /// When it came.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportHead {
    /// What stands above it.
    pub head: String,
    /// The field it stands for; none: it is left out.
    pub field: Option<String>,
}

/// What a column can stand for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportTarget {
    /// Key of the field.
    pub field: String,
    /// Its name.
    pub name: Text,
}

/// How a file is to be worked off.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportStart {
    /// Key of the action that makes the records (`take_over` for opening stock); none: as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Head → field, where that is not what is suggested; null leaves a column out. It is remembered.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub mapping: BTreeMap<String, Option<String>>,
    /// Only try every row.
    #[serde(default)]
    pub dry_run: bool,
    /// Warnings passed for all rows, each with its reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accept_warnings: Vec<AcceptedWarning>,
    /// The remark on every act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A row and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportRow {
    /// Its number in the file, from 1.
    pub row: i64,
    /// `waiting`, `would`, `made`, `waits` or `failed`; `part` of a row that goes on with the record of the row
    /// above.
    pub outcome: String,
    /// The record it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub record: Option<RecordId>,
    /// The record's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// What is wrong with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<RowProblem>,
}

/// Something that is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RowProblem {
    /// The field, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The rule, where one objects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Stable code.
    pub code: String,
    /// What is wrong and how to mend it.
    pub say: Text,
}
