//! States.

use std::collections::BTreeSet;

use super::{stand_in, unique};
use crate::load::reader::Reader;
use crate::load::table::Table;
use crate::load::wanted::{Scope, Spot};
use crate::model::State;

pub(super) fn states<'t>(reader: &Reader<'t>, table: &Table<'t>, scope: &Scope) -> Vec<State> {
    let mut seen = BTreeSet::new();
    let mut states = Vec::new();
    for entry in table.tables("state", "[[state]]") {
        let key = reader.key(&entry);
        let name = stand_in(entry.need_text("name"));
        let initial = entry.flag("initial");
        let is_final = entry.flag("final");
        if let Some(key) = key {
            unique(&entry, &mut seen, &key, "[[state]]");
            reader.spot(
                &entry,
                key.at,
                Spot::State(scope.clone(), key.value.clone()),
            );
            states.push(State {
                key: key.value,
                name,
                initial,
                is_final,
            });
        }
        entry.close();
    }
    states
}
