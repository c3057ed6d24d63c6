//! What a person said the columns of their files stand for.

use crate::{Error, Keep, Tx, values};
use domain::AccountId;

impl Tx<'_> {
    /// Which field a head stood for the last time.
    pub fn import_heads(
        &mut self,
        account: AccountId,
        register: &str,
    ) -> Result<Vec<(String, String)>, Error> {
        self.query(
            "SELECT head, field FROM import_head WHERE account_id = $1 AND register = $2 ORDER BY head",
            values![account, register],
        )?
        .iter()
        .map(|row| Ok((row.text(0)?, row.text(1)?)))
        .collect()
    }
}

impl Keep<'_, '_> {
    /// Remembers which field a head stands for.
    pub fn remember_import_head(
        &mut self,
        account: AccountId,
        register: &str,
        (head, field): (&str, &str),
    ) -> Result<(), Error> {
        self.tx.execute(
            "INSERT INTO import_head (account_id, register, head, field) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (account_id, register, head) DO UPDATE SET field = excluded.field",
            values![account, register, head, field],
        )?;
        Ok(())
    }
}
