//! What was written under an earlier definition, under the keys and states of today. WHY: who may see a field
//! is said of the field as it is called today; of one that is gone nothing says it, and nobody sees it.

use crate::{error::Error, perform::Engine};
use registers::{Definition, migrate};
use serde_json::{Map, Value};
use std::{borrow::Cow, collections::BTreeMap};
use store::RecordRow;

/// Fields that are known today, and what those among them that were called something else were called.
pub(super) struct Today {
    pub(super) fields: Map<String, Value>,
    was: BTreeMap<String, String>,
}

impl Today {
    pub(super) fn of(definition: &Definition, under: i64, fields: &Map<String, Value>) -> Self {
        let under = number(definition, under);
        let mut today = Self {
            fields: Map::new(),
            was: BTreeMap::new(),
        };
        for (then, value) in fields {
            let key = migrate::present_field(definition, under, then);
            let Some(key) = key.filter(|key| is_written(definition, key)) else {
                continue;
            };
            if key != *then {
                today.was.insert(key.clone(), then.clone());
            }
            today.fields.insert(key, value.clone());
        }
        today
    }

    /// Fields, or some of them, as they were called then.
    pub(super) fn as_then(&self, fields: Map<String, Value>) -> Map<String, Value> {
        let then = |key: String| self.was.get(&key).cloned().unwrap_or(key);
        let named = fields.into_iter().map(|(key, value)| (then(key), value));
        named.collect()
    }
}

/// What a state of then is called today.
pub(super) fn state(definition: &Definition, under: i64, state: &str) -> String {
    migrate::present_state(definition, number(definition, under), state)
}

/// Records as their definition of today reads them; most are of today.
pub(super) fn today<'r>(
    engine: &mut Engine<'_, '_>,
    rows: &'r [RecordRow],
) -> Result<Cow<'r, [RecordRow]>, Error> {
    let mut behind = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        if let Some(under) = engine.written_under(row)? {
            behind.push((place, under));
        }
    }
    if behind.is_empty() {
        return Ok(Cow::Borrowed(rows));
    }
    let mut rows = rows.to_vec();
    for (place, under) in behind {
        if let Some(row) = rows.get_mut(place) {
            let definition = engine.definition(&row.register)?;
            row.body = Today::of(definition, under, &row.body).fields;
            row.state = state(definition, under, &row.state);
        }
    }
    Ok(Cow::Owned(rows))
}

/// Whether something is written under a key: a field, or lines that an act gives.
pub(super) fn is_written(definition: &Definition, key: &str) -> bool {
    definition.field(key).is_some() || definition.line(key).is_some()
}

fn number(definition: &Definition, under: i64) -> u32 {
    u32::try_from(under).unwrap_or(definition.version)
}
