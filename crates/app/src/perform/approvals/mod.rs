//! Approvals: an act that needs decisions is frozen under one digest and waits; nobody decides on
//! their own request; what changed meanwhile sends it back; on execution authority and stops are
//! checked again.
//!
//! `freeze` lets an act wait, `deciders` knows who is awaited, `left` whether anybody is, `ready` says whether what was frozen
//! still stands, `decide` takes a decision, `close` ends what was refused, sent back or withdrawn.
//! Whatever locks both locks the record before its approval. A line waits only to be signed, while the others of its
//! record go on.

mod close;
mod decide;
mod deciders;
mod delegation;
mod freeze;
mod gone;
mod left;
mod ready;
mod turn;

pub(crate) use close::asks_again;
pub(super) use close::ends_with;
pub(super) use decide::{Decided, decide, told};
pub(super) use deciders::approvers;
pub(crate) use deciders::awaited_as;
pub(super) use freeze::wait;
pub(super) use ready::Change;

use super::engine::Engine;
use crate::error::Error;
use access::Granted;
use domain::{ApprovalId, Label, PersonId, RecordId, Timestamp};
use registers::{Action, Definition, Step};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use store::{ApprovalRow, DecisionRow, RecordRow, Tx};

/// A step that applies to an approval: its place in the definition and the round it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Planned {
    pub(super) step: i64,
    pub(super) round: i64,
    /// Signatures are given here, and no decisions taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) signs: Option<Signs>,
}

/// Who signs a step: these persons, or so many of whom it names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Signs {
    /// Which of the signers of the action.
    pub(super) place: usize,
    pub(super) many: usize,
    pub(super) persons: BTreeSet<PersonId>,
}

/// The steps of an approval as they were frozen.
pub(super) fn plan(approval: &ApprovalRow) -> Vec<Planned> {
    serde_json::from_value(approval.steps.clone()).unwrap_or_default()
}

/// How many rounds an approval has.
pub(super) fn rounds(approval: &ApprovalRow) -> i64 {
    plan(approval)
        .iter()
        .map(|planned| planned.round + 1)
        .max()
        .unwrap_or(0)
}

/// A step of the definition.
fn step<'d>(definition: &'d Definition, action: &str, index: i64) -> Option<&'d Step> {
    let steps = &definition.approval_of(action)?.steps;
    steps.get(usize::try_from(index).ok()?)
}

/// A step of the waiting round that lacks decisions or signatures.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open<'d> {
    pub(super) index: i64,
    pub(super) step: &'d Step,
    /// How many it asks for, and how many of them are there.
    pub(super) needed: usize,
    pub(super) agreed: usize,
}

impl Open<'_> {
    /// Whether it is signed and not decided.
    fn signs(&self) -> bool {
        self.step.signs.is_some()
    }
}

/// The steps of the waiting round that lack decisions, in order.
pub(super) fn open_steps<'d>(
    definition: &'d Definition,
    approval: &ApprovalRow,
    decisions: &[DecisionRow],
) -> Vec<Open<'d>> {
    let planned = plan(approval);
    let planned = planned.iter().filter(|one| one.round == approval.step);
    let open = planned.filter_map(|planned| {
        let step = step(definition, &approval.action, planned.step)?;
        let (needed, agreed) = progress(approval, decisions, planned, step);
        (agreed < needed).then_some(Open {
            index: planned.step,
            step,
            needed,
            agreed,
        })
    });
    open.collect()
}

/// How many a step asks for, and how many of them are there. Who signs for one signer signs for every other that
/// names them.
fn progress(
    approval: &ApprovalRow,
    decisions: &[DecisionRow],
    planned: &Planned,
    step: &Step,
) -> (usize, usize) {
    let here = |one: &&DecisionRow| one.step == planned.step && one.verdict == APPROVED;
    match &planned.signs {
        None => {
            let quorum = usize::try_from(step.quorum.max(1)).unwrap_or(usize::MAX);
            (quorum, decisions.iter().filter(here).count())
        }
        Some(signs) if signs.persons.is_empty() => {
            (signs.many, decisions.iter().filter(here).count())
        }
        Some(signs) => {
            let signed = signed_since(approval, decisions);
            let signed = signs
                .persons
                .iter()
                .filter(|one| signed.iter().any(|(id, _)| id == *one));
            (signs.many, signed.count())
        }
    }
}

