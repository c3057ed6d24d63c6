//! Printed forms of a register.

use domain::Text;
use serde::Serialize;

use super::is_false;

/// One printed form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Print {
    /// Key, unique in its register.
    pub key: String,
    /// Name shown to people, and the head of the page.
    pub name: Text,
    /// Layout in the pack's `prints/` folder.
    pub layout: String,
    /// What it prints.
    pub of: PrintOf,
    /// What stands on it besides the record's own fields, or the columns of a list: fields, and fields of
    /// what they link to, as paths from the record.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub show: Vec<Vec<String>>,
    /// What the lines to sign on with a pen are for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sign: Vec<Text>,
    /// Added by the language, not written.
    #[serde(skip_serializing_if = "is_false")]
    pub added: bool,
    /// The states in which it can be printed; any when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<String>,
}

/// What a form prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PrintOf {
    /// One record.
    Record,
    /// Records of the register, as its ledger.
    List,
}

impl PrintOf {
    /// Both, with the word a definition uses for it.
    pub const ALL: [(&'static str, Self); 2] = [("record", Self::Record), ("list", Self::List)];
}

impl Print {
    /// The form that every register has: all of a record.
    pub const FORM: &'static str = "form";
    /// The page that every register has: its records.
    pub const LEDGER: &'static str = "ledger";
    /// What a page can show of every record besides its fields.
    pub const HEADER: [&'static str; 3] = ["number", "mark", "state"];

    /// Whether it can be printed of a record in this state.
    #[must_use]
    pub fn is_for(&self, state: &str) -> bool {
        self.states.is_empty() || self.states.iter().any(|one| one == state)
    }
}
