//! Destroyed stays destroyed: every start erases again what was ever erased, whatever copy of the
//! database or of the keys was put back, and tells when the database is not the one of its log.

use super::source;
use crate::{
    core::{App, Inner},
    error::{Error, text},
};
use domain::ObjectId;
use ledger::{Entry, TileReader, TreeHead};
use store::{LogEnd, Tx};

/// Action of the entry that erases the content of a record.
pub(crate) const ERASED: &str = "content.erased";

/// Erases again what the database notes as erased, and what the log beyond it says was erased.
pub(crate) fn replay(inner: &Inner, tx: &mut Tx<'_>) -> Result<(), Error> {
    tx.replay_erasures()?;
    let Some(head) = super::published(inner, tx)? else {
        return Ok(());
    };
    let objects = beyond(inner, tx, head)?;
    tx.erase_again(&objects)?;
    Ok(())
}

/// Objects erased by entries of the log that the database does not have: it is an older copy.
fn beyond(inner: &Inner, tx: &mut Tx<'_>, head: TreeHead) -> Result<Vec<ObjectId>, Error> {
    let LogEnd { sequenced, .. } = tx.log_end()?;
    let files = source(inner, tx);
    let mut reader = TileReader::open(&files, head)?;
    let mut objects = Vec::new();
    for index in sequenced..head.size {
        // what cannot be read is told by `verify` and `check`; the rest is erased all the same
        let read = reader.entry(index).and_then(|bytes| Entry::parse(&bytes));
        if let Ok(entry) = read
            && entry.action.as_str() == ERASED
        {
            objects.extend(entry.objects);
        }
    }
    Ok(objects)
}

impl App {
    /// Refuses to go on with a database that is not the one of its log. WHY: what is recorded next
    /// would get places that other entries have, and the log would fork.
    pub async fn require_own_log(&self) -> Result<(), Error> {
        self.read_tx(|inner, tx| {
            let Some(head) = super::published(inner, tx)? else {
                return Ok(());
            };
            let Some(last) = head.size.checked_sub(1) else {
                return Ok(());
            };
            let newest = tx.entries_from(last, 1)?.into_iter().next();
            let Some(newest) = newest.filter(|row| row.index == Some(last)) else {
                return Err(behind(inner, tx, head)?);
            };
            let files = source(inner, tx);
            let leaf = TileReader::open(&files, head)?.leaf(last)?;
            if leaf == ledger::leaf_hash(&newest.body) {
                Ok(())
            } else {
                Err(another())
            }
        })
        .await
    }
}

/// Says what is missing and what to do.
fn behind(inner: &Inner, tx: &mut Tx<'_>, head: TreeHead) -> Result<Error, Error> {
    let from = tx.log_end()?.sequenced;
    let last = head.size.saturating_sub(1);
    let files = source(inner, tx);
    let mut reader = TileReader::open(&files, head)?;
    let mut at = |index| {
        let entry = Entry::parse(&reader.entry(index).ok()?).ok()?;
        Some(entry.at.to_string())
    };
    let [first, newest] = [from, last].map(|index| at(index).unwrap_or_else(|| "?".to_owned()));
    let missing = head.size.saturating_sub(from);
    let say = text(
        &format!(
            "数据库比其日志旧：缺少 {missing} 条记录，序号 {from} 至 {last}，时间 {first} 至 {newest}；\
             日志所载的销毁内容已重新抹除。请恢复较新的数据库，或运行 ruping restore 逐条查看所缺内容并决定是否继续"
        ),
        &format!(
            "the database is older than its log and lacks {missing} entries, {from} to {last}, recorded \
             {first} to {newest}; what the log says was destroyed has been erased again; put a newer copy \
             back, or run ruping restore to see line by line what is missing and to go on without it"
        ),
    );
    Ok(Error::Damaged {
        code: "store.behind_log",
        say,
        cause: "entries of the log are missing in the database".into(),
    })
}

pub(super) fn another() -> Error {
    let say = text(
        "数据库与其日志不符；请恢复与日志同一时期的数据库，并运行 ruping check",
        "the database is not the one of its log; put back the copy that belongs to it and run ruping \
         check",
    );
    Error::Damaged {
        code: "store.not_of_this_log",
        say,
        cause: "the newest entry of the log is another one in the database".into(),
    }
}
