//! Records that were written under an older definition of their register are carried over to the one in
//! force, by a job of the program: each by an act of its own, once, on from where it stopped. Until then
//! nobody acts on them.

use crate::{
    core::App,
    error::Error,
    limits,
    perform::{self, Engine},
};
use domain::{JobId, RecordId};
use futures_util::future::join_all;
use registers::Definition;
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    sync::{PoisonError, RwLock},
};
use store::{JobRow, Tx};
use tokio::sync::watch;

/// The kind of job that carries a register over.
pub(crate) const KIND: &str = "carry_over";

/// Registers some of whose records may be behind their definition.
#[derive(Debug, Default)]
pub(crate) struct Behind(RwLock<BTreeSet<String>>);

impl Behind {
    pub(crate) fn has(&self, register: &str) -> bool {
        let registers = self.0.read().unwrap_or_else(PoisonError::into_inner);
        registers.contains(register)
    }

    fn set(&self, registers: BTreeSet<String>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = registers;
    }

    fn over(&self, register: &str) {
        let mut registers = self.0.write().unwrap_or_else(PoisonError::into_inner);
        registers.remove(register);
    }
}

/// What carrying over a register would do.
#[derive(Debug)]
pub struct CarryTrial {
    /// Key of the register.
    pub register: String,
    /// What is another than in the folder: a path, what it was, what it is.
    pub changes: Vec<Changed>,
    /// Records that would be carried over.
    pub behind: u64,
    /// Those that could not be, each with why; no more than some.
    pub stuck: Vec<(RecordId, String)>,
    /// How many could not be.
    pub stuck_count: u64,
}

/// One difference between two definitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Where it stands: `field.copy.required`.
    pub path: String,
    /// What it was; none where it is new.
    pub was: Option<String>,
    /// What it is; none where it is gone.
    pub is: Option<String>,
}

impl App {
    /// Has every register carried over whose records are behind. What cannot be carried over is tried again
    /// at every start.
    pub(crate) async fn begin_carrying(&self) -> Result<(), Error> {
        let now = self.inner.now();
        let behind = self
            .transact(move |inner, tx| {
                let open = tx.open_jobs(KIND)?;
                let mut behind = BTreeSet::new();
                let definitions = inner.catalogue.definitions();
                for definition in definitions.filter(|one| one.version > 1) {
                    if page(tx, definition, None, 1)?.is_empty() {
                        continue;
                    }
                    behind.insert(definition.key.clone());
                    let waits = |job: &JobRow| register_of(job) == Some(&definition.key);
                    if !open.iter().any(waits) {
                        let id = JobId::new(now, inner.random()?);
                        let payload = json!({ "register": definition.key });
                        tx.enqueue(id, KIND, &payload, now, "system")?;
                    }
                }
                Ok(behind)
            })
            .await?;
        self.inner.behind.set(behind);
        Ok(())
    }

    /// Works on such a job for some time; true if it is over.
    pub(crate) async fn carry_rounds(
        &self,
        job: &JobRow,
        stop: &watch::Receiver<bool>,
    ) -> Result<bool, Error> {
        let register = register_of(job).map(ToOwned::to_owned).unwrap_or_default();
        let (mut after, mut rounds, mut stuck) = (None, 0, 0_u64);
        while !*stop.borrow() && rounds < limits::JOB_ROUNDS {
            rounds += 1;
            let Some(records) = self.next_behind(job, &register, after).await? else {
                return Ok(true);
            };
            let Some(last) = records.last().copied() else {
                return self.end_carrying(job, &register, stuck).await;
            };
            let carried = records.iter().map(|id| self.carry_one(&register, *id));
            for (id, carried) in records.iter().zip(join_all(carried).await) {
                if let Err(why) = carried? {
                    stuck += 1;
                    tracing::error!(%register, record = %id, %why, "a record cannot be carried over");
                }
            }
            after = Some(last);
        }
        Ok(false)
    }

    /// The next records that are behind; none where the job is another server's by now.
    async fn next_behind(
        &self,
        job: &JobRow,
        register: &str,
        after: Option<RecordId>,
    ) -> Result<Option<Vec<RecordId>>, Error> {
        let (id, attempts) = (job.id, job.attempts);
        let until = self.inner.now() + limits::JOB_LEASE;
        let register = register.to_owned();
        self.transact_anew(move |inner, tx| {
            if !tx.renew_job(id, attempts, until)? {
                return Ok(None);
            }
            let Some(definition) = inner.catalogue.definition(&register) else {
                return Ok(Some(Vec::new()));
            };
            Ok(Some(page(tx, definition, after, limits::BATCH_TOGETHER)?))
        })
        .await
    }

    async fn carry_one(&self, register: &str, id: RecordId) -> Result<Result<bool, String>, Error> {
        let (register, now) = (register.to_owned(), self.inner.now());
        self.transact_anew(move |inner, tx| {
            let definition = inner.catalogue.definition(&register);
            let definition = definition.ok_or(Error::NotFound)?;
            let mut engine = Engine::new(inner, tx, now, Vec::new());
            perform::carry_over(&mut engine, definition, id)
        })
        .await
    }

    async fn end_carrying(&self, job: &JobRow, register: &str, stuck: u64) -> Result<bool, Error> {
        let (id, attempts) = (job.id, job.attempts);
        let state = if stuck == 0 { "done" } else { "failed" };
        self.transact(move |_, tx| {
            tx.end_job(id, attempts, state, &json!({ "stuck": stuck }))?;
            Ok(())
        })
        .await?;
        if stuck == 0 {
            self.inner.behind.over(register);
        }
        Ok(true)
    }

