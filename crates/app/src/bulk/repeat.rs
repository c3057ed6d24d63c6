//! A bulk act that is asked for again under the same key is the one that was begun the first time.

use super::{BulkInput, Errand};
use crate::{
    core::Inner,
    error::Error,
    limits,
    perform::{digest_of, identity},
};
use domain::JobId;
use serde_json::{Value, json};
use store::{Answer, Tx};

/// The bulk act that was begun by the same request before.
pub(super) fn before(
    inner: &Inner,
    tx: &mut Tx<'_>,
    errand: &Errand,
) -> Result<Option<JobId>, Error> {
    let Some((key, digest)) = &errand.repeat else {
        return Ok(None);
    };
    let now = inner.now();
    let times = (now - limits::IDEMPOTENCY, now);
    let claimed = tx
        .keep()
        .claim_answer(errand.row.account, key, digest, times)?;
    let Some(answer) = claimed else {
        return Ok(None);
    };
    same(&answer, digest).map(Some)
}

/// The bulk act of an answer that was kept, if the same was asked for.
pub(super) fn same(answer: &Answer, digest: &str) -> Result<JobId, Error> {
    let id = answer.answer.get("bulk").and_then(Value::as_str);
    let id = id.and_then(|id| id.parse().ok());
    id.filter(|_| answer.digest == *digest).ok_or_else(|| {
        Error::conflict(
            "idempotency.other_body",
            "该幂等键已用于另一请求",
            "this idempotency key was used for another request",
        )
    })
}

/// Key and digest of what is asked, if a repeat is to be known again.
pub(super) fn repeat(input: &BulkInput, register: &str) -> Option<(String, String)> {
    let key = input.idempotency_key.clone().filter(|_| !input.dry_run)?;
    let accepted = input.accept_warnings.iter();
    // WHY: of a list what was asked counts, not what it gave this time
    let which = match &input.list {
        Some(list) => json!([list.filter, list.q]),
        None => json!(input.items),
    };
    let digest = digest_of(&json!({
        "bulk": register,
        "action": input.action,
        "which": which,
        "input": input.input,
        "accepted": accepted.map(|one| [&one.rule, &one.reason]).collect::<Vec<_>>(),
        "occurred_at": input.occurred_at,
        "comment": input.comment,
        "atomic": input.atomic,
        "signers": input.signatures.iter().map(identity).collect::<Vec<_>>(),
    }));
    Some((key, digest))
}
