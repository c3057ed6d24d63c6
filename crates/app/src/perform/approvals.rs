//! Approvals: an act that needs decisions is frozen under one digest and waits; nobody decides on
//! their own request; on execution authority and stops are checked again.

use super::{
    commit::{self, Change},
    effects::{self, Terms},
    engine::Engine,
    request::{self, Found},
};
use crate::{
    caller::Caller,
    error::{Error, text},
    facts::Around,
    labels, people, records,
    views::{AcceptedWarning, Performed, Verdict},
    visibility,
};
use access::{Act, Grant, Granted, Ground, Viewer};
use aws_lc_rs::digest;
use domain::{ApprovalId, PersonId, RecordId};
use registers::{Facts, Party};
use serde_json::{Map, Value, json};
use store::{ApprovalRow, DecisionRow, RecordRow, Tx};

/// Freezes an act and lets it wait for its first decision.
pub(super) fn wait(
    engine: &mut Engine<'_, '_>,
    caller: &Caller,
    granted: &Granted,
    found: Found<'_>,
    facts: &Facts<'_>,
    asked: (&Map<String, Value>, &Terms),
) -> Result<Performed, Error> {
    let (input, terms) = asked;
    let Found {
        definition,
        action,
        before,
        mut row,
    } = found;
    let needed = registers::approvals::needed(definition, &action.key, facts);
    let steps: Vec<usize> = needed.iter().map(|step| step.index).collect();
    if before.is_none() {
        row.state = definition
            .initial_state()
            .map(|state| state.key.clone())
            .unwrap_or_default();
    }
    row.open = true;
    let change = Change {
        definition,
        action: &action.key,
        draw: None,
        before: before.as_ref(),
        terms,
    };
    let row = commit::commit(engine, granted, row, &change)?;
    let frozen = freeze(engine, definition, &row, input, terms)?;
    let approval = ApprovalRow {
        id: ApprovalId::new(engine.now, engine.inner.random()?),
        record: row.id,
        register: row.register.clone(),
        action: action.key.clone(),
        digest: digest_of(&frozen),
        frozen,
        steps: json!(steps),
        step: 0,
        state: "pending".to_owned(),
        requested_by: caller.account,
        requested_person: caller.person,
        at: engine.now,
        closed_at: None,
    };
    keep(engine, granted, &approval, "requested", None)?;
    engage(engine, granted, &approval, facts)?;
    let viewer = people::viewer(engine.inner, engine.tx, caller, engine.now)?;
    let record = Box::new(records::view_written(engine, &viewer, row.id, input)?);
    Ok(Performed::Waiting {
        approval: approval.id,
        record,
    })
}

/// Everything the decision is about: the input, and the versions of all it refers to.
fn freeze(
    engine: &mut Engine<'_, '_>,
    definition: &registers::Definition,
    row: &RecordRow,
    input: &Map<String, Value>,
    terms: &Terms,
) -> Result<Value, Error> {
    let accepted: Vec<Value> = terms
        .accepted
        .iter()
        .map(|one| json!({ "rule": one.rule, "reason": one.reason }))
        .collect();
    Ok(json!({
        "input": input,
        "targets": targets(engine.tx, definition, row)?,
        "definition": definition.version,
        "occurred_at": row.occurred_at,
        "comment": terms.comment,
        "accepted": accepted,
    }))
}

fn targets(
    tx: &mut Tx<'_>,
    definition: &registers::Definition,
    row: &RecordRow,
) -> Result<Value, Error> {
    let mut versions = Map::new();
    versions.insert(row.id.to_string(), row.version.into());
    for field in definition
        .fields
        .iter()
        .filter(|field| field.target().is_some())
    {
        for id in labels::ids(row.body.get(&field.key)) {
            if let Some(target) = tx.record(id)? {
                versions.insert(id.to_string(), target.version.into());
            }
        }
    }
    Ok(Value::Object(versions))
}

fn digest_of(frozen: &Value) -> String {
    hex::encode(digest::digest(
        &digest::SHA256,
        frozen.to_string().as_bytes(),
    ))
}

