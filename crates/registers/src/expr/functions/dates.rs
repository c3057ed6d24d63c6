//! Functions over days and instants. A day is taken in the site's zone.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde_json::Value;

use super::{Call, Function, Gives, Outcome, Takes};
use crate::expr::error::EvalErrorKind as Kind;
use crate::limits;

pub(super) const FUNCTIONS: &[Function] = &[
    two_days("days_between", days_between),
    two_days("workdays_between", workdays_between),
    Function {
        name: "hours_between",
        takes: &[Takes::Instant, Takes::Instant],
        least: 2,
        gives: Gives::Number,
        run: hours_between,
    },
    shift("add_days", add_days),
    shift("add_workdays", add_workdays),
    shift("add_months", add_months),
    shift("add_years", add_years),
    one_day("years_since", Gives::Number, years_since),
    one_day("date_of", Gives::Day, date_of),
    one_day("year_of", Gives::Number, year_of),
    one_day("is_workday", Gives::Bool, is_workday),
];

type Run = fn(&Call<'_, '_>) -> Outcome;

const fn two_days(name: &'static str, run: Run) -> Function {
    Function {
        name,
        takes: &[Takes::Day, Takes::Day],
        least: 2,
        gives: Gives::Number,
        run,
    }
}

const fn shift(name: &'static str, run: Run) -> Function {
    Function {
        name,
        takes: &[Takes::Day, Takes::Number],
        least: 2,
        gives: Gives::Day,
        run,
    }
}

const fn one_day(name: &'static str, gives: Gives, run: Run) -> Function {
    Function {
        name,
        takes: &[Takes::Day],
        least: 1,
        gives,
        run,
    }
}

/// A day from a day or an instant; nothing for null.
pub(super) fn day(call: &Call<'_, '_>, index: usize) -> Result<Option<Date>, Kind> {
    match call.arg(index) {
        Value::Null => Ok(None),
        Value::String(text) => match crate::expr::value::instant(text) {
            Some(instant) => Ok(Some(
                instant.to_zoned_datetime(call.facts.zone.clone()).date(),
            )),
            None => text.parse().map(Some).map_err(|_| call.unreadable("a day")),
        },
        _ => Err(call.wanted(index, "a day")),
    }
}

fn days(call: &Call<'_, '_>) -> Result<Option<(Date, Date)>, Kind> {
    Ok(day(call, 0)?.zip(day(call, 1)?))
}

fn days_apart(from: Date, to: Date) -> i64 {
    // WHY: days are counted on the calendar, so daylight saving cannot take one away
    from.duration_until(to).as_hours() / 24
}

fn days_between(call: &Call<'_, '_>) -> Outcome {
    Ok(days(call)?.map_or(Value::Null, |(from, to)| Value::from(days_apart(from, to))))
}

fn workdays_between(call: &Call<'_, '_>) -> Outcome {
    let Some((from, to)) = days(call)? else {
        return Ok(Value::Null);
    };
    if days_apart(from, to).abs() > limits::EVAL_DAYS_MAX {
        return Err(call.out_of_range());
    }
    Ok(Value::from(call.facts.calendar.workdays_between(from, to)))
}

fn hours_between(call: &Call<'_, '_>) -> Outcome {
    let (Some(from), Some(to)) = (instant(call, 0)?, instant(call, 1)?) else {
        return Ok(Value::Null);
    };
    Ok(Value::from(from.duration_until(to).as_hours()))
}

fn instant(call: &Call<'_, '_>, index: usize) -> Result<Option<Timestamp>, Kind> {
    match call.arg(index) {
        Value::Null => Ok(None),
        Value::String(text) => crate::expr::value::instant(text)
            .map(Some)
            .ok_or_else(|| call.unreadable("an instant")),
        _ => Err(call.wanted(index, "an instant")),
    }
}

/// The day and the count of `add_…`, refused when it would leave the calendar.
fn shifted(call: &Call<'_, '_>) -> Result<Option<(Date, i64)>, Kind> {
    if call.is_null(1) {
        return Ok(None);
    }
    let count = call.integer(1)?;
    if count.abs() > limits::EVAL_DAYS_MAX {
        return Err(call.out_of_range());
    }
    Ok(day(call, 0)?.map(|day| (day, count)))
}

fn moved(call: &Call<'_, '_>, span: impl Fn(i64) -> jiff::Span) -> Outcome {
    let Some((day, count)) = shifted(call)? else {
        return Ok(Value::Null);
    };
    let moved = day
        .checked_add(span(count))
        .map_err(|_| call.out_of_range())?;
    Ok(Value::String(moved.to_string()))
}

fn add_days(call: &Call<'_, '_>) -> Outcome {
    moved(call, |count| count.days())
}

fn add_months(call: &Call<'_, '_>) -> Outcome {
    moved(call, |count| count.clamp(-12_000, 12_000).months())
}

fn add_years(call: &Call<'_, '_>) -> Outcome {
    moved(call, |count| count.clamp(-1_000, 1_000).years())
}

fn add_workdays(call: &Call<'_, '_>) -> Outcome {
    let Some((day, count)) = shifted(call)? else {
        return Ok(Value::Null);
    };
    let count = u32::try_from(count).map_err(|_| call.out_of_range())?;
    Ok(Value::String(
        call.facts.calendar.add_workdays(day, count).to_string(),
    ))
}

/// Whole years from a day to today.
fn years_since(call: &Call<'_, '_>) -> Outcome {
    let Some(from) = day(call, 0)? else {
        return Ok(Value::Null);
    };
    let today = call.facts.today;
    let passed = (today.month(), today.day()) >= (from.month(), from.day());
    Ok(Value::from(today.year() - from.year() - i16::from(!passed)))
}

fn date_of(call: &Call<'_, '_>) -> Outcome {
    Ok(day(call, 0)?.map_or(Value::Null, |day| Value::String(day.to_string())))
}

fn year_of(call: &Call<'_, '_>) -> Outcome {
    Ok(day(call, 0)?.map_or(Value::Null, |day| Value::from(day.year())))
}

fn is_workday(call: &Call<'_, '_>) -> Outcome {
    let day = day(call, 0)?;
    Ok(day.map_or(Value::Null, |day| {
        Value::Bool(call.facts.calendar.is_workday(day))
    }))
}