    /// What the definitions of this program change in a folder, and what carrying its records over would do;
    /// nothing is changed.
    pub async fn try_carrying(&self) -> Result<Vec<CarryTrial>, Error> {
        let now = self.inner.now();
        self.read_tx(move |inner, tx| {
            let mut trials = Vec::new();
            for definition in inner.catalogue.definitions() {
                let was = tx.definition_source(&definition.key)?;
                let was: Option<Value> = was
                    .map(|source| serde_json::from_str(&source))
                    .transpose()
                    .map_err(Error::internal)?;
                let is = serde_json::to_value(definition).map_err(Error::internal)?;
                let mut changes = Vec::new();
                if let Some(was) = &was {
                    differences("", Some(was), Some(&is), &mut changes);
                }
                let mut trial = CarryTrial {
                    register: definition.key.clone(),
                    changes,
                    behind: 0,
                    stuck: Vec::new(),
                    stuck_count: 0,
                };
                try_records(inner, tx, definition, now, &mut trial)?;
                if !trial.changes.is_empty() || trial.behind > 0 || was.is_none() {
                    trials.push(trial);
                }
            }
            Ok(trials)
        })
        .await
    }
}

fn try_records(
    inner: &crate::core::Inner,
    tx: &mut Tx<'_>,
    definition: &Definition,
    now: domain::Timestamp,
    trial: &mut CarryTrial,
) -> Result<(), Error> {
    let mut after = None;
    loop {
        let records = page(tx, definition, after, limits::BATCH_TOGETHER)?;
        let Some(last) = records.last() else {
            return Ok(());
        };
        after = Some(*last);
        for id in records {
            let Some(row) = tx.record(id)? else { continue };
            let mut engine = Engine::new(inner, tx, now, Vec::new());
            let carried = perform::carried(&mut engine, definition, &row)?;
            trial.behind += u64::from(carried.is_some());
            if let Some(Err(why)) = carried {
                trial.stuck_count += 1;
                if trial.stuck.len() < limits::CARRY_TOLD {
                    trial.stuck.push((id, why));
                }
            }
        }
    }
}

fn register_of(job: &JobRow) -> Option<&str> {
    job.payload.get("register").and_then(Value::as_str)
}

/// Records of a register behind an id that are behind its definition.
fn page(
    tx: &mut Tx<'_>,
    definition: &Definition,
    after: Option<RecordId>,
    limit: i64,
) -> Result<Vec<RecordId>, Error> {
    let version = i64::from(definition.version);
    let records = tx.records_behind(&definition.key, version, (after, limit))?;
    Ok(records.into_iter().map(|(id, _)| id).collect())
}

/// Every leaf that differs; entries of a list that have a key are compared by it.
fn differences(path: &str, was: Option<&Value>, is: Option<&Value>, found: &mut Vec<Changed>) {
    if was == is || found.len() >= limits::CARRY_CHANGES {
        return;
    }
    let below = |key: &str| {
        if path.is_empty() {
            key.to_owned()
        } else {
            format!("{path}.{key}")
        }
    };
    match (
        was.map(members).unwrap_or_default(),
        is.map(members).unwrap_or_default(),
    ) {
        (was, is) if !was.is_empty() && !is.is_empty() => {
            let mut keys: Vec<&String> = was.iter().map(|(key, _)| key).collect();
            keys.extend(is.iter().map(|(key, _)| key));
            keys.sort_unstable();
            keys.dedup();
            let of = |list: &[(String, &Value)], key: &String| {
                list.iter()
                    .find(|(one, _)| one == key)
                    .map(|(_, value)| (*value).clone())
            };
            for key in keys {
                let (was, is) = (of(&was, key), of(&is, key));
                differences(&below(key), was.as_ref(), is.as_ref(), found);
            }
        }
        _ => found.push(Changed {
            path: path.to_owned(),
            was: was.map(Value::to_string),
            is: is.map(Value::to_string),
        }),
    }
}

/// The parts of a value, each with what it is called; none of a plain one.
fn members(value: &Value) -> Vec<(String, &Value)> {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), value))
            .collect(),
        Value::Array(list) => {
            let name = |value: &Value| {
                let names =
                    ["key", "id", "action"].map(|key| value.get(key).and_then(Value::as_str));
                names.into_iter().flatten().next().map(str::to_owned)
            };
            let named: Option<Vec<(String, &Value)>> =
                list.iter().map(|one| Some((name(one)?, one))).collect();
            named.unwrap_or_default()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_told_where_it_stands() {
        let was = json!({ "version": 1, "fields": [{ "key": "a", "required": true }, { "key": "b" }], "x": [1] });
        let is = json!({ "version": 2, "fields": [{ "key": "b" }, { "key": "a", "required": false }, { "key": "c" }], "x": [1] });
        let mut found = Vec::new();
        differences("", Some(&was), Some(&is), &mut found);
        let told: Vec<String> = found
            .iter()
            .map(|one| format!("{} {:?} {:?}", one.path, one.was, one.is))
            .collect();
        assert_eq!(
            told,
            [
                "fields.a.required Some(\"true\") Some(\"false\")",
                "fields.c None Some(\"{\\\"key\\\":\\\"c\\\"}\")",
                "version Some(\"1\") Some(\"2\")",
            ]
        );
    }
}