/// Stores the approval's state with its log entry.
fn keep(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    approval: &ApprovalRow,
    what: &str,
    decision: Option<&DecisionRow>,
) -> Result<(), Error> {
    let about = crate::log::About {
        register: Some(approval.register.clone()),
        record: Some(approval.record),
        facts: vec![
            ("approval", approval.id.to_string()),
            ("digest", approval.digest.clone()),
            ("step", approval.step.to_string()),
        ],
        ..crate::log::About::default()
    };
    let entry = crate::log::entry(
        engine.inner,
        granted,
        &format!("approval.{what}"),
        &about,
        engine.now,
    )?;
    engine.tx.write::<_, Error>(granted, |door| {
        door.put_approval(approval)?;
        if let Some(decision) = decision {
            door.insert_decision(decision)?;
        }
        Ok((entry, ()))
    })
}

/// Gives those who decide the waiting step a ground on the record and on what it refers to.
fn engage(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    approval: &ApprovalRow,
    facts: &Facts<'_>,
) -> Result<(), Error> {
    let deciders = deciders(engine.tx, engine.inner, approval, facts)?;
    let definition = engine.definition(&approval.register)?;
    let row = engine.tx.record(approval.record)?.ok_or(Error::NotFound)?;
    let mut about: Vec<RecordId> = vec![row.id];
    for field in definition
        .fields
        .iter()
        .filter(|field| field.target().is_some())
    {
        about.extend(labels::ids(row.body.get(&field.key)));
    }
    let cause = cause(approval.id);
    let entry_about = crate::log::About {
        record: Some(row.id),
        facts: vec![("approval", approval.id.to_string())],
        ..crate::log::About::default()
    };
    let entry = crate::log::entry(
        engine.inner,
        granted,
        "approval.assigned",
        &entry_about,
        engine.now,
    )?;
    let now = engine.now;
    engine.tx.write::<_, Error>(granted, |door| {
        for person in deciders {
            for record in &about {
                door.add_ground(*record, person, Ground::Decision.key(), cause, None)?;
            }
            door.put_notice(person, row.id, "decide", now)?;
        }
        Ok((entry, ()))
    })
}

/// Grounds given by an approval carry its id as their cause.
fn cause(id: ApprovalId) -> RecordId {
    RecordId::from_uuid(id.as_uuid())
}

pub(super) fn deciders(
    tx: &mut Tx<'_>,
    inner: &crate::core::Inner,
    approval: &ApprovalRow,
    facts: &Facts<'_>,
) -> Result<Vec<PersonId>, Error> {
    let Some(step) = step(inner, approval) else {
        return Ok(Vec::new());
    };
    let mut persons = Vec::new();
    for party in step.who.resolve(facts).map_err(Error::internal)? {
        match party {
            Party::Person(id) => persons.extend(id.parse::<PersonId>()),
            Party::Role(role) => {
                let with_role = tx
                    .accounts()?
                    .into_iter()
                    .filter(|row| row.roles.contains(&role));
                persons.extend(with_role.filter_map(|row| row.person));
            }
            Party::Staff | Party::System => {}
        }
    }
    persons.retain(|person| Some(*person) != approval.requested_person);
    Ok(persons)
}

/// Everybody who ever approved something of a record.
pub(super) fn approvers(tx: &mut Tx<'_>, record: RecordId) -> Result<Vec<PersonId>, Error> {
    let mut persons = Vec::new();
    for approval in tx.approvals(record)? {
        let decisions = tx.decisions(approval.id)?;
        let approving = decisions
            .iter()
            .filter(|one| one.verdict == word(Verdict::Approve));
        persons.extend(approving.map(|one| one.person));
    }
    Ok(persons)
}

/// The step that waits.
fn step<'i>(inner: &'i crate::core::Inner, approval: &ApprovalRow) -> Option<&'i registers::Step> {
    let definition = inner.catalogue.definition(&approval.register)?;
    let steps: Vec<usize> = serde_json::from_value(approval.steps.clone()).ok()?;
    let index = *steps.get(usize::try_from(approval.step).ok()?)?;
    definition.approval_of(&approval.action)?.steps.get(index)
}

pub(super) fn step_count(approval: &ApprovalRow) -> i64 {
    approval
        .steps
        .as_array()
        .map_or(0, |steps| i64::try_from(steps.len()).unwrap_or(i64::MAX))
}

