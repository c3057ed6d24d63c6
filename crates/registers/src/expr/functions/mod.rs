//! The fixed functions of the language: one table, one file per subject.
//!
//! A function is pure over its arguments and the facts. It answers null or false where a value it
//! reads is missing, and never guesses. `takes` and `gives` let the loader find misuse before a
//! record exists. New functions are added here, never by a definition.

mod dates;
mod labels;
mod lists;
mod numbers;
mod people;
mod texts;

use std::borrow::Cow;

use serde_json::Value;

use super::error::EvalErrorKind as Kind;
use super::facts::Facts;

pub(crate) use lists::is_filled;

/// One function.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: &'static str,
    /// What each argument is.
    pub(crate) takes: &'static [Takes],
    /// How many arguments must be given.
    pub(crate) least: usize,
    pub(crate) gives: Gives,
    pub(crate) run: fn(&Call<'_, '_>) -> Outcome,
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// What an argument is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    Any,
    /// A label, a level, or a record with a label.
    Label,
    /// The key of a parameter, as a constant.
    ParamKey,
    Person,
    /// A day or an instant.
    Day,
    Instant,
    Number,
    Text,
    List,
    Term,
    /// The name of a field of a list's entries, as a constant.
    FieldOf,
}

/// What a function gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gives {
    Any,
    Bool,
    Number,
    Day,
    List,
}

/// What a function is called with.
pub(crate) struct Call<'c, 'e> {
    pub(crate) facts: &'c Facts<'c>,
    pub(crate) args: &'c [Cow<'e, Value>],
    pub(crate) name: &'static str,
}

pub(crate) type Outcome = Result<Value, Kind>;

const NULL: &Value = &Value::Null;

impl Call<'_, '_> {
    /// An argument; null when it was not given.
    pub(crate) fn arg(&self, index: usize) -> &Value {
        self.args.get(index).map_or(NULL, |value| value.as_ref())
    }

    pub(crate) fn is_null(&self, index: usize) -> bool {
        self.arg(index).is_null()
    }

    pub(crate) fn text(&self, index: usize) -> Result<&str, Kind> {
        self.arg(index)
            .as_str()
            .ok_or_else(|| self.wanted(index, "a text"))
    }

    pub(crate) fn integer(&self, index: usize) -> Result<i64, Kind> {
        self.arg(index)
            .as_i64()
            .ok_or_else(|| self.wanted(index, "a whole number"))
    }

    /// A list; nothing counts as an empty one.
    pub(crate) fn list(&self, index: usize) -> Result<&[Value], Kind> {
        match self.arg(index) {
            Value::Array(entries) => Ok(entries),
            Value::Null => Ok(&[]),
            _ => Err(self.wanted(index, "a list")),
        }
    }

    pub(crate) fn wanted(&self, index: usize, wanted: &'static str) -> Kind {
        Kind::Wanted {
            wanted,
            given: super::value::kind_of(self.arg(index)),
        }
    }

    pub(crate) fn unreadable(&self, wanted: &'static str) -> Kind {
        Kind::Unreadable {
            function: self.name,
            wanted,
        }
    }

    pub(crate) fn out_of_range(&self) -> Kind {
        Kind::OutOfRange {
            operator: self.name,
        }
    }
}

/// The tables, one per subject.
const TABLES: [&[Function]; 6] = [
    labels::FUNCTIONS,
    people::FUNCTIONS,
    dates::FUNCTIONS,
    lists::FUNCTIONS,
    numbers::FUNCTIONS,
    texts::FUNCTIONS,
];

/// The function of this name.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    TABLES
        .into_iter()
        .flatten()
        .find(|function| function.name == name)
}

/// The names of all functions and list walks, for hints and documents.
pub fn function_names() -> Vec<&'static str> {
    let walks = super::node::Walk::ALL.into_iter().map(|(word, _)| word);
    let mut names: Vec<&'static str> = TABLES.into_iter().flatten().map(|f| f.name).collect();
    names.extend(walks.filter(|walk| *walk != "count"));
    names.extend(["has", "lines"]);
    names.sort_unstable();
    names
}
