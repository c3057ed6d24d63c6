//! Files: what a record's files need is there, opens, and is the sealing that its row names; what is
//! erased is so because the log says it.

use super::{PAGE, findings::Findings};
use crate::{
    core::Inner,
    error::{DAMAGED_PAGE, Error},
    files,
    log::ERASED,
};
use domain::{FileId, RecordId};
use ledger::Entry;
use store::{FileRow, Tx};

pub(super) fn all(inner: &Inner, tx: &mut Tx<'_>, findings: &mut Findings) -> Result<(), Error> {
    let mut after: Option<FileId> = None;
    loop {
        let page = tx.files_after(after, PAGE)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some(last.id);
        for file in page {
            findings.count("files");
            // an upload that belongs to nothing yet is swept one day, and nobody misses it
            if let Some(record) = file.record {
                one(inner, tx, &file, record, findings)?;
            }
        }
    }
}

fn one(
    inner: &Inner,
    tx: &mut Tx<'_>,
    file: &FileRow,
    record: RecordId,
    findings: &mut Findings,
) -> Result<(), Error> {
    let place = format!("record {record} file {} object {}", file.id, file.object);
    if file.erased_at.is_some() {
        if !logged(tx, file, record)? {
            findings.add(
                "check.erasure_unlogged",
                "a file is noted as erased, but the log knows nothing of it",
                place,
            );
        }
        return Ok(());
    }
    match files::prove(inner, tx, file) {
        Ok(()) => {}
        Err(Error::Erased(_)) => findings.add(
            "check.key_missing",
            "the key of a file is gone, but the log does not say that it was erased",
            place,
        ),
        Err(Error::Damaged { code, .. }) if code != DAMAGED_PAGE => findings.add(
            "check.file_damaged",
            format!("a file's stored object is not what was sealed [{code}]"),
            place,
        ),
        Err(error) => return Err(error),
    }
    Ok(())
}

fn logged(tx: &mut Tx<'_>, file: &FileRow, record: RecordId) -> Result<bool, Error> {
    Ok(tx.entries_of(record)?.iter().any(|row| {
        Entry::parse(&row.body).is_ok_and(|entry| {
            entry.action.as_str() == ERASED && entry.objects.contains(&file.object)
        })
    }))
}
