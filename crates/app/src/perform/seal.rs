//! Signatures as a version seals them, as its entry tells them, and as they are kept beside it.

use super::Signed;
use crate::{error::Error, limits};
use aws_lc_rs::digest;
use domain::Timestamp;
use registers::model::SignMethod;
use serde_json::{Value, json};
use store::{RecordRow, SignatureRow, Write};

/// What a signature covers: the record as it stands after the act, as SHA-256 of the canonical
/// JSON (RFC 8785) of id, version, state and fields, and of its lines where the register has any:
/// those the act gives, and the versions of those that are there. Anybody who has the version can
/// work it out.
pub(super) fn signed_digest(row: &RecordRow, lines: Option<&Value>) -> Result<String, Error> {
    let mut content =
        json!({ "id": row.id, "version": row.version, "state": row.state, "fields": row.body });
    if let (Some(map), Some(lines)) = (content.as_object_mut(), lines) {
        map.insert("lines".to_owned(), lines.clone());
    }
    let canonical = serde_json_canonicalizer::to_vec(&content).map_err(Error::internal)?;
    Ok(hex::encode(digest::digest(&digest::SHA256, &canonical)))
}

/// Signatures as the version seals them: who signed which digest, how, and for what.
pub(super) fn sealed_signatures(
    (signed, slips): (&[Signed], &[String]),
    action: &str,
    digest: &str,
) -> Value {
    let one = |signature: &Signed| {
        let mut sealed = json!({
            "person": signature.person,
            "role": action,
            "method": signature.method.key(),
            "digest": digest,
        });
        if let (Some(map), Some(paper)) = (sealed.as_object_mut(), &signature.paper) {
            map.insert("paper".to_owned(), paper.clone().into());
        }
        if let (Some(map), Some(at)) = (sealed.as_object_mut(), signature.at) {
            map.insert("at".to_owned(), at.to_string().into());
        }
        sealed
    };
    let slip = |place: &String| {
        let method = SignMethod::Slip.key();
        json!({ "role": action, "method": method, "digest": digest, "paper": place })
    };
    let slips = slips.iter().map(slip);
    signed.iter().map(one).chain(slips).collect()
}

/// Names of the facts that tell who signed: as many as an act takes signatures.
pub(crate) const SIGNED: [&str; limits::SIGNATURES] = [
    "signed.1",
    "signed.2",
    "signed.3",
    "signed.4",
    "signed.5",
    "signed.6",
    "signed.7",
    "signed.8",
    "signed.9",
    "signed.10",
    "signed.11",
    "signed.12",
    "signed.13",
    "signed.14",
    "signed.15",
    "signed.16",
    "signed.17",
    "signed.18",
    "signed.19",
    "signed.20",
];

/// Who signed and how, as an entry tells it: so a certificate names its signers to whoever has it.
pub(crate) fn signers(signatures: &Value) -> Vec<String> {
    let list = signatures.as_array().into_iter().flatten();
    list.filter_map(|one| {
        let [person, method] = ["person", "method"].map(|key| one.get(key).and_then(Value::as_str));
        // nobody of the house signs a slip
        Some(format!("{}:{}", person.unwrap_or("-"), method?))
    })
    .collect()
}

/// The signatures of people, beside the version that seals them.
pub(super) fn put_signatures(
    door: &mut Write<'_, '_>,
    row: &RecordRow,
    (signed, action, digest): (&[Signed], &str, &str),
    now: Timestamp,
) -> Result<(), Error> {
    for signature in signed {
        door.insert_signature(&SignatureRow {
            record: row.id,
            version: row.version,
            role: action.to_owned(),
            person: signature.person,
            method: signature.method.key().to_owned(),
            digest: digest.to_owned(),
            at: now,
        })?;
    }
    Ok(())
}
