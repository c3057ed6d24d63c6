//! Approvals, who is awaited, the decisions taken, and signatures given.

use super::search::Visible;
use crate::{
    Error, Tx, Write, limits,
    rows::{Dialect, Row, Statement},
    values,
};
use domain::{AccountId, ApprovalId, PersonId, RecordId};
use jiff::Timestamp;
use std::collections::BTreeSet;

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
    /// The steps that apply, each with its round.
    pub steps: serde_json::Value,
    /// The round that waits.
    pub step: i64,
    /// `pending`, `approved`, `refused`, `returned`, `withdrawn`, `superseded`.
    pub state: String,
    /// Who asked.
    pub requested_by: AccountId,
    /// The person who asked.
    pub requested_person: Option<PersonId>,
    /// When it was asked.
    pub at: Timestamp,
    /// When the last decision fell.
    pub closed_at: Option<Timestamp>,
    /// Label class of what is asked: as secret as the record is and as it would become.
    pub class: i64,
    /// Nobody decides twice.
    pub once: bool,
    /// Why it was sent back, or, while it waits, why nobody can decide on it.
    pub reason: Option<serde_json::Value>,
}

/// What waits for one person.
#[derive(Clone, Debug)]
pub struct InboxQuery {
    /// What they may see.
    pub visible: Visible,
    /// Their account: what was sent back to it waits for it.
    pub account: AccountId,
    /// Who they are; nobody decides without being somebody.
    pub person: Option<PersonId>,
    /// What they are awaited as: themselves and their roles.
    pub parties: Vec<String>,
    /// When and which the last one of the page before was.
    pub after: Option<(Timestamp, ApprovalId)>,
    /// At most so many, bounded by [`limits::PAGE`].
    pub limit: i64,
}

/// One decision.
#[derive(Clone, Debug)]
pub struct DecisionRow {
    /// The approval.
    pub approval: ApprovalId,
    /// For which step of the definition.
    pub step: i64,
    /// Who decided.
    pub person: PersonId,
    /// By which account.
    pub account: AccountId,
    /// Whose decision it was, if they had delegated it.
    pub for_person: Option<PersonId>,
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

pub(super) const COLUMNS: &str = "a.id, a.record_id, a.register, a.action, a.digest, a.frozen, a.steps, a.step, \
     a.state, a.requested_by, a.requested_person, a.at, a.closed_at, a.class_id, a.once, a.reason";

pub(super) fn approval(row: &Row) -> Result<ApprovalRow, Error> {
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
        class: row.int(13)?,
        once: row.int(14)? != 0,
        reason: row
            .opt_text(15)?
            .map(|text| serde_json::from_str(&text).map_err(|_| Error::Corrupt { column: 15 }))
            .transpose()?,
    })
}

