//! Clocks.

use std::collections::BTreeSet;

use super::{stand_in, unique};
use crate::load::item::Item;
use crate::load::mistake::Mistake;
use crate::load::reader::Reader;
use crate::load::table::{At, Table};
use crate::load::wanted::{RefTo, Scope, Wants};
use crate::model::{After, ClockDef, Due, EventName, Length, Trigger};

pub(super) fn clocks<'t>(reader: &Reader<'t>, table: &Table<'t>, scope: &Scope) -> Vec<ClockDef> {
    let mut seen = BTreeSet::new();
    let mut clocks = Vec::new();
    for entry in table.tables("clock", "[[clock]]") {
        let key = reader.key(&entry);
        if let Some(key) = &key {
            unique(&entry, &mut seen, key, "[[clock]]");
        }
        let clock = clock(reader, &entry, scope);
        entry.close();
        if let (Some(key), Some(mut clock)) = (key, clock) {
            clock.key = key.value;
            clocks.push(clock);
        }
    }
    clocks
}

fn clock<'t>(reader: &Reader<'t>, table: &Table<'t>, scope: &Scope) -> Option<ClockDef> {
    let name = stand_in(table.need_text("name"));
    let given = table.need("start").is_some();
    let start = triggers(reader, table, "start", scope);
    let stop = triggers(reader, table, "stop", scope);
    let when = reader.expr(table, "when", scope.expressions(), Wants::Truth);
    let due = due(reader, table, scope);
    let warn = reader.offsets(table, "warn");
    let escalate = reader.who(table, "escalate", scope);
    let expire = table.string("expire");
    if let Some(expire) = &expire {
        reader.want(table, expire.at, scope, RefTo::Action(expire.value.clone()));
    }
    given.then_some(())?;
    Some(ClockDef {
        key: String::new(),
        name,
        start,
        when,
        due: due?,
        stop,
        warn,
        escalate,
        expire: expire.map(|expire| expire.value),
    })
}

fn triggers<'t>(
    reader: &Reader<'t>,
    table: &Table<'t>,
    key: &'static str,
    scope: &Scope,
) -> Vec<Trigger> {
    let written = table.strings(key);
    let read = written.iter();
    read.filter_map(|one| trigger(reader, table, one, scope))
        .collect()
}

fn trigger<'t>(
    reader: &Reader<'t>,
    table: &Table<'t>,
    written: &At<String>,
    scope: &Scope,
) -> Option<Trigger> {
    let Some((kind, name)) = written.value.split_once(':') else {
        table.note(written.at, unknown(&written.value));
        return None;
    };
    let name = name.to_owned();
    let (to, trigger) = match kind {
        "state" => (RefTo::State(name.clone()), Trigger::State(name)),
        "field" => (RefTo::Field(name.clone()), Trigger::Field(name)),
        "event" => {
            let Some(event) = EventName::parse(&name) else {
                table.note(written.at, unknown(&written.value));
                return None;
            };
            (RefTo::Event(event.clone()), Trigger::Event(event))
        }
        _ => {
            table.note(written.at, unknown(&written.value));
            return None;
        }
    };
    reader.want(table, written.at, scope, to);
    Some(trigger)
}

fn unknown(written: &str) -> Mistake {
    Mistake::unknown_word(written, &["state:…", "field:…", "event:REGISTER.ACTION"])
}

fn due<'t>(reader: &Reader<'t>, table: &Table<'t>, scope: &Scope) -> Option<Due> {
    let due = table.item("due");
    let after = table.item("after");
    match (due, after) {
        (Some(due), None) => reader
            .expr_of(due, scope.expressions(), Wants::Time)
            .map(Due::Due),
        (None, Some(after)) => {
            let cases = cases(reader, table, after, scope);
            (!cases.is_empty()).then_some(Due::After(cases))
        }
        _ => {
            table.note(
                table.at,
                Mistake::OneOf {
                    keys: "`due`, `after`",
                },
            );
            None
        }
    }
}

/// `"24h"`, `{ param = "…" }`, or `{ choose = [{ when = "…", after = "10d" }, …] }`.
fn cases<'t>(reader: &Reader<'t>, table: &Table<'t>, item: Item<'t>, scope: &Scope) -> Vec<After> {
    if item.is_string() {
        return length_of(reader, table, item)
            .map(|length| vec![After { when: None, length }])
            .unwrap_or_default();
    }
    let Some(entry) = item.table("after") else {
        return Vec::new();
    };
    let cases = if entry.item("choose").is_some() {
        let choices = entry.tables("choose", "a case");
        choices
            .into_iter()
            .filter_map(|case| one_case(reader, case, scope))
            .collect()
    } else {
        let length = param(reader, &entry, scope);
        length
            .map(|length| vec![After { when: None, length }])
            .unwrap_or_default()
    };
    entry.close();
    cases
}

fn one_case<'t>(reader: &Reader<'t>, table: Table<'t>, scope: &Scope) -> Option<After> {
    let when = reader.expr(&table, "when", scope.expressions(), Wants::Truth);
    let length = match table.item("after") {
        Some(after) => length_of(reader, &table, after),
        None => param(reader, &table, scope),
    };
    table.close();
    Some(After {
        when,
        length: length?,
    })
}

fn length_of<'t>(reader: &Reader<'t>, table: &Table<'t>, item: Item<'t>) -> Option<Length> {
    let written = item.string()?;
    reader.span(table, &written).map(Length::After)
}

fn param<'t>(reader: &Reader<'t>, table: &Table<'t>, scope: &Scope) -> Option<Length> {
    let key = table.need_string("param")?;
    reader.want(table, key.at, scope, RefTo::Parameter(key.value.clone()));
    Some(Length::Param(key.value))
}
