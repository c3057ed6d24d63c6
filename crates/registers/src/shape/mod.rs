//! What kinds of values names stand for, so that expressions are judged before a record exists.
//!
//! The expression crate does not check kinds; this does, as far as a definition tells: a name that
//! does not exist, a level compared by letters, a state that no record can be in. What is not
//! known for sure is `Any` and is not judged.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a match names the kinds that fit; every other kind is refused the same way"
)]

mod calls;
mod check;
mod fields;
mod sample;
mod sight;

pub(crate) use check::{check, entry};
pub(crate) use sample::Samples;
pub(crate) use sight::Sight;

/// The kind of value a name stands for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    /// Not known for sure.
    Any,
    /// Always empty.
    Nothing,
    Bool,
    Number,
    /// An amount: text with two decimals.
    Money,
    Text,
    /// A text out of a known set: states, choices, answers.
    Choice(Vec<String>),
    Day,
    Instant,
    Level,
    Label,
    Term,
    Period,
    /// Answers by item.
    Checklist(Vec<String>),
    Clearance,
    Person,
    Unit,
    /// A record of a register.
    Record(String),
    /// An outside party, of a register or by name.
    Outside(String),
    /// The record the definition is about.
    Own,
    /// A line of this kind; any kind when there are several and none is named.
    Line(Option<String>),
    /// A row of a table field (of a line).
    Row {
        line: Option<String>,
        field: String,
    },
    List(Box<Shape>),
}

impl Shape {
    /// What the entries of a list are, or the kind itself.
    pub(crate) fn entry_or_self(&self) -> &Self {
        match self {
            Self::List(entry) => entry,
            other => other,
        }
    }

    /// What it is called in a message.
    pub(crate) fn called(&self) -> String {
        match self {
            Self::Any => "anything".to_owned(),
            Self::Nothing => "nothing".to_owned(),
            Self::Bool => "true or false".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Money => "an amount".to_owned(),
            Self::Text | Self::Choice(_) => "a text".to_owned(),
            Self::Day => "a day".to_owned(),
            Self::Instant => "an instant".to_owned(),
            Self::Level => "a level".to_owned(),
            Self::Label => "a label".to_owned(),
            Self::Term => "a secrecy period".to_owned(),
            Self::Period => "a period".to_owned(),
            Self::Checklist(_) => "a checklist".to_owned(),
            Self::Clearance => "a clearance".to_owned(),
            Self::Person => "a person".to_owned(),
            Self::Unit => "a unit".to_owned(),
            Self::Record(register) | Self::Outside(register) => {
                format!("a record of `{register}`")
            }
            Self::Own => "the record".to_owned(),
            Self::Line(Some(line)) => format!("a line of `{line}`"),
            Self::Line(None) => "a line".to_owned(),
            Self::Row { field, .. } => format!("a row of `{field}`"),
            Self::List(_) => "a list".to_owned(),
        }
    }
}
