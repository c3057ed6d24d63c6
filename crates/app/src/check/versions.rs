//! Versions against the log's commitments, and current rows against their newest version.

use super::{PAGE, derived, findings::Findings, grounds, numbers::Numbers};
use crate::{
    core::Inner,
    error::{DAMAGED_PAGE, Error},
    keys, labels, perform,
    records::open_sealed,
};
use domain::{Actor, RecordId};
use ledger::{Commitment, Entry, Salt};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use store::{RecordRow, Tx, VersionRow};
use vault::DataKey;

/// The versions of one record as they pass by.
struct Line {
    record: RecordId,
    /// The record's key; none if it does not open or was erased.
    key: Option<DataKey>,
    first: VersionRow,
    newest: VersionRow,
    content: Option<Map<String, Value>>,
    /// Every signature sealed so far; none once a version was read that says nothing of them.
    signed: Option<BTreeSet<Signature>>,
}

/// Version, role, person, method and digest.
type Signature = (i64, String, String, String, String);

/// Looks at every version and every record; gives the numbers that were drawn.
pub(super) fn all(
    inner: &Inner,
    tx: &mut Tx<'_>,
    findings: &mut Findings,
) -> Result<Numbers, Error> {
    for record in tx.records_without_version()? {
        findings.add(
            "check.version_missing",
            "a record has no version",
            format!("record {record}"),
        );
    }
    let mut numbers = Numbers::default();
    let mut line: Option<Line> = None;
    let mut after = None;
    loop {
        let page = tx.versions_after(after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = Some((last.record, last.version));
        for version in page {
            findings.count("versions");
            let known = line.take_if(|line| line.record == version.record);
            if let (None, Some(done)) = (&known, line.take()) {
                finish(inner, tx, &done, findings)?;
            }
            line = Some(follow(inner, tx, known, version, &mut numbers, findings)?);
        }
    }
    if let Some(done) = line {
        finish(inner, tx, &done, findings)?;
    }
    Ok(numbers)
}

/// Takes the next version of a record.
fn follow(
    inner: &Inner,
    tx: &mut Tx<'_>,
    known: Option<Line>,
    version: VersionRow,
    numbers: &mut Numbers,
    findings: &mut Findings,
) -> Result<Line, Error> {
    let expected = known.as_ref().map_or(1, |line| line.newest.version + 1);
    if version.version != expected {
        findings.add(
            "check.version_missing",
            "versions of a record do not follow each other",
            format!("record {} version {expected}", version.record),
        );
    }
    let mut line = match known {
        Some(line) => line,
        None => Line {
            record: version.record,
            key: key(inner, tx, version.record, findings)?,
            first: version.clone(),
            newest: version.clone(),
            content: None,
            signed: Some(BTreeSet::new()),
        },
    };
    let before = line.content.take();
    line.content = content(tx, line.key.as_ref(), &version, findings)?;
    let sealed = line.content.as_ref().and_then(|now| {
        numbers.note(inner, before.as_ref(), now);
        sealed_signatures(&version, now)
    });
    line.signed = line.signed.take().zip(sealed).map(|(mut all, one)| {
        all.extend(one);
        all
    });
    line.newest = version;
    Ok(line)
}

/// The key of a record. One that is gone without the log saying so hides what it sealed.
fn key(
    inner: &Inner,
    tx: &mut Tx<'_>,
    record: RecordId,
    findings: &mut Findings,
) -> Result<Option<DataKey>, Error> {
    let object = keys::record_object(record);
    match keys::open(inner, tx, object) {
        Ok(Some((_, key))) => return Ok(Some(key)),
        Ok(None) => {
            let erased = tx.entries_of(record)?.iter().any(|row| {
                Entry::parse(&row.body).is_ok_and(|entry| entry.objects.contains(&object))
            });
            if erased {
                return Ok(None);
            }
        }
        Err(Error::Damaged { code, .. }) if code != DAMAGED_PAGE => {}
        // what cannot be read now is no finding about the record
        Err(error) => return Err(error),
    }
    findings.add(
        "check.key_missing",
        "the key of a record is not there or does not open",
        format!("record {record}"),
    );
    Ok(None)
}

fn place(version: &VersionRow) -> String {
    format!("record {} version {}", version.record, version.version)
}

/// Opens a version and compares it with its entry.
fn content(
    tx: &mut Tx<'_>,
    key: Option<&DataKey>,
    version: &VersionRow,
    findings: &mut Findings,
) -> Result<Option<Map<String, Value>>, Error> {
    let entry = tx
        .entry(version.entry)?
        .and_then(|row| Entry::parse(&row.body).ok());
    let Some(entry) = entry else {
        findings.add(
            "check.entry_missing",
            "a version has no entry in the log",
            place(version),
        );
        return Ok(None);
    };
    let wrong = disagreements(version, &entry)?;
    if !wrong.is_empty() {
        findings.add(
            "check.version_disagrees",
            format!("a version and its entry differ: {}", wrong.join(", ")),
            place(version),
        );
    }
    let Some(key) = key else { return Ok(None) };
    let Ok(plain) = open_sealed(key, version.record, version) else {
        findings.add(
            "check.version_unreadable",
            "a version does not open with its key",
            place(version),
        );
        return Ok(None);
    };
    let committed = entry.commitments.iter().find(|one| one.of == version.id);
    if !committed.is_some_and(|commitment| opens(commitment, plain.expose())) {
        findings.add(
            "check.version_changed",
            "a version is not what the log committed to",
            place(version),
        );
    }
    let content: Option<Map<String, Value>> =
        serde_json::from_slice(plain.expose().get(32..).unwrap_or_default()).ok();
    let said = content.as_ref().map(|content| action(content, version));
    if said.is_some_and(|said| said != entry.action.as_str()) {
        findings.add(
            "check.version_disagrees",
            "a version and its entry differ: action",
            place(version),
        );
    }
    if content
        .as_ref()
        .is_some_and(|content| signers(content) != told_signers(&entry))
    {
        findings.add(
            "check.version_disagrees",
            "a version and its entry differ: signers",
            place(version),
        );
    }
    Ok(content)
}

fn signers(content: &Map<String, Value>) -> Vec<String> {
    perform::signers(content.get("signatures").unwrap_or(&Value::Null))
}

fn told_signers(entry: &Entry) -> Vec<String> {
    let named = |key: &&str| entry.fact(key).map(ToOwned::to_owned);
    perform::SIGNED.iter().map_while(named).collect()
}

fn action(content: &Map<String, Value>, version: &VersionRow) -> String {
    let register = content.get("register").and_then(Value::as_str);
    format!("{}.{}", register.unwrap_or_default(), version.action)
}

/// What a version's row tells otherwise than its entry.
fn disagreements(version: &VersionRow, entry: &Entry) -> Result<Vec<&'static str>, Error> {
    let commitment = entry
        .commitments
        .iter()
        .find(|one| one.of == version.id)
        .map(|one| hex::encode(one.sha256.as_bytes()));
    let actor = serde_json::to_string(&entry.actor).map_err(Error::internal)?;
    let number = version.version.to_string();
    let compared = [
        ("record", entry.record == Some(version.record)),
        ("id", entry.version == Some(version.id)),
        (
            "commitment",
            commitment.as_deref() == Some(&version.commitment),
        ),
        ("at", entry.at == version.at),
        ("actor", actor == version.actor),
        ("version", entry.fact("n") == Some(number.as_str())),
        ("state", entry.fact("state") == Some(version.state.as_str())),
    ];
    Ok(differing(&compared))
}

