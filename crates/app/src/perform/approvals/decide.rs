//! Taking a decision. Approving asks for everything once more; saying no is always possible.

use super::{
    Case, Change, close,
    deciders::{self, Round},
    gone, keep, open_steps, ready, rounds, turn,
};
use crate::{
    caller::Caller,
    error::{Error, text},
    facts::Around,
    people,
    perform::{
        effects::{self, Terms},
        engine::Engine,
        request::{self, Found},
        signers,
    },
    records,
    views::{Decision, Performed, Verdict},
    visibility,
};
use access::{Act, Grant, Granted, Viewer};
use domain::PersonId;
use registers::{Facts, model::SignMethod};
use serde_json::Value;
use std::collections::BTreeSet;
use store::{DecisionRow, Visible};

/// What came of a decision. Both are kept.
pub(in crate::perform) enum Decided {
    Answer(Performed),
    /// It could not be approved and has gone back to who asked.
    SentBack(Error),
}

/// Takes one decision, or the asker's wish back.
pub(in crate::perform) fn decide(
    engine: &mut Engine<'_, '_>,
    caller: &Caller,
    asked: &Decision,
) -> Result<Decided, Error> {
    let viewer = people::viewer(engine.inner, engine.tx, caller, engine.now)?;
    let visible = visibility::visible(engine.inner, engine.tx, &viewer, Grant::Handle, engine.now)?;
    let seen = engine
        .tx
        .visible_approval(asked.approval, &visible)?
        .ok_or(Error::NotFound)?;
    let locked = super::lock(engine, (seen.record, asked.approval))?;
    let (row, approval) = locked.ok_or(Error::NotFound)?;
    if asked
        .digest
        .as_ref()
        .is_some_and(|digest| *digest != approval.digest)
    {
        return Err(Error::conflict(
            "approval.other_digest",
            "所给摘要与该审批不符，请重新查看后再决定",
            "the digest is not this approval's; read it again, then decide",
        ));
    }
    if gone::is_gone(engine, &approval)? {
        return gone::answer(engine, &viewer, (approval, row), asked);
    }
    let case = Case::load(engine, approval, row)?;
    if asked.verdict == Verdict::Withdraw {
        let performed = close::withdraw(engine, &viewer, case.into(), asked.comment.clone())?;
        return Ok(Decided::Answer(performed));
    }
    if case.approval.state != "pending" {
        return Err(closed());
    }
    by_decider(engine, caller, (&viewer, &visible), case, asked)
}

pub(super) fn closed() -> Error {
    Error::conflict("approval.closed", "该审批已结束", "the approval is closed")
}

fn by_decider(
    engine: &mut Engine<'_, '_>,
    caller: &Caller,
    (viewer, visible): (&Viewer, &Visible),
    case: Case<'_>,
    asked: &Decision,
) -> Result<Decided, Error> {
    let person = caller.person.ok_or(Error::NotFound)?;
    let around = Around {
        actor: Some(person),
        proposer: case.approval.requested_person,
        decider: Some(person),
        approvers: deciders::approvers(engine.tx, case.row.root())?,
        before: case.before(),
        ..Around::default()
    };
    let facts = engine.facts(case.definition, &case.proposed, &around)?;
    let about = (&case.approval, &case.label());
    let turn = turn::turn(engine, viewer, about, &facts, asked.verdict)?;
    let step = turn.step;
    let signs = step.signs.is_some();
    // who signs decides nothing: the rules are asked as they were of who asked
    let facts = if signs {
        let around = ready::asking(engine, &case)?;
        engine.facts(case.definition, &case.proposed, &around)?
    } else {
        facts
    };
    if step.step_up && !caller.stepped_up(engine.now) {
        return Err(Error::StepUpNeeded);
    }
    let granted = grant(engine, caller, viewer, &case)?;
    let decision = DecisionRow {
        approval: asked.approval,
        step: turn.index,
        person,
        account: caller.account,
        for_person: turn.for_person,
        verdict: asked.verdict.word().to_owned(),
        comment: asked.comment.clone(),
        at: engine.now,
    };
    if asked.verdict != Verdict::Approve {
        let performed = close::say_no(engine, viewer, &granted, case, &decision)?;
        return Ok(Decided::Answer(performed));
    }
    ready::sealed(&case)?;
    ready::record_is_free(engine, &case)?;
    let changes = ready::changed(engine, &case)?;
    if !changes.is_empty() {
        let error = facts_changed(engine, viewer, visible, &case, &changes)?;
        close::send_back(engine, &granted, case.approval, &changes)?;
        return Ok(Decided::SentBack(error));
    }
    ready::authority(engine, &case)?;
    ready::stops(engine, &case, &facts)?;
    if let Some(delegator) = decision.for_person {
        // what somebody may not decide, nobody decides for them
        let around = Around {
            decider: Some(delegator),
            ..around
        };
        let facts = engine.facts(case.definition, &case.proposed, &around)?;
        ready::stops(engine, &case, &facts)?;
    }
    judge_signatures(engine, &case, &decision, signs)?;
    approve(engine, viewer, &granted, case, &decision).map(Decided::Answer)
}

