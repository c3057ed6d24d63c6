//! Carrying the fields of a record over from an older version of its definition.

use serde_json::{Map, Value};

use crate::model::{Definition, Migration};
use crate::{Error, Facts, compute};

/// A record after migration.
#[derive(Debug, Clone, PartialEq)]
pub struct Migrated {
    /// Its fields under the present version.
    pub fields: Map<String, Value>,
    /// Its state under the present version.
    pub state: String,
}

/// Applies every step from the version a record was written under to the present one. Old
/// versions keep their fields as they were; only the new version of the record is changed.
pub fn migrate(
    definition: &Definition,
    version: u32,
    fields: Map<String, Value>,
    state: &str,
    facts: &Facts<'_>,
) -> Result<Migrated, Error> {
    // each step reads what the one before it has left, and nothing of what was there before that
    let mut around = facts.clone();
    around.vars.retain(|name, _| !fields.contains_key(name));
    let mut record = Migrated {
        fields,
        state: state.to_owned(),
    };
    for migration in steps(definition, version) {
        record = apply(migration, record, &around)?;
    }
    Ok(record)
}

/// The steps from a version to the present one, in their order; those for lines are in the register that
/// the lines are kept as.
fn steps(definition: &Definition, version: u32) -> impl Iterator<Item = &Migration> {
    (version..definition.version).flat_map(move |from| {
        let all = definition.migrations.iter();
        all.filter(move |step| step.from == from && step.line.is_none())
    })
}

/// What a field of a version is called in the present one; nothing where it was removed.
pub fn present_field(definition: &Definition, version: u32, field: &str) -> Option<String> {
    let mut key = field.to_owned();
    for step in steps(definition, version) {
        if step.remove.contains(&key) {
            return None;
        }
        key = step.rename.get(&key).cloned().unwrap_or(key);
    }
    Some(key)
}

/// What a state of a version is called in the present one.
pub fn present_state(definition: &Definition, version: u32, state: &str) -> String {
    steps(definition, version).fold(state.to_owned(), |state, step| {
        step.states.get(&state).cloned().unwrap_or(state)
    })
}

fn apply(migration: &Migration, record: Migrated, facts: &Facts<'_>) -> Result<Migrated, Error> {
    let Migrated { fields, state } = record;
    // new values may be made from what is no longer kept
    let mut vars = facts.vars.clone();
    vars.insert("state".to_owned(), state.clone().into());
    vars.extend(fields.clone());
    let mut kept = Map::new();
    for (key, value) in fields {
        if migration.remove.contains(&key) {
            continue;
        }
        let key = migration.rename.get(&key).cloned().unwrap_or(key);
        vars.insert(key.clone(), value.clone());
        if kept.insert(key.clone(), value).is_some() {
            return Err(Error::MigrationClash {
                from: migration.from,
                field: key,
            });
        }
    }
    kept.extend(compute::assigned(&migration.set, &facts.with_vars(vars))?);
    let state = migration.states.get(&state).cloned().unwrap_or(state);
    Ok(Migrated {
        fields: kept,
        state,
    })
}

#[cfg(test)]
mod tests;
