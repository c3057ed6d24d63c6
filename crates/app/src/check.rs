//! `check`: the database against the log. Current rows are what their newest versions say, versions are
//! what the log committed to, entries are in the tree, holdings are what movements left behind.

use crate::{
    core::{App, Inner},
    error::Error,
    keys, log,
    records::{open_sealed, same_content},
};
use ledger::{Commitment, Entry, Salt, TreeHead};
use serde::Serialize;
use serde_json::{Map, Value};
use store::{Tx, VersionRow};

/// What `check` found.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Nothing is wrong.
    pub ok: bool,
    /// Everything that is wrong, at most a thousand.
    pub problems: Vec<Problem>,
}

/// One thing that is wrong.
#[derive(Debug, Serialize)]
pub struct Problem {
    /// Stable id (`check.version_changed`).
    pub id: &'static str,
    /// What is wrong.
    pub what: String,
    /// Where: ids only.
    #[serde(rename = "where")]
    pub place: String,
}

const PROBLEMS: usize = 1000;
const PAGE: i64 = 500;

impl App {
    /// Checks everything; `kept` is an older checkpoint somebody kept, to notice a lost tail.
    pub async fn check(&self, kept: Option<&[u8]>) -> Result<Report, Error> {
        let kept = kept
            .map(|bytes| Ok::<_, Error>(ledger::Checkpoint::open(bytes, &self.inner.vkey)?.head()))
            .transpose()?;
        self.read_tx(move |inner, tx| {
            let mut problems = Vec::new();
            versions(inner, tx, &mut problems)?;
            tree(inner, tx, kept.as_ref(), &mut problems)?;
            entries(inner, tx, &mut problems)?;
            for copy in tx.holdings_astray()? {
                push(
                    &mut problems,
                    "check.holding_astray",
                    "a copy's holding is not what its last movement says",
                    copy.to_string(),
                );
            }
            Ok(Report {
                ok: problems.is_empty(),
                problems,
            })
        })
        .await
    }
}

fn push(problems: &mut Vec<Problem>, id: &'static str, what: &str, place: String) {
    if problems.len() < PROBLEMS {
        problems.push(Problem {
            id,
            what: what.to_owned(),
            place,
        });
    }
}

/// Every version opens, is what its entry committed to, and the newest is the current row.
fn versions(inner: &Inner, tx: &mut Tx<'_>, problems: &mut Vec<Problem>) -> Result<(), Error> {
    let mut after = None;
    loop {
        let page = tx.versions_after(after, PAGE)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = Some((last.record, last.version));
        for version in &page {
            one_version(inner, tx, version, problems)?;
        }
    }
}

fn one_version(
    inner: &Inner,
    tx: &mut Tx<'_>,
    version: &VersionRow,
    problems: &mut Vec<Problem>,
) -> Result<(), Error> {
    let place = || format!("record {} version {}", version.record, version.version);
    let opened = keys::open(inner, tx, keys::record_object(version.record));
    let plain = match opened {
        Ok(Some((_, key))) => open_sealed(&key, version.record, version),
        Ok(None) => return Ok(()), // erased: the log says so
        Err(error) => Err(error),
    };
    let Ok(plain) = plain else {
        push(
            problems,
            "check.version_unreadable",
            "a version does not open with its key",
            place(),
        );
        return Ok(());
    };
    let committed = committed(tx, version)?;
    let opens = committed.is_some_and(|commitment| opens(&commitment, plain.expose()));
    if !opens {
        push(
            problems,
            "check.version_changed",
            "a version is not what the log committed to",
            place(),
        );
    }
    let Some(row) = tx.record(version.record)? else {
        push(
            problems,
            "check.record_missing",
            "a version has no record",
            place(),
        );
        return Ok(());
    };
    if row.version < version.version {
        push(
            problems,
            "check.record_stale",
            "a record is older than its newest version",
            place(),
        );
    }
    if row.version == version.version && !current(&row, plain.expose()) {
        push(
            problems,
            "check.record_changed",
            "a record is not what its newest version says",
            place(),
        );
    }
    Ok(())
}

fn committed(tx: &mut Tx<'_>, version: &VersionRow) -> Result<Option<Commitment>, Error> {
    let Some(row) = tx.entry(version.entry)? else {
        return Ok(None);
    };
    let entry = Entry::parse(&row.body).ok();
    Ok(entry.and_then(|entry| {
        entry
            .commitments
            .into_iter()
            .find(|one| one.of == version.id)
    }))
}

fn opens(commitment: &Commitment, plain: &[u8]) -> bool {
    let Some((salt, content)) = plain.split_at_checked(32) else {
        return false;
    };
    let Ok(salt) = <[u8; 32]>::try_from(salt) else {
        return false;
    };
    commitment.opens(&Salt::from_bytes(salt), content)
}

fn current(row: &store::RecordRow, plain: &[u8]) -> bool {
    let content = plain.get(32..).unwrap_or_default();
    serde_json::from_slice::<Map<String, Value>>(content)
        .is_ok_and(|content| same_content(row, &content))
}

/// The tree itself, and against a checkpoint kept elsewhere.
fn tree(
    inner: &Inner,
    tx: &mut Tx<'_>,
    kept: Option<&TreeHead>,
    problems: &mut Vec<Problem>,
) -> Result<(), Error> {
    let result = ledger::verify(&log::source(inner, tx), &inner.vkey, kept);
    match result {
        Ok(found) if found.ok => {}
        Ok(found) => {
            let reason = found
                .reason
                .map_or("ledger.damaged", |reason| reason.code());
            push(
                problems,
                "check.log",
                reason,
                format!("entry {:?}", found.first_bad),
            );
        }
        Err(error) => push(problems, "check.log", &error.to_string(), "log".to_owned()),
    }
    Ok(())
}

/// Every sequenced entry of the database is the leaf at its index, without gaps.
fn entries(inner: &Inner, tx: &mut Tx<'_>, problems: &mut Vec<Problem>) -> Result<(), Error> {
    let checkpoint = {
        let files = log::source(inner, tx);
        ledger::TileSource::read(&files, "checkpoint", ledger::limits::MAX_NOTE_BYTES)
            .map_err(Error::Unavailable)?
    };
    let Some(Ok(checkpoint)) =
        checkpoint.map(|bytes| ledger::Checkpoint::open(&bytes, &inner.vkey))
    else {
        return Ok(());
    };
    let size = checkpoint.head().size;
    let mut next = 0;
    while next < size {
        let page = tx.entries_from(next, PAGE)?;
        if page.is_empty() {
            push(
                problems,
                "check.entry_missing",
                "an entry of the log is not in the database",
                format!("entry {next}"),
            );
            return Ok(());
        }
        let files = log::source(inner, tx);
        let mut reader = ledger::TileReader::open(&files, checkpoint.head())?;
        for row in &page {
            if row.index != Some(next) {
                push(
                    problems,
                    "check.entry_missing",
                    "an entry of the log is not in the database",
                    format!("entry {next}"),
                );
                return Ok(());
            }
            if next < size && reader.leaf(next).ok() != Some(ledger::leaf_hash(&row.body)) {
                push(
                    problems,
                    "check.entry_changed",
                    "an entry of the database is not the log's",
                    format!("entry {next}"),
                );
            }
            next += 1;
        }
    }
    Ok(())
}
