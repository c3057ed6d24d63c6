//! Migrations and prints.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use super::{stand_in, unique};
use crate::load::item::Item;
use crate::load::mistake::Mistake;
use crate::load::reader::Reader;
use crate::load::table::Table;
use crate::load::wanted::{ExprScope, RefTo, Scope};
use crate::model::{LabelSize, Migration, Print, PrintOf};

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
        if let Some(layout) = &layout {
            let to = RefTo::Layout(layout.value.clone());
            reader.want(&entry, layout.at, &Scope::Record, to);
        }
        let of = entry.word("of", &PrintOf::ALL).unwrap_or(PrintOf::Record);
        if of == PrintOf::Custody {
            reader.want(&entry, entry.at, &Scope::Record, RefTo::Custody);
        }
        let print = Print {
            key: String::new(),
            name,
            layout: String::new(),
            of,
            show: shown(reader, &entry),
            sign: entry
                .item("sign")
                .map(Item::one_or_many)
                .unwrap_or_default()
                .into_iter()
                .filter_map(Item::text)
                .collect(),
            added: false,
            states: states(reader, &entry),
            sizes: if of == PrintOf::Label {
                sizes(reader, &entry)
            } else {
                Vec::new()
            },
        };
        if let (Some(key), Some(layout)) = (key, layout) {
            prints.push(Print {
                key: key.value,
                layout: layout.value,
                ..print
            });
        }
        entry.close();
    }
    prints
}

/// Paths of what a page shows.
fn shown<'t>(reader: &Reader<'t>, entry: &Table<'t>) -> Vec<Vec<String>> {
    let written = entry.strings("show");
    let mut paths = Vec::new();
    for path in written {
        let steps: Vec<String> = path.value.split('.').map(str::to_owned).collect();
        reader.want(entry, path.at, &Scope::Record, RefTo::Shown(steps.clone()));
        paths.push(steps);
    }
    paths
}

/// The sizes of a label: one at least.
fn sizes<'t>(reader: &Reader<'t>, entry: &Table<'t>) -> Vec<LabelSize> {
    let (mut seen, mut sizes) = (BTreeSet::new(), Vec::new());
    let Some(item) = entry.need("size") else {
        return sizes;
    };
    for table in item.tables("[[print.size]]") {
        let key = reader.key(&table);
        if let Some(key) = &key {
            unique(&table, &mut seen, key, "[[print.size]]");
        }
        let name = stand_in(table.need_text("name"));
        let width = table.need("width").and_then(tenths);
        let height = table.need("height").and_then(tenths);
        let gap = |key| table.item(key).map_or(Some(0), tenths);
        let (gap_across, gap_down) = (gap("gap_across"), gap("gap_down"));
        let many = |key| table.item(key).map(|item| many(item));
        let (columns, rows) = (many("columns"), many("rows"));
        let at = table.at;
        if let (Some(key), Some(width), Some(height), Some(gap_across), Some(gap_down)) =
            (key, width, height, gap_across, gap_down)
        {
            let size = LabelSize {
                key: key.value,
                name,
                width,
                height,
                columns: columns.flatten(),
                rows: rows.flatten(),
                gap_across,
                gap_down,
            };
            let all_read = columns != Some(None) && rows != Some(None);
            if all_read && !size.fits() {
                table.note(at, Mistake::LabelSize);
            }
            sizes.push(size);
        }
        table.close();
    }
    sizes
}

/// Millimetres with at most one decimal, as tenths of one.
fn tenths(item: Item<'_>) -> Option<u32> {
    let tenths = item.number()? * 10.0;
    let whole = tenths.round();
    if (tenths - whole).abs() > 1e-6 || !(0.0..=f64::from(LabelSize::SIDE_MAX)).contains(&whole) {
        item.file.note(item.at, Mistake::LabelSize);
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, and between nothing and the longest side"
    )]
    Some(whole as u32)
}

fn many(item: Item<'_>) -> Option<u32> {
    let many = item.count()?;
    // more than a sheet has room for is told of the whole size
    Some(u32::try_from(many.value).unwrap_or(u32::MAX))
}

fn states<'t>(reader: &Reader<'t>, entry: &Table<'t>) -> Vec<String> {
    let states = entry.strings("states");
    for state in &states {
        let to = RefTo::State(state.value.clone());
        reader.want(entry, state.at, &Scope::Record, to);
    }
    states.into_iter().map(|state| state.value).collect()
}

/// A name that a step gives: where it stands, and what it names.
struct Given {
    at: usize,
    name: String,
    to: fn(String) -> RefTo,
}

pub(super) fn migrations<'t>(reader: &Reader<'t>, table: &Table<'t>) -> Vec<Migration> {
    let mut steps = Vec::new();
    for entry in table.tables("migrate", "[[migrate]]") {
        if let Some((step, given)) = migration(reader, &entry) {
            steps.push((step, given, entry));
        } else {
            entry.close();
        }
    }
    for (step, given, entry) in &steps {
        let scope = scope(step.line.as_ref());
        let later = || {
            let later = steps.iter().map(|(later, ..)| later);
            later.filter(|later| later.from > step.from && later.line == step.line)
        };
        for Given { at, name, to } in given {
            let to = to(name.clone());
            // WHY: what a step leads to is of the version after it, which later ones may have changed
            let is_over = later().any(|later| {
                if matches!(to, RefTo::State(_)) {
                    later.states.contains_key(name)
                } else {
                    later.rename.contains_key(name) || later.remove.contains(name)
                }
            });
            if !is_over {
                reader.want(entry, *at, &scope, to);
            }
        }
    }
    let read = steps.into_iter().map(|(step, _, entry)| {
        entry.close();
        step
    });
    read.collect()
}

fn scope(line: Option<&String>) -> Scope {
    line.map_or(Scope::Record, |line| Scope::Line(line.clone()))
}

/// One step, and the names it gives; nothing where it does not say from which version it leads.
fn migration<'t>(reader: &Reader<'t>, entry: &Table<'t>) -> Option<(Migration, Vec<Given>)> {
    let from = entry.need("from").and_then(|item| item.count());
    let line = entry.string("line");
    if let Some(line) = &line {
        let to = RefTo::Line(line.value.clone());
        reader.want(entry, line.at, &Scope::Record, to);
    }
    let given = RefCell::new(Vec::new());
    let note = |to: fn(String) -> RefTo, name: &str, at| {
        let name = name.to_owned();
        given.borrow_mut().push(Given { at, name, to });
    };
    let rename = names(entry, "rename", |name, at| note(RefTo::Field, name, at));
    let states = names(entry, "states", |name, at| note(RefTo::State, name, at));
    let remove = entry.strings("remove").into_iter().map(|key| key.value);
    let remove = remove.collect();
    let set = reader.assignments(entry, "set", &ExprScope::Free, |field| {
        note(RefTo::Field, &field.value, field.at);
    });
    let from = from.and_then(|from| u32::try_from(from.value).ok())?;
    let migration = Migration {
        from,
        line: line.map(|line| line.value),
        rename,
        remove,
        set,
        states,
    };
    Some((migration, given.into_inner()))
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
