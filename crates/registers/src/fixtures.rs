//! Facts for tests: people, copies and labels as the application hands them over.

use domain::Calendar;
use jiff::civil::date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use crate::load::tests::{loaded, twelve::twelve};
use crate::{Catalogue, Facts, Parameters, Regimes};

/// The twelve registers with their helpers.
pub(crate) fn catalogue() -> Catalogue {
    loaded(&twelve())
}

/// A made-up id.
pub(crate) fn id(n: u32) -> String {
    format!("01970000-0000-7000-8000-{n:012}")
}

/// A label everybody may know of.
pub(crate) fn label(level: &str) -> Value {
    json!({
        "levels": { "state": level }, "ends": { "date": "2036-03-02" }, "compartments": [],
        "scope": "everyone",
    })
}

/// A person cleared up to a level, in unit 900 headed by person 901.
pub(crate) fn person(n: u32, level: &str) -> Value {
    json!({
        "id": id(n), "name": format!("人员{n}"),
        "unit": { "id": id(900), "name": "科研处", "head": { "id": id(901) } },
        "unit_ids": [id(900)],
        "clearance": { "levels": { "state": level }, "compartments": [] },
        "decides": { "state": "state.secret" },
        "cooling_off": false,
    })
}

/// A copy in stock.
pub(crate) fn copy(n: u32, level: &str) -> Value {
    json!({
        "id": id(n), "register": "copy", "state": "in_stock", "label": label(level),
        "medium": "paper", "pages": 3, "holder": { "id": id(902) },
    })
}

/// Variables from JSON.
pub(crate) fn vars(value: Value) -> Map<String, Value> {
    let Value::Object(vars) = value else {
        panic!("variables are a map, not {value}")
    };
    vars
}

/// What facts borrow.
pub(crate) struct Around {
    pub(crate) regimes: Regimes,
    calendar: Calendar,
}

impl Around {
    pub(crate) fn new(catalogue: &Catalogue) -> Self {
        // the first week of May: five days off, worked for on the 9th
        let holidays = (1..=5).map(|day| date(2026, 5, day));
        let calendar = Calendar::new(holidays, [date(2026, 5, 9)]);
        Self {
            regimes: catalogue.in_force([]).unwrap(),
            calendar,
        }
    }

    /// Facts at 10:10 on 2 March 2026 in Shanghai.
    pub(crate) fn facts(&self, value: Value) -> Facts<'_> {
        self.facts_with(value, &self.regimes.parameters)
    }

    pub(crate) fn facts_with<'f>(&'f self, value: Value, params: &'f Parameters) -> Facts<'f> {
        let now = "2026-03-02T02:10:00Z".parse().unwrap();
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        Facts::new(vars(value), date(2026, 3, 2), now, params, &self.calendar).in_zone(zone)
    }
}