/// Whether what is still owed is what the steps that are left will give: else a signature does not count, and
/// the request could never end.
fn can_be_signed(case: &Case<'_>, decisions: &[DecisionRow], placed: &super::Placed) -> bool {
    let planned = plan(&case.approval);
    placed
        .seats
        .iter()
        .filter(|seat| seat.owed.many > 0)
        .all(|seat| {
            let left = planned.iter().find_map(|planned| {
                let step = step(case.definition, &case.approval.action, planned.step)?;
                (step.signs == Some(seat.place)).then(|| {
                    let (needed, agreed) = progress(&case.approval, decisions, planned, step);
                    needed.saturating_sub(agreed)
                })
            });
            left.is_some_and(|left| seat.owed.many <= left)
        })
}

/// Whether what was said to a step of an approval is a signature, and no decision.
pub(crate) fn is_signature(approval: &ApprovalRow, step: i64) -> bool {
    let planned = plan(approval);
    let mut planned = planned.iter();
    planned.any(|planned| planned.step == step && planned.signs.is_some())
}

/// Whether a record waits for a decision or a signature; a line does with its record.
pub(crate) fn is_waiting(tx: &mut Tx<'_>, row: &RecordRow) -> Result<bool, Error> {
    Ok(waits(tx, row.id)? || (row.line.is_some() && waits(tx, row.root())?))
}

/// Whether something is asked about just this record.
pub(crate) fn waits(tx: &mut Tx<'_>, record: RecordId) -> Result<bool, Error> {
    Ok(!tx.waiting_among(&BTreeSet::from([record]))?.is_empty())
}

/// What waits is not acted on meanwhile.
pub(super) fn pending() -> Error {
    Error::conflict(
        "approval.pending",
        "该记录正在等待审批",
        "the record is waiting for a decision",
    )
}

/// What waits, locked after its record, and that after the record it is a line of.
fn lock(
    engine: &mut Engine<'_, '_>,
    (record, approval): (RecordId, ApprovalId),
) -> Result<Option<(RecordRow, ApprovalRow)>, Error> {
    let root = engine.tx.record(record)?.map(|row| row.root());
    if let Some(root) = root.filter(|root| *root != record) {
        engine.tx.lock_record(root)?;
    }
    let Some(row) = engine.tx.lock_record(record)? else {
        return Ok(None);
    };
    let approval = engine.tx.lock_approval(approval)?;
    Ok(approval.map(|approval| (row, approval)))
}

/// Who had signed what is asked when it was asked.
fn signed_before(approval: &ApprovalRow) -> BTreeSet<PersonId> {
    let signers = approval.frozen.get("signers").cloned();
    let signers = signers.and_then(|list| serde_json::from_value(list).ok());
    signers.unwrap_or_default()
}

/// Who has signed it in their inbox since, and when; each once.
fn signed_since(approval: &ApprovalRow, decisions: &[DecisionRow]) -> Vec<(PersonId, Timestamp)> {
    let mut signed: Vec<(PersonId, Timestamp)> = Vec::new();
    for one in decisions {
        let signs = one.verdict == APPROVED && is_signature(approval, one.step);
        if signs && !signed.iter().any(|(person, _)| *person == one.person) {
            signed.push((one.person, one.at));
        }
    }
    signed
}

/// The verdict of a decision that agrees.
const APPROVED: &str = "approve";

/// What waits, with the definition it waits under.
struct Case<'e> {
    definition: &'e Definition,
    action: &'e Action,
    approval: ApprovalRow,
    /// The record as it is.
    row: RecordRow,
    /// The record as the act would leave it, but for what only carrying it out changes.
    proposed: RecordRow,
}

