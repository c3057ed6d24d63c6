//! One value of a file, read as what the language wants there.
//!
//! A reader gives `None` after noting what was wrong, at the value's own place.

use domain::Text;
use serde_json::Value;
use toml::Spanned;
use toml::de::DeValue;

use super::file::File;
use super::mistake::Mistake;
use super::table::{At, Table};
use crate::limits;

/// A value of the file with its place.
#[derive(Clone, Copy)]
pub(super) struct Item<'t> {
    pub(super) file: &'t File<'t>,
    pub(super) at: usize,
    spanned: &'t Spanned<DeValue<'t>>,
}

impl<'t> Item<'t> {
    pub(super) fn new(file: &'t File<'t>, spanned: &'t Spanned<DeValue<'t>>) -> Self {
        Self {
            file,
            at: spanned.span().start,
            spanned,
        }
    }

    fn value(self) -> &'t DeValue<'t> {
        self.spanned.get_ref()
    }

    /// Byte offset at which a text inside a string value begins, if it stands there as it is
    /// (no escapes), so that a place inside an expression is a place in the file.
    pub(super) fn inside(self, text: &str) -> Option<usize> {
        let raw = self.file.text.get(self.spanned.span())?;
        raw.find(text).map(|offset| self.at + offset)
    }

    fn wanted(self, wanted: &'static str) {
        let given = self.value().type_str();
        self.file
            .note(self.at, Mistake::WrongType { wanted, given });
    }

    pub(super) fn is_string(self) -> bool {
        self.value().is_str()
    }

    pub(super) fn string(self) -> Option<At<String>> {
        let Some(text) = self.value().as_str() else {
            self.wanted("string");
            return None;
        };
        if text.chars().nth(limits::TEXT_CHARS_MAX).is_some() {
            self.file.note(
                self.at,
                Mistake::TooLong {
                    max: limits::TEXT_CHARS_MAX,
                },
            );
            return None;
        }
        Some(At {
            value: text.to_owned(),
            at: self.at,
        })
    }

    pub(super) fn boolean(self) -> Option<bool> {
        let value = self.value().as_bool();
        if value.is_none() {
            self.wanted("boolean");
        }
        value
    }

    /// A number, a text, a flag, or a list of these, as JSON.
    pub(super) fn scalar(self) -> Option<Value> {
        match self.value() {
            DeValue::String(text) => Some(Value::String(text.to_string())),
            DeValue::Boolean(flag) => Some(Value::Bool(*flag)),
            DeValue::Integer(_) => self.integer().map(Value::from),
            DeValue::Float(float) => {
                let float: f64 = float.as_str().parse().ok()?;
                serde_json::Number::from_f64(float).map(Value::Number)
            }
            DeValue::Array(entries) if entries.len() <= limits::ENTRIES_MAX => {
                let entries = entries.iter().map(|entry| Item::new(self.file, entry));
                let flat = |item: Item<'t>| match item.value().is_array() {
                    true => None,
                    false => item.scalar(),
                };
                entries
                    .map(flat)
                    .collect::<Option<Vec<Value>>>()
                    .map(Value::Array)
            }
            DeValue::Array(_) | DeValue::Table(_) | DeValue::Datetime(_) => None,
        }
    }

    pub(super) fn type_name(self) -> &'static str {
        self.value().type_str()
    }

    pub(super) fn integer(self) -> Option<i64> {
        let digits = self.value().as_integer()?;
        i64::from_str_radix(digits.as_str(), digits.radix()).ok()
    }

    pub(super) fn number(self) -> Option<f64> {
        let float = self.value().as_float();
        let float = float.and_then(|float| float.as_str().parse().ok());
        #[expect(clippy::cast_precision_loss, reason = "bounds are small")]
        let whole = self.integer().map(|integer| integer as f64);
        let number = float.filter(|float: &f64| float.is_finite()).or(whole);
        if number.is_none() {
            self.wanted("number");
        }
        number
    }

    pub(super) fn count(self) -> Option<At<usize>> {
        let count = self.integer().and_then(|count| usize::try_from(count).ok());
        let Some(value) = count else {
            self.wanted("whole number from 0");
            return None;
        };
        Some(At { value, at: self.at })
    }

    pub(super) fn word<T: Copy>(self, words: &[(&'static str, T)]) -> Option<T> {
        let written = self.string()?;
        let known = words.iter().find(|(word, _)| *word == written.value);
        if known.is_none() {
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.file
                .note(self.at, Mistake::unknown_word(&written.value, &names));
        }
        known.map(|(_, value)| *value)
    }

    /// The entries of a list, or the one value itself.
    pub(super) fn one_or_many(self) -> Vec<Item<'t>> {
        let Some(entries) = self.value().as_array() else {
            return vec![self];
        };
        if let Some(first) = entries.get(limits::ENTRIES_MAX) {
            let what = "a list";
            let max = limits::ENTRIES_MAX;
            self.file
                .note(first.span().start, Mistake::TooMany { what, max });
        }
        let items = entries.iter().take(limits::ENTRIES_MAX);
        items.map(|entry| Item::new(self.file, entry)).collect()
    }

    pub(super) fn table(self, what: &'static str) -> Option<Table<'t>> {
        let table = self.value().as_table();
        if table.is_none() {
            self.wanted("table");
        }
        table.map(|table| Table::new(self.file, table, self.at, what))
    }

    pub(super) fn tables(self, what: &'static str) -> Vec<Table<'t>> {
        let Some(entries) = self.value().as_array() else {
            self.wanted("array of tables");
            return Vec::new();
        };
        let max = if what == "[[field]]" {
            limits::FIELDS_MAX
        } else {
            limits::ENTRIES_MAX
        };
        if let Some(first) = entries.get(max) {
            self.file
                .note(first.span().start, Mistake::TooMany { what, max });
        }
        let mut tables = Vec::new();
        for entry in entries.iter().take(max) {
            tables.extend(Item::new(self.file, entry).table(what));
        }
        tables
    }

    pub(super) fn text(self) -> Option<Text> {
        if !self.value().is_table() {
            self.file.note(self.at, Mistake::NotText);
            return None;
        }
        let table = self.table("a text")?;
        let language = |key: &'static str| {
            let text = match table.item(key) {
                None => {
                    table.note(table.at, Mistake::MissingLanguage { language: key });
                    return None;
                }
                Some(item) => item.string()?,
            };
            if text.value.trim().is_empty() {
                table.note(text.at, Mistake::MissingLanguage { language: key });
                return None;
            }
            Some(text.value)
        };
        let (zh, en) = (language("zh"), language("en"));
        table.close();
        Some(Text::new(zh?, en?))
    }
}
