//! The waist: every change of a record passes here. Decide → validate → rules → approvals → effect →
//! commit, all inside the committing transaction; only credentials are checked before it, after a
//! look whether this is a repeat.

mod approvals;
mod carry;
mod commit;
mod creates;
mod effects;
mod engine;
mod grounds;
mod inbox;
mod index;
mod initials;
mod lines;
mod links;
mod nested;
mod objections;
mod opening;
mod outcome;
mod repeat;
mod request;
mod scan;
mod seal;
mod signatures;
mod signers;
mod unfinished;

pub(crate) use approvals::{
    asks_again, awaited_as, fits_its_digest, is_signature, is_waiting, waits,
};
pub(crate) use carry::carry_over;
pub(crate) use commit::place_of;
pub(crate) use engine::Engine;
pub(crate) use index::{index_value, indexed, is_broken, is_kept_as_number};
pub(crate) use nested::Nested;
pub(crate) use repeat::{digest_of, identity};
pub(crate) use request::{permitted, run as run_request};
pub(crate) use scan::may_scan;
pub(crate) use seal::{SIGNED, signers};
#[cfg(test)]
pub(crate) use signers::perform_signed;
pub(crate) use signers::{Placed, Signed, use_up};

use crate::{
    batch::Place,
    caller::Caller,
    core::App,
    error::{Error, text},
    limits,
    views::{AcceptedWarning, Decision, Perform, Performed},
};
use approvals::Decided;
use domain::Timestamp;
pub(crate) use outcome::Outcome;
use outcome::{Done, Kept};
use repeat::Repeat;
use std::sync::Arc;

impl App {
    /// Acts on a record, or makes a new one.
    pub async fn perform(&self, caller: &Caller, request: Perform) -> Result<Performed, Error> {
        self.perform_of(caller, request, None).await
    }

    /// The same for a row of a file, which is told in the act's transaction what became of it.
    pub(crate) async fn perform_of(
        &self,
        caller: &Caller,
        request: Perform,
        row: Option<Place>,
    ) -> Result<Performed, Error> {
        check_limits(&request)?;
        if caller.scopes().is_some() && !request.signatures.is_empty() {
            return Err(signed_by_program());
        }
        let now = self.inner.now();
        let repeat = Repeat::of_request(caller, &request);
        if !request.signatures.is_empty()
            && let Some(answer) = self.kept_answer(caller, &repeat, &request).await?
        {
            return Ok(answer);
        }
        let (signed, slips) = self.verify_signatures(&request.signatures).await?;
        let (caller, request) = (caller.clone(), Arc::new(request));
        let asked = Arc::clone(&request);
        let outcome = self
            .transact_anew(move |inner, tx| {
                let mut engine = Engine::new(inner, tx, now, signed);
                engine.slips = slips;
                if let Some(outcome) = repeat.outcome(&mut engine, &caller)? {
                    return Ok(outcome);
                }
                let outcome = request::run(&mut engine, &caller, &request)?;
                if let Some(row) = &row {
                    // WHY: a row becomes one record, whatever happens after this commit
                    row.settle(engine.tx, &outcome)?;
                }
                repeat.keep(&mut engine, outcome.kept())?;
                Ok(outcome)
            })
            .await?;
        match outcome {
            Outcome::Told(performed) => Ok(performed),
            Outcome::Done(done) => {
                let action = asked.action.clone();
                let performed = self.look_up(*done, asked, now).await;
                self.deputies_anew(action.as_deref(), &performed).await;
                Ok(performed)
            }
        }
    }

    /// What was done, as it is now. WHY: one writer carries out everything, and what only reads need
    /// not wait in its queue; but the act stands, so whatever keeps a reader from answering is no
    /// failure of the act.
    async fn look_up(&self, done: Done, asked: Arc<Perform>, now: Timestamp) -> Performed {
        let (act, written) = (done.act.clone(), Arc::clone(&asked));
        let seen = self
            .glance(move |inner, tx| {
                let mut engine = Engine::new(inner, tx, now, Vec::new());
                done.view(&mut engine, &asked.input)
            })
            .await;
        seen.unwrap_or_else(|error| {
            tracing::error!(%error, "what was done could not be looked up");
            act.told(&written.input)
        })
    }

