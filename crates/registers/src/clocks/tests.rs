use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::fixtures::{Around, catalogue, copy, label};
use crate::{Catalogue, Definition};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn clock<'c>(catalogue: &'c Catalogue, register: &str, key: &str) -> &'c ClockDef {
    let definition: &Definition = catalogue.definition(register).unwrap();
    definition
        .clocks
        .iter()
        .find(|clock| clock.key == key)
        .unwrap()
}

#[test]
fn r_601_a_leak_is_reported_in_24_hours_whatever_the_day() {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let facts = around.facts(json!({ "copy": copy(1, "state.secret") }));
    let clock = clock(&catalogue, "loss", "report");
    let due = due(clock, &facts, at("2026-03-01T22:10:00+08:00"))
        .unwrap()
        .unwrap();
    assert_eq!(due.at, at("2026-03-02T22:10:00+08:00"));
    let warned = warnings(clock, due, &facts);
    assert_eq!(
        warned,
        [
            at("2026-03-02T10:10:00+08:00"),
            at("2026-03-02T21:10:00+08:00")
        ]
    );
}

#[test]
fn r_606_a_missing_copy_is_a_leak_after_10_or_60_days() {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let found = at("2026-01-01T09:00:00+08:00");
    let due_day = |level: &str| {
        let facts = around.facts(json!({ "label": label(level) }));
        due(clock(&catalogue, "loss", "missing"), &facts, found)
            .unwrap()
            .unwrap()
    };
    assert_eq!(
        due_day("state.top_secret").day.unwrap().to_string(),
        "2026-01-11"
    );
    let secret = due_day("state.secret");
    // day 60 is still in time, on day 61 the case opens
    assert_eq!(secret.day.unwrap().to_string(), "2026-03-02");
    assert_eq!(secret.at, at("2026-03-03T00:00:00+08:00"));
}

#[test]
fn r_112_ten_working_days_step_over_holidays_and_count_make_up_days() {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let facts = around.facts(json!({}));
    let clock = clock(&catalogue, "classification", "determination");
    // a Thursday before five days off; Saturday the 9th is worked
    let due = due(clock, &facts, at("2026-04-30T16:00:00+08:00"))
        .unwrap()
        .unwrap();
    assert_eq!(due.day.unwrap().to_string(), "2026-05-18");
    let warned = warnings(clock, due, &facts);
    assert_eq!(warned.first(), Some(&at("2026-05-14T00:00:00+08:00")));
}

#[test]
fn a_day_field_is_due_at_its_end_and_an_instant_at_itself() {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let start = at("2026-03-01T00:00:00Z");
    let facts =
        around.facts(json!({ "finish_by": "2026-03-05", "due_at": "2026-03-05T09:30:00+08:00" }));
    let by_day = due(clock(&catalogue, "stock_take", "finish"), &facts, start)
        .unwrap()
        .unwrap();
    assert_eq!(by_day.at, at("2026-03-06T00:00:00+08:00"));
    let loan = clock(&catalogue, "loan", "due");
    let by_time = due(loan, &facts, start).unwrap().unwrap();
    assert_eq!(
        by_time,
        DueAt {
            at: at("2026-03-05T09:30:00+08:00"),
            day: None
        }
    );
    let warned = warnings(loan, by_time, &facts);
    assert_eq!(warned[0], at("2026-03-04T09:30:00+08:00"));
    assert_eq!(warned.len(), 3);
}

#[test]
fn a_clock_whose_condition_does_not_hold_or_whose_field_is_empty_does_not_run() {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let start = at("2026-03-01T00:00:00Z");
    let facts = around.facts(json!({}));
    assert_eq!(
        due(clock(&catalogue, "circulation", "finish"), &facts, start),
        Ok(None)
    );
    assert_eq!(
        due(clock(&catalogue, "stock_take", "finish"), &facts, start),
        Ok(None)
    );
}

#[test]
fn a_parameter_no_regime_sets_is_an_error_not_a_guess() {
    let catalogue = catalogue();
    let around = Around::new(&catalogue);
    let params = crate::Parameters::default();
    let facts = around.facts_with(json!({}), &params);
    let missing = due(
        clock(&catalogue, "loss", "report"),
        &facts,
        at("2026-03-01T00:00:00Z"),
    );
    assert_eq!(missing, Err(Error::Parameter("leak.report".into())));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// More is never earlier, and nothing is due before it starts.
    #[test]
    fn lengths_are_monotone(
        seconds in -2_000_000_000_i64..4_000_000_000,
        count in 0u32..500,
        unit in proptest::sample::select(vec!["min", "h", "d", "wd", "mo", "y"]),
    ) {
        let catalogue = Catalogue::default();
        let around = Around::new(&catalogue);
        let facts = around.facts(json!({}));
        let start = Timestamp::from_second(seconds).unwrap();
        let span = |count: u32| Span::parse(&format!("{count}{unit}")).unwrap();
        let due = |count| after(start, span(count), facts.calendar, &facts.zone).map(|due| due.at);
        let (Some(one), Some(more)) = (due(count), due(count + 1)) else { return Ok(()) };
        prop_assert!(start <= one);
        prop_assert!(one < more);
    }
}
