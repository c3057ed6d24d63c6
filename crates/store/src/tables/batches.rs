//! Batches: many requests that were brought at once, rows of a file or records to act on, and what became of
//! each. They belong to the account that brought them; nothing is done to records but by way of acts.

use crate::{
    Error, Keep, Tx,
    rows::{Row, Statement},
    values,
};
use domain::{AccountId, JobId};
use jiff::Timestamp;
use serde_json::Value;

/// Requests that were brought at once.
#[derive(Clone, Debug)]
pub struct BatchRow {
    /// Its id.
    pub id: JobId,
    /// What they are.
    pub kind: String,
    /// The register they are about.
    pub register: String,
    /// Who brought them.
    pub account: AccountId,
    /// How far it is.
    pub state: String,
    /// What is known of it besides.
    pub body: Value,
    /// When it came.
    pub created_at: Timestamp,
}

/// One of them.
#[derive(Clone, Debug)]
pub struct BatchLine {
    /// Its number, from 1.
    pub number: i64,
    /// What it says.
    pub asked: Value,
    /// What became of it.
    pub outcome: String,
    /// More about that.
    pub result: Option<Value>,
}

const COLUMNS: &str = "id, kind, register, account_id, state, body, created_at";

fn batch(row: &Row) -> Result<BatchRow, Error> {
    Ok(BatchRow {
        id: row.parse(0)?,
        kind: row.text(1)?,
        register: row.text(2)?,
        account: row.parse(3)?,
        state: row.text(4)?,
        body: row.json(5)?,
        created_at: row.instant(6)?,
    })
}

fn line(row: &Row) -> Result<BatchLine, Error> {
    let result = row.opt_text(3)?;
    let result = result.map(|text| serde_json::from_str(&text));
    Ok(BatchLine {
        number: row.int(0)?,
        asked: row.json(1)?,
        outcome: row.text(2)?,
        result: result
            .transpose()
            .map_err(|_| Error::Corrupt { column: 3 })?,
    })
}

impl Tx<'_> {
    /// A batch of an account.
    pub fn batch(&mut self, id: JobId, account: AccountId) -> Result<Option<BatchRow>, Error> {
        let text = format!("SELECT {COLUMNS} FROM batch WHERE id = $1 AND account_id = $2");
        self.query_one(&text, values![id, account])?
            .map(|row| batch(&row))
            .transpose()
    }

    /// A batch whose state is about to change, whoever brought it. Whoever else wants to change it waits.
    pub fn lock_batch(&mut self, id: JobId) -> Result<Option<BatchRow>, Error> {
        let lock = self.for_update();
        let text = format!("SELECT {COLUMNS} FROM batch WHERE id = $1{lock}");
        self.query_one(&text, values![id])?
            .map(|row| batch(&row))
            .transpose()
    }

    /// The batches of an account, newest first.
    pub fn batches(
        &mut self,
        account: AccountId,
        kind: &str,
        limit: i64,
    ) -> Result<Vec<BatchRow>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM batch WHERE account_id = $1 AND kind = $2 \
             ORDER BY created_at DESC, id DESC LIMIT $3"
        );
        self.query(&text, values![account, kind, limit])?
            .iter()
            .map(batch)
            .collect()
    }

    /// How many batches an account has.
    pub fn count_batches(&mut self, account: AccountId, kind: &str) -> Result<i64, Error> {
        self.query_one(
            "SELECT count(*) FROM batch WHERE account_id = $1 AND kind = $2",
            values![account, kind],
        )?
        .map_or(Ok(0), |row| row.int(0))
    }

    /// The oldest batch of an account that is not being worked on, but for one.
    pub fn oldest_batch(
        &mut self,
        (account, kind): (AccountId, &str),
        except: Option<JobId>,
    ) -> Result<Option<JobId>, Error> {
        let except = except.map_or_else(String::new, |id| id.to_string());
        self.query_one(
            "SELECT id FROM batch WHERE account_id = $1 AND kind = $2 AND state <> 'running' AND id <> $3 \
             ORDER BY created_at, id LIMIT 1",
            values![account, kind, &except],
        )?
        .map(|row| row.parse(0))
        .transpose()
    }

    /// Rows behind a number, all or those of some outcomes.
    pub fn batch_lines(
        &mut self,
        id: JobId,
        outcomes: &[&str],
        (after, limit): (i64, i64),
    ) -> Result<Vec<BatchLine>, Error> {
        let mut statement = Statement::new(
            "SELECT row_no, asked, outcome, result FROM batch_row WHERE batch_id = ",
        );
        statement.bind(id).push(" AND row_no > ").bind(after);
        if !outcomes.is_empty() {
            statement
                .push(" AND outcome IN ")
                .list(outcomes.iter().copied());
        }
        statement.push(" ORDER BY row_no LIMIT ").bind(limit);
        let (text, values) = statement.parts();
        self.query(text, values)?.iter().map(line).collect()
    }

    /// The row above one.
    pub fn batch_line_above(&mut self, id: JobId, number: i64) -> Result<Option<BatchLine>, Error> {
        self.query_one(
            "SELECT row_no, asked, outcome, result FROM batch_row WHERE batch_id = $1 AND row_no < $2 \
             ORDER BY row_no DESC LIMIT 1",
            values![id, number],
        )?
        .map(|row| line(&row))
        .transpose()
    }

    /// How many rows came to what.
    pub fn batch_counts(&mut self, id: JobId) -> Result<Vec<(String, i64)>, Error> {
        self.query(
            "SELECT outcome, count(*) FROM batch_row WHERE batch_id = $1 AND outcome <> 'before' \
             GROUP BY outcome ORDER BY outcome",
            values![id],
        )?
        .iter()
        .map(|row| Ok((row.text(0)?, row.int(1)?)))
        .collect()
    }
}

