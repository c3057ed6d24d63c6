//! The knowledge record: who came to know what, against the log. Each row names the entry that
//! entered it, and each such entry has its row.

use super::{PAGE, entries::Taken, findings::Findings};
use crate::error::Error;
use domain::{PersonId, RecordId, Timestamp};
use ledger::Entry;
use store::{EntryRow, Tx};

/// What an entry says of the knowledge record; none if it says nothing of it.
fn told(entry: &Entry) -> Option<(RecordId, PersonId, String, Timestamp)> {
    let (how, person) = (entry.fact("how")?, entry.fact("person")?.parse().ok()?);
    let at = entry.fact("at")?.parse().ok()?;
    Some((entry.record?, person, how.to_owned(), at))
}

/// Every row has its entry.
pub(super) fn all(tx: &mut Tx<'_>, findings: &mut Findings) -> Result<(), Error> {
    let mut after = None;
    loop {
        let page = tx.knowledge_after(after.as_ref(), PAGE)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some(last.clone());
        for row in page {
            findings.count("knowledge");
            let entry = tx.entry(row.entry)?;
            let said = entry.and_then(|entry| told(&Entry::parse(&entry.body).ok()?));
            if said != Some((row.item, row.person, row.how.clone(), row.at)) {
                findings.add(
                    "check.knowledge",
                    "the knowledge record has what the log does not say",
                    format!("record {} person {}", row.item, row.person),
                );
            }
        }
    }
}

/// An entry of the knowledge record has its row.
pub(super) fn entered(
    tx: &mut Tx<'_>,
    (row, entry): (&EntryRow, &Entry),
    taken: &Taken,
    findings: &mut Findings,
) -> Result<(), Error> {
    let Some((item, person, how, at)) = told(entry) else {
        return Ok(());
    };
    if tx.has_knowledge(item, person, &how, at)? {
        return Ok(());
    }
    if taken.has(row) {
        findings.lose();
    } else {
        findings.add(
            "check.knowledge",
            "the log says that somebody came to know a record, the knowledge record does not",
            format!("record {item} person {person} entry {}", entry.id),
        );
    }
    Ok(())
}
