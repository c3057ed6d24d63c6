//! The waist: every change of a record passes here. Decide → validate → rules → approvals → effect →
//! commit, all inside the committing transaction; only credentials are checked before it.

mod approvals;
mod commit;
mod creates;
mod effects;
mod engine;
mod inbox;
mod nested;
mod repeat;
mod request;
mod signatures;
mod signers;

pub(crate) use approvals::{asks_again, fits_its_digest};
pub(crate) use commit::{SIGNED, index_value, signers};
pub(crate) use engine::Engine;
pub(crate) use nested::Nested;
pub(crate) use request::permitted;
pub(crate) use signers::Signed;
#[cfg(test)]
pub(crate) use signers::perform_signed;

use crate::{
    caller::Caller,
    core::App,
    error::{Error, text},
    limits,
    views::{Decision, Perform, Performed},
};
use approvals::Decided;
use repeat::Repeat;
use std::sync::Arc;

impl App {
    /// Acts on a record, or makes a new one.
    pub async fn perform(&self, caller: &Caller, request: Perform) -> Result<Performed, Error> {
        check_limits(&request)?;
        if caller.scopes().is_some() && !request.signatures.is_empty() {
            return Err(signed_by_program());
        }
        let now = self.inner.now();
        let signed = self.verify_signatures(&request.signatures).await?;
        let repeat = Repeat::of_request(caller, &request);
        let (caller, request) = (caller.clone(), Arc::new(request));
        self.transact_anew(move |inner, tx| {
            let mut engine = Engine::new(inner, tx, now, signed);
            if let Some(answer) = repeat.answer(&mut engine, &caller)? {
                return Ok(answer);
            }
            let performed = request::run(&mut engine, &caller, &request)?;
            repeat.keep(&mut engine, &performed)?;
            Ok(performed)
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
                    Decided::Answer(performed) => repeat.keep(&mut engine, performed)?,
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
    let reasons = request
        .accept_warnings
        .iter()
        .map(|accepted| accepted.reason.chars().count());
    let fits = reasons.max().unwrap_or(0) <= limits::COMMENT_CHARS
        && request.signatures.len() <= limits::SIGNATURES;
    if fits { Ok(()) } else { Err(too_long()) }
}

fn check_words(comment: Option<&str>, key: Option<&str>) -> Result<(), Error> {
    let comment = comment.map_or(0, |comment| comment.chars().count());
    let key = key.map_or(0, str::len);
    if comment <= limits::COMMENT_CHARS && key <= limits::IDEMPOTENCY_KEY_BYTES {
        return Ok(());
    }
    Err(too_long())
}

fn too_long() -> Error {
    Error::Malformed {
        code: "request.too_long",
        say: text(
            "备注、理由、签名或幂等键超出长度限制",
            "a comment, reason, list of signatures or idempotency key is too long",
        ),
    }
}

/// Persons sign in a session, at a counter or in their inbox, never through a program.
fn signed_by_program() -> Error {
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
