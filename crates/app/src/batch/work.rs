//! Works batches off, row by row in their order, by the same acts as everybody's. What a row says of others
//! of the same file is tried again when those have become records.
//!
//! A row that was acted on says so in the act's own transaction, and every transaction asks whether the
//! work is still this job's: so nothing is done twice, whoever stops, starts or dies.

use super::{Body, Kind, Of, close};
use crate::{
    bulk,
    caller::Caller,
    carrying,
    core::{App, Inner},
    error::Error,
    import, limits,
    perform::Outcome,
    problems::{self, Problem},
    views::{Perform, Performed},
};
use domain::JobId;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::time::Duration;
use store::{BatchLine, BatchRow, JobRow, Tx, rows::Dialect};
use tokio::{sync::watch, time};

/// The kind of job that works a batch off.
pub(super) const KIND: &str = "batch";

/// A row of a batch, and the job that works it off.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    batch: JobId,
    job: JobId,
    number: i64,
    /// Rows that go on with it and are taken in by the same act.
    with: Vec<i64>,
}

impl Place {
    /// What became of the row, in the transaction of its act.
    pub(crate) fn settle(&self, tx: &mut Tx<'_>, outcome: &Outcome) -> Result<(), Error> {
        let Some((word, result)) = told_by_act(outcome) else {
            return Ok(());
        };
        let place = (self.batch, self.number);
        if ours(tx, self.batch, self.job)?.is_some()
            && tx.keep().set_batch_line(place, (word, &result))?
        {
            // WHY: what one record has taken in no other may, whatever the rows are held for later
            tx.keep().take_batch_lines(self.batch, &self.with)?;
            return Ok(());
        }
        Err(taken())
    }
}

/// What an act in the same transaction left behind; nothing where it was only tried.
pub(crate) fn told_by_act(outcome: &Outcome) -> Option<Told> {
    let (record, version) = outcome.record()?;
    let word = if outcome.waits() { "waits" } else { "now" };
    Some((word, json!({ "record": record, "version": version })))
}

/// The row is not this job's any more.
fn taken() -> Error {
    Error::conflict(
        "batch.taken",
        "该行已由另一次办理处理",
        "another run of the batch has this row",
    )
}

/// A batch that is being worked off by this job; from here on its state stays until the commit.
pub(crate) fn ours(
    tx: &mut Tx<'_>,
    batch: JobId,
    job: JobId,
) -> Result<Option<(BatchRow, Body)>, Error> {
    let Some(row) = tx.lock_batch(batch)?.filter(|row| row.state == "running") else {
        return Ok(None);
    };
    let body = Body::of(&row)?;
    Ok((body.job == Some(job)).then_some((row, body)))
}

