//! What tiles of the board count: conditions and groups that a list can be asked for, so that every figure
//! opens the records it stands for.

use super::{World, keys};
use crate::filter::{self, ClockIs, Comparison, Part};
use crate::load::mistake::{Mistake, Thing, quoted};
use crate::model::{Definition, Field, FieldKind, LabelRule, Nature, TileBy};

/// Whether a list can be asked for by these conditions.
pub(super) fn filter(definition: &Definition, world: &World<'_>, written: &str) -> Option<Mistake> {
    filter::parts(written).find_map(|part| match part {
        Ok(part) => condition(definition, world, part),
        Err(part) => Some(no_condition(part)),
    })
}

fn no_condition(part: &str) -> Mistake {
    Mistake::TileFilter { part: quoted(part) }
}

fn condition(definition: &Definition, world: &World<'_>, part: Part<'_>) -> Option<Mistake> {
    let Part { key, value, .. } = part;
    let is = part.comparison == Comparison::Is;
    match key.split_once('.') {
        Some(("clock", clock)) if is => known_clock(definition, clock).or_else(|| stands(value)),
        Some((link, field)) if is => match over(definition, world, link, field) {
            Ok(Some(field)) => chosen(field, value),
            Ok(None) => None,
            Err(mistake) => Some(mistake),
        },
        Some(_) => Some(no_condition(key)),
        None => match key {
            "state" if is => value
                .split('|')
                .find_map(|state| known_state(definition, state)),
            "open" if is => None,
            "clock" if is => stands(value),
            "label" if is => level(value),
            "recorded" if !is => day(value),
            "state" | "open" | "clock" | "label" | "recorded" => Some(no_condition(key)),
            field => match indexed(definition, field) {
                // WHY: a filter that names one record is nobody's figure but that record's
                Ok(field) if field.target().is_some() => Some(no_condition(key)),
                Ok(field) => chosen(field, value),
                Err(mistake) => Some(mistake),
            },
        },
    }
}

fn known_state(definition: &Definition, state: &str) -> Option<Mistake> {
    let states = keys(&definition.states, |state| &state.key);
    (!states.contains(&state)).then(|| Mistake::no_such(Thing::State, state, states))
}

fn known_clock(definition: &Definition, clock: &str) -> Option<Mistake> {
    let clocks = keys(&definition.clocks, |clock| &clock.key);
    (!clocks.contains(&clock)).then(|| Mistake::no_such(Thing::Clock, clock, clocks))
}

fn stands(value: &str) -> Option<Mistake> {
    let words = ClockIs::ALL.map(|(word, _)| word);
    (!words.contains(&value)).then(|| Mistake::unknown_word(value, &words))
}

fn level(value: &str) -> Option<Mistake> {
    let known = value == "open" || domain::Level::parse_key(value).is_ok();
    (!known).then(|| Mistake::no_such(Thing::LevelKey, value, []))
}

fn day(value: &str) -> Option<Mistake> {
    let read = value.parse::<domain::Date>();
    read.is_err().then(|| no_condition(value))
}

/// A field that lists are found by.
fn indexed<'d>(definition: &'d Definition, key: &str) -> Result<&'d Field, Mistake> {
    let fields = &definition.fields;
    let Some(field) = definition.field(key) else {
        let names = keys(fields, |field| &field.key);
        return Err(Mistake::no_such(Thing::Field, key, names));
    };
    if field.index && field.visible.is_none() {
        return Ok(field);
    }
    Err(Mistake::TileNotIndexed { field: quoted(key) })
}

/// A choice, or yes or no, is one that there is.
fn chosen(field: &Field, value: &str) -> Option<Mistake> {
    let known: Vec<&str> = if field.kind == FieldKind::Choice {
        keys(&field.choices, |choice| &choice.key)
    } else if field.kind == FieldKind::Bool {
        vec!["true", "false"]
    } else {
        return None;
    };
    (!known.contains(&value)).then(|| Mistake::unknown_word(value, &known))
}

/// A field of what a link leads to; nothing where that register could not be read. WHY a directory that is
/// open: what is secret about another record must not be counted by way of this one.
fn over<'w>(
    definition: &Definition,
    world: &World<'w>,
    link: &str,
    field: &str,
) -> Result<Option<&'w Field>, Mistake> {
    let from = indexed(definition, link)?;
    let target = from.target().filter(|_| !from.kind.is_list());
    let Some(target) = target else {
        return Err(Mistake::TileBy { by: quoted(link) });
    };
    let Some(other) = world.catalogue.definition(target) else {
        return Ok(None);
    };
    if other.nature != Nature::Directory || other.label != LabelRule::Open {
        return Err(Mistake::TileBy { by: quoted(link) });
    }
    let found = indexed(other, field)?;
    if found.target().is_some() {
        return Err(Mistake::TileBy { by: quoted(field) });
    }
    Ok(Some(found))
}

/// Whether records can be told apart by it.
pub(super) fn by(definition: &Definition, world: &World<'_>, written: &str) -> Option<Mistake> {
    let found = match TileBy::read(written) {
        TileBy::State | TileBy::Label | TileBy::Month => return None,
        TileBy::Clock(clock) => return known_clock(definition, clock),
        TileBy::MonthOf(field) => indexed(definition, field)
            .map(|field| matches!(field.kind, FieldKind::Date | FieldKind::Datetime)),
        TileBy::Field(field) => {
            indexed(definition, field).map(|field| few(field) || is_directory(field))
        }
        TileBy::Over(link, field) => {
            over(definition, world, link, field).map(|found| found.is_none_or(few))
        }
    };
    match found {
        Ok(true) => None,
        Ok(false) => Some(Mistake::TileBy {
            by: quoted(written),
        }),
        Err(mistake) => Some(mistake),
    }
}

/// Whether a field has few values, each with a name.
fn few(field: &Field) -> bool {
    matches!(
        field.kind,
        FieldKind::Choice | FieldKind::Bool | FieldKind::Level
    )
}

fn is_directory(field: &Field) -> bool {
    matches!(
        field.kind,
        FieldKind::Unit | FieldKind::Post | FieldKind::Place
    )
}
