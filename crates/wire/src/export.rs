//! Taking a register out in a file.

use domain::RecordId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a file is asked for: every record the caller sees that meets the conditions.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Export {
    /// `csv`, `json`, `xlsx` or `pdf`.
    pub format: String,
    /// Conditions, as a list takes them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Words to look for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// `field` or `-field`; default newest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
    /// Language of heads and words, `zh` (the default) or `en`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Which of the register's pages, for `pdf`; `ledger` unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub print: Option<String>,
    /// These records instead of those that meet conditions, in this order: at most 500.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub ids: Vec<RecordId>,
    /// The size of labels, by its key; the first of the form unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// The first free place on a sheet of labels, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<u32>,
}

/// A form that a record is to be printed on.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Print {
    /// Which of the register's forms; `form` unless told, which every register has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Language of the page, `zh` (the default) or `en`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The size of a label, by its key; the first of the form unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// The first free place on a sheet of labels, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<u32>,
}

/// Pages to look at before they are printed.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Preview {
    /// The first of them, at most 20, each a picture (SVG) under a watermark.
    pub pages: Vec<String>,
    /// How many would be printed.
    pub total: usize,
}
