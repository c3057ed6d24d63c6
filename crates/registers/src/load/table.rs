//! Reading a TOML table key by key, each with its place.
//!
//! A table remembers which keys were asked for; whatever is left when it is closed is unknown and
//! gets a hint. Readers give `None` after noting what was wrong, so that reading goes on and all
//! mistakes of a file are found at once.

use std::cell::RefCell;

use domain::Text;
use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file::File;
use super::mistake::Mistake;
use crate::limits;
use crate::nearest::nearest;

/// A table of the file being read.
pub(super) struct Table<'t> {
    pub(super) file: &'t File<'t>,
    table: &'t DeTable<'t>,
    /// Byte offset mistakes about the table as a whole are noted at.
    pub(super) at: usize,
    /// What the table is, for messages: `[[field]]`.
    what: &'static str,
    asked: RefCell<Vec<&'static str>>,
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct At<T> {
    pub(super) value: T,
    /// Byte offset.
    pub(super) at: usize,
}

/// A value of the file with its place.
#[derive(Clone, Copy)]
pub(super) struct Item<'t> {
    pub(super) file: &'t File<'t>,
    pub(super) at: usize,
    spanned: &'t Spanned<DeValue<'t>>,
}

impl<'t> Table<'t> {
    pub(super) fn new(
        file: &'t File<'t>,
        table: &'t DeTable<'t>,
        at: usize,
        what: &'static str,
    ) -> Self {
        Self {
            file,
            table,
            at,
            what,
            asked: RefCell::new(Vec::new()),
        }
    }

    pub(super) fn note(&self, at: usize, mistake: Mistake) {
        self.file.note(at, mistake);
    }

    /// The value of a key.
    pub(super) fn item(&self, key: &'static str) -> Option<Item<'t>> {
        self.asked.borrow_mut().push(key);
        let value = self.table.get(key)?;
        Some(Item::new(self.file, value))
    }

    /// The value of a key that must be there.
    pub(super) fn need(&self, key: &'static str) -> Option<Item<'t>> {
        let item = self.item(key);
        if item.is_none() {
            self.note(
                self.at,
                Mistake::Missing {
                    key,
                    what: self.what,
                },
            );
        }
        item
    }

    pub(super) fn string(&self, key: &'static str) -> Option<At<String>> {
        self.item(key)?.string()
    }

    pub(super) fn need_string(&self, key: &'static str) -> Option<At<String>> {
        self.need(key)?.string()
    }

    /// A text in both languages.
    pub(super) fn text(&self, key: &'static str) -> Option<Text> {
        self.item(key)?.text()
    }

    pub(super) fn need_text(&self, key: &'static str) -> Option<Text> {
        self.need(key)?.text()
    }

    pub(super) fn flag(&self, key: &'static str) -> bool {
        self.item(key).and_then(Item::boolean).unwrap_or(false)
    }

    pub(super) fn number(&self, key: &'static str) -> Option<f64> {
        self.item(key)?.number()
    }

    /// A whole number that is not negative.
    pub(super) fn count(&self, key: &'static str) -> Option<At<usize>> {
        self.item(key)?.count()
    }

    /// A text or a list of texts.
    pub(super) fn strings(&self, key: &'static str) -> Vec<At<String>> {
        let items = self
            .item(key)
            .map(|item| item.one_or_many())
            .unwrap_or_default();
        items.into_iter().filter_map(Item::string).collect()
    }

    /// One of a fixed set of words.
    pub(super) fn word<T: Copy>(
        &self,
        key: &'static str,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        self.item(key)?.word(words)
    }

    /// The tables of `[[key]]`, no more than the language allows.
    pub(super) fn tables(&self, key: &'static str, what: &'static str) -> Vec<Table<'t>> {
        let Some(item) = self.item(key) else {
            return Vec::new();
        };
        item.tables(what)
    }

    /// The table of `key = { … }` or `[key]`.
    pub(super) fn table(&self, key: &'static str, what: &'static str) -> Option<Table<'t>> {
        self.item(key)?.table(what)
    }

    /// All keys with their values, for tables whose keys are names.
    pub(super) fn entries(&self) -> Vec<(At<String>, Item<'t>)> {
        let mut entries: Vec<(At<String>, Item<'t>)> = self
            .table
            .iter()
            .map(|(key, value)| {
                let at = At {
                    value: key.get_ref().to_string(),
                    at: key.span().start,
                };
                (at, Item::new(self.file, value))
            })
            .collect();
        entries.sort_by_key(|(key, _)| key.at);
        if let Some((first, _)) = entries.get(limits::ENTRIES_MAX) {
            self.note(
                first.at,
                Mistake::TooMany {
                    what: self.what,
                    max: limits::ENTRIES_MAX,
                },
            );
            entries.truncate(limits::ENTRIES_MAX);
        }
        entries
    }

    /// Notes every key nobody asked for.
    pub(super) fn close(self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table {
            let name = key.get_ref().as_ref();
            if asked.iter().any(|asked| *asked == name) {
                continue;
            }
            let nearest = nearest(name, asked.iter().copied()).map(str::to_owned);
            let key_name = name.chars().take(limits::KEY_CHARS_MAX).collect();
            let mistake = Mistake::UnknownKey {
                key: key_name,
                what: self.what,
                nearest,
            };
            self.file.note(key.span().start, mistake);
        }
    }
}

impl<'t> Item<'t> {
    fn new(file: &'t File<'t>, spanned: &'t Spanned<DeValue<'t>>) -> Self {
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
                let flat = |item: Item<'t>| match item.value() {
                    DeValue::Array(_) => None,
                    _ => item.scalar(),
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
        let number = match self.value() {
            DeValue::Float(float) => float.as_str().parse().ok().filter(|f: &f64| f.is_finite()),
            #[expect(clippy::cast_precision_loss, reason = "bounds are small")]
            _ => self.integer().map(|integer| integer as f64),
        };
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
        match self.value() {
            DeValue::Array(entries) => {
                if let Some(first) = entries.iter().nth(limits::ENTRIES_MAX) {
                    let what = "a list";
                    let mistake = Mistake::TooMany {
                        what,
                        max: limits::ENTRIES_MAX,
                    };
                    self.file.note(first.span().start, mistake);
                }
                let items = entries.iter().take(limits::ENTRIES_MAX);
                items.map(|entry| Item::new(self.file, entry)).collect()
            }
            _ => vec![self],
        }
    }

    pub(super) fn table(self, what: &'static str) -> Option<Table<'t>> {
        match self.value() {
            DeValue::Table(table) => Some(Table::new(self.file, table, self.at, what)),
            _ => {
                self.wanted("table");
                None
            }
        }
    }

    pub(super) fn tables(self, what: &'static str) -> Vec<Table<'t>> {
        let DeValue::Array(entries) = self.value() else {
            self.wanted("array of tables");
            return Vec::new();
        };
        let max = if what == "[[field]]" {
            limits::FIELDS_MAX
        } else {
            limits::ENTRIES_MAX
        };
        if let Some(first) = entries.iter().nth(max) {
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
        if !matches!(self.value(), DeValue::Table(_)) {
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
