//! The waist as far as an unfinished form gets: the same steps as a request's, where what is not right is told and
//! left out. It runs on a reader, so nothing can be changed by it.

use super::{
    check_limits, commit,
    engine::Engine,
    lines, links, objections, opening,
    request::{self, Found},
};
use crate::{
    caller::Caller,
    core::App,
    error::{Error, FieldProblem},
    facts::{Around, Collector},
    labels, people,
    problems::{self, Problem},
    records,
    views::{DecisionAhead, Perform, Unfinished},
    visibility,
};
use access::{Grant, Viewer};
use registers::{Facts, rules::RuleHit};
use serde_json::{Map, Value};
use store::Visible;

impl App {
    /// What an act would come to whose form is not finished: fields that apply and are asked for, what is wrong so
    /// far, the label, the rules, the decisions. Signatures and fresh proofs are not asked for.
    pub async fn unfinished(&self, caller: &Caller, request: Perform) -> Result<Unfinished, Error> {
        check_limits(&request)?;
        let (caller, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| {
            let mut engine = Engine::new(inner, tx, now, Vec::new());
            engine.unsigned = true;
            run(&mut engine, &caller, &request)
        })
        .await
    }
}

fn run(
    engine: &mut Engine<'_, '_>,
    caller: &Caller,
    request: &Perform,
) -> Result<Unfinished, Error> {
    engine.actor = caller.person;
    engine.account = Some(caller.account);
    let viewer = people::viewer(engine.inner, engine.tx, caller, engine.now)?;
    let visible = visibility::visible(engine.inner, engine.tx, &viewer, Grant::Handle, engine.now)?;
    let mut found = request::find(engine, &visible, request)?;
    request::check_state(engine, &found)?;
    let around = request::around(engine, caller, &found)?;
    let mut told = Unfinished::default();
    let input = take(engine, &mut found, request, (&visible, &around), &mut told)?;
    // WHY: whoever may not do it learns nothing of what it would come to
    let facts = engine.facts(found.definition, &found.row, &around)?;
    let may = request::check_who(&viewer, &found, &facts, &input)
        .and_then(|()| request::grant(engine, caller, &viewer, &found).map(drop));
    if let Err(refused) = tell(may)? {
        told.refused.extend(refused);
        return Ok(Unfinished {
            refused: told.refused,
            ..Unfinished::default()
        });
    }
    if lines::fills(&found) && told.problems.is_empty() {
        let filled = lines::fill(engine, &mut found, &visible, &around)
            .and_then(|()| request::label(engine, &mut found))
            .and_then(|()| request::grant(engine, caller, &viewer, &found).map(drop));
        told.refused.extend(tell(filled)?.err().unwrap_or_default());
    }
    let facts = engine.facts(found.definition, &found.row, &around)?;
    outlook(
        engine,
        (&found, &input),
        (&viewer, &visible),
        &facts,
        &mut told,
    )?;
    Ok(told)
}

/// Takes what is right of the input into the row, and tells the rest.
fn take(
    engine: &mut Engine<'_, '_>,
    found: &mut Found<'_>,
    request: &Perform,
    (visible, around): (&Visible, &Around),
    told: &mut Unfinished,
) -> Result<Map<String, Value>, Error> {
    let mut input = request.input.clone();
    let state = opening::take_state(found, &mut input);
    told.problems.extend(tell(state)?.err().unwrap_or_default());
    let facts = engine.facts(found.definition, &found.row, around)?;
    let unfinished =
        registers::validate::unfinished(found.definition, found.action, &input, &facts);
    let mut values = unfinished.accepted;
    told.fields = unfinished.standings;
    let left = values
        .iter()
        .filter(|(key, value)| !input.contains_key(*key) && !value.is_null());
    told.filled = left
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let problems = request::field_problems(unfinished.problems);
    told.problems.extend(problems::of(problems)?);
    if let Err(Error::Fields(unseen)) = links::check(engine, found.definition, &values, visible) {
        // named and hidden alike are not there
        values.retain(|key, _| unseen.iter().all(|problem| !is_in(key, problem)));
        told.problems.extend(problems::of(Error::Fields(unseen))?);
    }
    found.row.body.extend(values);
    found.row.body.retain(|_, value| !value.is_null());
    // what it fills in by itself may follow from what is not written yet
    let action = (found.definition, found.action);
    let set = request::set(engine, action, &mut found.row, around);
    drop(tell(set)?);
    let rest = lines::check_count(engine, found).and_then(|()| request::label(engine, found));
    told.refused.extend(tell(rest)?.err().unwrap_or_default());
    Ok(input)
}

/// Whether a problem is about a field or in one.
fn is_in(key: &str, problem: &FieldProblem) -> bool {
    problem.field.split('.').next() == Some(key)
}

/// What would come of it: state, label, computed fields, rules and decisions.
fn outlook(
    engine: &mut Engine<'_, '_>,
    (found, input): (&Found<'_>, &Map<String, Value>),
    seen_by: (&Viewer, &Visible),
    facts: &Facts<'_>,
    told: &mut Unfinished,
) -> Result<(), Error> {
    let (definition, before) = (found.definition, found.before.as_ref());
    let may = request::check_when(found.action, facts)
        .and_then(|()| commit::may_keep_files(engine, definition, before, &found.row));
    told.refused.extend(tell(may)?.err().unwrap_or_default());
    let hits = objections::of(engine, found, facts, input)?;
    let (undecided, decided): (Vec<RuleHit>, Vec<RuleHit>) =
        hits.into_iter().partition(|hit| hit.undecided.is_some());
    told.rules = decided.iter().map(objections::rule_problem).collect();
    told.undecided = undecided.iter().map(objections::told_problem).collect();
    let needed = registers::approvals::needed(found.definition, &found.action.key, facts);
    let decided_on = needed.iter().filter(|needed| needed.step.signs.is_none());
    told.decisions = decided_on
        .map(|needed| DecisionAhead {
            step: needed.index,
            name: needed.step.name.clone(),
        })
        .collect();
    let mut collector = Collector::new(engine.inner, engine.now).seen_by(seen_by.1);
    let mut computed = collector.computed(engine.tx, found.definition, &found.row)?;
    computed.retain(|_, value| !value.is_null());
    told.computed = records::shown(engine, seen_by, &found.row, computed)?;
    let filled = std::mem::take(&mut told.filled);
    told.filled = records::shown(engine, seen_by, &found.row, filled)?;
    told.mark = labels::mark(engine.inner, engine.tx, &found.row)?;
    told.label = Some(found.row.label.clone());
    told.state = Some(
        found
            .action
            .to
            .clone()
            .unwrap_or_else(|| found.row.state.clone()),
    );
    Ok(())
}

/// What somebody is told, apart from what is nobody's fault.
fn tell<T>(result: Result<T, Error>) -> Result<Result<T, Vec<Problem>>, Error> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(
            error @ (Error::Malformed { .. }
            | Error::Fields(_)
            | Error::Rules(_)
            | Error::Denied { .. }
            | Error::Conflict { .. }
            | Error::Limited { .. }),
        ) => problems::of(error).map(Err),
        Err(error) => Err(error),
    }
}
