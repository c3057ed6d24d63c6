//! Batches: many requests brought at once, rows of a file or records to act on, worked off in the background by
//! acts, each judged like any other. What became of each stands beside it until the batch is dropped or too old.

mod work;

pub(crate) use work::{Asked, Place, Told, enqueue, failed, ours, told_by_act};

use crate::{
    caller::{Caller, SessionFacts, Through},
    core::App,
    error::Error,
    limits,
    problems::Problem,
    views::AcceptedWarning,
};
use domain::{AccountId, JobId, RecordId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use store::{BatchLine, BatchRow, Tx};

/// What a batch is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The rows of a file.
    File,
    /// Records to act on.
    Records,
}

impl Kind {
    /// The word the database keeps.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::File => "import",
            Self::Records => "bulk",
        }
    }
}

/// What is kept of a batch beside its rows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Body {
    /// Key of the action.
    pub(crate) action: String,
    /// Only tried.
    pub(crate) dry_run: bool,
    /// Rules and reasons.
    pub(crate) accepted: Vec<(String, String)>,
    /// The remark on every act.
    pub(crate) comment: Option<String>,
    /// The job that works it off.
    pub(crate) job: Option<JobId>,
    /// How often it was gone through.
    pub(crate) passes: u32,
    /// Who acts: the person behind the account.
    pub(crate) person: Option<domain::PersonId>,
    /// What it is of.
    pub(crate) of: Of,
}

/// What a batch is of, with what is known of that.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Of {
    File(Columns),
    Records(Records),
}

/// A file and its columns.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Columns {
    /// The file's name.
    pub(crate) name: String,
    pub(crate) heads: Vec<String>,
    /// The field of each column.
    pub(crate) mapping: Vec<Option<String>>,
}

/// How records are acted on.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Records {
    /// Values for all, where a row has none of its own.
    pub(crate) input: Map<String, Value>,
    /// When it happened, if not now.
    pub(crate) occurred_at: Option<Timestamp>,
    /// All of them or none.
    pub(crate) atomic: bool,
    /// Fields that get back the values they had at a version that each row names.
    pub(crate) restores: Vec<String>,
    /// The batch that this one undoes.
    pub(crate) undoes: Option<JobId>,
    /// The batch that undid this one.
    pub(crate) undone: Option<JobId>,
}

impl Body {
    /// A batch that nobody has asked anything of.
    pub(crate) fn new(action: &str, of: Of) -> Self {
        Self {
            action: action.to_owned(),
            dry_run: true,
            accepted: Vec::new(),
            comment: None,
            job: None,
            passes: 0,
            person: None,
            of,
        }
    }

    pub(crate) fn of(row: &BatchRow) -> Result<Self, Error> {
        serde_json::from_value(row.body.clone()).map_err(Error::internal)
    }

    pub(crate) fn json(&self) -> Result<Value, Error> {
        serde_json::to_value(self).map_err(Error::internal)
    }

    /// The file it is of.
    pub(crate) fn columns(&self) -> Result<&Columns, Error> {
        match &self.of {
            Of::File(columns) => Ok(columns),
            Of::Records(_) => Err(Error::defect("a batch of records was taken for a file")),
        }
    }

    /// The same, to be changed.
    pub(crate) fn columns_mut(&mut self) -> Result<&mut Columns, Error> {
        match &mut self.of {
            Of::File(columns) => Ok(columns),
            Of::Records(_) => Err(Error::defect("a batch of records was taken for a file")),
        }
    }

    /// How its records are acted on.
    pub(crate) fn records(&self) -> Result<&Records, Error> {
        match &self.of {
            Of::Records(records) => Ok(records),
            Of::File(_) => Err(Error::defect("a file was taken for a batch of records")),
        }
    }

    /// The same, to be changed.
    pub(crate) fn records_mut(&mut self) -> Result<&mut Records, Error> {
        match &mut self.of {
            Of::Records(records) => Ok(records),
            Of::File(_) => Err(Error::defect("a file was taken for a batch of records")),
        }
    }

    /// Who acts. WHY: nobody is present; what needs a fresh second factor is not done this way.
    fn caller(&self, row: &BatchRow) -> Caller {
        let absent = SessionFacts {
            token_hash: String::new(),
            csrf: String::new(),
            step_up_until: None,
        };
        Caller {
            account: row.account,
            person: self.person,
            through: Through::Session(absent),
            must_change: false,
        }
    }

    /// Warnings passed for every row.
    pub(crate) fn accept_warnings(&self) -> Vec<AcceptedWarning> {
        let accepted = self.accepted.iter();
        accepted
            .map(|(rule, reason)| AcceptedWarning {
                rule: rule.clone(),
                reason: reason.clone(),
            })
            .collect()
    }
}

