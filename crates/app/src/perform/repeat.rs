//! Repeats: a request that comes again under the same key is not carried out again. What was done is
//! answered with the record as it is now, what waits with what was said of it, if whoever asks is still
//! there and may still see it.

use super::{
    engine::Engine,
    outcome::{Act, Done, Kept, KeptBefore, Outcome},
};
use crate::{
    caller::Caller,
    error::Error,
    limits, people, records,
    views::{Decision, Perform, Performed, SignatureInput},
    visibility,
};
use access::Grant;
use aws_lc_rs::digest;
use domain::{AccountId, RecordId};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::Answer;

/// A request that may come again.
#[derive(Clone, Debug)]
pub(super) struct Repeat {
    account: AccountId,
    /// None where nothing is to be kept: no key was given, or nothing will be changed.
    asked: Option<Asked>,
}

/// What is asked under a key.
#[derive(Clone, Debug)]
struct Asked {
    key: String,
    digest: String,
}

impl Repeat {
    pub(super) fn of_request(caller: &Caller, request: &Perform) -> Self {
        let key = request.idempotency_key.as_ref();
        Self::new(caller, key.filter(|_| !request.dry_run), || {
            let accepted = request.accept_warnings.iter();
            let signers = request.signatures.iter();
            json!({
                "target": format!("{:?}", request.target),
                "action": request.action,
                "input": request.input,
                "accepted": accepted.map(|one| [&one.rule, &one.reason]).collect::<Vec<_>>(),
                "occurred_at": request.occurred_at,
                "comment": request.comment,
                "signers": signers.map(identity).collect::<Vec<_>>(),
            })
        })
    }

    pub(super) fn of_decision(caller: &Caller, decision: &Decision) -> Self {
        Self::new(caller, decision.idempotency_key.as_ref(), || {
            json!({
                "approval": decision.approval,
                "verdict": decision.verdict.word(),
                "comment": decision.comment,
                "digest": decision.digest,
            })
        })
    }

    fn new(caller: &Caller, key: Option<&String>, plain: impl FnOnce() -> Value) -> Self {
        let asked = key.map(|key| Asked {
            key: key.clone(),
            digest: digest_of(&plain()),
        });
        Self {
            account: caller.account,
            asked,
        }
    }

    /// What came of the same request the first time; without one, the key is taken for this time.
    pub(super) fn outcome(
        &self,
        engine: &mut Engine<'_, '_>,
        caller: &Caller,
    ) -> Result<Option<Outcome>, Error> {
        let Some(asked) = &self.asked else {
            return Ok(None);
        };
        let times = (engine.now - limits::IDEMPOTENCY, engine.now);
        let claimed =
            engine
                .tx
                .keep()
                .claim_answer(self.account, &asked.key, &asked.digest, times)?;
        match claimed {
            Some(answer) => asked.repeated(engine, caller, answer).map(Some),
            None => Ok(None),
        }
    }

    /// The answer to the same decision the first time, if there was one.
    pub(super) fn answer(
        &self,
        engine: &mut Engine<'_, '_>,
        caller: &Caller,
    ) -> Result<Option<Performed>, Error> {
        match self.outcome(engine, caller)? {
            Some(Outcome::Told(performed)) => Ok(Some(performed)),
            Some(Outcome::Done(_)) => Err(Error::defect("a decision was kept as an act")),
            None => Ok(None),
        }
    }

    /// The same as [`Self::outcome`], before anything that a repeat need not show again, and without
    /// taking the key.
    pub(super) fn kept(
        &self,
        engine: &mut Engine<'_, '_>,
        caller: &Caller,
    ) -> Result<Option<Outcome>, Error> {
        let Some(asked) = &self.asked else {
            return Ok(None);
        };
        let since = engine.now - limits::IDEMPOTENCY;
        match engine.tx.answer(self.account, &asked.key, since)? {
            Some(answer) => asked.repeated(engine, caller, answer).map(Some),
            None => Ok(None),
        }
    }