impl Keep<'_, '_> {
    /// A new batch.
    pub fn put_batch(&mut self, row: &BatchRow) -> Result<(), Error> {
        self.tx.execute(
            "INSERT INTO batch (id, kind, register, account_id, state, body, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values![
                row.id,
                &row.kind,
                &row.register,
                row.account,
                &row.state,
                &row.body,
                row.created_at
            ],
        )?;
        Ok(())
    }

    /// How far a batch is, and what is known of it.
    pub fn set_batch(&mut self, id: JobId, state: &str, body: &Value) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE batch SET state = $2, body = $3 WHERE id = $1",
            values![id, state, body],
        )?;
        Ok(())
    }

    /// The next rows of a batch, each with how it stands.
    pub fn add_batch_lines(
        &mut self,
        id: JobId,
        lines: &[(i64, Value, &'static str)],
    ) -> Result<(), Error> {
        for (number, asked, outcome) in lines {
            self.tx.execute(
                "INSERT INTO batch_row (batch_id, row_no, asked, outcome) VALUES ($1, $2, $3, $4)",
                values![id, *number, asked, *outcome],
            )?;
        }
        Ok(())
    }

    /// What became of a row that waits; false if it does not.
    pub fn set_batch_line(
        &mut self,
        (id, number): (JobId, i64),
        (outcome, result): (&str, &Value),
    ) -> Result<bool, Error> {
        let set = self.tx.execute(
            "UPDATE batch_row SET outcome = $3, result = $4 \
             WHERE batch_id = $1 AND row_no = $2 AND outcome = 'waiting'",
            values![id, number, outcome, result],
        )?;
        Ok(set == 1)
    }

    /// Rows that an act took in together with another; they belong to its record for good.
    pub fn take_batch_lines(&mut self, id: JobId, numbers: &[i64]) -> Result<(), Error> {
        for number in numbers {
            self.tx.execute(
                "UPDATE batch_row SET outcome = 'taken', result = NULL \
                 WHERE batch_id = $1 AND row_no = $2 AND outcome IN ('waiting', 'part', 'failed', 'again')",
                values![id, *number],
            )?;
        }
        Ok(())
    }

    /// More about a row that was acted on.
    pub fn tell_batch_line(
        &mut self,
        (id, number): (JobId, i64),
        result: &Value,
    ) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE batch_row SET result = $3 WHERE batch_id = $1 AND row_no = $2",
            values![id, number, result],
        )?;
        Ok(())
    }

    /// Puts all rows of some outcomes into another.
    pub fn turn_batch_lines(&mut self, id: JobId, from: &[&str], to: &str) -> Result<u64, Error> {
        let mut statement = Statement::new("UPDATE batch_row SET outcome = ");
        statement
            .bind(to)
            .push(" WHERE batch_id = ")
            .bind(id)
            .push(" AND outcome IN ")
            .list(from.iter().copied());
        let (text, values) = statement.parts();
        self.tx.execute(text, values)
    }

    /// Drops a batch and its rows.
    pub fn drop_batch(&mut self, id: JobId) -> Result<(), Error> {
        self.tx
            .execute("DELETE FROM batch_row WHERE batch_id = $1", values![id])?;
        self.tx
            .execute("DELETE FROM batch WHERE id = $1", values![id])?;
        Ok(())
    }

    /// Batches that came before an instant and are not being worked on, or that were never read to their
    /// end and came before another.
    pub fn old_batches(
        &mut self,
        (before, unread): (Timestamp, Timestamp),
        limit: i64,
    ) -> Result<Vec<JobId>, Error> {
        self.tx
            .query(
                "SELECT id FROM batch WHERE (created_at < $1 AND state <> 'running') \
                 OR (created_at < $2 AND state = 'reading') ORDER BY created_at LIMIT $3",
                values![before, unread, limit],
            )?
            .iter()
            .map(|row| row.parse(0))
            .collect()
    }
}