    /// The answer to a signed request that came before. WHY: its codes are used up, and an honest
    /// repeat must not count against who signed; it asks for nothing that was not done already.
    async fn kept_answer(
        &self,
        caller: &Caller,
        repeat: &Repeat,
        request: &Perform,
    ) -> Result<Option<Performed>, Error> {
        let (caller, repeat, now) = (caller.clone(), repeat.clone(), self.inner.now());
        let written = request.input.clone();
        self.read_tx(move |inner, tx| {
            let mut engine = Engine::new(inner, tx, now, Vec::new());
            match repeat.kept(&mut engine, &caller)? {
                Some(Outcome::Done(done)) => done.view(&mut engine, &written).map(Some),
                Some(Outcome::Told(performed)) => Ok(Some(performed)),
                None => Ok(None),
            }
        })
        .await
    }

    /// Decides on an approval; the last approving decision executes what waited for it.
    pub async fn decide(&self, caller: &Caller, decision: Decision) -> Result<Performed, Error> {
        check_words(
            decision.comment.as_deref(),
            decision.idempotency_key.as_deref(),
        )?;
        let repeat = Repeat::of_decision(caller, &decision);
        let (caller, now) = (caller.clone(), self.inner.now());
        let decided = self
            .transact_anew(move |inner, tx| {
                let mut engine = Engine::new(inner, tx, now, Vec::new());
                if let Some(answer) = repeat.answer(&mut engine, &caller)? {
                    return Ok(Decided::Answer(answer));
                }
                let decided = approvals::decide(&mut engine, &caller, &decision)?;
                match &decided {
                    Decided::Answer(performed) => {
                        repeat.keep(&mut engine, Kept::Told(performed))?
                    }
                    Decided::SentBack(_) => repeat.forget(&mut engine)?,
                }
                Ok(decided)
            })
            .await?;
        match decided {
            Decided::Answer(performed) => Ok(performed),
            Decided::SentBack(error) => Err(error),
        }
    }
}

fn check_limits(request: &Perform) -> Result<(), Error> {
    check_words(
        request.comment.as_deref(),
        request.idempotency_key.as_deref(),
    )?;
    check_warnings(&request.accept_warnings)?;
    if request.signatures.len() <= limits::SIGNATURES {
        Ok(())
    } else {
        Err(too_long())
    }
}

/// Warnings that are passed: how many, and how long what is said of them.
pub(crate) fn check_warnings(accepted: &[AcceptedWarning]) -> Result<(), Error> {
    let fits = |one: &AcceptedWarning| {
        one.rule.len() <= limits::RULE_BYTES && one.reason.chars().count() <= limits::COMMENT_CHARS
    };
    if accepted.len() <= limits::WARNINGS && accepted.iter().all(fits) {
        Ok(())
    } else {
        Err(too_long())
    }
}

pub(crate) fn check_words(comment: Option<&str>, key: Option<&str>) -> Result<(), Error> {
    let comment = comment.map_or(0, |comment| comment.chars().count());
    let key = key.map_or(0, str::len);
    if comment <= limits::COMMENT_CHARS && key <= limits::IDEMPOTENCY_KEY_BYTES {
        return Ok(());
    }
    Err(too_long())
}

pub(crate) fn too_long() -> Error {
    Error::Malformed {
        code: "request.too_long",
        say: text(
            "备注、理由、签名或幂等键超出长度限制",
            "a comment, reason, list of signatures or idempotency key is too long",
        ),
    }
}

/// Persons sign in a session, at a counter or in their inbox, never through a program.
pub(crate) fn signed_by_program() -> Error {
    Error::Denied {
        code: "token.scope".to_owned(),
        rule: None,
        clause: None,
        say: text(
            "令牌不能代人签字",
            "a program's token carries no signatures",
        ),
    }
}