    /// Keeps the answer for a repeat.
    pub(super) fn keep(&self, engine: &mut Engine<'_, '_>, kept: Kept<'_>) -> Result<(), Error> {
        let Some(asked) = &self.asked else {
            return Ok(());
        };
        let answer = Answer {
            digest: asked.digest.clone(),
            answer: serde_json::to_value(kept).map_err(Error::internal)?,
        };
        let now = engine.now;
        engine
            .tx
            .keep()
            .put_answer(self.account, &asked.key, &answer, now)?;
        Ok(())
    }

    /// Gives the key back: what came of it is no answer to repeat.
    pub(super) fn forget(&self, engine: &mut Engine<'_, '_>) -> Result<(), Error> {
        if let Some(asked) = &self.asked {
            engine.tx.keep().forget_answer(self.account, &asked.key)?;
        }
        Ok(())
    }
}

/// What is asked, so that it is known again.
pub(crate) fn digest_of(plain: &Value) -> String {
    let digest = digest::digest(&digest::SHA256, plain.to_string().as_bytes());
    hex::encode(digest)
}

impl Asked {
    /// What came of it the first time, unless something else was asked under this key.
    fn repeated(
        &self,
        engine: &mut Engine<'_, '_>,
        caller: &Caller,
        answer: Answer,
    ) -> Result<Outcome, Error> {
        if answer.digest != self.digest {
            return Err(Error::conflict(
                "idempotency.other_body",
                "该幂等键已用于另一请求",
                "this idempotency key was used for another request",
            ));
        }
        match serde_json::from_value(answer.answer).map_err(Error::internal)? {
            KeptBefore::Told(performed) => {
                as_seen_now(engine, caller, performed).map(Outcome::Told)
            }
            KeptBefore::Act(act) => {
                done_before(engine, caller, act).map(|done| Outcome::Done(Box::new(done)))
            }
        }
    }
}

/// An act done before, for whoever may still see what it was done to.
fn done_before(engine: &mut Engine<'_, '_>, caller: &Caller, mut act: Act) -> Result<Done, Error> {
    let viewer = people::viewer(engine.inner, engine.tx, caller, engine.now)?;
    let visible = visibility::visible(engine.inner, engine.tx, &viewer, Grant::Handle, engine.now)?;
    let mut ids: BTreeSet<RecordId> = act.made.iter().map(|one| one.id).collect();
    ids.insert(act.record);
    let seen = engine.tx.visible_among(&ids, &visible)?;
    if !seen.contains(&act.record) {
        return Err(Error::NotFound);
    }
    act.made.retain(|one| seen.contains(&one.id));
    Ok(Done { viewer, act })
}

/// Who signs, how, and where in the book. WHY: a credential is no part of what is asked, codes
/// differ each time, and nothing of either may be kept.
pub(crate) fn identity(signature: &SignatureInput) -> Value {
    let on_paper = matches!(signature.method.as_str(), "paper" | "slip");
    let paper = on_paper.then(|| signature.credential.expose().trim());
    json!([signature.person, signature.method, paper])
}

/// The kept answer, asked about again: the account live, the record visible, its fields shown.
fn as_seen_now(
    engine: &mut Engine<'_, '_>,
    caller: &Caller,
    mut performed: Performed,
) -> Result<Performed, Error> {
    let viewer = people::viewer(engine.inner, engine.tx, caller, engine.now)?;
    let visible = visibility::visible(engine.inner, engine.tx, &viewer, Grant::Handle, engine.now)?;
    let record = match &mut performed {
        Performed::Done { record, made } => {
            let ids: BTreeSet<RecordId> = made.iter().map(|one| one.id).collect();
            let seen = engine.tx.visible_among(&ids, &visible)?;
            made.retain(|one| seen.contains(&one.id));
            record
        }
        Performed::Waiting { record, .. } => record,
        Performed::WouldHappen { .. } => return Ok(performed),
    };
    let row = engine.tx.visible_record(record.id, &visible)?;
    let row = row.ok_or(Error::NotFound)?;
    let fields = std::mem::take(&mut record.fields);
    record.fields = records::shown(engine, (&viewer, &visible), &row, fields)?;
    record.lines = records::lines_seen(engine, viewer, visible, &row)?;
    Ok(performed)
}
