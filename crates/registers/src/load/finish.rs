//! What a definition leaves to the language: `*` in lists, and the built-in actions.

use domain::Text;

use super::Known;
use super::file::File;
use super::wanted::{Spot, Wanted};
use crate::model::{
    Action, Approval, Definition, Field, Line, Print, PrintOf, SignMethod, State, Step,
};
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
    add_signing(definition);
    standard::add(definition, known);
    add_prints(definition, known);
}

/// An action that may be signed in the inbox waits there, after its decisions, for whoever has not signed
/// at the counter.
fn add_signing(definition: &mut Definition) {
    for action in &definition.actions {
        let signers = action.sign.iter().enumerate();
        let in_inbox = signers.filter(|(_, signer)| signer.allows(SignMethod::Inbox));
        let mut steps: Vec<Step> = in_inbox
            .map(|(place, signer)| Step {
                name: Some(Text::new("签字", "Signature")),
                who: signer.who.clone(),
                when: signer.when.clone(),
                quorum: signer.count,
                parallel: true,
                step_up: true,
                delegate: false,
                signs: Some(place),
            })
            .collect();
        let Some(first) = steps.first_mut() else {
            continue;
        };
        first.parallel = false;
        let mut approvals = definition.approvals.iter_mut();
        match approvals.find(|approval| approval.action == action.key) {
            Some(approval) => approval.steps.extend(steps),
            None => definition.approvals.push(Approval {
                action: action.key.clone(),
                steps,
                distinct: true,
                refused: None,
            }),
        }
    }
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
