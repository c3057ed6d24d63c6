//! What is wrong with a file of rules, in both languages.

use std::fmt;

/// An error in a file of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError {
    /// Name of the file.
    pub file: String,
    /// Line, from 1; 0 where none is to blame.
    pub line: usize,
    /// What it is, for programs.
    pub code: &'static str,
    /// What it is, in Chinese.
    pub zh: String,
    /// What it is, in English.
    pub en: String,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}: {} [{}] {}",
            self.file, self.line, self.en, self.code, self.zh
        )
    }
}

impl std::error::Error for RuleError {}
