//! What is wrong with a policy file, said so that its author can mend it.
//!
//! Cedar's own words are English; they are quoted after a Chinese or English lead.

use std::fmt;

use cedar_policy::ffi::DetailedError;
use domain::Text;

/// One problem of one policy file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyReport {
    /// The name the text came with.
    pub file: String,
    /// The policy's id, where it has one.
    pub policy: Option<String>,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The stable dotted code.
    pub code: &'static str,
    /// What is wrong.
    pub say: Text,
    /// What to do about it.
    pub remedy: Text,
}

impl fmt::Display for PolicyReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            column,
            code,
            say,
            remedy,
            policy,
        } = self;
        write!(f, "{file}:{line}:{column} {code}: {}", say.en)?;
        if let Some(policy) = policy {
            write!(f, " (policy `{policy}`)")?;
        }
        write!(f, "\n  help: {}", remedy.en)
    }
}

/// A place in a file, as a byte offset into its text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
    pub(super) offset: usize,
}

impl<'a> Place<'a> {
    pub(super) fn start(file: &'a str, text: &'a str) -> Self {
        Self {
            file,
            text,
            offset: 0,
        }
    }

    pub(super) fn at(self, offset: usize) -> Self {
        Self { offset, ..self }
    }

    /// Line and column of the offset; an offset inside a character counts as its end.
    fn line_and_column(self) -> (usize, usize) {
        let mut offset = self.offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset += 1;
        }
        let before = self.text.get(..offset).unwrap_or_default();
        let last_line = before.rsplit('\n').next().unwrap_or_default();
        (
            before.matches('\n').count() + 1,
            last_line.chars().count() + 1,
        )
    }

    pub(super) fn report(
        self,
        policy: Option<&str>,
        code: &'static str,
        say: Text,
        remedy: Text,
    ) -> PolicyReport {
        let (line, column) = self.line_and_column();
        let (file, policy) = (self.file.to_owned(), policy.map(str::to_owned));
        PolicyReport {
            file,
            policy,
            line,
            column,
            code,
            say,
            remedy,
        }
    }

    /// A problem that Cedar found, at the place it names.
    pub(super) fn cedar(
        self,
        policy: Option<&str>,
        code: &'static str,
        error: &DetailedError,
    ) -> PolicyReport {
        let place = match error.source_locations.first() {
            Some(label) => self.at(label.loc.start),
            None => self,
        };
        let label = error
            .source_locations
            .first()
            .and_then(|label| label.label.as_deref());
        let message = match label {
            Some(label) if !error.message.contains(label) => {
                format!("{}: {label}", error.message)
            }
            Some(_) | None => error.message.clone(),
        };
        let say = Text::new(format!("策略有误：{message}"), message);
        let remedy = match &error.help {
            Some(help) => Text::new(format!("提示：{help}"), help.clone()),
            None => Text::new(
                "请对照策略模式（schema）改正",
                "correct it against the schema of policies",
            ),
        };
        place.report(policy, code, say, remedy)
    }
}
