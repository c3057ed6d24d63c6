//! One mistake in a definition: where it is, what it is, what to do about it.
//!
//! Reports are made by the loader, printed by `ruping register check` and shown on the page that
//! changes a definition. They name what the file says, so they are only for who may edit it.

use std::fmt;

use domain::Text;
use serde::Serialize;

/// One mistake in one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The file as it was named.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Stable dotted code.
    pub code: &'static str,
    /// What is wrong.
    pub say: Text,
    /// What to do.
    pub remedy: Text,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}:{} {}: {}\n  help: {}",
            self.file, self.line, self.column, self.code, self.say.en, self.remedy.en
        )
    }
}
