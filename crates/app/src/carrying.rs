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
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    collections::{BTreeSet, HashSet},
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher},
    sync::{Arc, Mutex, PoisonError, RwLock},
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Where it stands: `field.copy.required`.
    pub path: String,
    /// What it was; none where it is new.
    pub was: Option<String>,
    /// What it is; none where it is gone.
    pub is: Option<String>,
}

impl App {
    /// Has every register carried over whose records are behind, and their lines. What cannot be carried over
    /// is tried again at every start.
    pub(crate) async fn begin_carrying(&self) -> Result<(), Error> {
        let now = self.inner.now();
        let behind = self
            .transact(move |inner, tx| {
                let open = tx.open_jobs(KIND)?;
                let mut behind = BTreeSet::new();
                let kept = inner.catalogue.all_kept();
                for definition in kept.filter(|one| one.version > 1) {
                    if page(tx, definition, None, 1)?.is_empty() {
                        continue;
                    }
                    behind.insert(definition.key.clone());
                    let waits = |job: &JobRow| Way::of(job).register == definition.key;
                    if !open.iter().any(waits) {
                        let id = JobId::new(now, inner.random()?);
                        let way = Way::new(definition);
                        tx.enqueue(id, KIND, &json!(way), now, "system")?;
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
        let mut way = Way::of(job);
        if let Some(definition) = self.inner.catalogue.kept_as(&way.register)
            && way.version != definition.version
        {
            // it was begun for a definition of before: what that had passed is behind again
            way = Way::new(definition);
        }
        let mut rounds = 0;
        while !*stop.borrow() && rounds < limits::JOB_ROUNDS {
            rounds += 1;
            let Some(records) = self.next_behind(job, &way).await? else {
                return Ok(true);
            };
            let Some(last) = records.last().copied() else {
                return self.end_carrying(job, &way).await;
            };
            let carried = records
                .iter()
                .map(|(_, id)| self.carry_one(&way.register, *id));
            for ((_, id), carried) in records.iter().zip(join_all(carried).await) {
                if let Err(why) = carried? {
                    way.stuck += 1;
                    let register = &way.register;
                    tracing::error!(%register, record = %id, %why, "a record cannot be carried over");
                }
            }
            way.after = Some(last);
        }
        Ok(false)
    }

    /// The next records that are behind, once it is kept how far the job has come; none where it is another
    /// server's by now.
    async fn next_behind(&self, job: &JobRow, way: &Way) -> Result<Option<Vec<Place>>, Error> {
        let (id, attempts) = (job.id, job.attempts);
        let until = self.inner.now() + limits::JOB_LEASE;
        let way = way.clone();
        self.transact_anew(move |inner, tx| {
            if !tx.renew_job(id, attempts, until)? {
                return Ok(None);
            }
            tx.note_job(id, attempts, &json!(way))?;
            let Some(definition) = inner.catalogue.kept_as(&way.register) else {
                return Ok(Some(Vec::new()));
            };
            let next = page(tx, definition, way.after, limits::BATCH_TOGETHER)?;
            Ok(Some(next))
        })
        .await
    }

    /// Carries one over; the reason where it cannot be. What keeps everybody from working goes up.
    async fn carry_one(&self, register: &str, id: RecordId) -> Result<Result<bool, String>, Error> {
        let (register, now) = (register.to_owned(), self.inner.now());
        let carried = self.transact_anew(move |inner, tx| {
            let definition = inner.catalogue.kept_as(&register);
            let definition = definition.ok_or(Error::NotFound)?;
            let mut engine = Engine::new(inner, tx, now, Vec::new());
            perform::carry_over(&mut engine, definition, id)
        });
        why(carried.await)
    }

    async fn end_carrying(&self, job: &JobRow, way: &Way) -> Result<bool, Error> {
        let (id, attempts, stuck) = (job.id, job.attempts, way.stuck);
        let state = if stuck == 0 { "done" } else { "failed" };
        self.transact(move |_, tx| {
            tx.end_job(id, attempts, state, &json!({ "stuck": stuck }))?;
            Ok(())
        })
        .await?;
        if stuck == 0 {
            self.inner.behind.over(&way.register);
        }
        Ok(true)
    }

    /// What the definitions of this program change in a folder, and what carrying its records over would do;
    /// nothing is changed.
    pub async fn try_carrying(&self) -> Result<Vec<CarryTrial>, Error> {
        let mut trials = Vec::new();
        let keys: Vec<String> = {
            let kept = self.inner.catalogue.all_kept();
            kept.map(|definition| definition.key.clone()).collect()
        };
        for register in keys {
            let (mut trial, is_new) = self.compared(&register).await?;
            let (mut after, mut taken) = (None, HashSet::new());
            while let Some(last) = self.try_some(&mut trial, after, &mut taken).await? {
                after = Some(last);
            }
            if !trial.changes.is_empty() || trial.behind > 0 || is_new {
                trials.push(trial);
            }
        }
        Ok(trials)
    }

    /// What is another in a definition than in the folder, and whether the folder does not know it. Lines
    /// are told with their register.
    async fn compared(&self, register: &str) -> Result<(CarryTrial, bool), Error> {
        let register = register.to_owned();
        self.read_tx(move |inner, tx| {
            let mut trial = CarryTrial {
                register,
                changes: Vec::new(),
                behind: 0,
                stuck: Vec::new(),
                stuck_count: 0,
            };
            let Some(definition) = inner.catalogue.definition(&trial.register) else {
                return Ok((trial, false));
            };
            let was = tx.definition_source(&definition.key)?;
            let was: Option<Value> = was
                .map(|source| serde_json::from_str(&source))
                .transpose()
                .map_err(Error::internal)?;
            let is = serde_json::to_value(definition).map_err(Error::internal)?;
            if let Some(was) = &was {
                differences("", Some(was), Some(&is), &mut trial.changes);
            }
            Ok((trial, was.is_none()))
        })
        .await
    }

    /// Carries the next records over and takes it back: a record may be refused by what is kept beside it
    /// (a unique value, a reservation), which only trying tells. Gives the last of them.
    async fn try_some(
        &self,
        trial: &mut CarryTrial,
        after: Option<Place>,
        taken: &mut HashSet<u64>,
    ) -> Result<Option<Place>, Error> {
        let (register, now) = (trial.register.clone(), self.inner.now());
        let next = self
            .read_tx(move |inner, tx| match inner.catalogue.kept_as(&register) {
                Some(definition) => page(tx, definition, after, limits::BATCH_TOGETHER),
                None => Ok(Vec::new()),
            })
            .await?;
        for (_, id) in &next {
            let (register, id) = (trial.register.clone(), *id);
            let found: Arc<Mutex<Option<Tried>>> = Arc::default();
            let told = Arc::clone(&found);
            let tried: Result<(), Error> = self
                .transact(move |inner, tx| {
                    let definition = inner.catalogue.kept_as(&register);
                    let definition = definition.ok_or(Error::NotFound)?;
                    let mut engine = Engine::new(inner, tx, now, Vec::new());
                    let carried = why(perform::carry_over(&mut engine, definition, id))?;
                    let claims = if carried == Ok(true) {
                        Claims {
                            values: tx.unique_of(id)?,
                            held: tx.reservations_of(id)?,
                        }
                    } else {
                        Claims::default()
                    };
                    *told.lock().unwrap_or_else(PoisonError::into_inner) = Some((carried, claims));
                    Err(Error::conflict(
                        "definition.tried",
                        "仅作检查",
                        "only tried",
                    ))
                })
                .await;
            let told = found.lock().unwrap_or_else(PoisonError::into_inner).take();
            match told {
                Some(told) => trial.add(id, told, taken),
                None => tried?,
            }
        }
        Ok(next.last().copied())
    }
}

/// What came of trying one: whether it was behind or why it cannot be carried over, and what it alone would have.
type Tried = (Result<bool, String>, Claims);

/// What one record alone has.
#[derive(Default)]
struct Claims {
    /// Unique values: the field, the label class and the value.
    values: Vec<(String, i64, String)>,
    /// Records that it holds while it is open, each with the field that names it.
    held: Vec<(RecordId, String)>,
}

impl Claims {
    /// Each as a hash, with what is said of it where another has it.
    fn each(&self) -> impl Iterator<Item = (u64, String)> {
        let hasher = BuildHasherDefault::<DefaultHasher>::default();
        let values = self.values.iter().map(move |claim| {
            let said = format!("{}: another record has this value already", claim.0);
            (hasher.hash_one(claim), said)
        });
        let hasher = BuildHasherDefault::<DefaultHasher>::default();
        let held = self.held.iter().map(move |(target, field)| {
            let said = format!("{field}: another open record holds what it names already");
            (hasher.hash_one(target.as_uuid()), said)
        });
        values.chain(held)
    }
}

impl CarryTrial {
    /// Counts one that was tried. Each is tried for itself, so what two of them would both have is told here.
    fn add(&mut self, id: RecordId, (carried, claims): Tried, taken: &mut HashSet<u64>) {
        let second = claims.each().find(|(claim, _)| taken.contains(claim));
        let why = match (carried, second) {
            (Ok(behind), None) => {
                // WHY: who stays behind takes nothing from those after it
                taken.extend(claims.each().map(|(claim, _)| claim));
                self.behind += u64::from(behind);
                return;
            }
            (Ok(_), Some((_, why))) | (Err(why), _) => why,
        };
        self.behind += 1;
        self.stuck_count += 1;
        if self.stuck.len() < limits::CARRY_TOLD {
            self.stuck.push((id, why));
        }
    }
}

/// Where a record stands among those of its register: when it was made, and its id.
type Place = (i64, RecordId);

/// How far a job has come.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Way {
    register: String,
    /// The version of the definition that its records are carried over to.
    version: u32,
    /// The last record that was looked at.
    after: Option<Place>,
    /// How many could not be carried over.
    stuck: u64,
}

impl Way {
    fn new(definition: &Definition) -> Self {
        Self {
            register: definition.key.clone(),
            version: definition.version,
            ..Self::default()
        }
    }

    fn of(job: &JobRow) -> Self {
        serde_json::from_value(job.payload.clone()).unwrap_or_default()
    }
}

/// What is the matter with one record is told of it; what keeps everybody from working goes up.
fn why(carried: Result<Result<bool, String>, Error>) -> Result<Result<bool, String>, Error> {
    match carried {
        Err(error @ (Error::Unavailable(_) | Error::Limited { .. })) => Err(error),
        Err(Error::Fields(problems)) => {
            let told: Vec<String> = problems
                .iter()
                .map(|problem| format!("{}: {}", problem.field, problem.say.en))
                .collect();
            Ok(Err(told.join("; ")))
        }
        Err(error) => Ok(Err(error.to_string())),
        Ok(carried) => Ok(carried),
    }
}

/// Records of a register behind an id that are behind its definition.
fn page(
    tx: &mut Tx<'_>,
    definition: &Definition,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Place>, Error> {
    let version = i64::from(definition.version);
    Ok(tx.records_behind(&definition.key, version, (after, limit))?)
}

/// Every leaf that differs; entries of a list that have a key are compared by it.
pub(crate) fn differences(
    path: &str,
    was: Option<&Value>,
    is: Option<&Value>,
    found: &mut Vec<Changed>,
) {
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
