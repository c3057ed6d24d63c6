//! The end of a log that an older database does not have: told entry by entry, and taken in when
//! somebody decides to go on without what it recorded. Its entries then have their old places again, so
//! that the log goes on and does not fork; what they recorded stays lost, and the log says so for ever.

use super::{ERASED, source};
use crate::{
    core::{App, Inner},
    error::{Error, text},
};
use domain::{Actor, EntryId};
use ledger::{Entry, TileReader, TreeHead};
use std::ops::Range;
use store::Tx;

/// Action of the entry that says that the end of a log was taken in.
pub(crate) const TAKEN: &str = "log.tail_taken";
/// The setting that names those entries.
const TAILS: &str = "tails_taken";
/// Entries that are told at once.
const PAGE: u64 = 500;

/// An entry of the log that the database does not have.
#[derive(Clone, Debug)]
pub struct LostEntry {
    /// Its place in the log.
    pub index: u64,
    /// What it says: ids, never content.
    pub entry: serde_json::Value,
}

impl App {
    /// The places of the log that the database does not have; none if it has all. The log itself is
    /// verified first, and that it is the log of this database.
    pub async fn tail(&self) -> Result<Range<u64>, Error> {
        self.read_tx(|inner, tx| Ok(tail(inner, tx)?.1)).await
    }

    /// The next entries of these places that the database does not have, and where they end.
    pub async fn lost_entries(&self, places: Range<u64>) -> Result<(Vec<LostEntry>, u64), Error> {
        self.read_tx(move |inner, tx| {
            let head = super::published(inner, tx)?.ok_or_else(unsound)?;
            let end = places.end.min(places.start + PAGE);
            let mut lost = Vec::new();
            for (index, entry) in read(inner, tx, head, places.start..end)? {
                if tx.entry(entry.id)?.is_none() {
                    let entry = serde_json::to_value(&entry).map_err(Error::internal)?;
                    lost.push(LostEntry { index, entry });
                }
            }
            Ok((lost, end))
        })
        .await
    }

    /// Gives the entries of the tail their places in the database, notes what they erased, and logs
    /// that; tells how many places there were. What else they recorded stays lost.
    pub async fn take_tail(&self) -> Result<u64, Error> {
        let taken = self.transact(take).await?;
        self.sequence().await?;
        Ok(taken)
    }
}

fn take(inner: &Inner, tx: &mut Tx<'_>) -> Result<u64, Error> {
    let (head, places) = tail(inner, tx)?;
    if places.is_empty() {
        return Ok(0);
    }
    let (from, to) = (places.start, places.end);
    for (index, entry) in read(inner, tx, head, places)? {
        let draft = super::draft(&entry, entry.record)?;
        tx.place_entry(&draft, index)?;
        if entry.action.as_str() == ERASED {
            tx.note_erased(&entry.objects, entry.at)?;
        }
        inner.latest.note(entry.at);
    }
    let about = super::About {
        facts: vec![("from", from.to_string()), ("to", to.to_string())],
        ..super::About::default()
    };
    let id = super::witness_entry(inner, tx, Actor::System("setup"), TAKEN, &about)?;
    let known = tx.meta(TAILS)?.filter(|known| !known.is_empty());
    let all = known.map_or_else(|| id.to_string(), |known| format!("{known},{id}"));
    tx.set_meta(TAILS, &all)?;
    Ok(to - from)
}

/// Whether the log is sound and this database's own, and what of it the database does not have.
fn tail(inner: &Inner, tx: &mut Tx<'_>) -> Result<(TreeHead, Range<u64>), Error> {
    let found = ledger::verify(&source(inner, tx), &inner.vkey, None)?;
    if !found.ok {
        return Err(unsound());
    }
    let head = super::published(inner, tx)?.ok_or_else(unsound)?;
    let here = tx.log_end()?.sequenced;
    if let Some(last) = here.min(head.size).checked_sub(1) {
        let row = tx.entries_from(last, 1)?.into_iter().next();
        let leaf = TileReader::open(&source(inner, tx), head)?.leaf(last)?;
        if row.is_none_or(|row| ledger::leaf_hash(&row.body) != leaf) {
            return Err(super::erasures::another());
        }
    }
    Ok((head, here.min(head.size)..head.size))
}

fn read(
    inner: &Inner,
    tx: &mut Tx<'_>,
    head: TreeHead,
    places: Range<u64>,
) -> Result<Vec<(u64, Entry)>, Error> {
    let files = source(inner, tx);
    let mut reader = TileReader::open(&files, head)?;
    places
        .map(|index| Ok((index, Entry::parse(&reader.entry(index)?)?)))
        .collect()
}

fn unsound() -> Error {
    Error::Damaged {
        code: "restore.log_unsound",
        say: text(
            "日志本身不完整或已损坏，不能据以继续；请先运行 ruping ledger verify 找出损坏之处",
            "the log itself is damaged, nothing can be taken from it; ruping ledger verify tells where",
        ),
        cause: "the log does not verify".into(),
    }
}

/// The places whose entries were taken in, as the log says: what they recorded is known to be lost.
pub(crate) fn taken(inner: &Inner, tx: &mut Tx<'_>) -> Result<Vec<Range<u64>>, Error> {
    let size = super::published(inner, tx)?.map_or(0, |head| head.size);
    let named = tx.meta(TAILS)?.unwrap_or_default();
    let mut places = Vec::new();
    for id in named.split(',').filter_map(|id| id.parse::<EntryId>().ok()) {
        // WHY: the setting only points; what counts is the entry, which the tree holds, and only once
        // it does: one that was never placed is anybody's who can write to the database
        let row = tx.entry(id)?;
        let placed = row.and_then(|row| row.index.map(|index| (row, index)));
        let Some((row, index)) = placed.filter(|(_, index)| *index < size) else {
            continue;
        };
        let entry = Entry::parse(&row.body).ok();
        let Some(entry) = entry.filter(|entry| entry.action.as_str() == TAKEN) else {
            continue;
        };
        let place = |key: &str| -> Option<u64> { entry.fact(key)?.parse().ok() };
        let range = place("from").zip(place("to"));
        let before = range.filter(|(from, to)| from < to && *to <= index);
        places.extend(before.map(|(from, to)| from..to));
    }
    Ok(places)
}