/// A row and what became of it.
#[derive(Debug, Clone)]
pub struct BatchLineView {
    /// Its number, from 1.
    pub row: i64,
    /// `waiting`, `would`, `made` (records to act on: `done`), `waits` or `failed`; `part` of a row of a file
    /// that goes on with the one above.
    pub outcome: String,
    /// The record it became, or was done to.
    pub record: Option<RecordId>,
    /// The record's number.
    pub number: Option<String>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

/// A batch of an account, locked for a change of its state.
pub(crate) fn own(
    tx: &mut Tx<'_>,
    (id, kind): (JobId, Kind),
    account: AccountId,
) -> Result<BatchRow, Error> {
    let row = tx.lock_batch(id)?;
    let row = row.filter(|row| row.account == account && row.kind == kind.word());
    row.ok_or(Error::NotFound)
}

/// A batch of an account, to be looked at.
pub(crate) fn seen(
    tx: &mut Tx<'_>,
    (id, kind): (JobId, Kind),
    account: AccountId,
) -> Result<BatchRow, Error> {
    let row = tx.batch(id, account)?.filter(|row| row.kind == kind.word());
    row.ok_or(Error::NotFound)
}

/// Ends the work on a batch; rows that wait for others are told as what they are.
fn close(tx: &mut Tx<'_>, row: &BatchRow, state: &str) -> Result<(), Error> {
    let mut keep = tx.keep();
    keep.turn_batch_lines(row.id, &["now"], "made")?;
    keep.turn_batch_lines(row.id, &["again"], "failed")?;
    Ok(keep.set_batch(row.id, state, &row.body)?)
}

/// Ends the work on a batch of an account, if it is being worked on; what was done stays.
pub(crate) fn stop(tx: &mut Tx<'_>, batch: (JobId, Kind), account: AccountId) -> Result<(), Error> {
    let row = own(tx, batch, account)?;
    if row.state == "running" {
        close(tx, &row, "stopped")?;
    }
    Ok(())
}

/// Drops a batch and what is known of its rows; records stay.
pub(crate) fn drop_own(
    tx: &mut Tx<'_>,
    batch: (JobId, Kind),
    account: AccountId,
) -> Result<(), Error> {
    let row = own(tx, batch, account)?;
    if row.state == "running" {
        return Err(running());
    }
    Ok(tx.keep().drop_batch(row.id)?)
}

pub(crate) fn running() -> Error {
    Error::conflict(
        "batch.running",
        "正在办理，请等待完成或先停止",
        "it is being worked off; wait for its end, or stop it first",
    )
}

/// Every row of one outcome, and no more than can be acted on in one transaction.
pub(crate) fn all_lines(
    tx: &mut Tx<'_>,
    id: JobId,
    outcome: &str,
) -> Result<Vec<BatchLine>, Error> {
    let mut lines: Vec<BatchLine> = Vec::new();
    loop {
        let after = lines.last().map_or(0, |line| line.number);
        let page = tx.batch_lines(id, &[outcome], (after, store::limits::PAGE))?;
        if page.is_empty() || lines.len() > limits::BULK_ATOMIC {
            return Ok(lines);
        }
        lines.extend(page);
    }
}

/// Outcomes of rows that their owner is shown: not those that were taken in before the file came again.
const SHOWN: [&str; 9] = [
    "waiting", "again", "would", "now", "made", "waits", "failed", "part", "taken",
];

/// Rows behind a number, all or those of an outcome as their owner is told it.
pub(crate) fn lines(
    tx: &mut Tx<'_>,
    id: JobId,
    (outcome, after): (Option<&str>, i64),
) -> Result<Vec<BatchLine>, Error> {
    let kept: &[&str] = match &outcome {
        None => &SHOWN,
        Some("part") => &["part", "taken"],
        Some("made" | "done") => &["made", "now"],
        Some("waiting") => &["waiting", "again"],
        Some(other) => std::slice::from_ref(other),
    };
    Ok(tx.batch_lines(id, kept, (after, limits::PAGE))?)
}

/// How many rows came to what, as their owner is told.
pub(crate) fn counts(tx: &mut Tx<'_>, id: JobId) -> Result<BTreeMap<String, i64>, Error> {
    let mut counts = BTreeMap::new();
    for (outcome, many) in tx.batch_counts(id)? {
        *counts.entry(told(&outcome).to_owned()).or_default() += many;
    }
    Ok(counts)
}

/// An outcome as its owner is told: what is between two passes is nothing of their own.
fn told(outcome: &str) -> &str {
    match outcome {
        "now" => "made",
        "again" => "waiting",
        "taken" => "part",
        other => other,
    }
}

/// A row as its owner sees it.
pub(crate) fn line_view(line: BatchLine) -> BatchLineView {
    let result = line.result.unwrap_or_default();
    let text = |key: &str| result.get(key).and_then(Value::as_str);
    let problems = result.get("problems").cloned();
    BatchLineView {
        row: line.number,
        record: text("record").and_then(|id| id.parse().ok()),
        number: text("number").map(str::to_owned),
        problems: problems
            .and_then(|problems| serde_json::from_value(problems).ok())
            .unwrap_or_default(),
        outcome: told(&line.outcome).to_owned(),
    }
}

impl App {
    /// Drops batches that came long ago, or were never read to their end.
    pub(crate) async fn sweep_batches(&self) -> Result<(), Error> {
        let now = self.inner.now();
        let (before, unread) = (now - limits::BATCH_LEFT, now - limits::IMPORT_UNREAD);
        loop {
            let dropped = self.transact_anew(move |_, tx| {
                let old = tx.keep().old_batches((before, unread), 10)?;
                for id in &old {
                    let row = tx.lock_batch(*id)?;
                    // it may have been started since
                    if row.is_some_and(|row| row.state != "running") {
                        tx.keep().drop_batch(*id)?;
                    }
                }
                Ok(old.len())
            });
            if dropped.await? == 0 {
                return Ok(());
            }
        }
    }
}
