//! Approvals, the decisions taken on them, and signatures given.

use crate::{Error, Tx, Write, rows::Row, values};
use domain::{AccountId, ApprovalId, PersonId, RecordId};
use jiff::Timestamp;

/// An action waiting for decisions.
#[derive(Clone, Debug)]
pub struct ApprovalRow {
    /// Its id.
    pub id: ApprovalId,
    /// The record whose action waits.
    pub record: RecordId,
    /// That record's register.
    pub register: String,
    /// The action.
    pub action: String,
    /// Digest over everything frozen, hex.
    pub digest: String,
    /// Frozen input, target versions, rule versions.
    pub frozen: serde_json::Value,
    /// The steps that apply, with who decides.
    pub steps: serde_json::Value,
    /// Index of the step that waits.
    pub step: i64,
    /// `pending`, `approved`, `refused`, `returned`, `withdrawn`.
    pub state: String,
    /// Who asked.
    pub requested_by: AccountId,
    /// The person who asked.
    pub requested_person: Option<PersonId>,
    /// When it was asked.
    pub at: Timestamp,
    /// When the last decision fell.
    pub closed_at: Option<Timestamp>,
}

/// One decision.
#[derive(Clone, Debug)]
pub struct DecisionRow {
    /// The approval.
    pub approval: ApprovalId,
    /// Which step.
    pub step: i64,
    /// Who decided.
    pub person: PersonId,
    /// By which account.
    pub account: AccountId,
    /// `approve`, `refuse`, `return`.
    pub verdict: String,
    /// What they said.
    pub comment: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// A signature given over a digest; the credential itself is never stored.
#[derive(Clone, Debug)]
pub struct SignatureRow {
    /// The record.
    pub record: RecordId,
    /// The version it signs.
    pub version: i64,
    /// In which role (`borrower`, `supervisor` …).
    pub role: String,
    /// Who signed.
    pub person: PersonId,
    /// `counter`, `inbox`, `paper`.
    pub method: String,
    /// What was signed, hex.
    pub digest: String,
    /// When.
    pub at: Timestamp,
}

const COLUMNS: &str = "id, record_id, register, action, digest, frozen, steps, step, state, \
     requested_by, requested_person, at, closed_at";

fn approval(row: &Row) -> Result<ApprovalRow, Error> {
    Ok(ApprovalRow {
        id: row.parse(0)?,
        record: row.parse(1)?,
        register: row.text(2)?,
        action: row.text(3)?,
        digest: row.text(4)?,
        frozen: row.json(5)?,
        steps: row.json(6)?,
        step: row.int(7)?,
        state: row.text(8)?,
        requested_by: row.parse(9)?,
        requested_person: row.opt_parse(10)?,
        at: row.instant(11)?,
        closed_at: row.opt_instant(12)?,
    })
}

impl Tx<'_> {
    /// One approval, locked.
    pub fn lock_approval(&mut self, id: ApprovalId) -> Result<Option<ApprovalRow>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM approval WHERE id = $1{}",
            self.for_update()
        );
        self.query_one(&text, values![id])?
            .as_ref()
            .map(approval)
            .transpose()
    }

    /// Approvals of a record, oldest first.
    pub fn approvals(&mut self, record: RecordId) -> Result<Vec<ApprovalRow>, Error> {
        let text = format!("SELECT {COLUMNS} FROM approval WHERE record_id = $1 ORDER BY at, id");
        self.query(&text, values![record])?
            .iter()
            .map(approval)
            .collect()
    }

    /// Approvals that still wait, oldest first.
    pub fn pending_approvals(&mut self, limit: i64) -> Result<Vec<ApprovalRow>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM approval WHERE state = 'pending' ORDER BY at, id LIMIT $1"
        );
        self.query(&text, values![limit])?
            .iter()
            .map(approval)
            .collect()
    }

    /// Decisions taken on an approval, in order.
    pub fn decisions(&mut self, id: ApprovalId) -> Result<Vec<DecisionRow>, Error> {
        self.query(
            "SELECT approval_id, step, person_id, account_id, verdict, comment, at FROM decision \
             WHERE approval_id = $1 ORDER BY at, step",
            values![id],
        )?
        .iter()
        .map(|row| {
            Ok(DecisionRow {
                approval: row.parse(0)?,
                step: row.int(1)?,
                person: row.parse(2)?,
                account: row.parse(3)?,
                verdict: row.text(4)?,
                comment: row.opt_text(5)?,
                at: row.instant(6)?,
            })
        })
        .collect()
    }

    /// Signatures on a record, oldest first.
    pub fn signatures(&mut self, record: RecordId) -> Result<Vec<SignatureRow>, Error> {
        self.query(
            "SELECT record_id, version, role, person_id, method, digest, at FROM signature \
             WHERE record_id = $1 ORDER BY version, role, person_id",
            values![record],
        )?
        .iter()
        .map(|row| {
            Ok(SignatureRow {
                record: row.parse(0)?,
                version: row.int(1)?,
                role: row.text(2)?,
                person: row.parse(3)?,
                method: row.text(4)?,
                digest: row.text(5)?,
                at: row.instant(6)?,
            })
        })
        .collect()
    }
}

impl Write<'_, '_> {
    /// Adds an approval or keeps its changed state.
    pub fn put_approval(&mut self, row: &ApprovalRow) -> Result<(), Error> {
        self.tx.execute(
            "INSERT INTO approval (id, record_id, register, action, digest, frozen, steps, step, state, \
             requested_by, requested_person, at, closed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
             ON CONFLICT (id) DO UPDATE SET step = excluded.step, state = excluded.state, \
             closed_at = excluded.closed_at",
            values![
                row.id,
                row.record,
                &row.register,
                &row.action,
                &row.digest,
                &row.frozen,
                &row.steps,
                row.step,
                &row.state,
                row.requested_by,
                row.requested_person,
                row.at,
                row.closed_at
            ],
        )?;
        Ok(())
    }

    /// Adds a decision.
    pub fn insert_decision(&mut self, row: &DecisionRow) -> Result<(), Error> {
        self.tx.execute(
            "INSERT INTO decision (approval_id, step, person_id, account_id, verdict, comment, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values![
                row.approval,
                row.step,
                row.person,
                row.account,
                &row.verdict,
                row.comment.as_deref(),
                row.at
            ],
        )?;
        Ok(())
    }

    /// Adds a signature.
    pub fn insert_signature(&mut self, row: &SignatureRow) -> Result<(), Error> {
        self.tx.execute(
            "INSERT INTO signature (record_id, version, role, person_id, method, digest, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values![
                row.record,
                row.version,
                &row.role,
                row.person,
                &row.method,
                &row.digest,
                row.at
            ],
        )?;
        Ok(())
    }
}
