//! Carrying one record over to the definition in force: an act of the program, with a version and an entry
//! of its own. What it was before stays in its history.

use super::{
    commit::{self, CARRY, Change},
    effects::Terms,
    engine::Engine,
};
use crate::{
    error::{Error, text},
    facts::Around,
    labels,
};
use access::{Act, SystemReason};
use domain::RecordId;
use registers::{Definition, migrate, validate};
use store::RecordRow;

/// The record as it would be, or why it cannot be carried over; nothing where it is not behind.
pub(crate) fn carried(
    engine: &mut Engine<'_, '_>,
    definition: &Definition,
    row: &RecordRow,
) -> Result<Option<Result<RecordRow, String>>, Error> {
    let made_under = engine.tx.version_definition(row.id, row.version)?;
    let version = made_under.and_then(|version| u32::try_from(version).ok());
    let Some(version) = version.filter(|version| *version < definition.version) else {
        return Ok(None);
    };
    let facts = engine.facts(definition, row, &Around::default())?;
    let body = row.body.clone();
    let migrated = match migrate::migrate(definition, version, body, &row.state, &facts) {
        Ok(migrated) => migrated,
        Err(error) => return Ok(Some(Err(error.to_string()))),
    };
    if definition.state(&migrated.state).is_none() {
        return Ok(Some(Err(format!(
            "the state `{}` is no more there, and no `states` says what it is now",
            migrated.state
        ))));
    }
    let fields = match validate::fit(&definition.fields, &migrated.fields, &facts) {
        Ok(fields) => fields,
        Err(errors) => {
            let told: Vec<String> = errors
                .iter()
                .map(|error| format!("{}: {}", error.field, error.say.en))
                .collect();
            return Ok(Some(Err(told.join("; "))));
        }
    };
    let mut next = row.clone();
    next.body = fields;
    next.body.retain(|_, value| !value.is_null());
    next.open = !definition.is_final(&migrated.state);
    next.state = migrated.state;
    next.label = labels::of(engine.tx, definition, &next)?;
    Ok(Some(Ok(next)))
}

/// Carries a record over; false where it is not behind, the reason where it cannot be.
pub(crate) fn carry_over(
    engine: &mut Engine<'_, '_>,
    definition: &Definition,
    id: RecordId,
) -> Result<Result<bool, String>, Error> {
    let Some(row) = engine.tx.lock_record(id)? else {
        return Ok(Ok(false));
    };
    let next = match carried(engine, definition, &row)? {
        None => return Ok(Ok(false)),
        Some(Err(why)) => return Ok(Err(why)),
        Some(Ok(next)) => next,
    };
    let act = Act::new("definition.carry_over", &definition.key, "office");
    let granted = access::decide_system(&act, SystemReason::Job);
    let granted = granted.map_err(|denied| Error::denied(&denied))?;
    let change = Change {
        definition,
        action: CARRY,
        draw: None,
        before: Some(&row),
        terms: &Terms::default(),
    };
    commit::commit(engine, granted.as_ref(), next, &change)?;
    Ok(Ok(true))
}

/// Refuses an act on a record that is behind.
pub(super) fn check(engine: &mut Engine<'_, '_>, row: &RecordRow) -> Result<(), Error> {
    if !engine.inner.behind.has(&row.register) {
        return Ok(());
    }
    let definition = engine.definition(&row.register)?;
    let made_under = engine.tx.version_definition(row.id, row.version)?;
    if made_under.is_none_or(|version| version >= i64::from(definition.version)) {
        return Ok(());
    }
    Err(Error::Conflict {
        code: "record.behind",
        say: text(
            "本记录正在转换到新的台账定义，请稍后再办",
            "the record is being carried over to a new definition of its register: try again in a moment",
        ),
    })
}
