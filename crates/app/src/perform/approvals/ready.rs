//! Whether what was frozen still stands: the seal, the facts, the asker's authority, the stops.

use super::{Case, Planned, deciders, freeze, plan};
use crate::{
    error::Error,
    facts::Around,
    people,
    perform::{Placed, Signed, commit::RELABEL, engine::Engine, objections, request, signers},
    views::AcceptedWarning,
};
use access::Grant;
use domain::{PersonId, RecordId, Timestamp};
use registers::{Facts, Party, Severity, model::SignMethod};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One thing that is not as it was frozen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::perform) struct Change {
    /// `record`, `definition`, `steps`, or the field that names the record.
    pub(in crate::perform) what: String,
    /// The record that changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::perform) record: Option<RecordId>,
}

impl Change {
    pub(super) fn of(what: &str) -> Self {
        Self {
            what: what.to_owned(),
            record: None,
        }
    }
}

/// An approval that its digest does not fit is nobody's decision any more.
pub(super) fn sealed(case: &Case<'_>) -> Result<(), Error> {
    let approval = &case.approval;
    if super::fits_its_digest(approval) {
        return Ok(());
    }
    tracing::error!(approval = %approval.id, "an approval does not fit its digest");
    Err(Error::conflict(
        "approval.damaged",
        "审批内容与其摘要不符，不能批准；请退回或不予批准，并报告管理员",
        "the approval does not fit its digest; send it back or refuse it, and tell the administrator",
    ))
}

/// A record that waits is frozen with its lines: none of them is carried on until that is decided.
pub(super) fn record_is_free(engine: &mut Engine<'_, '_>, case: &Case<'_>) -> Result<(), Error> {
    if case.row.line.is_some() && super::waits(engine.tx, case.row.root())? {
        return Err(super::pending());
    }
    Ok(())
}

/// What is not as it was frozen.
pub(super) fn changed(engine: &mut Engine<'_, '_>, case: &Case<'_>) -> Result<Vec<Change>, Error> {
    let frozen = &case.approval.frozen;
    let mut changes = Vec::new();
    let regimes = engine.regimes(case.definition, &case.proposed)?;
    let rules = freeze::rules(case.definition, regimes);
    if frozen.get("rules").and_then(Value::as_str) != Some(&rules) {
        changes.push(Change::of("definition"));
    }
    let now = freeze::targets(engine, case.definition, &case.proposed)?;
    let named = freeze::named(engine, case.definition, &case.proposed)?;
    let then = super::frozen_map(&case.approval, "targets");
    for (id, version) in &then {
        if now.get(id) == Some(version) {
            continue;
        }
        let record = id.parse().ok();
        // WHY: every other line that is asked for may change the label of this one
        let itself = case.row.line.is_some() && record == Some(case.row.id);
        if itself && version.as_i64() == Some(asked_at(engine, case)?) {
            continue;
        }
        let what = record
            .as_ref()
            .and_then(|record| named.get(record))
            .map_or("record", String::as_str);
        changes.push(Change {
            what: what.to_owned(),
            record,
        });
    }
    let steps = plan(&case.approval);
    let now = steps_now(engine, case)?;
    let another = now
        .iter()
        .any(|step| !steps.iter().any(|one| one.step == step.step));
    if another || !signers_stand(engine, case)? {
        changes.push(Change::of("steps"));
    }
    Ok(changes)
}

