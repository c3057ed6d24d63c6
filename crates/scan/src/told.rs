//! What a scan tells of each file, and of all of them together.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use inspect::{Cause, Report, Status};
use serde::{Deserialize, Serialize};

use crate::{Beside, Enrolment};

/// What is told of one file; the shape of `scan --format json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// Where it lies; bytes that are no text are shown as replaced.
    pub path: String,
    /// Its size in bytes, where that is known.
    pub size: Option<u64>,
    /// The digest of its content, as hex digits, where all of it was read in time.
    pub sha256: Option<String>,
    /// What inspection says of it.
    #[serde(flatten)]
    pub report: Report,
    /// All text of it, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub text: Option<String>,
    /// Of each finding what is known beside; for who tells of them, not for their readers.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub beside: Vec<Beside>,
}

impl Told {
    /// Of a file that was not read at all.
    pub(crate) fn unread(path: &Path, size: Option<u64>, cause: Cause) -> Self {
        Self {
            path: path.to_string_lossy().into_owned(),
            size,
            sha256: None,
            report: Report::unread(cause),
            text: None,
            beside: Vec::new(),
        }
    }
}

/// What all files together come to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Totals {
    /// Files that were met.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files of which everything was read.
    pub read: u64,
    /// Files of which something was read.
    pub partial: u64,
    /// Files of which nothing was read.
    pub unread: u64,
    /// Links that were not followed.
    pub links: Vec<PathBuf>,
    /// How many files each cause is told of.
    pub causes: BTreeMap<Cause, u64>,
    /// Files with a finding.
    pub found: u64,
    /// What was enrolled of registered documents.
    pub enrolled: Enrolment,
    /// Somebody ended the scan before all was read.
    pub stopped: bool,
}

impl Totals {
    /// Counts a file.
    pub(crate) fn count(&mut self, told: &Told) {
        self.files += 1;
        self.bytes += told.size.unwrap_or_default();
        match told.report.status {
            Status::Read => self.read += 1,
            Status::Partial => self.partial += 1,
            Status::Unread => self.unread += 1,
        }
        for cause in &told.report.causes {
            *self.causes.entry(*cause).or_default() += 1;
        }
        self.found += u64::from(!told.report.findings.is_empty());
    }
}