/// The signatures that are there by now, with this decision or signature; and whether those that are owed will come.
fn judge_signatures(
    engine: &mut Engine<'_, '_>,
    case: &Case<'_>,
    decision: &DecisionRow,
    signs: bool,
) -> Result<(), Error> {
    let person = decision.person;
    let mut decisions = engine.tx.decisions(case.approval.id)?;
    let mut in_inbox = super::signed_since(&case.approval, &decisions);
    if signs && !in_inbox.iter().any(|(one, _)| *one == person) {
        in_inbox.push((person, engine.now));
    }
    let deciders = [(!signs).then_some(person), decision.for_person];
    let deciders: Vec<PersonId> = deciders.into_iter().flatten().collect();
    ready::signatures(engine, case, &deciders, &in_inbox)?;
    decisions.push(decision.clone());
    if super::can_be_signed(case, &decisions, &engine.placed) {
        return Ok(());
    }
    let had_signed = super::signed_before(&case.approval).contains(&person);
    Err(if had_signed {
        ready::decider_signed()
    } else {
        signers::missing_signature()
    })
}

/// Whether the decider may decide at all, on the record as it is and as it would become.
fn grant(
    engine: &mut Engine<'_, '_>,
    caller: &Caller,
    viewer: &Viewer,
    case: &Case<'_>,
) -> Result<Granted, Error> {
    let mut act = Act::new("approval.approve", &case.definition.key, "office");
    act.step_up = caller.stepped_up(engine.now);
    let grounds = request::record_grounds(engine, viewer, &case.row)?;
    access::decide(
        viewer,
        &case.label().class(),
        &grounds,
        Grant::Handle,
        &act,
        &engine.inner.policies,
    )
    .map_err(|denied| Error::denied(&denied))
}

/// Names what changed, as far as the decider may know of it.
fn facts_changed(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    visible: &Visible,
    case: &Case<'_>,
    changes: &[Change],
) -> Result<Error, Error> {
    let told = told(engine, viewer, visible, &case.row, changes)?;
    let names: Vec<_> = told
        .iter()
        .map(|what| match (what.as_str(), case.definition.field(what)) {
            (_, Some(field)) => field.name.clone(),
            ("definition", None) => text("台账规则", "the rules of the register"),
            ("steps", None) => text("审批步骤", "the steps of the approval"),
            _ => text("记录本身", "the record itself"),
        })
        .collect();
    Ok(sent_back(&names))
}

/// It went back to who asked: what of it has changed.
pub(super) fn sent_back(names: &[domain::Text]) -> Error {
    let join = |mut words: Vec<&str>, between: &str, open: &str, close: &str| {
        words.dedup();
        if words.is_empty() {
            String::new()
        } else {
            format!("{open}{}{close}", words.join(between))
        }
    };
    let zh = join(
        names.iter().map(|name| name.zh.as_str()).collect(),
        "、",
        "（",
        "）",
    );
    let en = join(
        names.iter().map(|name| name.en.as_str()).collect(),
        ", ",
        " (",
        ")",
    );
    Error::Conflict {
        code: "approval.facts_changed",
        say: text(
            &format!("报批后相关事项已变更{zh}，已退回申请人重新报批"),
            &format!("what was frozen has changed since{en}; it went back to who asked"),
        ),
    }
}