/// Whether those who have still to sign are those who are named by now: whoever else signs would not be counted.
fn signers_stand(engine: &mut Engine<'_, '_>, case: &Case<'_>) -> Result<bool, Error> {
    let planned = plan(&case.approval);
    if planned.iter().all(|one| one.signs.is_none()) {
        return Ok(true);
    }
    let decisions = engine.tx.decisions(case.approval.id)?;
    let signed = super::signed_since(&case.approval, &decisions);
    let before = super::signed_before(&case.approval);
    let has_signed = |person: &PersonId| signed.iter().any(|(one, _)| one == person);
    let around = asking(engine, case)?;
    let facts = engine.facts(case.definition, &case.proposed, &around)?;
    for one in &planned {
        let step = super::step(case.definition, &case.approval.action, one.step);
        let (Some(signs), Some(step)) = (&one.signs, step) else {
            continue;
        };
        let parties = step.who.resolve(&facts).map_err(Error::internal)?;
        let is_named = |person: &PersonId| {
            let id = person.to_string();
            parties
                .iter()
                .any(|party| matches!(party, Party::Person(one) if *one == id))
        };
        let stands = |person: &PersonId| has_signed(person) || is_named(person);
        if !signs.persons.iter().all(stands) {
            return Ok(false);
        }
        // of a role nobody is named, and who signs a slip may be of the house or not
        let signer = step.signs.and_then(|place| case.action.sign.get(place));
        if signs.persons.is_empty() || signer.is_some_and(|one| one.allows(SignMethod::Slip)) {
            continue;
        }
        let known = |party: &Party| match party {
            Party::Person(id) => id.parse().is_ok_and(|id: PersonId| {
                signs.persons.contains(&id) || before.contains(&id) || has_signed(&id)
            }),
            Party::Role(_) | Party::Staff | Party::System => true,
        };
        if !parties.iter().all(known) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The steps that would be asked for today.
fn steps_now(engine: &mut Engine<'_, '_>, case: &Case<'_>) -> Result<Vec<Planned>, Error> {
    let mut asked = case.proposed.clone();
    if case.action.is_initial() {
        // as it stood when it was asked: before its first state
        asked.state.clear();
    }
    let around = asking(engine, case)?;
    let facts = engine.facts(case.definition, &asked, &around)?;
    // what is signed was settled when it was asked
    let planned = freeze::planned(
        case.definition,
        &case.action.key,
        &facts,
        &Placed::default(),
    );
    Ok(planned)
}

/// What was asked, seen from who asked.
pub(super) fn asking(engine: &mut Engine<'_, '_>, case: &Case<'_>) -> Result<Around, Error> {
    Ok(Around {
        actor: case.approval.requested_person,
        proposer: case.approval.requested_person,
        approvers: deciders::approvers(engine.tx, case.row.root())?,
        before: case.before(),
        ..Around::default()
    })
}

/// Whoever asked must still be somebody who may ask: the account live, named by the action, cleared,
/// permitted by the policies.
pub(super) fn authority(engine: &mut Engine<'_, '_>, case: &Case<'_>) -> Result<(), Error> {
    let account = engine.tx.standing(case.approval.requested_by)?;
    let live = account
        .filter(|account| !account.disabled && account.person == case.approval.requested_person);
    let account = live.ok_or_else(not_entitled)?;
    let viewer = people::viewer_of(engine.inner, engine.tx, &account, engine.now)?;
    let around = asking(engine, case)?;
    let facts = engine.facts(case.definition, &case.proposed, &around)?;
    if !request::permitted(&viewer, case.action, &facts) {
        return Err(not_entitled());
    }
    let grounds = request::record_grounds(engine, &viewer, &case.row)?;
    let class = case.label().class();
    let mut acts = request::fanned(engine, case.definition, case.action)?;
    acts.push((case.definition, case.action));
    for (definition, action) in acts {
        let name = format!("{}.{}", definition.key, action.key);
        let mut act = request::act_of(definition, action, &name);
        act.step_up = case.approval.frozen.get("step_up") == Some(&Value::Bool(true));
        let policies = &engine.inner.policies;
        access::decide(&viewer, &class, &grounds, Grant::Handle, &act, policies)
            .map(drop)
            .map_err(|_| not_entitled())?;
    }
    Ok(())
}

fn not_entitled() -> Error {
    Error::conflict(
        "approval.asker_not_entitled",
        "申请人现已无权提出此事项，不能批准；请退回或不予批准",
        "who asked for this may not do it any more; send it back or refuse it",
    )
}

/// The condition of the act and its rules, with the decider known: stops hold, warnings need the reason given.
pub(super) fn stops(
    engine: &mut Engine<'_, '_>,
    case: &Case<'_>,
    facts: &Facts<'_>,
) -> Result<(), Error> {
    request::check_when(case.action, facts)?;
    let regimes = engine.regimes(case.definition, &case.proposed)?;
    let hits = registers::rules::evaluate(case.definition, &case.action.key, facts, regimes);
    let accepted = accepted(&case.approval.frozen);
    let problems: Vec<_> = hits
        .iter()
        .filter(|hit| {
            let passed = accepted
                .iter()
                .any(|one| one.rule == hit.id && !one.reason.trim().is_empty());
            hit.severity == Severity::Stop || !passed
        })
        .map(objections::rule_problem)
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::Rules(problems))
    }
}

