//! Files that are taken in: their rows as they came, and what became of each. They belong to the account
//! that brought them; records come of them only by way of acts.

use crate::{
    Error, Keep, Tx,
    rows::{Row, Statement},
    values,
};
use domain::{AccountId, JobId};
use jiff::Timestamp;
use serde_json::Value;

/// A file that is taken in.
#[derive(Clone, Debug)]
pub struct ImportRow {
    /// Its id.
    pub id: JobId,
    /// Where its rows go.
    pub register: String,
    /// Who brought it.
    pub account: AccountId,
    /// How far it is.
    pub state: String,
    /// What is known of it besides.
    pub body: Value,
    /// When it came.
    pub created_at: Timestamp,
}

/// A row of such a file.
#[derive(Clone, Debug)]
pub struct ImportLine {
    /// Its number in the file, from 1.
    pub number: i64,
    /// Its cells, a list.
    pub cells: Value,
    /// What became of it.
    pub outcome: String,
    /// More about that.
    pub result: Option<Value>,
}

const COLUMNS: &str = "id, register, account_id, state, body, created_at";

fn import(row: &Row) -> Result<ImportRow, Error> {
    Ok(ImportRow {
        id: row.parse(0)?,
        register: row.text(1)?,
        account: row.parse(2)?,
        state: row.text(3)?,
        body: row.json(4)?,
        created_at: row.instant(5)?,
    })
}

fn line(row: &Row) -> Result<ImportLine, Error> {
    let result = row.opt_text(3)?;
    let result = result.map(|text| serde_json::from_str(&text));
    Ok(ImportLine {
        number: row.int(0)?,
        cells: row.json(1)?,
        outcome: row.text(2)?,
        result: result
            .transpose()
            .map_err(|_| Error::Corrupt { column: 3 })?,
    })
}

impl Tx<'_> {
    /// A file of an account.
    pub fn import(&mut self, id: JobId, account: AccountId) -> Result<Option<ImportRow>, Error> {
        let text = format!("SELECT {COLUMNS} FROM import WHERE id = $1 AND account_id = $2");
        self.query_one(&text, values![id, account])?
            .map(|row| import(&row))
            .transpose()
    }

    /// A file whose state is about to change, whoever brought it. Whoever else wants to change it waits.
    pub fn lock_import(&mut self, id: JobId) -> Result<Option<ImportRow>, Error> {
        let lock = self.for_update();
        let text = format!("SELECT {COLUMNS} FROM import WHERE id = $1{lock}");
        self.query_one(&text, values![id])?
            .map(|row| import(&row))
            .transpose()
    }

    /// The files of an account, newest first.
    pub fn imports(&mut self, account: AccountId, limit: i64) -> Result<Vec<ImportRow>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM import WHERE account_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2"
        );
        self.query(&text, values![account, limit])?
            .iter()
            .map(import)
            .collect()
    }

    /// Rows behind a number, all or those of one outcome.
    pub fn import_lines(
        &mut self,
        id: JobId,
        outcome: Option<&str>,
        (after, limit): (i64, i64),
    ) -> Result<Vec<ImportLine>, Error> {
        let mut statement = Statement::new(
            "SELECT row_no, cells, outcome, result FROM import_row WHERE import_id = ",
        );
        statement.bind(id).push(" AND row_no > ").bind(after);
        if let Some(outcome) = outcome {
            statement.push(" AND outcome = ").bind(outcome);
        }
        statement.push(" ORDER BY row_no LIMIT ").bind(limit);
        let (text, values) = statement.parts();
        self.query(text, values)?.iter().map(line).collect()
    }

    /// How many rows came to what.
    pub fn import_counts(&mut self, id: JobId) -> Result<Vec<(String, i64)>, Error> {
        self.query(
            "SELECT outcome, count(*) FROM import_row WHERE import_id = $1 GROUP BY outcome ORDER BY outcome",
            values![id],
        )?
        .iter()
        .map(|row| Ok((row.text(0)?, row.int(1)?)))
        .collect()
    }

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
    /// A new file.
    pub fn put_import(&mut self, row: &ImportRow) -> Result<(), Error> {
        self.tx.execute(
            "INSERT INTO import (id, register, account_id, state, body, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            values![
                row.id,
                &row.register,
                row.account,
                &row.state,
                &row.body,
                row.created_at
            ],
        )?;
        Ok(())
    }

    /// How far a file is, and what is known of it.
    pub fn set_import(&mut self, id: JobId, state: &str, body: &Value) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE import SET state = $2, body = $3 WHERE id = $1",
            values![id, state, body],
        )?;
        Ok(())
    }

    /// The next rows of a file.
    pub fn add_import_lines(&mut self, id: JobId, lines: &[(i64, Value)]) -> Result<(), Error> {
        for (number, cells) in lines {
            self.tx.execute(
                "INSERT INTO import_row (import_id, row_no, cells, outcome) VALUES ($1, $2, $3, 'waiting')",
                values![id, *number, cells],
            )?;
        }
        Ok(())
    }

    /// What became of a row that waits; false if it does not.
    pub fn set_import_line(
        &mut self,
        (id, number): (JobId, i64),
        (outcome, result): (&str, &Value),
    ) -> Result<bool, Error> {
        let set = self.tx.execute(
            "UPDATE import_row SET outcome = $3, result = $4 \
             WHERE import_id = $1 AND row_no = $2 AND outcome = 'waiting'",
            values![id, number, outcome, result],
        )?;
        Ok(set == 1)
    }

    /// More about a row that became a record.
    pub fn tell_import_line(
        &mut self,
        (id, number): (JobId, i64),
        result: &Value,
    ) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE import_row SET result = $3 WHERE import_id = $1 AND row_no = $2",
            values![id, number, result],
        )?;
        Ok(())
    }

    /// Puts all rows of some outcomes into another.
    pub fn turn_import_lines(&mut self, id: JobId, from: &[&str], to: &str) -> Result<u64, Error> {
        let mut statement = Statement::new("UPDATE import_row SET outcome = ");
        statement
            .bind(to)
            .push(" WHERE import_id = ")
            .bind(id)
            .push(" AND outcome IN ")
            .list(from.iter().copied());
        let (text, values) = statement.parts();
        self.tx.execute(text, values)
    }

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

    /// Drops a file and its rows.
    pub fn drop_import(&mut self, id: JobId) -> Result<(), Error> {
        self.tx
            .execute("DELETE FROM import_row WHERE import_id = $1", values![id])?;
        self.tx
            .execute("DELETE FROM import WHERE id = $1", values![id])?;
        Ok(())
    }

    /// Files that came before an instant and are not being worked on, or that were never read to their
    /// end and came before another.
    pub fn old_imports(
        &mut self,
        (before, unread): (Timestamp, Timestamp),
        limit: i64,
    ) -> Result<Vec<JobId>, Error> {
        self.tx
            .query(
                "SELECT id FROM import WHERE (created_at < $1 AND state <> 'running') \
                 OR (created_at < $2 AND state = 'reading') ORDER BY created_at LIMIT $3",
                values![before, unread, limit],
            )?
            .iter()
            .map(|row| row.parse(0))
            .collect()
    }
}
