//! The product's own books: settings, definitions in force, leases, jobs, answers kept for repeats.

use crate::{
    Error, Keep, Tx,
    rows::{Dialect, Row},
    values,
};
use domain::{AccountId, JobId};
use jiff::Timestamp;

/// An answer kept for a repeated request.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Digest of the request it answered, hex.
    pub digest: String,
    /// The answer.
    pub answer: serde_json::Value,
}

/// A version of a definition that was stored.
#[derive(Clone, Debug)]
pub struct DefinitionRow {
    /// Its number here, from 1.
    pub version: i64,
    /// Its digest.
    pub digest: String,
    /// What was understood of it, as JSON.
    pub source: String,
    /// When it came into use.
    pub at: Timestamp,
}

/// A job.
#[derive(Clone, Debug)]
pub struct JobRow {
    /// Its id.
    pub id: JobId,
    /// What kind of work.
    pub kind: String,
    /// Its input.
    pub payload: serde_json::Value,
    /// `queued`, `running`, `done`, `failed`.
    pub state: String,
    /// How often it was begun.
    pub attempts: i64,
    /// What came of it.
    pub result: Option<serde_json::Value>,
}

fn job(row: &Row) -> Result<JobRow, Error> {
    Ok(JobRow {
        id: row.parse(0)?,
        kind: row.text(1)?,
        payload: row.json(2)?,
        state: row.text(3)?,
        attempts: row.int(4)?,
        result: None,
    })
}

