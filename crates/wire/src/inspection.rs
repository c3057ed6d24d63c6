//! What an inspection of a content came to: the shape of `ruping scan --format json --text`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Text;

/// What an inspection came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Inspection {
    /// Bytes of the content.
    pub size: u64,
    /// SHA-256 of the content, hex.
    pub sha256: String,
    /// What it is, by content: `docx`, `pdf`, `txt` …
    pub format: String,
    /// `read`, `partial` or `unread`.
    pub status: String,
    /// Why not all of it was read: `encrypted`, `damaged`, `unknown_format`, `too_big`, `too_deep`, `time`, `memory`,
    /// `image_without_ocr`, `missing_volume` …
    pub causes: Vec<String>,
    /// What all findings come to.
    pub verdict: InspectionVerdict,
    /// What was found.
    pub findings: Vec<InspectionFinding>,
    /// Its text, as far as it is told.
    pub text: String,
    /// Whether there is more text than is told.
    pub more: bool,
}

/// The highest level that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct InspectionVerdict {
    /// Its key, if any was.
    pub level: Option<String>,
    /// How sure that is, from 0 to 1.
    pub confidence: f32,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct InspectionFinding {
    /// Key of the rule.
    pub rule: String,
    /// `mark`, `keyword`, `identifier`, `secret`, `label`, `copy` or `data_match`.
    pub kind: String,
    /// The level it speaks for, if it does.
    pub level: Option<String>,
    /// How sure the rule is, from 0 to 1.
    pub confidence: f32,
    /// What stands there.
    pub text: String,
    /// Where it stands.
    #[serde(rename = "where")]
    pub place: InspectionPlace,
    /// Where it begins, in characters of the text.
    pub offset: u64,
    /// Why it is a finding.
    pub why: Text,
}

/// Where a finding stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InspectionPlace {
    /// `body`, `header`, `footer`, `footnote`, `comment`, `textbox`, `notes`, `hidden`, `metadata`, `name` …
    pub part: String,
    /// Page, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub page: Option<u32>,
    /// Name of the sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub sheet: Option<String>,
    /// Cell, as `B7`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub cell: Option<String>,
    /// Slide, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub slide: Option<u32>,
    /// Names of what it lies in, from the outside.
    pub container: Vec<String>,
}
