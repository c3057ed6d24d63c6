//! Tiles of the board.

use std::collections::BTreeSet;

use super::{stand_in, unique};
use crate::load::mistake::{Mistake, quoted};
use crate::load::reader::Reader;
use crate::load::table::{At, Table};
use crate::load::wanted::{RefTo, Scope};
use crate::model::{Tile, TileBy, TileKind};
use crate::{Who, WhoSet, limits};

pub(super) fn tiles<'t>(reader: &Reader<'t>, table: &Table<'t>) -> Vec<Tile> {
    let mut seen = BTreeSet::new();
    let mut tiles = Vec::new();
    let entries = table.tables("tile", "[[tile]]");
    if let Some(beyond) = entries.get(limits::TILES_MAX) {
        let max = limits::TILES_MAX;
        let what = "[[tile]]";
        beyond.note(beyond.at, Mistake::TooMany { what, max });
    }
    for entry in entries {
        let key = reader.key(&entry);
        if let Some(key) = &key {
            unique(&entry, &mut seen, key, "[[tile]]");
        }
        entry.need("kind");
        let kind = entry.word("kind", &TileKind::ALL);
        let by = entry.string("by");
        if let Some(kind) = kind {
            check_kind(&entry, kind, by.as_ref());
        }
        let tile = Tile {
            key: key.map(|key| key.value).unwrap_or_default(),
            name: stand_in(entry.need_text("name")),
            kind: kind.unwrap_or(TileKind::Figure),
            filter: filter(reader, &entry),
            by: by.map(|by| {
                let to = RefTo::TileBy(by.value.clone());
                reader.want(&entry, by.at, &Scope::Record, to);
                by.value
            }),
            who: who(reader, &entry),
        };
        tiles.push(tile);
        entry.close();
    }
    tiles
}

/// A figure is one number, a line goes over months, everything else is told apart by something.
fn check_kind(entry: &Table<'_>, kind: TileKind, by: Option<&At<String>>) {
    let over_months =
        by.is_some_and(|by| matches!(TileBy::read(&by.value), TileBy::Month | TileBy::MonthOf(_)));
    let fits = match kind {
        TileKind::Figure => by.is_none(),
        TileKind::Line => over_months,
        TileKind::Donut => by.is_some() && !over_months,
        TileKind::Bar => by.is_some(),
    };
    if !fits {
        let at = by.map_or(entry.at, |by| by.at);
        entry.note(at, Mistake::TileKind { kind: kind.word() });
    }
}

fn filter<'t>(reader: &Reader<'t>, entry: &Table<'t>) -> String {
    let Some(filter) = entry.string("filter") else {
        return String::new();
    };
    let to = RefTo::TileFilter(filter.value.clone());
    reader.want(entry, filter.at, &Scope::Record, to);
    filter.value
}

/// Roles alone: who a tile is for does not hang on a record.
fn who<'t>(reader: &Reader<'t>, entry: &Table<'t>) -> Vec<String> {
    let mut roles = Vec::new();
    let Some(item) = entry.need("who") else {
        return roles;
    };
    for one in item.one_or_many() {
        let Some(written) = one.string() else {
            continue;
        };
        match Who::parse(&written.value) {
            Ok(Who::Role(role)) => {
                let only = WhoSet::one(Who::Role(role.clone()));
                reader.want(entry, written.at, &Scope::Record, RefTo::Who(only));
                roles.push(role);
            }
            Ok(_) | Err(_) => {
                let written_text = quoted(&written.value);
                entry.note(
                    written.at,
                    Mistake::TileWho {
                        written: written_text,
                    },
                );
            }
        }
    }
    roles
}