impl Tx<'_> {
    /// An approval as a person may see it: none if it is absent or hidden, by the same statement.
    pub fn visible_approval(
        &mut self,
        id: ApprovalId,
        visible: &Visible,
    ) -> Result<Option<ApprovalRow>, Error> {
        let mut statement = Statement::new(&format!(
            "SELECT {COLUMNS} FROM approval a JOIN record r ON r.id = a.record_id WHERE a.id = "
        ));
        statement.bind(id);
        visible.push(self.dialect(), &mut statement);
        visible.push_class(self.dialect(), "a.class_id", &mut statement);
        let (text, values) = statement.parts();
        self.query_one(text, values)?
            .as_ref()
            .map(approval)
            .transpose()
    }

    /// One approval, locked; only after its record, so that nobody waits for one another.
    pub fn lock_approval(&mut self, id: ApprovalId) -> Result<Option<ApprovalRow>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM approval a WHERE a.id = $1{}",
            self.for_update()
        );
        self.query_one(&text, values![id])?
            .as_ref()
            .map(approval)
            .transpose()
    }

    /// Approvals of a record, oldest first.
    pub fn approvals(&mut self, record: RecordId) -> Result<Vec<ApprovalRow>, Error> {
        let text =
            format!("SELECT {COLUMNS} FROM approval a WHERE a.record_id = $1 ORDER BY a.at, a.id");
        self.query(&text, values![record])?
            .iter()
            .map(approval)
            .collect()
    }

    /// Those of these records about which something is asked.
    pub fn waiting_among(
        &mut self,
        records: &BTreeSet<RecordId>,
    ) -> Result<BTreeSet<RecordId>, Error> {
        let mut statement = Statement::new(
            "SELECT DISTINCT a.record_id FROM approval a WHERE a.state = 'pending' AND a.record_id IN ",
        );
        statement.list(records.iter().copied());
        let (text, values) = statement.parts();
        self.query(text, values)?
            .iter()
            .map(|row| row.parse(0))
            .collect()
    }

    /// A page of what waits for a person, oldest first.
    pub fn inbox(&mut self, query: &InboxQuery) -> Result<Vec<ApprovalRow>, Error> {
        let mut statement = Statement::new(&format!("SELECT {COLUMNS}"));
        waits_for(query, self.dialect(), &mut statement);
        if let Some((at, id)) = query.after {
            statement.push(" AND (a.at, a.id) > (").bind(at);
            statement.push(", ").bind(id).push(")");
        }
        statement
            .push(" ORDER BY a.at, a.id LIMIT ")
            .bind(query.limit.clamp(1, limits::PAGE));
        let (text, values) = statement.parts();
        self.query(text, values)?.iter().map(approval).collect()
    }

    /// How much waits for a person, counted exactly or only up to `cap`.
    pub fn inbox_count(&mut self, query: &InboxQuery, cap: Option<i64>) -> Result<i64, Error> {
        self.tally(cap, |dialect, statement| {
            waits_for(query, dialect, statement)
        })
    }

    /// Records with a request of this person that is not settled yet, or with one they have to
    /// decide on.
    pub fn requests_open(
        &mut self,
        person: PersonId,
        now: Timestamp,
    ) -> Result<Vec<RecordId>, Error> {
        self.query(
            "SELECT DISTINCT a.record_id FROM approval a JOIN record r ON r.id = a.record_id \
             WHERE (a.requested_person = $1 AND (a.state = 'pending' OR (a.state = 'returned' AND r.open = 1))) \
             OR (a.state = 'pending' AND EXISTS (SELECT 1 FROM ground g \
             WHERE g.record_id = COALESCE(r.parent_id, r.id) AND g.cause_id = a.id \
             AND g.person_id = $1 AND g.kind = 'decision' AND (g.until IS NULL OR g.until > $2))) \
             ORDER BY a.record_id",
            values![person, now],
        )?
        .iter()
        .map(|row| row.parse(0))
        .collect()
    }

    /// Who is awaited on an approval: steps and parties.
    pub fn deciders(&mut self, id: ApprovalId) -> Result<Vec<(i64, String)>, Error> {
        self.query(
            "SELECT step, party FROM decider WHERE approval_id = $1 ORDER BY step, party",
            values![id],
        )?
        .iter()
        .map(|row| Ok((row.int(0)?, row.text(1)?)))
        .collect()
    }

    /// Approvals that wait for one of these parties, each with its record.
    pub fn approvals_awaiting(
        &mut self,
        parties: &[String],
    ) -> Result<Vec<(ApprovalId, RecordId)>, Error> {
        let mut statement = Statement::new(
            "SELECT DISTINCT a.id, a.record_id FROM decider d JOIN approval a ON a.id = d.approval_id \
             WHERE a.state = 'pending' AND d.party IN ",
        );
        statement.list(parties).push(" ORDER BY a.id");
        let (text, values) = statement.parts();
        self.query(text, values)?.iter().map(named).collect()
    }

    /// Approvals that wait, each with its record, by id after one.
    pub fn approvals_pending(
        &mut self,
        after: Option<ApprovalId>,
        limit: i64,
    ) -> Result<Vec<(ApprovalId, RecordId)>, Error> {
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        self.query(
            "SELECT id, record_id FROM approval WHERE state = 'pending' AND id > $1 ORDER BY id LIMIT $2",
            values![after, limit.clamp(1, limits::PAGE)],
        )?
        .iter()
        .map(named)
        .collect()
    }

    /// Whom a cause gives a ground to decide, and on which record.
    pub fn deciding_grounds(
        &mut self,
        cause: RecordId,
        now: Timestamp,
    ) -> Result<Vec<(RecordId, PersonId)>, Error> {
        self.query(
            "SELECT record_id, person_id FROM ground WHERE cause_id = $1 AND kind = 'decision' \
             AND (until IS NULL OR until > $2) ORDER BY record_id, person_id",
            values![cause, now],
        )?
        .iter()
        .map(|row| Ok((row.parse(0)?, row.parse(1)?)))
        .collect()
    }

    /// Decisions taken on an approval, in order.
    pub fn decisions(&mut self, id: ApprovalId) -> Result<Vec<DecisionRow>, Error> {
        self.query(
            "SELECT approval_id, step, person_id, account_id, for_person, verdict, comment, at FROM decision \
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
                for_person: row.opt_parse(4)?,
                verdict: row.text(5)?,
                comment: row.opt_text(6)?,
                at: row.instant(7)?,
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

fn named(row: &Row) -> Result<(ApprovalId, RecordId), Error> {
    Ok((row.parse(0)?, row.parse(1)?))
}

/// From where, and what waits for a person: decisions that are theirs to take and not yet taken,
/// what was sent back to them, and what they asked that nobody can decide.
fn waits_for(query: &InboxQuery, dialect: Dialect, statement: &mut Statement) {
    statement.push(" FROM approval a JOIN record r ON r.id = a.record_id WHERE (");
    if let Some(person) = query.person {
        statement
            .push("(a.state = 'pending' AND EXISTS (SELECT 1 FROM decider d WHERE d.approval_id = a.id AND ")
            // who asked decides nothing, and may have to sign
            .push("(d.signs = 1 OR (a.requested_by <> ")
            .bind(query.account)
            .push(" AND (a.requested_person IS NULL OR a.requested_person <> ")
            .bind(person)
            .push("))) AND d.party IN ")
            .list(&query.parties)
            .push(" AND NOT EXISTS (SELECT 1 FROM decision x WHERE x.approval_id = a.id AND (x.person_id = ")
            .bind(person)
            .push(" OR x.for_person = ")
            .bind(person)
            .push(") AND ((a.once = 1 AND d.signs = 0) OR x.step = d.step)))) OR ");
    }
    statement
        .push("(((a.state = 'returned' AND r.open = 1) OR (a.state = 'pending' AND a.reason IS NOT NULL))")
        .push(" AND a.requested_by = ")
        .bind(query.account)
        .push("))");
    query.visible.push(dialect, statement);
    query.visible.push_class(dialect, "a.class_id", statement);
}

impl Write<'_, '_> {
    /// Replaces who is awaited on an approval: the step, the party, and whether it is signed and not decided.
    pub fn set_deciders(
        &mut self,
        id: ApprovalId,
        awaited: &BTreeSet<(i64, String, bool)>,
    ) -> Result<(), Error> {
        self.tx
            .execute("DELETE FROM decider WHERE approval_id = $1", values![id])?;
        for (step, party, signs) in awaited {
            self.tx.execute(
                "INSERT INTO decider (approval_id, step, party, signs) VALUES ($1, $2, $3, $4)",
                values![id, *step, party, i64::from(*signs)],
            )?;
        }
        Ok(())
    }

    /// Adds an approval or keeps its changed state.
    pub fn put_approval(&mut self, row: &ApprovalRow) -> Result<(), Error> {
        self.tx.execute(
            "INSERT INTO approval (id, record_id, register, action, digest, frozen, steps, step, state, \
             requested_by, requested_person, at, closed_at, class_id, once, reason) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) \
             ON CONFLICT (id) DO UPDATE SET step = excluded.step, state = excluded.state, \
             closed_at = excluded.closed_at, reason = excluded.reason",
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
                row.closed_at,
                row.class,
                row.once,
                row.reason.as_ref()
            ],
        )?;
        Ok(())
    }

    /// Adds a decision.
    pub fn insert_decision(&mut self, row: &DecisionRow) -> Result<(), Error> {
        self.tx.execute(
            "INSERT INTO decision (approval_id, step, person_id, account_id, for_person, verdict, comment, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            values![
                row.approval,
                row.step,
                row.person,
                row.account,
                row.for_person,
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