/// Takes one decision.
pub(super) fn decide(
    engine: &mut Engine<'_, '_>,
    caller: &Caller,
    id: ApprovalId,
    verdict: Verdict,
    comment: Option<String>,
) -> Result<Performed, Error> {
    let viewer = people::viewer(engine.inner, engine.tx, caller, engine.now)?;
    let visible = visibility::visible(engine.inner, engine.tx, &viewer, Grant::Handle, engine.now)?;
    // WHY: what is absent and what is hidden cost the same statements
    let approval = engine.tx.lock_approval(id)?;
    let about = approval
        .as_ref()
        .map_or_else(|| cause(id), |approval| approval.record);
    let row = engine.tx.visible_record(about, &visible)?;
    let (approval, row) = approval.zip(row).ok_or(Error::NotFound)?;
    if approval.state != "pending" {
        return Err(Error::conflict(
            "approval.closed",
            "该审批已结束",
            "the approval is closed",
        ));
    }
    let person = caller.person.ok_or(Error::NotFound)?;
    let around = Around {
        actor: Some(person),
        proposer: approval.requested_person,
        decider: Some(person),
        ..Around::default()
    };
    let definition = engine.definition(&approval.register)?;
    let facts = engine.facts(definition, &row, &around)?;
    check_rules(engine, &approval, &facts)?;
    let granted = check_decider(engine, caller, &viewer, &approval, &row, &facts)?;
    let decision = DecisionRow {
        approval: id,
        step: approval.step,
        person,
        account: caller.account,
        verdict: word(verdict).to_owned(),
        comment,
        at: engine.now,
    };
    match verdict {
        Verdict::Approve => approve(engine, &viewer, &granted, approval, &decision, &row),
        Verdict::Refuse | Verdict::Return => {
            close(engine, &viewer, &granted, approval, &decision, row)
        }
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Approve => "approve",
        Verdict::Return => "return",
        Verdict::Refuse => "refuse",
    }
}

/// The rules on the act, with the decider known.
fn check_rules(
    engine: &Engine<'_, '_>,
    approval: &ApprovalRow,
    facts: &Facts<'_>,
) -> Result<(), Error> {
    let definition = engine.definition(&approval.register)?;
    let hits =
        registers::rules::evaluate(definition, &approval.action, facts, &engine.inner.regimes);
    let accepted = accepted(approval);
    let problems: Vec<_> = hits
        .iter()
        .filter(|hit| {
            hit.severity == registers::Severity::Stop
                || !accepted.iter().any(|one| one.rule == hit.id)
        })
        .map(request::rule_problem)
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::Rules(problems))
    }
}

fn accepted(approval: &ApprovalRow) -> Vec<AcceptedWarning> {
    let list = approval.frozen.get("accepted").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .map(|one| AcceptedWarning {
            rule: one
                .get("rule")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            reason: one
                .get("reason")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
        })
        .collect()
}

/// Nobody decides on their own request, nobody twice, only whom the step names, with what the step
/// and the policies ask for; and only on facts that are as they were frozen.
fn check_decider(
    engine: &mut Engine<'_, '_>,
    caller: &Caller,
    viewer: &Viewer,
    approval: &ApprovalRow,
    row: &RecordRow,
    facts: &Facts<'_>,
) -> Result<Granted, Error> {
    let own = caller.account == approval.requested_by
        || (caller.person.is_some() && caller.person == approval.requested_person);
    if own {
        return Err(Error::rule(
            "approval.own_request",
            "R-103",
            "invariant",
            "不能审批自己提出的申请",
            "nobody decides on their own request",
        ));
    }
    let step = step(engine.inner, approval).ok_or_else(|| Error::defect("an approval's step"))?;
    let parties = step.who.resolve(facts).map_err(Error::internal)?;
    if !parties.iter().any(|party| request::is_party(viewer, party)) {
        return Err(not_yours());
    }
    let decided = engine.tx.decisions(approval.id)?;
    if decided
        .iter()
        .any(|decision| Some(decision.person) == caller.person)
    {
        return Err(Error::conflict(
            "approval.twice",
            "您已作出决定",
            "you have decided already",
        ));
    }
    if step.step_up && !caller.stepped_up(engine.now) {
        return Err(Error::StepUpNeeded);
    }
    let definition = engine.definition(&approval.register)?;
    if targets(engine.tx, definition, row)?
        != *approval.frozen.get("targets").unwrap_or(&Value::Null)
    {
        return Err(Error::conflict(
            "approval.facts_changed",
            "报批后相关事项已变更，须退回重新报批",
            "what was frozen has changed since; return it to be asked anew",
        ));
    }
    let mut act = Act::new("approval.approve", &definition.key, "office");
    act.step_up = caller.stepped_up(engine.now);
    let grounds = request::record_grounds(engine, viewer, row)?;
    let class = row.label.class();
    access::decide(
        viewer,
        &class,
        &grounds,
        Grant::Handle,
        &act,
        &engine.inner.policies,
    )
    .map_err(|denied| Error::denied(&denied))
}

