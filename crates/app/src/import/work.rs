//! Works files off, row by row in their order, by the same acts as everybody's. What a row says of others
//! of the same file is tried again when those have become records.
//!
//! A row that becomes a record says so in the act's own transaction, and every transaction asks whether the
//! work is still this job's: so no row becomes two records, whoever stops, starts or dies.

use super::{Body, ImportLineView, KIND, values::Values};
use crate::{
    caller::Caller,
    core::App,
    error::Error,
    limits,
    perform::Outcome,
    problems::{self, Problem},
    views::{AcceptedWarning, Perform, Performed, Target},
    visibility,
};
use access::Grant;
use domain::JobId;
use futures_util::future::join_all;
use serde_json::{Map, Value, json};
use std::time::Duration;
use store::{ImportLine, ImportRow, JobRow, Tx, rows::Dialect};
use tokio::{sync::watch, time};

/// A row of a file, and the job that works it off.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    import: JobId,
    job: JobId,
    number: i64,
}

impl Place {
    /// What became of the row, in the transaction of its act.
    pub(crate) fn settle(&self, tx: &mut Tx<'_>, outcome: &Outcome) -> Result<(), Error> {
        let Some(record) = outcome.record() else {
            return Ok(());
        };
        let word = if outcome.waits() { "waits" } else { "now" };
        let result = json!({ "record": record });
        let place = (self.import, self.number);
        if ours(tx, self.import, self.job)?.is_some()
            && tx.keep().set_import_line(place, (word, &result))?
        {
            return Ok(());
        }
        Err(taken())
    }
}

/// The row is not this job's any more.
fn taken() -> Error {
    Error::conflict(
        "import.taken",
        "该行已由另一次导入办理",
        "another run of the file has this row",
    )
}

/// A file that is being worked off by this job; from here on its state stays until the commit.
fn ours(tx: &mut Tx<'_>, import: JobId, job: JobId) -> Result<Option<(ImportRow, Body)>, Error> {
    let Some(row) = tx.lock_import(import)?.filter(|row| row.state == "running") else {
        return Ok(None);
    };
    let body = Body::of(&row)?;
    Ok((body.job == Some(job)).then_some((row, body)))
}

