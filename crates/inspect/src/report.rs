//! What is told of a file; the shape that programs read (`scan --format json`) and pages show.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::judge::{self, Judged, masked};
use crate::normal::Normal;
use crate::read::Read;
use crate::{Format, Limits, Part, Rules};

/// Whether a file was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// All of it that can hold text.
    Read,
    /// Some of it; the causes say what is missing.
    Partial,
    /// Nothing of it.
    Unread,
}

/// Why something was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// It is locked by a password.
    Encrypted,
    /// It does not keep to its own format.
    Damaged,
    /// Nobody here knows the format, or this kind of it.
    UnknownFormat,
    /// More bytes, text or members than the limits allow.
    TooBig,
    /// More files inside files than the limits allow.
    TooDeep,
    /// The time was over.
    Time,
    /// A picture that nobody was asked to read.
    ImageWithoutOcr,
    /// A further part of it lies in another file.
    MissingVolume,
    /// The folder or file could not be opened; told by who opens it.
    Unreadable,
    /// A device, a pipe, a socket; told by who opens files.
    NotAFile,
    /// The reader needed more memory than it may have; told by who runs it.
    Memory,
    /// The index of registered documents could not be read: whether passages of them stand here is not known.
    Registered,
}

/// The kind of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A mark of secrecy as people write it.
    Mark,
    /// A word or phrase of a list.
    Keyword,
    /// A number that belongs to a person, a firm, an account.
    Identifier,
    /// A key, token or password.
    Secret,
    /// A label that a program put into the file.
    Label,
    /// A passage of a registered document.
    Copy,
    /// Values of a row of a registered table.
    DataMatch,
}

/// Where a finding stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Where {
    /// The kind of place.
    pub part: Part,
    /// Page, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Name of the sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Cell, as `B7`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// Slide, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slide: Option<u32>,
    /// Names of what it lies in, from the outside.
    pub container: Vec<String>,
}

/// Why a finding is one, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Key of the rule.
    pub rule: String,
    /// Its kind.
    pub kind: Kind,
    /// The level it speaks for (`state.secret`), if it does.
    pub level: Option<String>,
    /// How sure the rule is; from 0.5 on it is shown to people.
    pub confidence: f32,
    /// What stands there.
    pub text: String,
    /// Where it stands.
    #[serde(rename = "where")]
    pub place: Where,
    /// Where it begins, in characters of the extracted text.
    pub offset: usize,
    /// Why it is a finding.
    pub why: Why,
}

impl Finding {
    /// What stands there in normal form: the same for the same text in another width or script.
    pub fn normal(&self) -> String {
        Normal::of(&self.text).as_str().to_owned()
    }
}

/// What all findings together come to.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Verdict {
    /// The highest level.
    pub level: Option<String>,
    /// How sure that is.
    pub confidence: f32,
}

/// What is told of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// What it is, by content.
    pub format: Format,
    /// Whether it was read.
    pub status: Status,
    /// Why something of it was not.
    pub causes: BTreeSet<Cause>,
    /// What the findings come to.
    pub verdict: Verdict,
    /// What was found.
    pub findings: Vec<Finding>,
    /// All text. Secrets stand in it: who shows it is asked for it.
    #[serde(skip)]
    pub text: String,
}

impl Report {
    /// Of a file that was not read at all; told by who opens files.
    pub fn unread(cause: Cause) -> Self {
        Self {
            format: Format::Unknown,
            status: Status::Unread,
            causes: BTreeSet::from([cause]),
            verdict: Verdict::default(),
            findings: Vec::new(),
            text: String::new(),
        }
    }

    /// Leaves of findings what is needed to know them again. Marks and labels are no secrets: they stay as they stand there.
    pub fn mask(&mut self) {
        for finding in &mut self.findings {
            if !matches!(finding.kind, Kind::Mark | Kind::Label) {
                finding.text = masked(&finding.text);
            }
        }
    }

    /// Something more of the file was not read than what the library was given.
    pub fn missed(&mut self, cause: Cause) {
        self.causes.insert(cause);
        self.status = self.status.max(Status::Partial);
    }
}

pub(crate) fn of(format: Format, read: Read, rules: &Rules, limits: &Limits) -> Report {
    let Read { text, mut causes } = read;
    let Judged {
        findings,
        verdict,
        missed,
    } = judge::of(&text, rules, limits);
    causes.extend(missed);
    let status = match (causes.is_empty(), text.as_str().trim().is_empty()) {
        (true, _) => Status::Read,
        (false, false) => Status::Partial,
        (false, true) => Status::Unread,
    };
    Report {
        format,
        status,
        causes,
        verdict,
        findings,
        text: text.into_string(),
    }
}
