//! The rules of the house: packs in use, definitions as they are written, and what a check of others tells.

use domain::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

use crate::Text;

/// What is in use.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Packs {
    /// What is kept of documents: `vault`, `fingerprint` or `none`.
    pub content: String,
    /// The regimes of all packs, the base first.
    pub regimes: Vec<PackRegime>,
    /// Every parameter.
    pub parameters: Vec<PackParameter>,
    /// Every rule of every register.
    pub rules: Vec<PackRule>,
    /// Every register.
    pub registers: Vec<PackRegister>,
    /// Files that the house has added.
    pub house: Vec<String>,
}

/// A regime.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PackRegime {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Text,
    /// What it is for.
    pub help: Option<Text>,
    /// The file it stands in.
    pub file: String,
    /// Whether it holds for the whole house.
    pub in_force: bool,
    /// Whether it is attached to some unit or project.
    pub attached: bool,
    /// What it says is kept of documents.
    pub content: Option<String>,
}

/// What one regime says of a parameter.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RegimeWord {
    /// The key of the regime.
    pub regime: String,
    /// What it says.
    pub says: Text,
}

/// A parameter.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PackParameter {
    /// Its key.
    pub key: String,
    /// What it means.
    pub help: Option<Text>,
    /// The value that holds for the whole house, with its unit.
    pub value: Text,
    /// The value of the base.
    pub base: Option<Text>,
    /// Whether the two differ.
    pub differs: bool,
    /// The rule it comes from.
    pub rule: String,
    /// Where the rule stands, if a definition says so.
    pub clause: Option<String>,
    /// Which way is stricter: `less`, `more`, or `fixed` by law.
    pub stricter: String,
    /// The keys of the regimes from which the value comes.
    pub set_by: Vec<String>,
    /// What each regime says.
    pub regimes: Vec<RegimeWord>,
    /// The smallest value a regime may set.
    pub min: Option<Text>,
    /// The largest.
    pub max: Option<Text>,
}

/// A rule of a register.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PackRule {
    /// Its id.
    pub id: String,
    /// The key of the register.
    pub register: String,
    /// The name of the register.
    pub register_name: Text,
    /// Where it stands.
    pub clause: String,
    /// How sure the source is.
    pub letter: String,
    /// No regime loosens it.
    pub fixed: bool,
    /// `stop`, `warn` or `off`, for the whole house.
    pub severity: String,
    /// What each regime makes of it, by its key.
    pub regimes: BTreeMap<String, String>,
    /// The actions it holds on.
    pub on: Vec<String>,
    /// What it says.
    pub say: Text,
}

/// A register.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PackRegister {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Text,
    /// What it is for.
    pub help: Text,
    /// Its chapter.
    pub area: String,
    /// The version of its definition.
    pub version: u32,
    /// The file it stands in.
    pub file: String,
    /// The house's own.
    pub own: bool,
    /// Files that extend it.
    pub extended_by: Vec<String>,
    /// How many rules it has.
    pub rules: u32,
}

/// One difference between two definitions.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Changed {
    /// Where it stands: `fields.copy.required`.
    pub path: String,
    /// What it was, as JSON; none where it is new.
    pub was: Option<String>,
    /// What it is; none where it is gone.
    pub is: Option<String>,
}

/// One line of two texts.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TextLine {
    /// `same`, `gone` or `new`.
    pub is: String,
    /// The line.
    pub text: String,
}

/// A file: its name and its text.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PackFile {
    /// Its name; that of a file in use to try it in its place.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Files to be checked or tried.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PackFiles {
    /// Between 1 and 50.
    pub files: Vec<PackFile>,
}

/// A definition as it is written, and what it was before.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DefinitionSource {
    /// The file it stands in.
    pub file: String,
    /// The text.
    pub text: String,
    /// Files that extend it.
    pub extensions: Vec<PackFile>,
    /// The versions that this house has had, newest first.
    pub versions: Vec<DefinitionVersion>,
}

/// A definition that this house has had.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DefinitionVersion {
    /// Its number here.
    pub n: i64,
    /// When it came into use.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Its own version.
    pub version: Option<u64>,
    /// Digest of what was kept of it.
    pub digest: String,
    /// What it changed in the one before; nothing for the first.
    pub changes: Vec<Changed>,
}

/// One mistake of one file.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PackMistake {
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// Column, from 1.
    pub column: u64,
    /// Stable code.
    pub code: String,
    /// What is wrong.
    pub say: Text,
    /// What to do.
    pub remedy: Text,
}

/// What a check tells. Nothing takes effect by it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PacksChecked {
    /// Every mistake of every file.
    pub mistakes: Vec<PackMistake>,
    /// Each file that was given.
    pub files: Vec<CheckedFile>,
    /// The registers that would be new or another; none while there are mistakes.
    pub registers: Vec<CheckedRegister>,
    /// The same of regimes.
    pub regimes: Vec<CheckedRegime>,
}

/// A file that was given, with what it changes in the one in use.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CheckedFile {
    /// Its name.
    pub name: String,
    /// The file in use in whose place it was checked.
    pub instead_of: Option<String>,
    /// The difference of the two texts.
    pub lines: Vec<TextLine>,
}

/// A register that would be new or another.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CheckedRegister {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Text,
    /// It would be new.
    pub new: bool,
    /// The version in use.
    pub version_was: Option<u32>,
    /// The version it would have.
    pub version: u32,
    /// It is older than the one in use: the program would not start with it.
    pub older: bool,
    /// What is another.
    pub changes: Vec<Changed>,
    /// How many records of it the caller sees; they are carried over where the version is higher.
    pub records: Option<i64>,
}

/// A regime that would be new or another.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CheckedRegime {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Text,
    /// It would be new.
    pub new: bool,
    /// What is another.
    pub changes: Vec<Changed>,
}