/// How a piece of work went.
enum Round {
    /// There is more, behind this row.
    More(i64),
    /// Nothing is left in this state.
    Over(&'static str),
    /// It is not this job's any more.
    Taken,
}

/// What became of a row: a word, and more about it.
type Told = (&'static str, Value);

/// A row on its way: its number, and its request or what is wrong with it.
type Asked = (i64, Result<Perform, Vec<Problem>>);

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
        let id = job.payload.get("import").and_then(Value::as_str);
        let id = id.and_then(|id| id.parse::<JobId>().ok());
        let id = id.filter(|_| job.kind == KIND);
        match self.some_rounds(&job, id, stop).await {
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
    async fn some_rounds(
        &self,
        job: &JobRow,
        id: Option<JobId>,
        stop: &watch::Receiver<bool>,
    ) -> Result<bool, Error> {
        let Some(id) = id else {
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

    async fn give_back(&self, job: &JobRow, pause: Duration) -> Result<bool, Error> {
        let (id, attempts, at) = (job.id, job.attempts, self.inner.now() + pause);
        self.transact(move |_, tx| Ok(tx.requeue_job(id, attempts, at)?))
            .await
    }

    /// The next rows behind one.
    async fn round(&self, job: &JobRow, id: JobId, after: i64) -> Result<Round, Error> {
        let (many, job_id, attempts) = (self.together(), job.id, job.attempts);
        let until = self.inner.now() + limits::JOB_LEASE;
        let next = self
            .transact_anew(move |_, tx| {
                // before anything is done: another server may have it by now
                if !tx.renew_job(job_id, attempts, until)? {
                    return Ok(None);
                }
                let Some(file) = ours(tx, id, job_id)? else {
                    return Ok(None);
                };
                let lines = tx.import_lines(id, Some("waiting"), (after, many))?;
                Ok(Some((file, lines)))
            })
            .await?;
        let Some(((row, body), mut lines)) = next else {
            return Ok(Round::Taken);
        };
        let Some(last) = lines.last().map(|line| line.number) else {
            return self.next_pass(job.id, id).await;
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
        (import, job): (JobId, JobId),
        asked: Vec<Asked>,
    ) -> Vec<(i64, Result<Option<Told>, Error>)> {
        let acts = asked.into_iter().map(|(number, request)| async move {
            let told = match request {
                Ok(request) => {
                    let place = Place {
                        import,
                        job,
                        number,
                    };
                    self.row(caller, request, place).await
                }
                Err(problems) => Ok(Some(failed(&problems))),
            };
            (number, told)
        });
        join_all(acts).await
    }

    /// Keeps what is told of rows, unless the file is another job's by now.
    async fn tell(&self, job: JobId, id: JobId, told: Vec<(i64, Told)>) -> Result<(), Error> {
        self.transact_anew(move |_, tx| {
            if ours(tx, id, job)?.is_none() {
                return Ok(());
            }
            let mut keep = tx.keep();
            for (number, (word, result)) in &told {
                if MADE.contains(word) {
                    // its own transaction said so; this adds the number it was given
                    keep.tell_import_line((id, *number), result)?;
                } else {
                    keep.set_import_line((id, *number), (word, result))?;
                }
            }
            Ok(())
        })
        .await
    }

    /// How many rows are under way at once. WHY: numbers are to come in the order of the file. The embedded
    /// database takes requests in the order they come; on a server each has a connection of its own.
    fn together(&self) -> i64 {
        match self.inner.store.dialect() {
            Dialect::Sqlite => limits::IMPORT_TOGETHER,
            Dialect::Postgres => 1,
        }
    }

    /// Tries again what named rows that came later; at the end, says so.
    async fn next_pass(&self, job: JobId, id: JobId) -> Result<Round, Error> {
        self.transact(move |_, tx| {
            let Some((_, mut body)) = ours(tx, id, job)? else {
                return Ok(Round::Taken);
            };
            let counts = tx.import_counts(id)?;
            let many = |word: &str| counts.iter().any(|(one, _)| one == word);
            if many("waiting") {
                // what could not be asked about the first time
                return Ok(Round::More(0));
            }
            let (again, progress) = (many("again"), many("now"));
            body.passes += 1;
            let more = again && progress && !body.dry_run && body.passes < limits::IMPORT_PASSES;
            let mut keep = tx.keep();
            keep.turn_import_lines(id, &["now"], "made")?;
            keep.turn_import_lines(id, &["again"], if more { "waiting" } else { "failed" })?;
            keep.set_import(id, "running", &body.json()?)?;
            Ok(match (more, body.dry_run) {
                (true, _) => Round::More(0),
                (false, true) => Round::Over("checked"),
                (false, false) => Round::Over("done"),
            })
        })
        .await
    }

    /// Ends a job, and the work on its file if that is still its own.
    async fn end(&self, job: &JobRow, state: &'static str) -> Result<(), Error> {
        let (id, attempts) = (job.id, job.attempts);
        let file = job.payload.get("import").and_then(Value::as_str);
        let file = file.and_then(|file| file.parse::<JobId>().ok());
        self.transact(move |_, tx| {
            if !tx.end_job(id, attempts, "done", &json!({}))? {
                return Ok(());
            }
            let Some(file) = file else { return Ok(()) };
            if let Some((row, _)) = ours(tx, file, id)? {
                super::close(tx, &row, state)?;
            }
            Ok(())
        })
        .await
    }

    /// The requests of rows, with names looked up among what the caller sees.
    async fn requests(
        &self,
        row: &ImportRow,
        body: &Body,
        caller: &Caller,
        lines: Vec<ImportLine>,
    ) -> Result<Vec<Asked>, Error> {
        let (row, body, caller) = (row.clone(), body.clone(), caller.clone());
        let now = self.inner.now();
        self.read_tx(move |inner, tx| {
            let definition = inner.catalogue.definition(&row.register);
            let definition = definition.ok_or(Error::NotFound)?;
            let sight = visibility::sight(inner, tx, &caller, Grant::Handle, now)?;
            let mut values = Values::new(inner, &row.register, &sight.visible);
            let asked = lines.into_iter().map(|line| {
                let mut request = blank(&row, &body);
                let cells = line.cells.as_array().map_or(&[][..], Vec::as_slice);
                let cells = (body.mapping.as_slice(), cells);
                let problems = values.fill(tx, definition, cells, &mut request)?;
                let request = if problems.is_empty() {
                    Ok(request)
                } else {
                    Err(problems)
                };
                Ok((line.number, request))
            });
            asked.collect()
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
                    code: "import.taken",
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

/// Outcomes of rows that became records.
const MADE: [&str; 2] = ["now", "waits"];

/// A request of a file that says nothing of its row yet.
fn blank(row: &ImportRow, body: &Body) -> Perform {
    let target = Target::New {
        register: row.register.clone(),
    };
    let accepted = body.accepted.iter().map(|(rule, reason)| AcceptedWarning {
        rule: rule.clone(),
        reason: reason.clone(),
    });
    Perform {
        accept_warnings: accepted.collect(),
        comment: body.comment.clone(),
        dry_run: body.dry_run,
        ..Perform::new(target, &body.action, Map::new())
    }
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
        Performed::WouldHappen { .. } => ("would", json!({})),
    }
}

/// A row that names what is not there may find it later.
fn failed(problems: &[Problem]) -> Told {
    let absent = |problem: &Problem| problem.code == "import.not_found";
    let word = if problems.iter().all(absent) {
        "again"
    } else {
        "failed"
    };
    (word, json!({ "problems": problems }))
}

/// A row as its owner sees it.
pub(super) fn line_view(line: ImportLine) -> ImportLineView {
    let result = line.result.unwrap_or_default();
    let text = |key: &str| result.get(key).and_then(Value::as_str);
    let problems = result.get("problems").cloned();
    ImportLineView {
        row: line.number,
        record: text("record").and_then(|id| id.parse().ok()),
        number: text("number").map(str::to_owned),
        problems: problems
            .and_then(|problems| serde_json::from_value(problems).ok())
            .unwrap_or_default(),
        outcome: told(&line.outcome).to_owned(),
    }
}

/// An outcome as its owner is told: what is between two passes is nothing of their own.
pub(super) fn told(outcome: &str) -> &str {
    match outcome {
        "now" => "made",
        "again" => "waiting",
        other => other,
    }
}
