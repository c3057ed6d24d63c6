//! Numbers: every series is gapless. What was drawn, as the versions tell, against the counters.

use super::findings::Findings;
use crate::{core::Inner, error::Error};
use domain::{Label, Level};
use registers::{NumberParts, ParsedNumber, model::NumberRule};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use store::Tx;

/// How many numbers of each series were drawn, and the highest.
#[derive(Debug, Default)]
pub(super) struct Numbers(BTreeMap<String, (u64, u64)>);

impl Numbers {
    /// Notes the number that a version has and the one before it had not.
    pub(super) fn note(
        &mut self,
        inner: &Inner,
        before: Option<&Map<String, Value>>,
        now: &Map<String, Value>,
    ) {
        let number = |content: &Map<String, Value>| {
            content
                .get("number")
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let (Some(drawn), None) = (number(now), before.and_then(number)) else {
            return;
        };
        let Some(register) = now.get("register").and_then(Value::as_str) else {
            return;
        };
        let rule = inner
            .catalogue
            .definition(register)
            .and_then(|definition| definition.number.as_ref());
        // a number of another form was given elsewhere and taken over with its record
        let Some((rule, parsed)) = rule.and_then(|rule| Some((rule, rule.format.read(&drawn)?)))
        else {
            return;
        };
        let Some(series) = series(rule, &parsed, now) else {
            return;
        };
        let (count, highest) = self.0.entry(format!("{register}:{series}")).or_default();
        *count += 1;
        *highest = parsed.sequence.max(*highest);
    }

    /// Compares with the counters.
    pub(super) fn compare(mut self, tx: &mut Tx<'_>, findings: &mut Findings) -> Result<(), Error> {
        for (series, value) in tx.counters()? {
            let (count, highest) = self.0.remove(&series).unwrap_or_default();
            let value = u64::try_from(value).unwrap_or_default();
            if count != value || highest != value {
                gap(&series, value, count, highest, findings);
            }
        }
        for (series, (count, highest)) in self.0 {
            gap(&series, 0, count, highest, findings);
        }
        Ok(())
    }
}

fn gap(series: &str, value: u64, count: u64, highest: u64, findings: &mut Findings) {
    findings.add(
        "check.number_gap",
        format!(
            "the counter stands at {value}, {count} numbers were drawn, the highest is {highest}"
        ),
        format!("series {series}"),
    );
}

/// The series a number was drawn from, as the drawing act named it.
fn series(
    rule: &NumberRule,
    parsed: &ParsedNumber,
    content: &Map<String, Value>,
) -> Option<String> {
    let label: Label = serde_json::from_value(content.get("label")?.clone()).ok()?;
    let level: Option<Level> = label.levels.iter().max_by_key(|level| level.rank());
    // WHY: a format that prints no year or month has none in its series; any day does
    let day =
        jiff::civil::Date::new(parsed.year.unwrap_or(2000), parsed.month.unwrap_or(1), 1).ok()?;
    let parts = NumberParts {
        day,
        sequence: 0,
        unit: parsed.unit.as_deref(),
        level,
    };
    Some(rule.format.series(&parts, rule.per_level))
}