impl<'e> Case<'e> {
    fn load(
        engine: &mut Engine<'e, '_>,
        approval: ApprovalRow,
        row: RecordRow,
    ) -> Result<Self, Error> {
        let definition = engine.definition(&approval.register)?;
        let action = definition
            .action(&approval.action)
            .ok_or_else(|| Error::defect("an approval's action is gone"))?;
        let proposed = proposed(engine, definition, action, &approval, &row)?;
        Ok(Self {
            definition,
            action,
            approval,
            row,
            proposed,
        })
    }

    /// The record as it was before what is asked; a record that is made was nothing.
    fn before(&self) -> Option<RecordRow> {
        (!self.action.is_initial()).then(|| self.row.clone())
    }

    /// As secret as the record is and as it would become.
    fn label(&self) -> Label {
        self.row.label.join(&self.proposed.label)
    }
}

/// A record that was made to wait holds what is asked already; any other is changed only once the
/// decisions have been taken.
fn proposed(
    engine: &mut Engine<'_, '_>,
    definition: &Definition,
    action: &Action,
    approval: &ApprovalRow,
    row: &RecordRow,
) -> Result<RecordRow, Error> {
    let mut next = row.clone();
    if action.is_initial() {
        let chosen = approval.frozen.get("state").and_then(Value::as_str);
        if let Some(state) = chosen {
            state.clone_into(&mut next.state);
        }
        return Ok(next);
    }
    next.body.extend(frozen_map(approval, "input"));
    next.body.retain(|_, value| !value.is_null());
    let occurred = approval.frozen.get("occurred_at").and_then(Value::as_str);
    if let Some(at) = occurred.and_then(|at| at.parse().ok()) {
        next.occurred_at = at;
    }
    next.label = crate::labels::of(engine.tx, definition, &next)?;
    Ok(next)
}

fn frozen_map(approval: &ApprovalRow, key: &str) -> Map<String, Value> {
    match approval.frozen.get(key) {
        Some(Value::Object(map)) => map.clone(),
        _ => Map::new(),
    }
}

/// Grounds given by an approval carry its id as their cause.
fn cause(id: ApprovalId) -> RecordId {
    RecordId::from_uuid(id.as_uuid())
}

/// Whether what is kept of an approval is what its digest was made of.
pub(crate) fn fits_its_digest(approval: &ApprovalRow) -> bool {
    let frozen = &approval.frozen;
    freeze::digest_of(frozen) == approval.digest
        && frozen.get("about") == Some(&freeze::subject(approval))
        && frozen.get("steps") == Some(&approval.steps)
}

/// What every entry about an approval says.
fn about(approval: &ApprovalRow) -> crate::log::About {
    crate::log::About {
        register: Some(approval.register.clone()),
        record: Some(approval.record),
        facts: vec![
            ("approval", approval.id.to_string()),
            ("digest", approval.digest.clone()),
            ("step", approval.step.to_string()),
        ],
        ..crate::log::About::default()
    }
}

/// Stores the approval's state with its log entry, the decision that led to it, and a notice to
/// whoever is to hear of it.
fn keep(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    approval: &ApprovalRow,
    what: &str,
    decision: Option<&DecisionRow>,
    notice: Option<PersonId>,
) -> Result<(), Error> {
    let action = format!("approval.{what}");
    let mut about = about(approval);
    if let Some(decision) = decision {
        let step = decision.step.to_string();
        about
            .facts
            .extend([("verdict", decision.verdict.clone()), ("decides", step)]);
        let for_person = decision
            .for_person
            .map(|person| ("for", person.to_string()));
        about.facts.extend(for_person);
    }
    if approval.closed_at.is_some() {
        about.facts.push(("closed", "yes".to_owned()));
    }
    let entry = crate::log::entry(engine.inner, granted, &action, &about, engine.now)?;
    let now = engine.now;
    engine.tx.write::<_, Error>(granted, |door| {
        door.put_approval(approval)?;
        if let Some(decision) = decision {
            door.insert_decision(decision)?;
        }
        if let Some(person) = notice {
            door.put_notice(person, approval.record, what, now)?;
        }
        Ok((entry, ()))
    })
}

#[cfg(test)]
mod tests;