fn not_yours() -> Error {
    Error::Denied {
        code: "approval.not_yours".to_owned(),
        rule: None,
        clause: None,
        say: text("该审批不由您办理", "this decision is not yours to take"),
    }
}

fn approve(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    granted: &Granted,
    mut approval: ApprovalRow,
    decision: &DecisionRow,
    row: &RecordRow,
) -> Result<Performed, Error> {
    let quorum = step(engine.inner, &approval).map_or(1, |step| step.quorum.max(1));
    let before = engine.tx.decisions(approval.id)?;
    let here = before
        .iter()
        .filter(|one| one.step == approval.step)
        .count();
    let full = here + 1 >= usize::try_from(quorum).unwrap_or(usize::MAX);
    if full {
        approval.step += 1;
    }
    let last = full && approval.step >= step_count(&approval);
    if last {
        approval.state = "approved".to_owned();
        approval.closed_at = Some(engine.now);
    }
    keep(engine, granted, &approval, "approved", Some(decision))?;
    if !last {
        if full {
            end_grounds(engine, granted, &approval)?;
            let around = Around {
                proposer: approval.requested_person,
                ..Around::default()
            };
            let facts = engine.facts(engine.definition(&approval.register)?, row, &around)?;
            engage(engine, granted, &approval, &facts)?;
        }
        let record = Box::new(records::view_own(engine, viewer, row.id)?);
        return Ok(Performed::Waiting {
            approval: approval.id,
            record,
        });
    }
    let mut approvers: Vec<PersonId> = before.iter().map(|one| one.person).collect();
    approvers.push(decision.person);
    execute(engine, granted, &approval, row, approvers)?;
    let done = request::done(engine, viewer, row.id)?;
    end_grounds(engine, granted, &approval)?;
    Ok(done)
}

/// Executes what waited, with the approvers known to its rules.
fn execute(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    approval: &ApprovalRow,
    row: &RecordRow,
    approvers: Vec<PersonId>,
) -> Result<(), Error> {
    let definition = engine.definition(&approval.register)?;
    let action = definition
        .action(&approval.action)
        .ok_or_else(|| Error::defect("an approval's action is gone"))?;
    let terms = Terms {
        comment: approval
            .frozen
            .get("comment")
            .and_then(Value::as_str)
            .map(ToOwned::to_owned),
        accepted: accepted(approval),
        approvers,
        cause: None,
    };
    let found = Found {
        definition,
        action,
        before: Some(row.clone()),
        row: row.clone(),
    };
    effects::execute(engine, granted, found, &terms)?;
    Ok(())
}

/// A refusal or return ends the approval and, for a record that only existed to wait, the record.
fn close(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    granted: &Granted,
    mut approval: ApprovalRow,
    decision: &DecisionRow,
    row: RecordRow,
) -> Result<Performed, Error> {
    let what = if decision.verdict == "return" {
        "returned"
    } else {
        "refused"
    };
    approval.state = what.to_owned();
    approval.closed_at = Some(engine.now);
    keep(engine, granted, &approval, what, Some(decision))?;
    let definition = engine.definition(&approval.register)?;
    let to = definition
        .approval_of(&approval.action)
        .and_then(|approval| approval.refused.clone())
        .filter(|_| {
            definition
                .action(&approval.action)
                .is_some_and(registers::Action::is_initial)
        });
    let id = row.id;
    if let Some(to) = to {
        let before = row.clone();
        let mut next = row;
        next.open = !definition.is_final(&to);
        next.state = to;
        let terms = Terms {
            comment: decision.comment.clone(),
            ..Terms::default()
        };
        let change = Change {
            definition,
            action: what,
            draw: None,
            before: Some(&before),
            terms: &terms,
        };
        commit::commit(engine, granted, next, &change)?;
    }
    let done = request::done(engine, viewer, id)?;
    end_grounds(engine, granted, &approval)?;
    Ok(done)
}

fn end_grounds(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    approval: &ApprovalRow,
) -> Result<(), Error> {
    let about = crate::log::About {
        record: Some(approval.record),
        facts: vec![("approval", approval.id.to_string())],
        ..crate::log::About::default()
    };
    let entry = crate::log::entry(
        engine.inner,
        granted,
        "approval.released",
        &about,
        engine.now,
    )?;
    let (cause, now) = (cause(approval.id), engine.now);
    engine
        .tx
        .write::<_, Error>(granted, |door| Ok((entry, door.end_grounds(cause, now)?)))
}