pub(super) fn differing(compared: &[(&'static str, bool)]) -> Vec<&'static str> {
    compared
        .iter()
        .filter(|(_, same)| !same)
        .map(|(name, _)| *name)
        .collect()
}

fn opens(commitment: &Commitment, plain: &[u8]) -> bool {
    let Some((salt, content)) = plain.split_first_chunk::<32>() else {
        return false;
    };
    commitment.opens(&Salt::from_bytes(*salt), content)
}

/// The current row, and what hangs on it, against the newest version.
fn finish(
    inner: &Inner,
    tx: &mut Tx<'_>,
    line: &Line,
    findings: &mut Findings,
) -> Result<(), Error> {
    let place = place(&line.newest);
    let Some(row) = tx.record(line.record)? else {
        findings.add("check.record_missing", "a version has no record", place);
        return Ok(());
    };
    let mut wrong = header(&row, line);
    if let Some(content) = &line.content {
        wrong.extend(sealed(&row, content));
    }
    let definition = inner.catalogue.kept_as(&row.register);
    // what is still written in the words of an earlier definition is judged once it is carried over
    let behind = definition.is_some_and(|one| line.newest.definition < i64::from(one.version));
    match definition {
        Some(_) if behind => {}
        Some(definition) if row.open == definition.is_final(&row.state) => {
            // a line ends with its record, whatever its own state
            let of = tx.record(row.root())?.filter(|_| row.line.is_some());
            if row.open || of.is_none_or(|of| of.open) {
                wrong.push("open");
            }
        }
        Some(_) => {}
        None => wrong.push("register"),
    }
    let class = tx.class(row.class)?;
    if class.as_ref() != Some(&row.label.class()) {
        wrong.push("class");
    }
    if !wrong.is_empty() {
        findings.add(
            "check.record_changed",
            format!(
                "a record is not what its newest version says: {}",
                wrong.join(", ")
            ),
            place,
        );
    }
    signatures(tx, line, findings)?;
    if behind {
        return Ok(());
    }
    derived::of_record(inner, tx, &row, findings)?;
    grounds::of_record(inner, tx, &row, findings)
}

/// The columns that the version's own row and the first one tell.
fn header(row: &RecordRow, line: &Line) -> Vec<&'static str> {
    let maker: Option<Actor> = serde_json::from_str(&line.first.actor).ok();
    let maker = maker.and_then(|actor| actor.account());
    differing(&[
        ("version", row.version == line.newest.version),
        ("state", row.state == line.newest.state),
        ("updated_at", row.updated_at == line.newest.at),
        ("created_at", row.created_at == line.first.at),
        (
            "created_by",
            row.created_by.is_none() || row.created_by == maker,
        ),
    ])
}

/// The columns that the sealed content tells.
fn sealed(row: &RecordRow, content: &Map<String, Value>) -> Vec<&'static str> {
    let mut wrong = Vec::new();
    for (name, value) in [
        ("register", json!(row.register)),
        ("number", json!(row.number)),
        ("state", json!(row.state)),
        ("label", labels::to_value(&row.label)),
        ("fields", Value::Object(row.body.clone())),
        ("drafter", json!(row.drafter)),
        ("occurred_at", json!(row.occurred_at)),
    ] {
        if content.get(name) != Some(&value) {
            wrong.push(name);
        }
    }
    if content.get("line") != row.line.map(perform::place_of).as_ref() {
        wrong.push("line");
    }
    wrong
}

/// The signatures sealed into a version; none if it says nothing of them.
fn sealed_signatures(version: &VersionRow, content: &Map<String, Value>) -> Option<Vec<Signature>> {
    let list = content.get("signatures")?.as_array()?;
    let text = |one: &Value, key: &str| {
        let found = one.get(key).and_then(Value::as_str);
        found.unwrap_or_default().to_owned()
    };
    // a slip is signed by nobody of the house, and kept nowhere else
    let by_people = list.iter().filter(|one| one.get("person").is_some());
    let signatures = by_people.map(|one| {
        let [role, person] = ["role", "person"].map(|key| text(one, key));
        let [method, digest] = ["method", "digest"].map(|key| text(one, key));
        (version.version, role, person, method, digest)
    });
    Some(signatures.collect())
}

/// The signatures kept beside a record are those sealed into its versions.
fn signatures(tx: &mut Tx<'_>, line: &Line, findings: &mut Findings) -> Result<(), Error> {
    let Some(sealed) = &line.signed else {
        return Ok(());
    };
    let stored = tx.signatures(line.record)?.into_iter();
    let kept: BTreeSet<Signature> = stored
        .map(|one| {
            let person = one.person.to_string();
            (one.version, one.role, person, one.method, one.digest)
        })
        .collect();
    if kept != *sealed {
        findings.add(
            "check.signatures",
            "the signatures kept beside a record are not those sealed into its versions",
            format!("record {}", line.record),
        );
    }
    Ok(())
}
