//! A file of rules as it is written.

use serde::Deserialize;
use toml::Spanned;

use crate::report::Kind;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    pub(super) rule: Vec<Spanned<Raw>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Said {
    pub(super) zh: String,
    pub(super) en: String,
}

/// One rule.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raw {
    pub(super) key: String,
    pub(super) kind: Kind,
    pub(super) level: Option<String>,
    pub(super) confidence: f32,
    pub(super) why: Said,
    /// Words; each is a hit, or with `grammar` where the grammar begins, or with `pattern` where the pattern does.
    #[serde(default)]
    pub(super) words: Vec<String>,
    /// Characters of which one each makes a word: `["京沪", "AB"]` are 京A, 京B, 沪A, 沪B.
    #[serde(default)]
    pub(super) product: Vec<String>,
    /// Case of ASCII letters in words does not count.
    #[serde(default)]
    pub(super) any_case: bool,
    /// What has to stand at a word.
    pub(super) pattern: Option<String>,
    /// The pattern begins up to so many bytes before the word; 0 is at the word.
    #[serde(default)]
    pub(super) before: usize,
    /// What of the pattern is the finding and is validated; 0 is the whole.
    #[serde(default)]
    pub(super) group: usize,
    /// How marks of a family are written.
    pub(super) grammar: Option<String>,
    /// Numbers of so many characters.
    pub(super) number: Option<[usize; 2]>,
    /// What looks at each `@`.
    #[serde(default)]
    pub(super) at_sign: bool,
    /// A check in the program.
    pub(super) validator: Option<String>,
    /// Bits a character that a key has at least.
    pub(super) entropy: Option<f32>,
    /// Words near it that raise it.
    #[serde(default)]
    pub(super) near: Vec<String>,
    /// Words near it that lower it.
    #[serde(default)]
    pub(super) far: Vec<String>,
    /// It counts only with one of the words that raise it.
    #[serde(default)]
    pub(super) need_near: bool,
    /// Of each of these lists a word has to stand near.
    #[serde(default)]
    pub(super) all: Vec<Vec<String>>,
    /// What near is, in characters.
    #[serde(default = "near")]
    pub(super) within: usize,
    /// So many different hits make one finding each; fewer make none.
    #[serde(default = "one")]
    pub(super) count: usize,
    /// Names of properties whose value decides.
    #[serde(default)]
    pub(super) properties: Vec<String>,
    /// Texts that have to be found.
    #[serde(default)]
    pub(super) hit: Vec<String>,
    /// Texts that must not be.
    #[serde(default)]
    pub(super) miss: Vec<String>,
}

fn near() -> usize {
    40
}

fn one() -> usize {
    1
}