/// The signatures that came with the request and those given since, judged again as if they were given
/// now: those who approve are known by now, whoever decides included, and a signer may have to be none of
/// them. They stay with the engine, for what is carried out. `deciders` is whoever decides, and for whom; nobody where it is signed.
pub(super) fn signatures(
    engine: &mut Engine<'_, '_>,
    case: &Case<'_>,
    deciders: &[PersonId],
    in_inbox: &[(PersonId, Timestamp)],
) -> Result<(), Error> {
    if case.action.sign.is_empty() {
        return Ok(());
    }
    let mut around = asking(engine, case)?;
    for decider in deciders {
        if !around.approvers.contains(decider) {
            around.approvers.push(*decider);
        }
    }
    let facts = engine.facts(case.definition, &case.proposed, &around)?;
    engine.signed = given(engine, case)?;
    for one in &mut engine.signed {
        one.at = Some(case.approval.at);
    }
    engine.slips = slips(case);
    let signs = engine
        .signed
        .iter()
        .any(|one| deciders.contains(&one.person));
    for (person, at) in in_inbox {
        // who has signed at the counter signs no second time
        if !engine.signed.iter().any(|one| one.person == *person) {
            engine.signed.push(Signed {
                person: *person,
                method: SignMethod::Inbox,
                paper: None,
                otp_step: None,
                at: Some(*at),
            });
        }
    }
    let decides = std::mem::replace(&mut engine.actor, case.approval.requested_person);
    let judged = signers::check(engine, case.action, &facts);
    engine.actor = decides;
    judged.map_err(|error| if signs { decider_signed() } else { error })
}

/// Return slips that came with the request.
fn slips(case: &Case<'_>) -> Vec<String> {
    let slips = case.approval.frozen.get("slips").cloned();
    let slips = slips.and_then(|list| serde_json::from_value(list).ok());
    slips.unwrap_or_default()
}

pub(super) fn decider_signed() -> Error {
    Error::conflict(
        "approval.signer",
        "您已在此申请上签字，须由他人审批",
        "you signed this request; somebody else has to decide on it",
    )
}

/// Signatures as they were given with the request: what signs the making of a record is stored
/// with it, what signs a change is frozen until the change is made.
fn given(engine: &mut Engine<'_, '_>, case: &Case<'_>) -> Result<Vec<Signed>, Error> {
    if case.action.is_initial() {
        let (version, role) = (asked_at(engine, case)?, &case.action.key);
        let stored = engine.tx.signatures(case.row.id)?;
        return Ok(stored
            .iter()
            .filter(|one| one.version == version && one.role == *role)
            .filter_map(|one| Signed::of_record(one.person, &one.method, None))
            .collect());
    }
    let list = case.approval.frozen.get("signed").and_then(Value::as_array);
    Ok(list
        .into_iter()
        .flatten()
        .filter_map(|one| {
            let person = serde_json::from_value(one.get("person")?.clone()).ok()?;
            let paper = one.get("paper").and_then(Value::as_str);
            Signed::of_record(person, one.get("method")?.as_str()?, paper)
        })
        .collect())
}

/// The version that was committed when it was asked: a label that followed another since is no act on it.
fn asked_at(engine: &mut Engine<'_, '_>, case: &Case<'_>) -> Result<i64, Error> {
    let versions = engine.tx.versions(case.row.id)?;
    let mut acts = versions.iter().rev();
    let last = acts.find(|one| one.version <= case.row.version && one.action != RELABEL);
    Ok(last.map_or(case.row.version, |one| one.version))
}

/// Warnings the asker passed.
pub(super) fn accepted(frozen: &Value) -> Vec<AcceptedWarning> {
    let list = frozen.get("accepted").and_then(Value::as_array);
    let word = |one: &Value, key: &str| {
        let word = one.get(key).and_then(Value::as_str);
        word.unwrap_or_default().to_owned()
    };
    list.into_iter()
        .flatten()
        .map(|one| AcceptedWarning {
            rule: word(one, "rule"),
            reason: word(one, "reason"),
        })
        .collect()
}