impl Tx<'_> {
    /// A setting.
    pub fn meta(&mut self, key: &str) -> Result<Option<String>, Error> {
        self.query_one("SELECT value FROM meta WHERE key = $1", values![key])?
            .map(|row| row.text(0))
            .transpose()
    }

    /// Keeps a setting.
    pub fn set_meta(&mut self, key: &str, value: &str) -> Result<(), Error> {
        self.execute(
            "INSERT INTO meta (key, value) VALUES ($1, $2) \
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            values![key, value],
        )?;
        Ok(())
    }

    /// Digest of the newest stored version of a definition, with its number.
    pub fn definition(&mut self, key: &str) -> Result<Option<(i64, String)>, Error> {
        self.query_one(
            "SELECT version, digest FROM definition WHERE key = $1 ORDER BY version DESC LIMIT 1",
            values![key],
        )?
        .map(|row| Ok((row.int(0)?, row.text(1)?)))
        .transpose()
    }

    /// The newest stored version of a definition, as it was written.
    pub fn definition_source(&mut self, key: &str) -> Result<Option<String>, Error> {
        self.query_one(
            "SELECT source FROM definition WHERE key = $1 ORDER BY version DESC LIMIT 1",
            values![key],
        )?
        .map(|row| row.text(0))
        .transpose()
    }

    /// The newest versions of a definition that were stored, newest first.
    pub fn definition_versions(
        &mut self,
        key: &str,
        limit: i64,
    ) -> Result<Vec<DefinitionRow>, Error> {
        let rows = self.query(
            "SELECT version, digest, source, at FROM definition WHERE key = $1 \
             ORDER BY version DESC LIMIT $2",
            values![key, limit],
        )?;
        rows.iter()
            .map(|row| {
                Ok(DefinitionRow {
                    version: row.int(0)?,
                    digest: row.text(1)?,
                    source: row.text(2)?,
                    at: row.instant(3)?,
                })
            })
            .collect()
    }

    /// Stores a version of a definition.
    pub fn put_definition(
        &mut self,
        key: &str,
        version: i64,
        digest: &str,
        source: &str,
        at: Timestamp,
    ) -> Result<(), Error> {
        self.execute(
            "INSERT INTO definition (key, version, digest, source, at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT DO NOTHING",
            values![key, version, digest, source, at],
        )?;
        Ok(())
    }

    /// Takes or renews a lease; gives its fencing epoch, or none while another holder has it.
    pub fn take_lease(
        &mut self,
        name: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<i64>, Error> {
        self.query_one(
            "INSERT INTO lease (name, holder, epoch, until) VALUES ($1, $2, 1, $3) \
             ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until, \
             epoch = CASE WHEN lease.holder = excluded.holder THEN lease.epoch ELSE lease.epoch + 1 END \
             WHERE lease.holder = excluded.holder OR lease.until < $4 RETURNING epoch",
            values![name, holder, until, now],
        )?
        .map(|row| row.int(0))
        .transpose()
    }

    /// Puts a job into the queue, in the transaction that needs it.
    pub fn enqueue(
        &mut self,
        id: JobId,
        kind: &str,
        payload: &serde_json::Value,
        run_at: Timestamp,
        created_by: &str,
    ) -> Result<(), Error> {
        self.execute(
            "INSERT INTO job (id, kind, payload, state, run_at, attempts, created_at, created_by) \
             VALUES ($1, $2, $3, 'queued', $4, 0, $4, $5)",
            values![id, kind, payload, run_at, created_by],
        )?;
        Ok(())
    }

    /// Jobs of a kind that are not over.
    pub fn open_jobs(&mut self, kind: &str) -> Result<Vec<JobRow>, Error> {
        self.query(
            "SELECT id, kind, payload, state, attempts FROM job \
             WHERE kind = $1 AND state IN ('queued', 'running') ORDER BY id",
            values![kind],
        )?
        .iter()
        .map(job)
        .collect()
    }

    /// Takes a job that nobody has yet.
    pub fn take_job(&mut self, id: JobId, lease_until: Timestamp) -> Result<Option<JobRow>, Error> {
        self.query_one(
            "UPDATE job SET state = 'running', lease_until = $2, attempts = attempts + 1 \
             WHERE id = $1 AND state = 'queued' RETURNING id, kind, payload, state, attempts",
            values![id, lease_until],
        )?
        .map(|row| job(&row))
        .transpose()
    }

    /// Takes the job that is due longest: queued, or running with a lease that has ended.
    pub fn claim_job(
        &mut self,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<JobRow>, Error> {
        let skip = match self.dialect() {
            Dialect::Sqlite => "",
            Dialect::Postgres => " FOR UPDATE SKIP LOCKED",
        };
        let text = format!(
            "UPDATE job SET state = 'running', lease_until = $2, attempts = attempts + 1 WHERE id = \
             (SELECT id FROM job WHERE (state = 'queued' AND run_at <= $1) \
             OR (state = 'running' AND lease_until < $1) ORDER BY run_at, id LIMIT 1{skip}) \
             RETURNING id, kind, payload, state, attempts"
        );
        self.query_one(&text, values![now, lease_until])?
            .map(|row| job(&row))
            .transpose()
    }

    /// Keeps a job that goes on, if this attempt still owns it.
    pub fn renew_job(
        &mut self,
        id: JobId,
        attempt: i64,
        lease_until: Timestamp,
    ) -> Result<bool, Error> {
        let touched = self.execute(
            "UPDATE job SET lease_until = $3 WHERE id = $1 AND attempts = $2 AND state = 'running'",
            values![id, attempt, lease_until],
        )?;
        Ok(touched == 1)
    }

    /// Gives a job back for another time, if this attempt still owns it.
    pub fn requeue_job(
        &mut self,
        id: JobId,
        attempt: i64,
        run_at: Timestamp,
    ) -> Result<bool, Error> {
        let touched = self.execute(
            "UPDATE job SET state = 'queued', run_at = $3, lease_until = NULL \
             WHERE id = $1 AND attempts = $2 AND state = 'running'",
            values![id, attempt, run_at],
        )?;
        Ok(touched == 1)
    }

    /// Keeps how far a job has come, if this attempt still owns it.
    pub fn note_job(
        &mut self,
        id: JobId,
        attempt: i64,
        payload: &serde_json::Value,
    ) -> Result<bool, Error> {
        let touched = self.execute(
            "UPDATE job SET payload = $3 WHERE id = $1 AND attempts = $2 AND state = 'running'",
            values![id, attempt, payload],
        )?;
        Ok(touched == 1)
    }

    /// Ends a job, if this attempt still owns it.
    pub fn end_job(
        &mut self,
        id: JobId,
        attempt: i64,
        state: &str,
        result: &serde_json::Value,
    ) -> Result<bool, Error> {
        let touched = self.execute(
            "UPDATE job SET state = $3, result = $4, lease_until = NULL \
             WHERE id = $1 AND attempts = $2 AND state = 'running'",
            values![id, attempt, state, result],
        )?;
        Ok(touched == 1)
    }

    /// The answer kept for a repeated request.
    pub fn answer(
        &mut self,
        account: AccountId,
        key: &str,
        since: Timestamp,
    ) -> Result<Option<Answer>, Error> {
        self.query_one(
            "SELECT digest, answer FROM idempotency WHERE account_id = $1 AND key = $2 AND at >= $3",
            values![account, key, since],
        )?
        .map(|row| Ok(Answer { digest: row.text(0)?, answer: row.json(1)? }))
        .transpose()
    }
}

impl Keep<'_, '_> {
    /// Takes a key for the request with this digest; gives the answer if the key was taken since
    /// `since`. WHY: of two requests that arrive together the second waits here for the first.
    pub fn claim_answer(
        &mut self,
        account: AccountId,
        key: &str,
        digest: &str,
        (since, at): (Timestamp, Timestamp),
    ) -> Result<Option<Answer>, Error> {
        if self.tx.dialect() == Dialect::Sqlite {
            // one writer: nobody comes between this look and the answer that is kept at the end, and
            // a request that is refused has changed nothing
            return self.tx.answer(account, key, since);
        }
        let mine = self.tx.query_one(
            "INSERT INTO idempotency (account_id, key, digest, answer, at) VALUES ($1, $2, $3, 'null', $4) \
             ON CONFLICT (account_id, key) DO UPDATE SET digest = excluded.digest, \
             answer = excluded.answer, at = excluded.at WHERE idempotency.at < $5 RETURNING digest",
            values![account, key, digest, at, since],
        )?;
        match mine {
            Some(_) => Ok(None),
            None => self.tx.answer(account, key, since),
        }
    }

    /// Gives a key back whose request came to nothing that a repeat should be told.
    pub fn forget_answer(&mut self, account: AccountId, key: &str) -> Result<(), Error> {
        self.tx.execute(
            "DELETE FROM idempotency WHERE account_id = $1 AND key = $2",
            values![account, key],
        )?;
        Ok(())
    }

    /// Keeps an answer for a repeat of the same request.
    pub fn put_answer(
        &mut self,
        account: AccountId,
        key: &str,
        answer: &Answer,
        at: Timestamp,
    ) -> Result<(), Error> {
        self.tx.execute(
            "INSERT INTO idempotency (account_id, key, digest, answer, at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (account_id, key) DO UPDATE SET digest = excluded.digest, \
             answer = excluded.answer, at = excluded.at",
            values![account, key, &answer.digest, &answer.answer, at],
        )?;
        Ok(())
    }

    /// Forgets answers older than `before`.
    pub fn sweep_answers(&mut self, before: Timestamp) -> Result<(), Error> {
        self.tx
            .execute("DELETE FROM idempotency WHERE at < $1", values![before])?;
        Ok(())
    }
}