/// What of the changes somebody may be told.
pub(in crate::perform) fn told(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    visible: &Visible,
    row: &store::RecordRow,
    changes: &[Change],
) -> Result<Vec<String>, Error> {
    let ids: BTreeSet<_> = changes.iter().filter_map(|change| change.record).collect();
    let seen = engine.tx.visible_among(&ids, visible)?;
    let definition = engine.definition(&row.register)?;
    let shown = records::shown(engine, (viewer, visible), row, row.body.clone())?;
    let mut told: Vec<String> = changes
        .iter()
        .filter(|change| change.record.is_none_or(|record| seen.contains(&record)))
        .map(|change| change.what.clone())
        .filter(|what| definition.field(what).is_none() || shown.contains_key(what))
        .collect();
    told.dedup();
    Ok(told)
}

/// Counts an approval: towards the quorum of its step, the round, the whole.
fn approve(
    engine: &mut Engine<'_, '_>,
    viewer: &Viewer,
    granted: &Granted,
    mut case: Case<'_>,
    decision: &DecisionRow,
) -> Result<Performed, Error> {
    let mut decisions = engine.tx.decisions(decision.approval)?;
    decisions.push(decision.clone());
    let mut round = Round::GoesOn;
    if open_steps(case.definition, &case.approval, &decisions).is_empty() {
        case.approval.step += 1;
        round = Round::Begins;
    }
    let last = case.approval.step >= rounds(&case.approval);
    if last {
        "approved".clone_into(&mut case.approval.state);
        case.approval.closed_at = Some(engine.now);
    }
    keep(
        engine,
        granted,
        &case.approval,
        "approved",
        Some(decision),
        None,
    )?;
    if !last {
        let around = Around {
            proposer: case.approval.requested_person,
            approvers: deciders::approvers(engine.tx, case.row.root())?,
            before: case.before(),
            ..Around::default()
        };
        let facts: Facts<'_> = engine.facts(case.definition, &case.proposed, &around)?;
        let label = case.label();
        deciders::assign(engine, granted, (&case.approval, &label), &facts, round)?;
        let record = Box::new(records::view_own(engine, viewer, case.row.id)?);
        return Ok(Performed::Waiting {
            approval: case.approval.id,
            record,
        });
    }
    if engine.placed.is_owed() {
        return Err(signers::missing_signature());
    }
    let decided = decisions
        .iter()
        .filter(|one| !super::is_signature(&case.approval, one.step));
    let approvers = decided.flat_map(|one| [Some(one.person), one.for_person]);
    let approvers: Vec<PersonId> = approvers.flatten().collect();
    let (id, approval) = (case.row.id, case.approval.clone());
    execute(engine, granted, case, approvers)?;
    let done = request::done(engine, viewer, id)?;
    deciders::release(engine, granted, &approval)?;
    Ok(done)
}

/// Carries out what waited, as who asked for it, with the approvers known to its rules.
fn execute(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    case: Case<'_>,
    approvers: Vec<PersonId>,
) -> Result<(), Error> {
    let frozen = &case.approval.frozen;
    engine.actor = case.approval.requested_person;
    engine.account = Some(case.approval.requested_by);
    // judged with this decision; what signs the making of a record is sealed with it already
    if case.action.is_initial() {
        engine.signed.retain(|one| one.method == SignMethod::Inbox);
        engine.slips.clear();
    }
    let comment = frozen.get("comment").and_then(Value::as_str);
    let terms = Terms {
        comment: comment.map(ToOwned::to_owned),
        accepted: ready::accepted(frozen),
        approvers,
        cause: None,
    };
    let found = Found {
        definition: case.definition,
        action: case.action,
        before: Some(case.row),
        row: case.proposed,
    };
    effects::execute(engine, granted, found, &terms)?;
    Ok(())
}
