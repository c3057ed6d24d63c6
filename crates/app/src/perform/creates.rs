//! Records that an action makes in other registers (`creates`): one, or one for each entry of a
//! list, each with its cause. What is made obeys the fields and rules of its own register; what
//! would wait for a decision or a signature there is not made behind their back.

use super::{Nested, effects::Terms, engine::Engine, request};
use crate::{
    error::Error,
    facts::{Around, For},
};
use access::Granted;
use registers::{Action, Definition, Facts, model::Creates};
use serde_json::{Map, Value};
use store::RecordRow;

/// Makes everything the action says.
pub(super) fn create(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    (definition, action): (&Definition, &Action),
    row: &RecordRow,
    terms: &Terms,
) -> Result<(), Error> {
    if action.creates.is_empty() {
        return Ok(());
    }
    let around = Around {
        asked: For::act(action),
        actor: engine.actor,
        proposer: engine.actor,
        approvers: terms.approvers.clone(),
        ..Around::default()
    };
    let facts = engine.facts(definition, row, &around)?;
    for creates in &action.creates {
        let wanted = match &creates.when {
            Some(when) => when.eval_bool(&facts).map_err(undecided)?,
            None => true,
        };
        for set in sets(creates, &facts)?.into_iter().filter(|_| wanted) {
            one(engine, granted, creates, set, row)?;
        }
    }
    Ok(())
}

/// The values of each record to be made.
fn sets(creates: &Creates, facts: &Facts<'_>) -> Result<Vec<Map<String, Value>>, Error> {
    let Some(each) = &creates.each else {
        let set = registers::compute::assigned(&creates.set, facts).map_err(undecided)?;
        return Ok(vec![set]);
    };
    let Value::Array(entries) = each.eval(facts).map_err(undecided)? else {
        return Ok(Vec::new());
    };
    entries
        .iter()
        .map(|entry| {
            registers::compute::assigned_for(&creates.set, facts, entry).map_err(undecided)
        })
        .collect()
}

fn undecided(error: impl std::fmt::Display) -> Error {
    tracing::warn!(%error, "what an action creates could not be worked out");
    Error::conflict(
        "action.creates",
        "无法确定应新建的记录：所需内容缺失",
        "what this action creates cannot be worked out: something it needs is missing",
    )
}

/// INVARIANT: a decision or a signature that the other register asks for is not passed by.
fn asks_more() -> Error {
    Error::conflict(
        "action.creates_decided",
        "所要新建的记录须另行审批或签字，不能随本操作自动建立",
        "the record to be created waits for a decision or a signature of its own: make it yourself",
    )
}

fn one(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    creates: &Creates,
    set: Map<String, Value>,
    cause: &RecordRow,
) -> Result<(), Error> {
    let definition = engine.definition(&creates.register)?;
    let action = definition
        .action(&creates.action)
        .ok_or_else(|| Error::defect("an action that is created by is gone"))?;
    if definition.approval_of(&action.key).is_some() || !action.sign.is_empty() {
        return Err(asks_more());
    }
    let blank = engine.blank(&creates.register, cause.occurred_at)?;
    let facts = engine.facts(definition, &blank, &Around::default())?;
    let (given, own) = set
        .into_iter()
        .partition::<Map<_, _>, _>(|(field, _)| action.input.contains(field));
    let mut values = registers::validate::input(definition, action, &given, &facts)
        .map_err(request::field_problems)?;
    let own = registers::validate::fit(&definition.fields, &own, &facts)
        .map_err(request::field_problems)?;
    values.extend(own);
    let nested = Nested {
        action: &creates.action,
        set: values,
        cause: cause.id,
        occurred_at: cause.occurred_at,
    };
    engine.make_for(granted, &creates.register, nested, engine.actor)?;
    Ok(())
}
