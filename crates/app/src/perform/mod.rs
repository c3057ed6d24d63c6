//! The waist: every change of a record passes here. Decide → validate → rules → approvals → effect →
//! commit, all inside the committing transaction; only credentials are checked before it.

mod approvals;
mod commit;
mod creates;
mod effects;
mod engine;
mod inbox;
mod nested;
mod request;
mod signatures;
mod signers;

pub(crate) use commit::index_value;
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
    views::{Perform, Performed, Verdict},
};
use aws_lc_rs::digest;
use domain::{ApprovalId, Timestamp};
use std::sync::Arc;
use store::{Answer, Tx};

impl App {
    /// Acts on a record, or makes a new one.
    pub async fn perform(&self, caller: &Caller, request: Perform) -> Result<Performed, Error> {
        check_limits(&request)?;
        if caller.scopes().is_some() && !request.signatures.is_empty() {
            return Err(signed_by_program());
        }
        let now = self.inner.now();
        let signed = self.verify_signatures(&request.signatures).await?;
        let digest = request_digest(&request);
        let (caller, request) = (caller.clone(), Arc::new(request));
        self.transact_anew(move |inner, tx| {
            if let Some(answer) = repeated(tx, &caller, &request, &digest, now)? {
                return Ok(answer);
            }
            let mut engine = Engine::new(inner, tx, now, signed);
            let performed = request::run(&mut engine, &caller, &request)?;
            if let (Some(key), false) = (&request.idempotency_key, request.dry_run) {
                let answer = serde_json::to_value(&performed).map_err(Error::internal)?;
                tx.keep()
                    .put_answer(caller.account, key, &Answer { digest, answer }, now)?;
            }
            Ok(performed)
        })
        .await
    }

    /// Decides on an approval; the last approving decision executes what waited for it.
    pub async fn decide(
        &self,
        caller: &Caller,
        id: ApprovalId,
        verdict: Verdict,
        comment: Option<String>,
    ) -> Result<Performed, Error> {
        let (caller, now) = (caller.clone(), self.inner.now());
        self.transact_anew(move |inner, tx| {
            let mut engine = Engine::new(inner, tx, now, Vec::new());
            approvals::decide(&mut engine, &caller, id, verdict, comment)
        })
        .await
    }
}

fn check_limits(request: &Perform) -> Result<(), Error> {
    let comment = request
        .comment
        .as_ref()
        .map_or(0, |comment| comment.chars().count());
    let reasons = request
        .accept_warnings
        .iter()
        .map(|accepted| accepted.reason.chars().count());
    let key = request.idempotency_key.as_ref().map_or(0, String::len);
    let fits = comment <= limits::COMMENT_CHARS
        && reasons.max().unwrap_or(0) <= limits::COMMENT_CHARS
        && request.signatures.len() <= limits::SIGNATURES
        && key <= limits::IDEMPOTENCY_KEY_BYTES;
    if fits {
        return Ok(());
    }
    Err(Error::Malformed {
        code: "request.too_long",
        say: text(
            "备注、理由、签名或幂等键超出长度限制",
            "a comment, reason, list of signatures or idempotency key is too long",
        ),
    })
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

/// Digest over everything a repeat must have in common; credentials of signatures are left out.
fn request_digest(request: &Perform) -> String {
    let plain = serde_json::json!({
        "target": format!("{:?}", request.target),
        "action": request.action,
        "input": request.input,
        "occurred_at": request.occurred_at,
        "comment": request.comment,
        "signers": request.signatures.iter().map(|one| one.person).collect::<Vec<_>>(),
    });
    hex::encode(digest::digest(
        &digest::SHA256,
        plain.to_string().as_bytes(),
    ))
}

fn repeated(
    tx: &mut Tx<'_>,
    caller: &Caller,
    request: &Perform,
    digest: &str,
    now: Timestamp,
) -> Result<Option<Performed>, Error> {
    let Some(key) = &request.idempotency_key else {
        return Ok(None);
    };
    let Some(answer) = tx.answer(caller.account, key, now - limits::IDEMPOTENCY)? else {
        return Ok(None);
    };
    if answer.digest != digest {
        return Err(Error::conflict(
            "idempotency.other_body",
            "该幂等键已用于另一请求",
            "this idempotency key was used for another request",
        ));
    }
    serde_json::from_value(answer.answer)
        .map(Some)
        .map_err(Error::internal)
}
