//! From tables to the model, one file per subject.

mod action;
mod approval;
mod clock;
mod definition;
mod extension;
mod field;
mod line;
mod other;
mod regime;
mod rule;
mod state;
mod tile;

use std::collections::BTreeSet;

pub(super) use definition::definition;
pub(super) use extension::{Extension, Tightening, extension};
pub(super) use regime::{ReadRegime, regime};

use super::mistake::Mistake;
use super::table::{At, Table};

/// Notes a key that stands twice among its kind.
fn unique(table: &Table<'_>, seen: &mut BTreeSet<String>, key: &At<String>, what: &'static str) {
    if !seen.insert(key.value.clone()) {
        table.note(
            key.at,
            Mistake::Duplicate {
                what,
                key: key.value.clone(),
            },
        );
    }
}

/// A text that stands in for one that could not be read; the file is refused anyway.
fn stand_in(text: Option<domain::Text>) -> domain::Text {
    text.unwrap_or_else(|| domain::Text::new("", ""))
}
