//! Lines.

use std::collections::BTreeSet;

use super::{action, clock, field, rule, stand_in, state, unique};
use crate::load::item::Item;
use crate::load::reader::Reader;
use crate::load::table::{At, Table};
use crate::load::wanted::{ExprScope, RefTo, Scope, Spot, Wants};
use crate::model::{Fill, FillFrom, Line, ParentMove, Scan};

pub(super) fn lines<'t>(reader: &Reader<'t>, table: &Table<'t>) -> Vec<At<Line>> {
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    for entry in table.tables("line", "[[line]]") {
        let key = reader.variable_key(&entry);
        if let Some(key) = &key {
            unique(&entry, &mut seen, key, "[[line]]");
            reader.spot(&entry, key.at, Spot::Line(key.value.clone()));
        }
        let at = key.as_ref().map_or(entry.at, |key| key.at);
        let name = key
            .as_ref()
            .map(|key| key.value.clone())
            .unwrap_or_default();
        let line = line(reader, &entry, name);
        entry.close();
        if key.is_some() {
            lines.push(At { value: line, at });
        }
    }
    lines
}

fn line<'t>(reader: &Reader<'t>, table: &Table<'t>, key: String) -> Line {
    let scope = Scope::Line(key.clone());
    let reserve = table.string("reserve");
    if let Some(reserve) = &reserve {
        reader.want(
            table,
            reserve.at,
            &scope,
            RefTo::LinkField(reserve.value.clone()),
        );
    }
    Line {
        name: stand_in(table.need_text("name")),
        help: table.text("help"),
        fields: field::fields(reader, table, "field", &scope),
        states: state::states(reader, table, &scope),
        actions: action::actions(reader, table, &scope),
        clocks: clock::clocks(reader, table, &scope),
        rules: rule::rules(reader, table, &scope),
        order: table.flag("order"),
        fill: fill(reader, table, &scope),
        reserve: reserve.map(|reserve| reserve.value),
        parent: parent_moves(reader, table),
        scan: scan(reader, table, &scope),
        min: table.count("min").map(|count| count.value),
        max: table.count("max").map(|count| count.value),
        key,
    }
}

/// `fill = { at, from, where, set }`, or `fill = { at, rows }` for the same lines each time.
fn fill<'t>(reader: &Reader<'t>, table: &Table<'t>, scope: &Scope) -> Option<Fill> {
    let fill = table.table("fill", "fill")?;
    let at = fill.need_string("at");
    if let Some(at) = &at {
        reader.want(
            &fill,
            at.at,
            &Scope::Record,
            RefTo::Action(at.value.clone()),
        );
    }
    let from = match fill.item("rows") {
        Some(item) => Some(fill_rows(reader, item, scope)),
        None => fill_query(reader, &fill, scope),
    };
    fill.close();
    Some(Fill {
        at: at?.value,
        from: from?,
    })
}

fn fill_rows<'t>(reader: &Reader<'t>, item: Item<'t>, scope: &Scope) -> FillFrom {
    let rows = item.tables("rows").into_iter().map(|row| {
        reader.assignments_of(&row, &ExprScope::Record, |field| {
            reader.want(&row, field.at, scope, RefTo::Field(field.value.clone()));
        })
    });
    FillFrom::Rows {
        rows: rows.collect(),
    }
}

fn fill_query<'t>(reader: &Reader<'t>, fill: &Table<'t>, scope: &Scope) -> Option<FillFrom> {
    let from = fill.need_string("from");
    let candidate = from
        .as_ref()
        .map_or(ExprScope::Free, |f| ExprScope::Candidate(f.value.clone()));
    let filter = reader.need_expr(fill, "where", candidate.clone(), Wants::Truth);
    fill.need("set");
    let set = reader.assignments(fill, "set", &candidate, |field| {
        reader.want(fill, field.at, scope, RefTo::Field(field.value.clone()));
    });
    if let Some(from) = &from {
        reader.want(fill, from.at, scope, RefTo::Register(from.value.clone()));
    }
    Some(FillFrom::Query {
        from: from?.value,
        filter: filter?,
        set,
    })
}

/// `[line.scan]`: `by`, `number`, `action`, `blind`.
fn scan<'t>(reader: &Reader<'t>, table: &Table<'t>, scope: &Scope) -> Option<Scan> {
    let scan = table.table("scan", "[line.scan]")?;
    let by = scan.need_string("by");
    if let Some(by) = &by {
        reader.want(&scan, by.at, scope, RefTo::ScanBy(by.value.clone()));
    }
    let number = scan.strings("number");
    for field in &number {
        reader.want(
            &scan,
            field.at,
            scope,
            RefTo::ScanNumber(field.value.clone()),
        );
    }
    let action = scan.need_string("action");
    if let Some(action) = &action {
        reader.want(
            &scan,
            action.at,
            scope,
            RefTo::ScanAction(action.value.clone()),
        );
    }
    let blind = scan.strings("blind");
    for state in &blind {
        reader.want(
            &scan,
            state.at,
            &Scope::Record,
            RefTo::State(state.value.clone()),
        );
    }
    scan.close();
    let values = |all: Vec<At<String>>| all.into_iter().map(|one| one.value).collect();
    Some(Scan {
        by: by?.value,
        number: values(number),
        action: action?.value,
        blind: values(blind),
    })
}

/// `parent = { when, action }` or a list of these.
fn parent_moves<'t>(reader: &Reader<'t>, table: &Table<'t>) -> Vec<ParentMove> {
    let Some(item) = table.item("parent") else {
        return Vec::new();
    };
    let mut moves = Vec::new();
    for item in item.one_or_many() {
        let Some(entry) = item.table("parent") else {
            continue;
        };
        let when = reader.need_expr(&entry, "when", ExprScope::Record, Wants::Truth);
        let action = entry.need_string("action");
        if let Some(action) = &action {
            reader.want(
                &entry,
                action.at,
                &Scope::Record,
                RefTo::Action(action.value.clone()),
            );
        }
        if let (Some(when), Some(action)) = (when, action) {
            moves.push(ParentMove {
                when,
                action: action.value,
            });
        }
        entry.close();
    }
    moves
}
