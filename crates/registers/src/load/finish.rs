//! What a definition leaves to the language: `*` in lists, and the built-in actions.

use domain::Text;

use super::Known;
use super::file::File;
use super::wanted::{Spot, Wanted};
use crate::model::{Action, Approval, Definition, Field, Line, Print, PrintOf, State};
use crate::standard;

/// Fills in lists written as `*` and adds the built-in actions.
pub(super) fn finish(definition: &mut Definition, known: &Known<'_>) {
    let open = open_states(&definition.states);
    let settable = settable(&definition.fields);
    let mut inputs = settable;
    inputs.extend(given_lines(&definition.lines));
    for action in &mut definition.actions {
        fill_in(action, &open, &inputs);
    }
    for line in &mut definition.lines {
        let open = open_states(&line.states);
        let inputs = self::settable(&line.fields);
        for action in &mut line.actions {
            fill_in(action, &open, &inputs);
        }
    }
    Approval::add_signing(&mut definition.approvals, &definition.actions);
    standard::add(definition, known);
    add_prints(definition, known);
}

/// The forms every register has without writing them, where there are layouts for them.
fn add_prints(definition: &mut Definition, known: &Known<'_>) {
    let forms = [
        (Print::FORM, PrintOf::Record, "登记单", "Record sheet"),
        (Print::LEDGER, PrintOf::List, "台账页", "Ledger page"),
    ];
    for (key, of, zh, en) in forms {
        let written = definition.prints.iter().any(|print| print.key == key);
        let layout = known.layouts.iter().any(|layout| layout == key);
        if layout && !written {
            definition.prints.push(Print {
                key: key.to_owned(),
                name: Text::new(zh, en),
                layout: key.to_owned(),
                of,
                show: Vec::new(),
                sign: Vec::new(),
                added: true,
                states: Vec::new(),
                sizes: Vec::new(),
            });
        }
    }
}

fn fill_in(action: &mut Action, open: &[String], inputs: &[String]) {
    put_in(&mut action.from, open);
    put_in(&mut action.input, inputs);
}

/// Replaces `*` by a list, keeping what stands beside it.
fn put_in(list: &mut Vec<String>, all: &[String]) {
    if !list.iter().any(|entry| entry == "*") {
        return;
    }
    list.retain(|entry| entry != "*");
    for entry in all {
        if !list.contains(entry) {
            list.push(entry.clone());
        }
    }
}

fn open_states(states: &[State]) -> Vec<String> {
    states
        .iter()
        .filter(|state| !state.is_final)
        .map(|state| state.key.clone())
        .collect()
}

pub(crate) fn settable(fields: &[Field]) -> Vec<String> {
    fields
        .iter()
        .filter(|field| field.is_settable())
        .map(|field| field.key.clone())
        .collect()
}

/// Lines that people give, not a query.
pub(crate) fn given_lines(lines: &[Line]) -> impl Iterator<Item = String> + '_ {
    lines
        .iter()
        .filter(|line| line.fill.is_none())
        .map(|line| line.key.clone())
}

/// Where a thing stands.
pub(super) fn place_of<'t>(wanted: &Wanted<'t>, spot: &Spot) -> Option<(&'t File<'t>, usize)> {
    let found = wanted.places.iter().find(|(known, _, _)| known == spot);
    found.map(|(_, file, at)| (*file, *at))
}
