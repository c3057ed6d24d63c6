//! Migrations and prints.

use std::collections::{BTreeMap, BTreeSet};

use super::{stand_in, unique};
use crate::load::reader::Reader;
use crate::load::table::Table;
use crate::load::wanted::{ExprScope, RefTo, Scope};
use crate::model::{Migration, Print};

pub(super) fn prints<'t>(reader: &Reader<'t>, table: &Table<'t>) -> Vec<Print> {
    let mut seen = BTreeSet::new();
    let mut prints = Vec::new();
    for entry in table.tables("print", "[[print]]") {
        let key = reader.key(&entry);
        if let Some(key) = &key {
            unique(&entry, &mut seen, key, "[[print]]");
        }
        let name = stand_in(entry.need_text("name"));
        let layout = entry.need_string("layout");
        if let (Some(key), Some(layout)) = (key, layout) {
            prints.push(Print {
                key: key.value,
                name,
                layout: layout.value,
            });
        }
        entry.close();
    }
    prints
}

pub(super) fn migrations<'t>(reader: &Reader<'t>, table: &Table<'t>) -> Vec<Migration> {
    let mut migrations = Vec::new();
    for entry in table.tables("migrate", "[[migrate]]") {
        let from = entry.need("from").and_then(|item| item.count());
        let rename = names(&entry, "rename", |name, at| {
            reader.want(&entry, at, &Scope::Record, RefTo::Field(name.to_owned()));
        });
        let states = names(&entry, "states", |name, at| {
            reader.want(&entry, at, &Scope::Record, RefTo::State(name.to_owned()));
        });
        let remove = entry
            .strings("remove")
            .into_iter()
            .map(|key| key.value)
            .collect();
        let set = reader.assignments(&entry, "set", &ExprScope::Free, |field| {
            reader.want(
                &entry,
                field.at,
                &Scope::Record,
                RefTo::Field(field.value.clone()),
            );
        });
        if let Some(from) = from.and_then(|from| u32::try_from(from.value).ok()) {
            migrations.push(Migration {
                from,
                rename,
                remove,
                set,
                states,
            });
        }
        entry.close();
    }
    migrations
}

/// `{ old = "new", … }`.
fn names(
    table: &Table<'_>,
    key: &'static str,
    check_new: impl Fn(&str, usize),
) -> BTreeMap<String, String> {
    let Some(pairs) = table.table(key, key) else {
        return BTreeMap::new();
    };
    let mut names = BTreeMap::new();
    for (old, item) in pairs.entries() {
        if let Some(new) = item.string() {
            check_new(&new.value, new.at);
            names.insert(old.value, new.value);
        }
    }
    names
}