/// How a piece of work went.
#[derive(Clone, Copy)]
enum Round {
    /// There is more, behind this row.
    More(i64),
    /// Nothing is left in this state.
    Over(&'static str),
    /// It is not this job's any more.
    Taken,
}

/// What became of a row: a word, and more about it.
pub(crate) type Told = (&'static str, Value);

/// A row on its way.
pub(crate) struct Asked {
    pub(crate) number: i64,
    /// Rows that go on with it.
    pub(crate) with: Vec<i64>,
    /// Its request, or what is told of it without one.
    pub(crate) request: Result<Perform, Told>,
}

impl App {
    /// Takes one job after the other until `stop` says true.
    pub(crate) async fn run_jobs(self, mut stop: watch::Receiver<bool>) {
        let mut rounds = time::interval(Duration::from_millis(500));
        rounds.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
        while !*stop.borrow() {
            tokio::select! {
                biased;
                changed = stop.changed() => {
                    if changed.is_err() {
                        return;
                    }
                }
                _ = rounds.tick() => match self.work(&stop).await {
                    Ok(true) => rounds.reset_immediately(),
                    Ok(false) => {}
                    Err(error) => tracing::error!(%error, "a job failed and will be tried again"),
                },
            }
        }
    }

    /// Works on the job that is due longest, for some time; false if there is none.
    pub(crate) async fn work(&self, stop: &watch::Receiver<bool>) -> Result<bool, Error> {
        let now = self.inner.now();
        let claim = move |_: &_, tx: &mut Tx<'_>| Ok(tx.claim_job(now, now + limits::JOB_LEASE)?);
        let Some(job) = self.transact_anew(claim).await? else {
            return Ok(false);
        };
        match self.some_rounds(&job, stop).await {
            Ok(true) => Ok(true),
            // WHY: others wait, or the server stops; whoever has time takes it up where it is
            Ok(false) => self.give_back(&job, Duration::ZERO).await,
            // what keeps everybody from working passes; anything else would only come again
            Err(error @ (Error::Unavailable(_) | Error::Limited { .. })) => {
                self.give_back(&job, limits::JOB_AGAIN).await?;
                Err(error)
            }
            Err(error) => {
                self.end(&job, "failed").await?;
                Err(error)
            }
        }
    }

    /// True if the job is over.
    pub(crate) async fn some_rounds(
        &self,
        job: &JobRow,
        stop: &watch::Receiver<bool>,
    ) -> Result<bool, Error> {
        if job.kind == carrying::KIND {
            return self.carry_rounds(job, stop).await;
        }
        let Some(id) = batch_of(job) else {
            self.end(job, "failed").await?;
            return Ok(true);
        };
        let (mut after, mut rounds) = (0, 0);
        while !*stop.borrow() && rounds < limits::JOB_ROUNDS {
            rounds += 1;
            match self.round(job, id, after).await? {
                Round::More(number) => after = number,
                Round::Over(state) => {
                    self.end(job, state).await?;
                    return Ok(true);
                }
                Round::Taken => {
                    self.end(job, "stopped").await?;
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    pub(crate) async fn give_back(&self, job: &JobRow, pause: Duration) -> Result<bool, Error> {
        let (id, attempts, at) = (job.id, job.attempts, self.inner.now() + pause);
        self.transact(move |_, tx| Ok(tx.requeue_job(id, attempts, at)?))
            .await
    }

    /// The next rows behind one.
    async fn round(&self, job: &JobRow, id: JobId, after: i64) -> Result<Round, Error> {
        let (job_id, attempts) = (job.id, job.attempts);
        let until = self.inner.now() + limits::JOB_LEASE;
        let next = self
            .transact_anew(move |inner, tx| {
                // before anything is done: another server may have it by now
                if !tx.renew_job(job_id, attempts, until)? {
                    return Ok(None);
                }
                let Some(batch) = ours(tx, id, job_id)? else {
                    return Ok(None);
                };
                let many = together(inner, &batch.0.kind);
                let lines = tx.batch_lines(id, &["waiting"], (after, many))?;
                Ok(Some((batch, lines)))
            })
            .await?;
        let Some(((row, body), mut lines)) = next else {
            return Ok(Round::Taken);
        };
        let Some(last) = lines.last().map(|line| line.number) else {
            return match &body.of {
                Of::Records(records) if records.atomic && !body.dry_run => {
                    self.after_trial((job.id, id), body.caller(&row)).await
                }
                Of::Records(_) | Of::File(_) => self.next_pass(job.id, id).await,
            };
        };
        let caller = body.caller(&row);
        let (mut told, mut broken) = (Vec::new(), None);
        // WHY: a row may name the one above it, which was no record yet when names were looked up
        loop {
            let asked = self.requests(&row, &body, &caller, lines.clone()).await?;
            let done = self.acts(&caller, (id, job.id), asked).await;
            let mut again = Vec::new();
            let mut made = false;
            for (number, outcome) in done {
                match outcome {
                    Ok(Some(("again", result))) => again.push((number, ("again", result))),
                    Ok(Some(outcome)) => {
                        made |= outcome.0 == "now";
                        told.push((number, outcome));
                    }
                    Ok(None) => {}
                    Err(error) => broken = Some(error),
                }
            }
            lines.retain(|line| again.iter().any(|(number, _)| *number == line.number));
            if !made || again.is_empty() || broken.is_some() {
                told.append(&mut again);
                break;
            }
        }
        self.tell(job.id, id, told).await?;
        // a row that could not be asked about is still waiting, and comes again from the beginning
        broken.map_or(Ok(Round::More(last)), Err)
    }

    /// Acts on rows, in their order.
    async fn acts(
        &self,
        caller: &Caller,
        (batch, job): (JobId, JobId),
        asked: Vec<Asked>,
    ) -> Vec<(i64, Result<Option<Told>, Error>)> {
        let acts = asked.into_iter().map(|asked| async move {
            let Asked {
                number,
                with,
                request,
            } = asked;
            let told = match request {
                Ok(request) => {
                    let place = Place {
                        batch,
                        job,
                        number,
                        with,
                    };
                    self.row(caller, request, place).await
                }
                Err(told) => Ok(Some(told)),
            };
            (number, told)
        });
        join_all(acts).await
    }

    /// Keeps what is told of rows, unless the batch is another job's by now.
    async fn tell(&self, job: JobId, id: JobId, told: Vec<(i64, Told)>) -> Result<(), Error> {
        self.transact_anew(move |_, tx| {
            let Some((row, _)) = ours(tx, id, job)? else {
                return Ok(());
            };
            let is_file = row.kind == Kind::File.word();
            let mut keep = tx.keep();
            for (number, (word, result)) in &told {
                if !MADE.contains(word) {
                    keep.set_batch_line((id, *number), (word, result))?;
                } else if is_file {
                    // its own transaction said so; this adds the number it was given
                    keep.tell_batch_line((id, *number), result)?;
                }
            }
            Ok(())
        })
        .await
    }

    /// Tries again what named rows that came later; at the end, says so.
    async fn next_pass(&self, job: JobId, id: JobId) -> Result<Round, Error> {
        self.transact(move |_, tx| {
            let Some((_, mut body)) = ours(tx, id, job)? else {
                return Ok(Round::Taken);
            };
            let counts = tx.batch_counts(id)?;
            let many = |word: &str| counts.iter().any(|(one, _)| one == word);
            if many("waiting") {
                // what could not be asked about the first time
                return Ok(Round::More(0));
            }
            let (again, progress) = (many("again"), many("now"));
            body.passes += 1;
            let more = again && progress && !body.dry_run && body.passes < limits::IMPORT_PASSES;
            let mut keep = tx.keep();
            keep.turn_batch_lines(id, &["now"], "made")?;
            keep.turn_batch_lines(id, &["again"], if more { "waiting" } else { "failed" })?;
            keep.set_batch(id, "running", &body.json()?)?;
            Ok(match (more, body.dry_run) {
                (true, _) => Round::More(0),
                (false, true) => Round::Over("checked"),
                (false, false) => Round::Over("done"),
            })
        })
        .await
    }

    /// Every record was tried: where all would do, they are acted on in one transaction.
    async fn after_trial(&self, (job, id): (JobId, JobId), caller: Caller) -> Result<Round, Error> {
        let next = self
            .transact_anew(move |_, tx| {
                if ours(tx, id, job)?.is_none() {
                    return Ok(Some(Round::Taken));
                }
                let counts = tx.batch_counts(id)?;
                let many = |word: &str| counts.iter().any(|(one, _)| one == word);
                if many("waiting") {
                    // what could not be asked about the first time
                    return Ok(Some(Round::More(0)));
                }
                Ok(many("failed").then_some(Round::Over("refused")))
            })
            .await?;
        match next {
            Some(round) => Ok(round),
            None => self.apply_tried(caller, (job, id)).await.map(Round::Over),
        }
    }

    /// Ends a job, and the work on its batch if that is still its own.
    async fn end(&self, job: &JobRow, state: &'static str) -> Result<(), Error> {
        let (id, attempts, batch) = (job.id, job.attempts, batch_of(job));
        self.transact(move |_, tx| {
            if !tx.end_job(id, attempts, "done", &json!({}))? {
                return Ok(());
            }
            let Some(batch) = batch else { return Ok(()) };
            if let Some((row, _)) = ours(tx, batch, id)? {
                close(tx, &row, state)?;
            }
            Ok(())
        })
        .await
    }

    /// The requests that rows stand for.
    async fn requests(
        &self,
        row: &BatchRow,
        body: &Body,
        caller: &Caller,
        lines: Vec<BatchLine>,
    ) -> Result<Vec<Asked>, Error> {
        let (row, body, caller) = (row.clone(), body.clone(), caller.clone());
        let now = self.inner.now();
        self.read_tx(move |inner, tx| match &body.of {
            Of::File(columns) => {
                import::requests(inner, tx, (&row, &body, columns), (&caller, now), lines)
            }
            Of::Records(_) => lines
                .iter()
                .map(|line| bulk::request(inner, tx, (&row, &body), line))
                .collect(),
        })
        .await
    }

    /// Acts, and says what came of it; nothing if that has to be tried once more.
    async fn row(
        &self,
        caller: &Caller,
        request: Perform,
        place: Place,
    ) -> Result<Option<Told>, Error> {
        match self.perform_of(caller, request, Some(place)).await {
            Ok(performed) => Ok(Some(done(&performed))),
            Err(
                Error::Limited {
                    code: "store.busy", ..
                }
                | Error::Conflict {
                    code: "batch.taken",
                    ..
                },
            ) => {
                time::sleep(Duration::from_millis(100)).await;
                Ok(None)
            }
            Err(error) => problems::of(error).map(|problems| Some(failed(&problems))),
        }
    }
}

/// Outcomes of rows that were acted on.
const MADE: [&str; 2] = ["now", "waits"];

/// How many rows are under way at once. WHY: numbers are to come in the order of a file. The embedded
/// database takes requests in the order they come; on a server each has a connection of its own.
fn together(inner: &Inner, kind: &str) -> i64 {
    match inner.store.dialect() {
        Dialect::Sqlite => limits::BATCH_TOGETHER,
        Dialect::Postgres if kind == Kind::Records.word() => limits::BATCH_CONNECTIONS,
        Dialect::Postgres => 1,
    }
}

/// The batch a job works off.
fn batch_of(job: &JobRow) -> Option<JobId> {
    let id = job.payload.get("batch").and_then(Value::as_str);
    let id = id.and_then(|id| id.parse().ok());
    id.filter(|_| job.kind == KIND)
}

/// Has a batch worked off from here on: its job, which nobody has taken yet.
pub(crate) fn enqueue(
    inner: &Inner,
    tx: &mut Tx<'_>,
    (row, body): (&BatchRow, &mut Body),
) -> Result<JobId, Error> {
    let now = inner.now();
    let job = JobId::new(now, inner.random()?);
    (body.job, body.passes) = (Some(job), 0);
    tx.keep().set_batch(row.id, "running", &body.json()?)?;
    let payload = json!({ "batch": row.id });
    tx.enqueue(job, KIND, &payload, now, &row.account.to_string())?;
    Ok(job)
}

fn done(performed: &Performed) -> Told {
    match performed {
        Performed::Done { record, .. } => (
            "now",
            json!({ "record": record.id, "number": record.number }),
        ),
        Performed::Waiting { record, .. } => (
            "waits",
            json!({ "record": record.id, "number": record.number }),
        ),
        Performed::WouldHappen { rules, .. } if !rules.is_empty() => {
            failed(&problems::of_rules(rules))
        }
        Performed::WouldHappen { .. } => ("would", json!({})),
    }
}

/// A row that names what is not there may find it later.
pub(crate) fn failed(problems: &[Problem]) -> Told {
    let absent = |problem: &Problem| problem.code == "import.not_found";
    let word = if problems.iter().all(absent) {
        "again"
    } else {
        "failed"
    };
    let told = problems.get(..limits::BATCH_PROBLEMS).unwrap_or(problems);
    (word, json!({ "problems": told }))
}
