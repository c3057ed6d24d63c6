//! All records of a bulk act in one transaction. Tried, they are acted on and taken back, so that each is told of as
//! the ones before it would have left things.

use super::{BulkView, Errand, Item, Pile, asked, before, done_for_made, undo};
use crate::{
    batch::{self, BatchLineView, Body, Told},
    caller::Caller,
    core::{App, Inner},
    error::{Error, text},
    perform::{Engine, run_request},
    problems::{self, Problem},
};
use domain::{JobId, Timestamp};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};
use store::{BatchRow, Tx};

/// What takes the transaction back; what was found stands beside it.
const TAKEN_BACK: &str = "bulk.taken_back";

/// What was found while the transaction ran, which outlives it.
type Found = Arc<Mutex<Vec<(i64, Told)>>>;

impl App {
    /// All of them or none, while the caller waits.
    pub(super) async fn in_one_go(
        &self,
        caller: &Caller,
        errand: Errand,
    ) -> Result<BulkView, Error> {
        let (who, now, found) = (caller.clone(), self.inner.now(), Found::default());
        let (errand, told) = (Arc::new(errand), Arc::clone(&found));
        let asked_for = Arc::clone(&errand);
        let dry_run = errand.body.dry_run;
        let act = move |inner: &Inner, tx: &mut Tx<'_>| {
            let errand = &*asked_for;
            if let Some(id) = before(inner, tx, errand)? {
                return Ok(id);
            }
            let done = each(
                inner,
                tx,
                &who,
                (errand.in_order(), &errand.row, &errand.body),
                (&errand.pile, now),
            )?;
            found_now(&told, &done);
            if errand.body.dry_run || !all_done(&done) {
                return Err(taken_back());
            }
            errand.keep_done(tx, &done)?;
            Ok(errand.row.id)
        };
        // WHY: what is always taken back must not take what others ask for at the same time with it
        let begun = if dry_run {
            self.transact(act).await
        } else {
            self.transact_anew(act).await
        };
        match begun {
            Ok(id) => self.bulk_act(caller, id).await,
            Err(Error::Conflict {
                code: TAKEN_BACK, ..
            }) => errand.not_kept(&found),
            Err(error) => Err(error),
        }
    }

    /// The end of a batch whose rows were all tried: every one is acted on in one transaction, or none.
    pub(crate) async fn apply_tried(
        &self,
        caller: Caller,
        (job, id): (JobId, JobId),
    ) -> Result<&'static str, Error> {
        let (now, found) = (self.inner.now(), Found::default());
        let told = Arc::clone(&found);
        let applied = self
            .transact_anew(move |inner, tx| {
                let Some((row, body)) = batch::ours(tx, id, job)? else {
                    return Ok(());
                };
                tx.keep().turn_batch_lines(id, &["would"], "waiting")?;
                let mut items = Vec::new();
                for line in batch::all_lines(tx, id, "waiting")? {
                    let item: Item = serde_json::from_value(line.asked).map_err(Error::internal)?;
                    items.push((line.number, item));
                }
                items.sort_by_key(|(_, item)| item.id);
                let done = each(
                    inner,
                    tx,
                    &caller,
                    (items, &row, &body),
                    (&Pile::default(), now),
                )?;
                found_now(&told, &done);
                if !all_done(&done) {
                    return Err(taken_back());
                }
                for (number, (word, result)) in &done {
                    tx.keep().set_batch_line((id, *number), (word, result))?;
                }
                undo::mark(tx, &row, &body)
            })
            .await;
        match applied {
            Ok(()) => Ok("done"),
            Err(Error::Conflict {
                code: TAKEN_BACK, ..
            }) => {
                self.tell_refused((job, id), found).await?;
                Ok("refused")
            }
            Err(error) => Err(error),
        }
    }

    /// Keeps why none of them was acted on after all.
    async fn tell_refused(&self, (job, id): (JobId, JobId), found: Found) -> Result<(), Error> {
        self.transact(move |_, tx| {
            if batch::ours(tx, id, job)?.is_none() {
                return Ok(());
            }
            let told = std::mem::take(&mut *found.lock().unwrap_or_else(PoisonError::into_inner));
            let mut keep = tx.keep();
            keep.turn_batch_lines(id, &["would"], "waiting")?;
            for (number, (word, result)) in &told {
                let word = if *word == "failed" { *word } else { "would" };
                keep.set_batch_line((id, *number), (word, result))?;
            }
            Ok(())
        })
        .await
    }
}

