//! Reading a TOML table key by key, each with its place.
//!
//! A table remembers which keys were asked for; whatever is left when it is closed is unknown and
//! gets a hint. Readers give `None` after noting what was wrong, so that reading goes on and all
//! mistakes of a file are found at once.

use std::cell::RefCell;

use domain::Text;
use toml::de::DeTable;

use super::file::File;
use super::item::Item;
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
            if asked.contains(&name) {
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
