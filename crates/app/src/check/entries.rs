//! The log: its tree, its leaves against the database's entries, and what each entry says against
//! the version, movement or erasure it speaks of.

use super::{PAGE, findings::Findings, knowledge};
use crate::{
    core::Inner,
    error::Error,
    log::{self, ERASED},
};
use domain::{ObjectId, VersionId};
use ledger::{Entry, TreeHead};
use std::{collections::BTreeMap, ops::Range};
use store::{EntryRow, Tx};

/// The tree itself, and against a checkpoint kept elsewhere.
pub(super) fn tree(
    inner: &Inner,
    tx: &mut Tx<'_>,
    kept: Option<&TreeHead>,
    findings: &mut Findings,
) -> Result<(), Error> {
    match ledger::verify(&log::source(inner, tx), &inner.vkey, kept) {
        Ok(found) if found.ok => {}
        Ok(found) => {
            let reason = found
                .reason
                .map_or("ledger.damaged", |reason| reason.code());
            let place = found
                .first_bad
                .map_or_else(|| "log".to_owned(), |first| format!("entry {first}"));
            findings.add("check.log", reason, place);
        }
        Err(error) => findings.add("check.log", error.to_string(), "log".to_owned()),
    }
    Ok(())
}

/// Every leaf of the tree is the database's entry of that index, without gaps.
pub(super) fn leaves(inner: &Inner, tx: &mut Tx<'_>, findings: &mut Findings) -> Result<(), Error> {
    // without a sound checkpoint there is no tree to compare with, and `tree` has said so
    let Some(head) = log::published(inner, tx)? else {
        return Ok(());
    };
    let mut next = 0;
    while next < head.size {
        let page = tx.entries_from(next, PAGE)?;
        if page.is_empty() {
            findings.add(
                "check.database_behind_log",
                "the database is older than its log: entries of the log are missing at its end",
                format!("entry {next}"),
            );
            return Ok(());
        }
        let files = log::source(inner, tx);
        let Ok(mut reader) = ledger::TileReader::open(&files, head) else {
            return Ok(());
        };
        for row in page.iter().filter(|row| row.index < Some(head.size)) {
            let index = row.index.unwrap_or(next);
            if index != next {
                findings.add(
                    "check.entry_missing",
                    "an entry of the log is not in the database",
                    format!("entry {next}"),
                );
            }
            if reader.leaf(index).ok() != Some(ledger::leaf_hash(&row.body)) {
                findings.add(
                    "check.entry_changed",
                    "an entry of the database is not the log's",
                    format!("entry {index}"),
                );
            }
            next = index + 1;
            findings.count("leaves");
        }
        if page.iter().any(|row| row.index >= Some(head.size)) {
            return Ok(());
        }
    }
    Ok(())
}

/// Every entry, placed or waiting, has what it speaks of.
pub(super) fn all(tx: &mut Tx<'_>, taken: &Taken, findings: &mut Findings) -> Result<(), Error> {
    let mut after = 0;
    loop {
        let page = tx.entries_after(after, PAGE)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = last.n;
        let mut entries = Vec::with_capacity(page.len());
        for row in &page {
            findings.count("entries");
            match Entry::parse(&row.body) {
                Ok(entry) if entry.id == row.id && entry.at == row.at => entries.push((row, entry)),
                Ok(_) | Err(_) => findings.add(
                    "check.entry_changed",
                    "an entry of the database is none, or has another's id or time",
                    place(row),
                ),
            }
        }
        commitments(tx, &entries, taken, findings)?;
        for (row, entry) in &entries {
            let pair = (*row, entry);
            moved(tx, pair, taken, findings)?;
            erased(tx, pair, taken, findings)?;
            requested(tx, pair, taken, findings)?;
            knowledge::entered(tx, pair, taken, findings)?;
        }
    }
}

/// The places of the log that were taken into an older database: what their entries speak of may be
/// lost, and the log says so.
pub(super) struct Taken(Vec<Range<u64>>);

