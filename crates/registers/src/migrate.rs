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
    let mut record = Migrated {
        fields,
        state: state.to_owned(),
    };
    for from in version..definition.version {
        let steps = definition
            .migrations
            .iter()
            .filter(|migration| migration.from == from);
        for migration in steps {
            record = apply(migration, record, facts)?;
        }
    }
    Ok(record)
}

fn apply(migration: &Migration, record: Migrated, facts: &Facts<'_>) -> Result<Migrated, Error> {
    let Migrated { fields, state } = record;
    // new values may be made from what is no longer kept
    let mut vars = facts.vars.clone();
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
