//! What is looked for: rules, which are data.
//!
//! A file of rules is TOML with `[[rule]]` tables; each says what it is (`key`, `kind`, `level`, `confidence`, `why` in
//! both languages), how it is found (`words`, `pattern` at words, `number`, `at_sign`, `grammar`, `properties`), what
//! checks it (`validator`, `entropy`), what raises and lowers it (`near`, `far`, `all`, `count`), and is tested by texts
//! in the same file (`hit`, `miss`).

mod build;
mod error;
mod literals;
mod shape;
#[cfg(test)]
mod tests;
pub(crate) mod validate;

use regex_automata::meta::Regex;

use crate::copies::Index;
use crate::detect::grammar::Grammar;
use crate::exact::Shared;
use crate::report::{Kind, Why};
use crate::{Limits, inspect};

pub use error::RuleError;
pub(crate) use literals::Literals;
use validate::Validator;

/// The rules that come with the program.
const SHIPPED: &[(&str, &str)] = &[
    (
        "marks.toml",
        include_str!("../../../packs/base/rules/marks.toml"),
    ),
    (
        "labels.toml",
        include_str!("../../../packs/base/rules/labels.toml"),
    ),
    (
        "documents.toml",
        include_str!("../../../packs/base/rules/documents.toml"),
    ),
    (
        "identifiers.toml",
        include_str!("../../../packs/base/rules/identifiers.toml"),
    ),
    (
        "secrets.toml",
        include_str!("../../../packs/base/rules/secrets.toml"),
    ),
    (
        "keywords.toml",
        include_str!("../../../packs/base/rules/keywords.toml"),
    ),
];

/// Rules of all kinds, ready to be asked.
#[derive(Debug, Default)]
pub struct Rules {
    pub(crate) rules: Vec<Rule>,
    pub(crate) literals: Literals,
    /// For each word the rules that begin there.
    pub(crate) uses: Vec<Vec<usize>>,
    /// Rules that look at numbers.
    pub(crate) numbers: Vec<usize>,
    /// Rules that look at each `@`.
    pub(crate) at_signs: Vec<usize>,
    /// Rules that look at properties.
    pub(crate) properties: Vec<usize>,
    /// Registered documents whose passages are looked for.
    pub(crate) registered: Option<Index>,
    /// Registered tables whose rows are looked for.
    pub(crate) exact: Vec<Shared>,
    tests: Vec<RuleTest>,
}

/// One rule, ready to be asked.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) key: String,
    pub(crate) kind: Kind,
    pub(crate) level: Option<String>,
    pub(crate) confidence: f32,
    pub(crate) why: Why,
    pub(crate) pattern: Option<Regex>,
    pub(crate) before: usize,
    pub(crate) group: usize,
    pub(crate) grammar: Option<Grammar>,
    pub(crate) number: Option<[usize; 2]>,
    pub(crate) validator: Option<Validator>,
    pub(crate) entropy: Option<f32>,
    pub(crate) near: Vec<String>,
    pub(crate) far: Vec<String>,
    pub(crate) need_near: bool,
    pub(crate) all: Vec<Vec<String>>,
    pub(crate) within: usize,
    pub(crate) count: usize,
    pub(crate) properties: Vec<String>,
}

#[derive(Debug)]
struct RuleTest {
    file: String,
    line: usize,
    rule: String,
    text: String,
    hit: bool,
}

impl Rules {
    /// Reads files of rules, each with its name. Every error is told, not only the first.
    pub fn parse(files: &[(&str, &str)]) -> Result<Self, Vec<RuleError>> {
        build::parse(files)
    }

    /// Looks for passages of registered documents too.
    #[must_use]
    pub fn with_registered(self, index: Index) -> Self {
        Self {
            registered: Some(index),
            ..self
        }
    }

    /// Looks for rows of registered tables too.
    #[must_use]
    pub fn with_exact(self, exact: Vec<Shared>) -> Self {
        Self { exact, ..self }
    }

    /// The rules that come with the program.
    pub fn shipped() -> Result<Self, Vec<RuleError>> {
        Self::parse(SHIPPED)
    }

    /// The files of rules that come with the program: name and content.
    pub fn shipped_files() -> &'static [(&'static str, &'static str)] {
        SHIPPED
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Runs the tests that stand in the files: each `hit` is found by its rule at a confidence that is shown to people,
    /// no `miss` is.
    pub fn check(&self) -> Result<usize, Vec<RuleError>> {
        let mut wrong = Vec::new();
        for test in &self.tests {
            let report = inspect(test.text.as_bytes(), "", self, &Limits::default());
            let found = report
                .findings
                .iter()
                .any(|finding| finding.rule == test.rule && finding.confidence >= SHOWN);
            if found != test.hit {
                wrong.push(test.failed());
            }
        }
        if wrong.is_empty() {
            Ok(self.tests.len())
        } else {
            Err(wrong)
        }
    }
}

/// From this confidence on a finding is shown to people.
pub const SHOWN: f32 = 0.5;

impl RuleTest {
    fn failed(&self) -> RuleError {
        let Self {
            file,
            line,
            rule,
            text,
            hit,
        } = self;
        let (zh, en) = if *hit {
            (
                format!("规则“{rule}”未发现：{text}"),
                format!("rule `{rule}` does not find: {text}"),
            )
        } else {
            (
                format!("规则“{rule}”误报：{text}"),
                format!("rule `{rule}` must not find: {text}"),
            )
        };
        RuleError {
            file: file.clone(),
            line: *line,
            code: "test",
            zh,
            en,
        }
    }
}