impl Taken {
    pub(super) fn read(inner: &Inner, tx: &mut Tx<'_>) -> Result<Self, Error> {
        Ok(Self(log::taken(inner, tx)?))
    }

    pub(super) fn has(&self, row: &EntryRow) -> bool {
        let places = |index| self.0.iter().any(|places| places.contains(&index));
        row.index.is_some_and(places)
    }
}

fn place(row: &EntryRow) -> String {
    format!("entry {}", row.id)
}

/// Every commitment has its version, which names this entry and no other.
fn commitments(
    tx: &mut Tx<'_>,
    entries: &[(&EntryRow, Entry)],
    taken: &Taken,
    findings: &mut Findings,
) -> Result<(), Error> {
    let named: Vec<(VersionId, &EntryRow, &Entry)> = entries
        .iter()
        .flat_map(|(row, entry)| {
            entry
                .commitments
                .iter()
                .map(move |one| (one.of, *row, entry))
        })
        .collect();
    let ids: Vec<VersionId> = named.iter().map(|(id, ..)| *id).collect();
    let there: BTreeMap<VersionId, _> = tx.entries_of_versions(&ids)?.into_iter().collect();
    for (id, row, entry) in named {
        let record = entry.record.map(|id| id.to_string()).unwrap_or_default();
        let place = format!("record {record} version {id} entry {}", entry.id);
        match there.get(&id) {
            Some(of) if *of == entry.id => {}
            Some(_) => findings.add(
                "check.version_disagrees",
                "a version names another entry than the one that committed to it",
                place,
            ),
            None if taken.has(row) => findings.lose(),
            None => findings.add(
                "check.version_missing",
                "the log committed to a version that is not there",
                place,
            ),
        }
    }
    Ok(())
}

/// An entry of custody has its movement.
fn moved(
    tx: &mut Tx<'_>,
    (row, entry): (&EntryRow, &Entry),
    taken: &Taken,
    findings: &mut Findings,
) -> Result<(), Error> {
    let (true, Some(copy)) = (entry.action.as_str().starts_with("custody."), entry.record) else {
        return Ok(());
    };
    if tx.has_movement(copy, entry.id)? {
        return Ok(());
    }
    if taken.has(row) {
        findings.lose();
    } else {
        findings.add(
            "check.movement_missing",
            "the log knows a movement that is not there",
            format!("copy {copy} entry {}", entry.id),
        );
    }
    Ok(())
}

/// What the log says was erased has no key any more, and its file says so.
fn erased(
    tx: &mut Tx<'_>,
    (row, entry): (&EntryRow, &Entry),
    taken: &Taken,
    findings: &mut Findings,
) -> Result<(), Error> {
    let (true, Some(record)) = (entry.action.as_str() == ERASED, entry.record) else {
        return Ok(());
    };
    let files = tx.files(record)?;
    for object in &entry.objects {
        let noted = |object: ObjectId| match files.iter().find(|file| file.object == object) {
            Some(file) => file.erased_at.is_some(),
            None => taken.has(row),
        };
        if tx.object_key(&object.to_string())?.is_some() || !noted(*object) {
            findings.add(
                "check.erasure_undone",
                "content that the log says was erased has a key, or is not noted as erased",
                format!("record {record} object {object}"),
            );
        }
    }
    Ok(())
}

/// An approval that was asked for is there.
fn requested(
    tx: &mut Tx<'_>,
    (row, entry): (&EntryRow, &Entry),
    taken: &Taken,
    findings: &mut Findings,
) -> Result<(), Error> {
    if entry.action.as_str() != "approval.requested" {
        return Ok(());
    }
    let id = entry.fact("approval").and_then(|id| id.parse().ok());
    let there = match id {
        Some(id) => tx.approval_state(id)?.is_some(),
        None => false,
    };
    if there {
        return Ok(());
    }
    if taken.has(row) {
        findings.lose();
    } else {
        findings.add(
            "check.approval",
            "the log knows an approval that is not there",
            place(row),
        );
    }
    Ok(())
}
