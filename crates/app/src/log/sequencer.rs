//! The sequencer: extends the tree to every committed entry and signs a checkpoint. On an embedded
//! database entries have their index since their commit. Servers that share a database have several
//! writers, so there the sequencer gives the index; one of them holds the lease, and an epoch fences
//! off a late one.

use super::files;
use crate::{
    core::{App, Inner},
    error::Error,
    limits,
};
use ledger::{TileSource, TreeHead, Writer};
use std::time::Duration;
use store::{Tx, rows::Dialect};

const LEASE: Duration = Duration::from_secs(10);

impl App {
    /// Places waiting entries, all that there are; tells how many. None of them waits longer than
    /// the caller's rhythm.
    pub async fn sequence(&self) -> Result<u64, Error> {
        let _turn = self.inner.sequencing.lock().await;
        if self.inner.store.dialect() == Dialect::Sqlite {
            // the files follow the commit, and a crash in between repeats them to the byte
            return self.read_tx(publish).await;
        }
        let mut all = 0;
        loop {
            let placed = self.place().await?;
            all += placed;
            // more came than one turn of the writer takes
            if placed < limits::SEQUENCE.unsigned_abs() {
                return Ok(all);
            }
        }
    }

    async fn place(&self) -> Result<u64, Error> {
        let now = self.inner.now();
        let placed = self
            .transact_anew(move |inner, tx| {
                if tx
                    .take_lease("sequencer", &inner.holder, now, now + LEASE)?
                    .is_none()
                {
                    return Ok(None);
                }
                let placed = tx.sequence(limits::SEQUENCE)?;
                // the tree's rows commit with the indices
                publish(inner, tx)?;
                Ok(Some(placed))
            })
            .await?;
        Ok(placed.unwrap_or(0))
    }
}

/// Extends the tree to all entries that have an index; tells by how many.
fn publish(inner: &Inner, tx: &mut Tx<'_>) -> Result<u64, Error> {
    let head = published(inner, tx)?;
    let mut writer = Writer::open(&files::source(inner, tx), &head)?;
    loop {
        let size = writer.head().size;
        let entries = tx.entries_from(size, limits::SEQUENCE)?;
        let first = size == 0 && entries.is_empty() && head.size == 0;
        if entries.is_empty() && !(first && no_checkpoint(inner, tx)?) {
            return Ok(size - head.size);
        }
        let bodies: Vec<&[u8]> = entries.iter().map(|entry| entry.body.as_slice()).collect();
        let update = writer.append(&bodies, &inner.signer)?;
        files::store(inner, tx, &update.files)?;
        files::drop_superseded(inner, tx, &update.superseded)?;
        writer = update.writer;
        if bodies.is_empty() {
            return Ok(0);
        }
    }
}

fn no_checkpoint(inner: &Inner, tx: &mut Tx<'_>) -> Result<bool, Error> {
    let files = files::source(inner, tx);
    let found = files
        .read("checkpoint", ledger::limits::MAX_NOTE_BYTES)
        .map_err(Error::Unavailable)?;
    Ok(found.is_none())
}

/// The head of the newest checkpoint; of an empty tree before the first.
fn published(inner: &Inner, tx: &mut Tx<'_>) -> Result<TreeHead, Error> {
    let files = files::source(inner, tx);
    let found = files
        .read("checkpoint", ledger::limits::MAX_NOTE_BYTES)
        .map_err(Error::Unavailable)?;
    Ok(match found {
        Some(bytes) => ledger::Checkpoint::open(&bytes, &inner.vkey)?.head(),
        None => Writer::new().head(),
    })
}
