//! The life of a record: states that can be reached, left and ended.

use std::collections::BTreeSet;

use super::Places;
use crate::Who;
use crate::load::mistake::Mistake;
use crate::load::wanted::{Scope, Spot};
use crate::model::{Action, Definition, Line, State, WITHDRAWN};

/// Whether every state that is named exists; where one is mistyped, what cannot be reached or left
/// only follows from that.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum States {
    Named,
    Mistyped,
}

pub(super) fn check(definition: &Definition, places: &Places<'_, '_>, states: States) {
    let life = Life {
        scope: Scope::Record,
        states: &definition.states,
        actions: &definition.actions,
        refusals: definition
            .approvals
            .iter()
            .filter_map(|one| one.refused.as_deref())
            .collect(),
        spot: Spot::Register,
    };
    life.check(places, states);
    // taking over is only how a register begins; records must come from somewhere afterwards
    let creates = |action: &Action| action.is_initial() && action.to_any.is_empty();
    if !definition.actions.iter().any(creates) {
        places.note(&Spot::Register, Mistake::NoInitialAction);
    }
    for line in &definition.lines {
        check_line(line, places, states);
    }
    check_refusals(definition, places);
    check_followers(definition, places);
    let waits = |undo: &str| definition.approval_of(undo).is_some();
    check_undo(&definition.actions, (&Scope::Record, &waits), places);
    for line in &definition.lines {
        let scope = Scope::Line(line.key.clone());
        check_undo(&line.actions, (&scope, &|_| false), places);
    }
}

/// What undoes an action starts from where that leads, and leads back, asking nobody for anything.
fn check_undo(
    actions: &[Action],
    (scope, waits): (&Scope, &dyn Fn(&str) -> bool),
    places: &Places<'_, '_>,
) {
    for action in actions {
        let spot = Spot::Action(scope.clone(), action.key.clone());
        let undo = action.undo.as_ref();
        let undo = undo.and_then(|undo| actions.iter().find(|one| one.key == *undo));
        let Some(undo) = undo else { continue };
        // from where the one leads, and back to where it came from
        let leads = action.to.as_ref().is_some_and(|to| undo.is_from(to));
        let back = undo
            .to
            .as_ref()
            .is_some_and(|to| action.from == [to.clone()]);
        let asks = !undo.sign.is_empty() || !undo.input.is_empty() || waits(&undo.key);
        if !leads || !back || asks {
            places.note(
                &spot,
                Mistake::UndoFails {
                    action: action.key.clone(),
                    undo: undo.key.clone(),
                },
            );
        }
    }
}

/// What the program does because of lines passes by nobody: a move of the record that follows from
/// them, and an act on lines that an act of the record performs.
fn check_followers(definition: &Definition, places: &Places<'_, '_>) {
    let asks = |action: &Action| !action.sign.is_empty() || action.step_up;
    let moves = definition.lines.iter().flat_map(|line| &line.parent);
    for action in moves.filter_map(|follows| definition.action(&follows.action)) {
        let decided = definition.approval_of(&action.key).is_some();
        let by_program = action.who.any.iter().any(|case| case.who == Who::System);
        if asks(action) || decided || !by_program {
            let spot = Spot::Action(Scope::Record, action.key.clone());
            let action = action.key.clone();
            places.note(&spot, Mistake::FollowsAsksMore { action });
        }
    }
    for fan_out in definition.actions.iter().flat_map(|one| &one.fan_out) {
        let line = definition.line(&fan_out.line);
        let action = line.and_then(|line| line.action(&fan_out.action));
        if let Some(action) = action.filter(|action| asks(action)) {
            let spot = Spot::Action(Scope::Line(fan_out.line.clone()), action.key.clone());
            let action = action.key.clone();
            places.note(&spot, Mistake::FollowsAsksMore { action });
        }
    }
}

/// A record that exists only to wait has to go somewhere when the decision is no.
fn check_refusals(definition: &Definition, places: &Places<'_, '_>) {
    for approval in &definition.approvals {
        let creates = definition
            .action(&approval.action)
            .is_some_and(Action::is_initial);
        if creates && approval.refused.is_none() {
            let action = approval.action.clone();
            places.note(&Spot::Register, Mistake::NoRefusedState { action });
        }
    }
}

fn check_line(line: &Line, places: &Places<'_, '_>, states: States) {
    let life = Life {
        scope: Scope::Line(line.key.clone()),
        states: &line.states,
        actions: &line.actions,
        refusals: Vec::new(),
        spot: Spot::Line(line.key.clone()),
    };
    life.check(places, states);
    // what the program ends a line with is no state of a definition's own
    if line.state(WITHDRAWN).is_some() {
        let spot = Spot::State(Scope::Line(line.key.clone()), WITHDRAWN.to_owned());
        let written = WITHDRAWN.to_owned();
        places.note(&spot, Mistake::ReservedKey { written });
    }
}

/// The states and actions of a record or of a line.
struct Life<'d> {
    scope: Scope,
    states: &'d [State],
    actions: &'d [Action],
    /// States that a refused approval leads to.
    refusals: Vec<&'d str>,
    spot: Spot,
}

impl Life<'_> {
    fn check(&self, places: &Places<'_, '_>, states: States) {
        let initial: Vec<&State> = self.states.iter().filter(|state| state.initial).collect();
        match initial.as_slice() {
            [] => places.note(&self.spot, Mistake::NoInitialState),
            [_] => {}
            [_, second, ..] => places.note(&self.state(second), Mistake::SeveralInitialStates),
        }
        if !self
            .states
            .iter()
            .any(|state| state.is_final && !is_added(state, self.actions))
        {
            places.note(&self.spot, Mistake::NoFinalState);
            return;
        }
        if initial.is_empty() || states == States::Mistyped {
            return;
        }
        let reached = self.reached();
        for state in self.states {
            if !reached.contains(state.key.as_str()) {
                let key = state.key.clone();
                places.note(&self.state(state), Mistake::Unreachable { state: key });
            } else if !state.is_final && !self.is_left(state) {
                let key = state.key.clone();
                places.note(&self.state(state), Mistake::DeadEnd { state: key });
            }
        }
    }

    fn state(&self, state: &State) -> Spot {
        Spot::State(self.scope.clone(), state.key.clone())
    }

    fn reached(&self) -> BTreeSet<&str> {
        let initial = self.states.iter().filter(|state| state.initial);
        let mut reached: BTreeSet<&str> = initial.map(|state| state.key.as_str()).collect();
        reached.extend(&self.refusals);
        loop {
            let before = reached.len();
            for action in self.actions {
                let starts = action.is_initial()
                    || action
                        .from
                        .iter()
                        .any(|from| reached.contains(from.as_str()));
                if starts {
                    reached.extend(action.to.as_deref());
                }
            }
            if reached.len() == before {
                return reached;
            }
        }
    }

    /// Whether an action the definition writes leads out of a state.
    fn is_left(&self, state: &State) -> bool {
        self.actions.iter().any(|action| {
            let leads_out = action.to.as_deref().is_some_and(|to| to != state.key);
            let from_here = action.is_from(&state.key)
                // the first action takes the record out of its initial state
                || (action.is_initial() && state.initial);
            leads_out && from_here && !is_added_action(action)
        })
    }
}

/// Whether the language added a state: the end of `cancel`.
fn is_added(state: &State, actions: &[Action]) -> bool {
    let mut into = actions
        .iter()
        .filter(|action| action.to.as_deref() == Some(&state.key));
    state.key == "cancelled" && into.all(is_added_action)
}

fn is_added_action(action: &Action) -> bool {
    action.builtin.is_some()
}
