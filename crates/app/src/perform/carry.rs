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
use domain::{Label, RecordId};
use registers::{Definition, migrate, validate};
use store::RecordRow;

/// The record as it would be, or why it cannot be carried over; nothing where it is not behind.
fn carried(
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
    // a line that ended with its record stays as it is
    next.open = !definition.is_final(&migrated.state) && (row.open || row.line.is_none());
    next.state = migrated.state;
    next.label = labels::of(engine.tx, definition, &next)?;
    if would_fall(engine, row, &next)? {
        let why = "its label would fall: what it follows from is named no more".to_owned();
        return Ok(Some(Err(why)));
    }
    Ok(Some(Ok(next)))
}

/// Whether a record would lose part of its label by being carried over. It may be less secret by now because
/// what it follows is; but everything it named that was no more secret than itself still counts, and so does
/// what it proposed.
fn would_fall(
    engine: &mut Engine<'_, '_>,
    row: &RecordRow,
    next: &RecordRow,
) -> Result<bool, Error> {
    let within = |label: &Label, of: &Label| of.join(label) == *of;
    if within(&row.label, &next.label) {
        return Ok(false);
    }
    let proposes = labels::level(&row.body).is_some();
    let proposed = proposes.then(|| labels::proposed(&row.body, row.drafter));
    let mut counted: Vec<Label> = proposed.into_iter().collect();
    for id in row.body.values().flat_map(|value| labels::ids(Some(value))) {
        counted.extend(engine.tx.record(id)?.map(|named| named.label));
    }
    let lost = |label: &Label| within(label, &row.label) && !within(label, &next.label);
    Ok(next.label == Label::open() || counted.iter().any(lost))
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
    carry(engine, definition, &row)
}

fn carry(
    engine: &mut Engine<'_, '_>,
    definition: &Definition,
    row: &RecordRow,
) -> Result<Result<bool, String>, Error> {
    let next = match carried(engine, definition, row)? {
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
        before: Some(row),
        terms: &Terms::default(),
        under: None,
    };
    commit::commit(engine, granted.as_ref(), next, &change)?;
    Ok(Ok(true))
}

/// Refuses an act on a record that is behind.
pub(super) fn check(engine: &mut Engine<'_, '_>, row: &RecordRow) -> Result<(), Error> {
    match engine.written_under(row)? {
        None => Ok(()),
        Some(_) => Err(behind()),
    }
}

fn behind() -> Error {
    Error::Conflict {
        code: "record.behind",
        say: text(
            "本记录正在转换到新的台账定义，请稍后再办；如仍不能办理，请管理员运行 ruping definitions 查看原因",
            "the record is being carried over to a new definition of its register: try again in a moment; if it \
             stays so, an administrator finds out why with `ruping definitions`",
        ),
    }
}

impl Engine<'_, '_> {
    /// The number of the definition a record is written under, if that is not the one in force.
    pub(crate) fn written_under(&mut self, row: &RecordRow) -> Result<Option<i64>, Error> {
        if !self.inner.behind.has(&row.register) {
            return Ok(None);
        }
        let definition = self.definition(&row.register)?;
        let made_under = self.tx.version_definition(row.id, row.version)?;
        Ok(made_under.filter(|version| *version < i64::from(definition.version)))
    }

    /// A record that the program is about to change, locked: one that is behind is carried over first.
    pub(crate) fn hold(&mut self, id: RecordId) -> Result<Option<RecordRow>, Error> {
        match self.hold_as_it_is(id)? {
            Some((_, Some(_))) => Err(behind()),
            Some((row, None)) => Ok(Some(row)),
            None => Ok(None),
        }
    }

    /// The same, and where it cannot be carried over as it is, with the number of its definition.
    pub(crate) fn hold_as_it_is(
        &mut self,
        id: RecordId,
    ) -> Result<Option<(RecordRow, Option<i64>)>, Error> {
        let Some(row) = self.tx.lock_record(id)? else {
            return Ok(None);
        };
        let Some(under) = self.written_under(&row)? else {
            return Ok(Some((row, None)));
        };
        let definition = self.definition(&row.register)?;
        if let Err(why) = carry(self, definition, &row)? {
            tracing::error!(register = %row.register, record = %id, %why, "a record cannot be carried over");
            return Ok(Some((row, Some(under))));
        }
        Ok(self.tx.record(id)?.map(|row| (row, None)))
    }
}