fn found_now(found: &Found, done: &[(i64, Told)]) {
    *found.lock().unwrap_or_else(PoisonError::into_inner) = done.to_vec();
}

fn all_done(told: &[(i64, Told)]) -> bool {
    told.iter().all(|(_, (word, _))| *word != "failed")
}

fn taken_back() -> Error {
    Error::conflict(TAKEN_BACK, "已撤回", "taken back")
}

/// Acts on one after the other.
fn each(
    inner: &Inner,
    tx: &mut Tx<'_>,
    caller: &Caller,
    (items, row, body): (Vec<(i64, Item)>, &BatchRow, &Body),
    (pile, now): (&Pile, Timestamp),
) -> Result<Vec<(i64, Told)>, Error> {
    let mut told = Vec::new();
    let records = items.iter().map(|(_, item)| item.id);
    let pile = pile.use_up(&mut Engine::new(inner, tx, now, Vec::new()), records)?;
    for (number, item) in items {
        if tx.broken() {
            // WHY: a statement that failed has ended the transaction; nothing can be said of the others
            told.push((number, batch::failed(&[not_tried()])));
            continue;
        }
        let asked = asked(inner, tx, (&row.register, body), (number, item))?;
        let acted = match asked.request {
            Ok(mut request) => {
                // carried out; where it is only tried, the whole transaction is taken back
                request.dry_run = false;
                let mut engine = Engine::new(inner, tx, now, Vec::new());
                pile.put(&mut engine);
                run_request(&mut engine, caller, &request)
            }
            Err(failed) => {
                told.push((number, failed));
                continue;
            }
        };
        told.push((
            number,
            match acted {
                Ok(outcome) => batch::told_by_act(&outcome).unwrap_or(("would", Value::Null)),
                // others were in the way: no fault of this record
                Err(
                    error @ Error::Limited {
                        code: "store.busy", ..
                    },
                ) => return Err(error),
                Err(error) => batch::failed(&problems::of(error)?),
            },
        ));
    }
    Ok(told)
}

fn not_tried() -> Problem {
    Problem {
        field: None,
        rule: None,
        code: "bulk.not_tried".to_owned(),
        say: text(
            "前面的记录出错，本条未检查",
            "one before it failed in a way that ended the trial; this one was not tried",
        ),
    }
}

impl Errand {
    /// The records in their order. WHY: whoever locks several locks them in the same one.
    fn in_order(&self) -> Vec<(i64, Item)> {
        let mut items: Vec<_> = (1..).zip(self.items.iter().copied()).collect();
        items.sort_by_key(|(_, item)| item.id);
        items
    }

    fn place(&self, number: i64) -> Option<domain::RecordId> {
        let at = usize::try_from(number - 1).ok()?;
        self.items.get(at).map(|item| item.id)
    }

    /// Keeps that it was done, with what became of each.
    fn keep_done(&self, tx: &mut Tx<'_>, done: &[(i64, Told)]) -> Result<(), Error> {
        self.put(tx, "done")?;
        for (number, (word, result)) in done {
            let word = if *word == "now" { "made" } else { word };
            tx.keep()
                .set_batch_line((self.row.id, *number), (word, result))?;
        }
        undo::mark(tx, &self.row, &self.body)
    }

    /// What was found of something that was not kept.
    fn not_kept(&self, found: &Found) -> Result<BulkView, Error> {
        let mut found = std::mem::take(&mut *found.lock().unwrap_or_else(PoisonError::into_inner));
        found.sort_by_key(|(number, _)| *number);
        let mut counts = BTreeMap::new();
        let mut items = Vec::new();
        for (number, (word, result)) in found {
            let outcome = if word == "failed" { word } else { "would" };
            *counts.entry(outcome.to_owned()).or_default() += 1;
            let problems = result.get("problems").cloned().unwrap_or_default();
            items.push(BatchLineView {
                row: number,
                outcome: done_for_made(outcome.to_owned()),
                record: self.place(number),
                number: None,
                problems: serde_json::from_value(problems).unwrap_or_default(),
            });
        }
        let records = self.body.records()?;
        Ok(BulkView {
            id: None,
            register: self.row.register.clone(),
            action: self.body.action.clone(),
            state: if self.body.dry_run {
                "tried"
            } else {
                "refused"
            }
            .to_owned(),
            dry_run: self.body.dry_run,
            atomic: records.atomic,
            counts,
            can_undo: false,
            undoes: records.undoes,
            undone: None,
            created_at: self.row.created_at,
            items,
        })
    }
}
