//! Functions over levels and labels: compared only through `domain`, never as texts.

use std::collections::BTreeSet;

use domain::{Clearance, LabelClass, Level, Levels, Scope, Term};
use jiff::civil::Date;
use serde_json::Value;

use super::{Call, Function, Gives, Outcome, Takes};
use crate::expr::error::EvalErrorKind as Kind;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "at_least",
        takes: &[Takes::Label, Takes::Label],
        least: 2,
        gives: Gives::Bool,
        run: at_least,
    },
    Function {
        name: "same_level",
        takes: &[Takes::Label, Takes::Label],
        least: 2,
        gives: Gives::Bool,
        run: same_level,
    },
    Function {
        name: "covers",
        takes: &[Takes::Label, Takes::Any],
        least: 2,
        gives: Gives::Bool,
        run: covers,
    },
    Function {
        name: "within_installation",
        takes: &[Takes::Label],
        least: 1,
        gives: Gives::Bool,
        run: within_installation,
    },
    Function {
        name: "exceeds_max",
        takes: &[Takes::Label, Takes::Term, Takes::Day],
        least: 2,
        gives: Gives::Bool,
        run: exceeds_max,
    },
    Function {
        name: "unit_warning",
        takes: &[Takes::Term],
        least: 1,
        gives: Gives::Bool,
        run: unit_warning,
    },
    Function {
        name: "term_ends",
        takes: &[Takes::Term, Takes::Day, Takes::Label],
        least: 3,
        gives: Gives::Day,
        run: term_ends,
    },
    Function {
        name: "clears",
        takes: &[Takes::Person, Takes::Label],
        least: 2,
        gives: Gives::Bool,
        run: clears,
    },
    Function {
        name: "may_decide",
        takes: &[Takes::Person, Takes::Label],
        least: 2,
        gives: Gives::Bool,
        run: may_decide,
    },
];

/// `at_least(label, 'state.secret')`: every level of the second is reached by the first; false
/// for nothing, and across families.
fn at_least(call: &Call<'_, '_>) -> Outcome {
    let (Some(levels), Some(least)) = (levels(call, 0)?, levels(call, 1)?) else {
        return Ok(Value::Bool(false));
    };
    Ok(Value::Bool(least.dominated_by(&levels)))
}

/// `same_level(a, b)`: the same level in every family.
fn same_level(call: &Call<'_, '_>) -> Outcome {
    Ok(Value::Bool(levels(call, 0)? == levels(call, 1)?))
}

