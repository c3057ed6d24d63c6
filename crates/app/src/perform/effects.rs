//! Execution of a permitted act: number, state, effect, commit. Effects are named by definitions and
//! live with their chapter; each keeps its own invariants.

use super::{approvals, commit, creates, engine::Engine, lines, request::Found, signers};
use crate::{
    classification, clocks, custody, error::Error, labels, leaving, training,
    views::AcceptedWarning,
};
use access::Granted;
use domain::{Level, PersonId, RecordId};
use registers::{NumberParts, model::NumberRule};
use store::RecordRow;

/// What a person said to an act, and who approved it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terms {
    pub(crate) comment: Option<String>,
    pub(crate) accepted: Vec<AcceptedWarning>,
    pub(crate) approvers: Vec<PersonId>,
    /// What this act follows from, if it is nested.
    pub(crate) cause: Option<RecordId>,
}

/// Does the act and gives the record as it was committed.
pub(super) fn execute(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    found: Found<'_>,
    terms: &Terms,
) -> Result<RecordRow, Error> {
    let Found {
        definition,
        action,
        before,
        mut row,
    } = found;
    if let Some(to) = &action.to {
        row.state.clone_from(to);
    }
    // who asks again gives their lines anew
    if action.is_initial() && before.is_some() {
        lines::replace(engine, granted, definition, &row)?;
    }
    if terms.cause.is_none() {
        signers::show(engine, action, &mut row);
    }
    let effect = action.effect.as_deref();
    prepare(engine, granted, effect, &mut row)?;
    row.label = labels::of(engine.tx, definition, &row)?;
    row.open = !definition.is_final(&row.state);
    let change = commit::Change {
        definition,
        action: &action.key,
        draw: definition
            .number
            .as_ref()
            .filter(|rule| rule.at.contains(&action.key)),
        before: before.as_ref(),
        terms,
        under: None,
    };
    let row = commit::commit(engine, granted, row, &change)?;
    follow(engine, granted, effect, &row)?;
    clocks::hear(engine, granted, (definition, &action.key), &row)?;
    let last = lines::fan_out(engine, granted, (definition, action), &row)?;
    creates::create(engine, granted, (definition, action), &row, terms)?;
    if !row.open {
        lines::close(engine, granted, definition, &row)?;
    }
    // WHY: an act of the record, a loss or a deadline ends a line that waits, and nobody signs for it any more
    if !row.open && row.line.is_some() && !definition.approvals.is_empty() {
        approvals::ends_with(engine, granted, &row)?;
    }
    lines::lead(engine, granted, (before.as_ref(), &row), terms)?;
    lines::lead_on(engine, granted, (definition, action), (row, last))
}

/// What an effect changes in the record itself, or has to settle before the record takes hold.
fn prepare(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    effect: Option<&str>,
    row: &mut RecordRow,
) -> Result<(), Error> {
    match effect {
        Some("classification.decide") => {
            classification::date_decision(engine.today, row);
            Ok(())
        }
        Some("classification.expire") => {
            classification::lift(engine.today, row);
            Ok(())
        }
        Some("custody.make" | "custody.reproduce") => custody::number(engine, row),
        Some("people.approve_leaving") => {
            leaving::approve(engine.today, row);
            Ok(())
        }
        Some("training.draw") => training::draw(engine, row),
        // whoever holds a copy that is lost lets go of it before the loss takes it over
        Some("custody.lose") => custody::let_go(engine, granted, row),
        _ => Ok(()),
    }
}

/// What an effect does to other records.
fn follow(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    effect: Option<&str>,
    row: &RecordRow,
) -> Result<(), Error> {
    match effect {
        Some("classification.decide") => classification::decide(engine, granted, row),
        Some("custody.make") => custody::make(engine, granted, row),
        Some("custody.reproduce") => custody::reproduce(engine, granted, row),
        Some("people.leave") => leaving::leave(engine, granted, row),
        Some("custody.receive") => custody::receive(engine, granted, row),
        Some("custody.circulate") => custody::circulate(engine, granted, row),
        Some("custody.lend") => custody::lend(engine, granted, row),
        Some("custody.relocate") => custody::relocate(engine, granted, row),
        Some("custody.return") => custody::take_back(engine, granted, row),
        Some("custody.lose") => custody::lose(engine, granted, row),
        Some("custody.restore") => custody::restore(engine, granted, row),
        Some("custody.destroy") => custody::destroy(engine, granted, row),
        // prepared already, or nothing beyond the record
        Some(
            "classification.expire"
            | "classification.draft"
            | "people.approve_leaving"
            | "training.draw",
        )
        | None => Ok(()),
        Some(_) => Err(Error::defect(
            "a definition names an effect that is not wired",
        )),
    }
}

/// Draws a number from the register's series, gapless because the series row stays locked. What
/// proposes a level is counted at that level, whatever it is about stood at before.
pub(super) fn draw_number(
    today: domain::Date,
    door: &mut store::Write<'_, '_>,
    rule: &NumberRule,
    (row, proposed): (&RecordRow, Option<Level>),
    unit: Option<&str>,
) -> Result<String, Error> {
    let level = proposed.or_else(|| row.label.levels.iter().max_by_key(|level| level.rank()));
    let parts = NumberParts {
        day: today,
        sequence: 0,
        unit,
        level,
    };
    let series = format!(
        "{}:{}",
        row.register,
        rule.format.series(&parts, rule.per_level)
    );
    let sequence = u64::try_from(door.next_number(&series)?).map_err(Error::internal)?;
    Ok(rule.format.render(&NumberParts { sequence, ..parts }))
}
