//! Clocks: when a deadline is due, and when to remind of it.
//!
//! Hours run through nights and weekends from the instant itself. Days, working days and
//! months run on the site's calendar, and the last day counts in full: due is the midnight after
//! it. The start is when a thing occurred, not when it was recorded; the caller gives it.

use domain::Calendar;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::Serialize;
use serde_json::Value;

use crate::model::{After, ClockDef, Due, Length};
use crate::{Error, Facts, Offset, Span, SpanUnit};

/// When a clock is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DueAt {
    /// The instant from which it is overdue.
    pub at: Timestamp,
    /// The last day in time, for clocks that count days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
}

/// When a clock is due that was started at `start`. Nothing when its condition does not hold, no
/// case of it applies, or the field it waits for is empty. A condition that cannot be decided
/// holds: a deadline must not be lost for want of a fact.
pub fn due(clock: &ClockDef, facts: &Facts<'_>, start: Timestamp) -> Result<Option<DueAt>, Error> {
    if clock
        .when
        .as_ref()
        .is_some_and(|when| when.eval_bool(facts) == Ok(false))
    {
        return Ok(None);
    }
    match &clock.due {
        Due::Due(expr) => {
            let value = expr.eval(facts).map_err(|source| Error::Eval {
                what: "the due time",
                key: clock.key.clone(),
                source,
            })?;
            from_value(clock, &value, &facts.zone)
        }
        Due::After(cases) => {
            let Some(case) = first_case(cases, facts) else {
                return Ok(None);
            };
            let span = length(clock, case, facts)?;
            let due = after(start, span, facts.calendar, &facts.zone);
            due.map(Some)
                .ok_or_else(|| out_of_range("the due time", clock))
        }
    }
}

/// The instant `span` after `start`; nothing beyond the calendar.
pub fn after(start: Timestamp, span: Span, calendar: &Calendar, zone: &TimeZone) -> Option<DueAt> {
    let count = i64::from(span.count);
    let exact = |seconds: i64| {
        let at = start.checked_add(SignedDuration::from_secs(seconds)).ok()?;
        Some(DueAt { at, day: None })
    };
    let first = start.to_zoned_datetime(zone.clone()).date();
    let day = match span.unit {
        SpanUnit::Minutes => return exact(count * 60),
        SpanUnit::Hours => return exact(count * 3_600),
        SpanUnit::Days => first.checked_add(count.days()).ok()?,
        SpanUnit::Workdays => calendar.add_workdays(first, span.count),
        SpanUnit::Months => first.checked_add(count.months()).ok()?,
        SpanUnit::Years => first.checked_add(count.years()).ok()?,
    };
    end_of(day, zone)
}

/// The moments to remind of a clock, ascending. Days count from the start of the due day, hours
/// from the due instant.
pub fn warnings(clock: &ClockDef, due: DueAt, facts: &Facts<'_>) -> Vec<Timestamp> {
    let moments = clock
        .warn
        .iter()
        .filter_map(|offset| warning(*offset, due, facts));
    let mut moments: Vec<Timestamp> = moments.collect();
    moments.sort_unstable();
    moments.dedup();
    moments
}

fn warning(offset: Offset, due: DueAt, facts: &Facts<'_>) -> Option<Timestamp> {
    let sign = if offset.before { -1 } else { 1 };
    let count = sign * i64::from(offset.span.count);
    let minutes = match offset.span.unit {
        SpanUnit::Minutes => count,
        SpanUnit::Hours => count * 60,
        SpanUnit::Days | SpanUnit::Workdays | SpanUnit::Months | SpanUnit::Years => {
            return day_warning(offset, due, facts);
        }
    };
    due.at.checked_add(SignedDuration::from_mins(minutes)).ok()
}

/// A warning counted in days: at midnight for clocks of days, at the same hour for instants.
fn day_warning(offset: Offset, due: DueAt, facts: &Facts<'_>) -> Option<Timestamp> {
    let at = due.at.to_zoned_datetime(facts.zone.clone());
    let base = due.day.unwrap_or_else(|| at.date());
    let count = i64::from(offset.span.count);
    let signed = if offset.before { -count } else { count };
    let day = match offset.span.unit {
        SpanUnit::Workdays if offset.before => workdays_before(base, offset.span.count, facts),
        SpanUnit::Workdays => facts.calendar.add_workdays(base, offset.span.count),
        SpanUnit::Months => base.checked_add(signed.months()).ok()?,
        SpanUnit::Years => base.checked_add(signed.years()).ok()?,
        SpanUnit::Days | SpanUnit::Hours | SpanUnit::Minutes => {
            base.checked_add(signed.days()).ok()?
        }
    };
    let civil = match due.day {
        Some(_) => day.at(0, 0, 0, 0),
        None => day.to_datetime(at.time()),
    };
    Some(
        civil
            .to_zoned_datetime(facts.zone.clone())
            .ok()?
            .timestamp(),
    )
}

fn workdays_before(day: Date, count: u32, facts: &Facts<'_>) -> Date {
    let mut day = day;
    let mut left = count;
    while left > 0 {
        let Ok(before) = day.yesterday() else {
            return day;
        };
        day = before;
        left -= u32::from(facts.calendar.is_workday(day));
    }
    day
}

fn end_of(day: Date, zone: &TimeZone) -> Option<DueAt> {
    let at = day
        .tomorrow()
        .ok()?
        .at(0, 0, 0, 0)
        .to_zoned_datetime(zone.clone())
        .ok()?
        .timestamp();
    Some(DueAt { at, day: Some(day) })
}

/// The first case that holds; one that cannot be decided holds.
fn first_case<'c>(cases: &'c [After], facts: &Facts<'_>) -> Option<&'c After> {
    cases.iter().find(|case| {
        case.when
            .as_ref()
            .is_none_or(|when| when.eval_bool(facts) != Ok(false))
    })
}

fn length(clock: &ClockDef, case: &After, facts: &Facts<'_>) -> Result<Span, Error> {
    match &case.length {
        Length::After(span) => Ok(*span),
        Length::Param(key) => {
            let value = facts
                .params
                .get(key)
                .ok_or_else(|| Error::Parameter(key.clone()))?;
            value
                .as_str()
                .and_then(Span::parse)
                .ok_or_else(|| Error::Value {
                    what: "the parameter of the clock",
                    key: clock.key.clone(),
                    wanted: "a length of time",
                })
        }
    }
}

fn from_value(clock: &ClockDef, value: &Value, zone: &TimeZone) -> Result<Option<DueAt>, Error> {
    if value.is_null() {
        return Ok(None);
    }
    let text = value.as_str().ok_or_else(|| not_a_time(clock))?;
    if let Some(at) = crate::expr::value::instant(text) {
        return Ok(Some(DueAt { at, day: None }));
    }
    let day: Date = text.parse().map_err(|_| not_a_time(clock))?;
    end_of(day, zone)
        .map(Some)
        .ok_or_else(|| out_of_range("the due time", clock))
}

fn not_a_time(clock: &ClockDef) -> Error {
    Error::Value {
        what: "the due time",
        key: clock.key.clone(),
        wanted: "a day or an instant",
    }
}

fn out_of_range(what: &'static str, clock: &ClockDef) -> Error {
    Error::OutOfRange {
        what,
        key: clock.key.clone(),
    }
}

#[cfg(test)]
mod tests;