/// `covers(a, b)`: no level of `b` (or of any entry of the list `b`) is above `a`'s.
fn covers(call: &Call<'_, '_>) -> Outcome {
    let high = levels(call, 0)?.unwrap_or_default();
    let Value::Array(entries) = call.arg(1) else {
        let low = levels(call, 1)?;
        return Ok(Value::Bool(low.is_none_or(|low| low.dominated_by(&high))));
    };
    for entry in entries {
        let low = levels_of(entry).map_err(|()| not_a_label(call, entry))?;
        if low.is_some_and(|low| !low.dominated_by(&high)) {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}

/// `within_installation(label)`: not above the highest level this installation may hold.
fn within_installation(call: &Call<'_, '_>) -> Outcome {
    const KEY: &str = "installation.max_level";
    let Some(levels) = levels(call, 0)? else {
        return Ok(Value::Bool(true));
    };
    let missing = || Kind::Parameter {
        key: KEY.to_owned(),
    };
    let max = call.facts.params.get(KEY).ok_or_else(missing)?;
    let max = levels_of(max)
        .map_err(|()| call.unreadable("a level"))?
        .unwrap_or_default();
    let within = levels.iter().all(|level| {
        max.get(level.family())
            .is_none_or(|max| max.at_least(level))
    });
    Ok(Value::Bool(within))
}

/// `exceeds_max(level, term)`: longer than the level allows, from a start day or today.
fn exceeds_max(call: &Call<'_, '_>) -> Outcome {
    let (Some(levels), Some(term)) = (levels(call, 0)?, term(call, 1)?) else {
        return Ok(Value::Bool(false));
    };
    let start = super::dates::day(call, 2)?.unwrap_or(call.facts.today);
    let exceeds = levels.iter().any(|level| term.exceeds_max(level, start));
    Ok(Value::Bool(exceeds))
}

/// `unit_warning(term)`: a year or more that is not counted in years.
fn unit_warning(call: &Call<'_, '_>) -> Outcome {
    Ok(Value::Bool(
        term(call, 0)?.is_some_and(|term| term.unit_warning()),
    ))
}

/// `term_ends(term, start, level)`: the day it ends, or nothing (event, long term).
fn term_ends(call: &Call<'_, '_>) -> Outcome {
    let Some(term) = term(call, 0)? else {
        return Ok(Value::Null);
    };
    let start = match (super::dates::day(call, 1)?, &term) {
        (Some(start), _) => start,
        // a named day needs no start
        (None, Term::Until(day)) => *day,
        (None, _) => return Ok(Value::Null),
    };
    let level = levels(call, 2)?.and_then(|levels| levels.iter().next());
    let Some(level) = level else {
        return Ok(Value::Null);
    };
    Ok(end_day(&term, start, level))
}

fn end_day(term: &Term, start: Date, level: Level) -> Value {
    let ends = term.ends(start, level);
    match ends.date() {
        Some(day) if !ends.is_long_term() => Value::String(day.to_string()),
        _ => Value::Null,
    }
}

/// `clears(person, label)`: the clearance dominates levels and compartments. Nobody clears
/// nothing known: a missing label is not an open one.
fn clears(call: &Call<'_, '_>) -> Outcome {
    let (Value::Object(person), false) = (call.arg(0), call.is_null(1)) else {
        return Ok(Value::Bool(false));
    };
    let clearance = match person.get("clearance") {
        None | Some(Value::Null) => Clearance::default(),
        Some(value) => {
            serde_json::from_value(value.clone()).map_err(|_| call.unreadable("a clearance"))?
        }
    };
    let levels = levels(call, 1)?.unwrap_or_default();
    let compartments = match part(call, 1, "compartments") {
        Part::None => BTreeSet::new(),
        Part::Missing => return Err(call.unreadable("a label")),
        Part::Is(value) => {
            serde_json::from_value(value.clone()).map_err(|_| call.unreadable("a label"))?
        }
    };
    let class = LabelClass {
        levels,
        compartments,
        scope: Scope::everyone(),
    };
    Ok(Value::Bool(clearance.dominates(&class)))
}

/// `may_decide(person, level)`: within the top level the person was designated for, and
/// the person's unit has power for.
fn may_decide(call: &Call<'_, '_>) -> Outcome {
    let person = call.arg(0);
    let Some(levels) = levels(call, 1)? else {
        return Ok(Value::Bool(false));
    };
    let Some(own) = power(person).map_err(|()| call.unreadable("levels"))? else {
        return Ok(Value::Bool(false));
    };
    let unit = person.get("unit").unwrap_or(super::NULL);
    let unit = power(unit).map_err(|()| call.unreadable("levels"))?;
    let holds = levels.dominated_by(&own) && unit.is_none_or(|unit| levels.dominated_by(&unit));
    Ok(Value::Bool(holds))
}

/// The levels a person or unit may decide up to, if any are set.
fn power(value: &Value) -> Result<Option<Levels>, ()> {
    match value.get("decides") {
        None | Some(Value::Null) => Ok(None),
        Some(value) => levels_of(value),
    }
}

/// The levels of an argument; nothing for null.
fn levels(call: &Call<'_, '_>, index: usize) -> Result<Option<Levels>, Kind> {
    levels_of(call.arg(index)).map_err(|()| not_a_label(call, call.arg(index)))
}

fn not_a_label(call: &Call<'_, '_>, value: &Value) -> Kind {
    match value {
        Value::String(_) | Value::Object(_) => call.unreadable("a label or a level"),
        other => Kind::Wanted {
            wanted: "a label or a level",
            given: crate::expr::value::kind_of(other),
        },
    }
}

/// Reads a level key, `open`, a label, its `levels`, or a record with a `label`.
fn levels_of(value: &Value) -> Result<Option<Levels>, ()> {
    match value {
        Value::Null => Ok(None),
        Value::String(key) if key == "open" => Ok(Some(Levels::default())),
        Value::String(key) => {
            let level = Level::parse_key(key).map_err(|_| ())?;
            Ok(Some(Levels::default().with(level)))
        }
        Value::Object(map) => {
            if let Some(levels) = map.get("levels") {
                return read_levels(levels).map(Some);
            }
            match map.get("label") {
                Some(Value::Object(label)) => {
                    let levels = label.get("levels").ok_or(())?;
                    read_levels(levels).map(Some)
                }
                Some(_) => Err(()),
                None => read_levels(value).map(Some),
            }
        }
        _ => Err(()),
    }
}

fn read_levels(value: &Value) -> Result<Levels, ()> {
    serde_json::from_value(value.clone()).map_err(|_| ())
}

/// One part of an argument that is a label.
pub(super) enum Part<'c> {
    /// The argument is a bare level: it has no parts.
    None,
    /// It is a label without this part; taking it as open would be a guess.
    Missing,
    Is(&'c Value),
}

/// The part `key` of a label, or of the label of a record.
pub(super) fn part<'c>(call: &'c Call<'_, '_>, index: usize, key: &str) -> Part<'c> {
    let Value::Object(map) = call.arg(index) else {
        return Part::None;
    };
    let label = if map.contains_key("levels") {
        Some(call.arg(index))
    } else {
        map.get("label")
    };
    match label.map(|label| label.get(key)) {
        None => Part::None,
        Some(None) => Part::Missing,
        Some(Some(value)) => Part::Is(value),
    }
}

fn term(call: &Call<'_, '_>, index: usize) -> Result<Option<Term>, Kind> {
    match call.arg(index) {
        Value::Null => Ok(None),
        value => serde_json::from_value(value.clone())
            .map(Some)
            .map_err(|_| call.unreadable("a secrecy period")),
    }
}
