//! What an account keeps for itself and for nobody else: drafts of forms, views of lists.

use crate::{Error, Keep, Tx, rows::Row, values};
use domain::AccountId;
use jiff::Timestamp;

/// One thing that is kept.
#[derive(Clone, Debug)]
pub struct KeptRow {
    /// Under which key.
    pub key: String,
    /// What it says, JSON.
    pub body: serde_json::Value,
    /// When it was put there.
    pub at: Timestamp,
}

fn kept(row: &Row) -> Result<KeptRow, Error> {
    Ok(KeptRow {
        key: row.text(0)?,
        body: row.json(1)?,
        at: row.instant(2)?,
    })
}

impl Tx<'_> {
    /// What an account keeps of one kind, by key.
    pub fn kept(&mut self, account: AccountId, kind: &str) -> Result<Vec<KeptRow>, Error> {
        self.query(
            "SELECT key, body, at FROM kept WHERE account_id = $1 AND kind = $2 ORDER BY key",
            values![account, kind],
        )?
        .iter()
        .map(kept)
        .collect()
    }

    /// One thing that an account keeps.
    pub fn kept_one(
        &mut self,
        account: AccountId,
        kind: &str,
        key: &str,
    ) -> Result<Option<KeptRow>, Error> {
        self.query_one(
            "SELECT key, body, at FROM kept WHERE account_id = $1 AND kind = $2 AND key = $3",
            values![account, kind, key],
        )?
        .as_ref()
        .map(kept)
        .transpose()
    }

    /// How many others of its kind an account keeps beside this one.
    pub fn kept_beside(&mut self, account: AccountId, kind: &str, key: &str) -> Result<i64, Error> {
        self.query_one(
            "SELECT count(*) FROM kept WHERE account_id = $1 AND kind = $2 AND key <> $3",
            values![account, kind, key],
        )?
        .map_or(Ok(0), |row| row.int(0))
    }
}

impl Keep<'_, '_> {
    /// Keeps something under a key, in place of what was there.
    pub fn put_kept(&mut self, account: AccountId, kind: &str, row: &KeptRow) -> Result<(), Error> {
        self.tx.execute(
            "INSERT INTO kept (account_id, kind, key, body, at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (account_id, kind, key) DO UPDATE SET body = excluded.body, at = excluded.at",
            values![account, kind, &row.key, &row.body, row.at],
        )?;
        Ok(())
    }

    /// Forgets what is under a key.
    pub fn drop_kept(&mut self, account: AccountId, kind: &str, key: &str) -> Result<(), Error> {
        self.tx.execute(
            "DELETE FROM kept WHERE account_id = $1 AND kind = $2 AND key = $3",
            values![account, kind, key],
        )?;
        Ok(())
    }

    /// Forgets everything of one kind that an account keeps.
    pub fn drop_kept_of(&mut self, account: AccountId, kind: &str) -> Result<(), Error> {
        self.tx.execute(
            "DELETE FROM kept WHERE account_id = $1 AND kind = $2",
            values![account, kind],
        )?;
        Ok(())
    }

    /// Forgets what was put there before an instant.
    pub fn sweep_kept(&mut self, kind: &str, before: Timestamp) -> Result<(), Error> {
        self.tx.execute(
            "DELETE FROM kept WHERE kind = $1 AND at < $2",
            values![kind, before],
        )?;
        Ok(())
    }
}
