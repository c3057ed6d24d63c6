//! The same act on many records: all of them in one transaction or none, or each by itself; tried first, where it is
//! only to be told what would happen; and undone by acts, where nothing has moved on since.

mod one_go;
mod repeat;
mod signed;
mod undo;

use repeat::{before, repeat, same};
use signed::Pile;
pub use undo::BulkUndo;

use crate::{
    accounts::Scope,
    batch::{self, Asked, BatchLineView, Body, Kind, Of, Records},
    caller::Caller,
    core::{App, Inner},
    error::{Error, text},
    limits, people,
    perform::{check_warnings, check_words},
    problems, records,
    views::{AcceptedWarning, ListInput, Perform, SignatureInput, Target},
    visibility,
};
use access::Grant;
use domain::{AccountId, JobId, RecordId, Timestamp};
use registers::{Action, Definition};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use store::{Answer, BatchLine, BatchRow, JobRow, Tx};
use tokio::sync::watch;

/// What is to be done to which records.
#[derive(Debug, Default)]
pub struct BulkInput {
    /// Key of the action.
    pub action: String,
    /// The records, each at the version that was seen.
    pub items: Vec<(RecordId, i64)>,
    /// In their place: everything of a list that the caller sees.
    pub list: Option<ListInput>,
    /// Field values, the same for all.
    pub input: Map<String, Value>,
    /// Warnings passed for all.
    pub accept_warnings: Vec<AcceptedWarning>,
    /// The remark on every act.
    pub comment: Option<String>,
    /// When it happened, if not now.
    pub occurred_at: Option<Timestamp>,
    /// Only tell what would happen.
    pub dry_run: bool,
    /// All of them or none.
    pub atomic: bool,
    /// Signatures given at the counter, once for all of them.
    pub signatures: Vec<SignatureInput>,
    /// Key under which a repeat is answered and not carried out again.
    pub idempotency_key: Option<String>,
}

/// A bulk act, as its owner sees it.
#[derive(Debug, Clone)]
pub struct BulkView {
    /// Its id; none where nothing was kept.
    pub id: Option<JobId>,
    /// The register.
    pub register: String,
    /// The action.
    pub action: String,
    /// `tried`, `refused`, `running`, `checked`, `done`, `stopped` or `failed`.
    pub state: String,
    /// Only tried.
    pub dry_run: bool,
    /// All or none.
    pub atomic: bool,
    /// How many records came to what.
    pub counts: BTreeMap<String, i64>,
    /// Whether it can be undone, as far as its action goes.
    pub can_undo: bool,
    /// The bulk act that it undoes.
    pub undoes: Option<JobId>,
    /// The one that undid it.
    pub undone: Option<JobId>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// The first of the records, with what became of each.
    pub items: Vec<BatchLineView>,
}

/// A record to act on, as a row keeps it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Item {
    id: RecordId,
    version: i64,
    /// The version whose values come back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    values_of: Option<i64>,
}

/// A bulk act that is about to be carried out.
struct Errand {
    row: BatchRow,
    body: Body,
    items: Vec<Item>,
    /// Key and digest of what is asked, where a repeat is to be known again.
    repeat: Option<(String, String)>,
    /// What was signed for all of them.
    pile: Pile,
}

/// An action that is done to many records at once.
fn possible<'d>(definition: &'d Definition, key: &str) -> Result<&'d Action, Error> {
    let action = definition.action(key);
    let action = action.filter(|one| one.bulk && !one.is_initial());
    action.ok_or_else(|| {
        Error::malformed(
            "bulk.action",
            "该操作不能批量办理",
            "this action is not one that is done to many records at once",
        )
    })
}

impl App {
    /// Acts on many records of a register.
    pub async fn bulk(
        &self,
        caller: &Caller,
        register: &str,
        input: BulkInput,
    ) -> Result<BulkView, Error> {
        let definition = self.inner.catalogue.kept_as(register);
        possible(definition.ok_or(Error::NotFound)?, &input.action)?;
        check_input(caller, &input)?;
        let repeat = repeat(&input, register);
        if let Some(id) = self.kept_bulk(caller, repeat.clone()).await? {
            return self.bulk_act(caller, id).await;
        }
        let items = self.items(caller, register, &input).await?;
        let pile = self.pile(&input.signatures, input.dry_run).await?;
        let errand = Errand {
            pile,
            ..self.errand(caller, (register, repeat), input, items)?
        };
        self.carry_out(caller, errand).await
    }

    /// A bulk act of the caller's own, with the first of its records.
    pub async fn bulk_act(&self, caller: &Caller, id: JobId) -> Result<BulkView, Error> {
        let account = caller.account;
        self.read_tx(move |inner, tx| {
            let row = batch::seen(tx, (id, Kind::Records), account)?;
            view(inner, tx, row, true)
        })
        .await
    }

    /// The caller's own bulk acts, newest first, without their records.
    pub async fn bulk_acts(&self, caller: &Caller) -> Result<Vec<BulkView>, Error> {
        let account = caller.account;
        self.read_tx(move |inner, tx| {
            let rows = tx.batches(account, Kind::Records.word(), limits::PAGE)?;
            let views = rows.into_iter().map(|row| view(inner, tx, row, false));
            views.collect()
        })
        .await
    }

    /// Records of such an act behind a number.
    pub async fn bulk_lines(
        &self,
        caller: &Caller,
        id: JobId,
        (outcome, after): (Option<String>, i64),
    ) -> Result<Vec<BatchLineView>, Error> {
        let account = caller.account;
        self.read_tx(move |_, tx| {
            batch::seen(tx, (id, Kind::Records), account)?;
            let lines = batch::lines(tx, id, (outcome.as_deref(), after))?;
            lines.into_iter().map(line_view).collect()
        })
        .await
    }

    /// Ends the work on one; what was done stays.
    pub async fn stop_bulk(&self, caller: &Caller, id: JobId) -> Result<BulkView, Error> {
        let account = caller.account;
        self.transact(move |_, tx| batch::stop(tx, (id, Kind::Records), account))
            .await?;
        self.bulk_act(caller, id).await
    }

    /// The records that are named, or those that the caller sees of a list.
    async fn items(
        &self,
        caller: &Caller,
        register: &str,
        input: &BulkInput,
    ) -> Result<Vec<Item>, Error> {
        let (who, key, now) = (caller.clone(), register.to_owned(), self.inner.now());
        let (named, list) = (input.items.clone(), input.list.clone());
        let targets = self
            .read_tx(move |inner, tx| {
                people::check_business(inner, tx, &who, now)?;
                let Some(list) = list else { return Ok(named) };
                let definition = inner.catalogue.definition(&key).ok_or(Error::NotFound)?;
                let sight = visibility::sight(inner, tx, &who, Grant::Handle, now)?;
                let mut pages = records::Pages::new(inner, definition, &sight, &list)?;
                let mut targets = Vec::new();
                while let Some(page) = pages.next(tx)? {
                    targets.extend(page.iter().map(|row| (row.id, row.version)));
                    if targets.len() > limits::BULK_ROWS {
                        break;
                    }
                }
                Ok(targets)
            })
            .await?;
        let most = if input.atomic {
            limits::BULK_ATOMIC
        } else {
            limits::BULK_ROWS
        };
        if targets.len() > most {
            return Err(too_many(most));
        }
        let ids: BTreeSet<RecordId> = targets.iter().map(|(id, _)| *id).collect();
        if ids.is_empty() || ids.len() < targets.len() {
            return Err(wrong_items());
        }
        Ok(targets
            .into_iter()
            .map(|(id, version)| Item {
                id,
                version,
                values_of: None,
            })
            .collect())
    }

    fn errand(
        &self,
        caller: &Caller,
        (register, repeat): (&str, Option<(String, String)>),
        input: BulkInput,
        items: Vec<Item>,
    ) -> Result<Errand, Error> {
        let accepted = input.accept_warnings.into_iter();
        let records = Records {
            input: input.input,
            occurred_at: input.occurred_at,
            atomic: input.atomic,
            ..Records::default()
        };
        let body = Body {
            dry_run: input.dry_run,
            accepted: accepted.map(|one| (one.rule, one.reason)).collect(),
            comment: input.comment,
            person: caller.person,
            ..Body::new(&input.action, Of::Records(records))
        };
        let now = self.inner.now();
        Ok(Errand {
            row: BatchRow {
                id: JobId::new(now, self.inner.random()?),
                kind: Kind::Records.word().to_owned(),
                register: register.to_owned(),
                account: caller.account,
                state: "running".to_owned(),
                body: Value::Null,
                created_at: now,
            },
            body,
            items,
            repeat,
            pile: Pile::default(),
        })
    }

    /// The bulk act that was begun by the same request before.
    async fn kept_bulk(
        &self,
        caller: &Caller,
        repeat: Option<(String, String)>,
    ) -> Result<Option<JobId>, Error> {
        let Some((key, digest)) = repeat else {
            return Ok(None);
        };
        let (account, since) = (caller.account, self.inner.now() - limits::IDEMPOTENCY);
        self.read_tx(move |_, tx| {
            let kept = tx.answer(account, &key, since)?;
            kept.map(|answer| same(&answer, &digest)).transpose()
        })
        .await
    }

    /// A few at once, while the caller waits; many in the background.
    async fn carry_out(&self, caller: &Caller, errand: Errand) -> Result<BulkView, Error> {
        let few = errand.items.len() <= limits::BULK_AT_ONCE;
        let in_one_go = errand.body.dry_run || errand.body.records()?.atomic;
        if few && in_one_go {
            return self.in_one_go(caller, errand).await;
        }
        errand.pile.check_in_one_go()?;
        let definition = self.inner.catalogue.kept_as(&errand.row.register);
        let action = definition.and_then(|one| one.action(&errand.body.action));
        if let Some(action) = action {
            signed::check_unsigned(action)?;
        }
        if action.is_none_or(|action| action.step_up) {
            return Err(Error::malformed(
                "bulk.step_up",
                "该操作须本人再次认证，只能以“全部成功或全部不办”方式一次办理 500 条以内",
                "this action asks for a fresh proof of identity: it is done to up to 500 records, all or none",
            ));
        }
        let begun = self.begin(errand, few).await?;
        if let Some(job) = &begun.job {
            self.work_here(job).await;
        }
        self.bulk_act(caller, begun.id).await
    }

    /// Keeps what is to be done, and puts its job into the queue or takes it.
    async fn begin(&self, errand: Errand, take: bool) -> Result<Begun, Error> {
        let until = self.inner.now() + limits::JOB_LEASE;
        self.transact(move |inner, tx| {
            if let Some(id) = before(inner, tx, &errand)? {
                return Ok(Begun { id, job: None });
            }
            let mut errand = errand;
            errand.put(tx, "running")?;
            let job = batch::enqueue(inner, tx, (&errand.row, &mut errand.body))?;
            let job = if take { tx.take_job(job, until)? } else { None };
            Ok(Begun {
                id: errand.row.id,
                job,
            })
        })
        .await
    }

    /// Works a job off that was taken with its making. WHY: should whoever waits go away, its lease ends and it
    /// is taken up like any other.
    async fn work_here(&self, job: &JobRow) {
        let (_going_on, stop) = watch::channel(false);
        loop {
            match self.some_rounds(job, &stop).await {
                Ok(true) => return,
                Ok(false) => {}
                Err(error) => {
                    tracing::error!(%error, "a bulk act could not go on and is left to the queue");
                    let left = self.give_back(job, limits::JOB_AGAIN).await;
                    drop(left.inspect_err(|error| tracing::error!(%error, "nor be given back")));
                    return;
                }
            }
        }
    }
}

/// A bulk act that was begun, now or before, and its job if that is to be done at once.
struct Begun {
    id: JobId,
    job: Option<JobRow>,
}

impl Errand {
    /// Keeps it with its records.
    fn put(&self, tx: &mut Tx<'_>, state: &str) -> Result<(), Error> {
        make_room(tx, self.row.account, self.body.records()?.undoes)?;
        let mut keep = tx.keep();
        keep.put_batch(&BatchRow {
            state: state.to_owned(),
            body: self.body.json()?,
            ..self.row.clone()
        })?;
        let lines: Vec<(i64, Value, &'static str)> = self
            .asked()?
            .into_iter()
            .map(|(number, asked)| (number, asked, "waiting"))
            .collect();
        keep.add_batch_lines(self.row.id, &lines)?;
        if let Some((key, digest)) = &self.repeat {
            let answer = Answer {
                digest: digest.clone(),
                answer: json!({ "bulk": self.row.id }),
            };
            keep.put_answer(self.row.account, key, &answer, self.row.created_at)?;
        }
        Ok(())
    }

    fn asked(&self) -> Result<Vec<(i64, Value)>, Error> {
        let numbered = (1..).zip(&self.items);
        numbered
            .map(|(number, item)| {
                let asked = serde_json::to_value(item).map_err(Error::internal)?;
                Ok((number, asked))
            })
            .collect()
    }
}

/// Drops the oldest that is over, where an account has too many, but for the one that is about to be undone.
fn make_room(tx: &mut Tx<'_>, account: AccountId, undoes: Option<JobId>) -> Result<(), Error> {
    let kind = Kind::Records.word();
    if tx.count_batches(account, kind)? < limits::BULKS {
        return Ok(());
    }
    let oldest = tx
        .oldest_batch((account, kind), undoes)?
        .ok_or(Error::Limited {
            code: "bulk.busy",
            say: text(
                "正在后台办理的批量过多，请等待完成或先停止",
                "too many bulk acts are being worked off: wait for their end, or stop one",
            ),
        })?;
    Ok(tx.keep().drop_batch(oldest)?)
}

fn check_input(caller: &Caller, input: &BulkInput) -> Result<(), Error> {
    check_warnings(&input.accept_warnings)?;
    check_words(input.comment.as_deref(), input.idempotency_key.as_deref())?;
    signed::check(caller, input)?;
    if input.items.is_empty() == input.list.is_none() {
        return Err(wrong_items());
    }
    // WHY: what a list has is told by what becomes of its records
    let may_list = caller
        .scopes()
        .is_none_or(|scopes| scopes.contains(&Scope::Read));
    if input.list.is_none() || may_list {
        return Ok(());
    }
    Err(Error::Denied {
        code: "token.scope".to_owned(),
        rule: None,
        clause: None,
        say: text(
            "该令牌的权限范围不包括查询",
            "this token is not for lists of records",
        ),
    })
}

fn wrong_items() -> Error {
    Error::malformed(
        "bulk.items",
        "须列出至少一条记录，或给出查询条件，二者择一；同一记录只能出现一次",
        "name at least one record, none of them twice, or say which by a query, and not both",
    )
}

fn too_many(most: usize) -> Error {
    Error::malformed(
        "bulk.too_many",
        &format!("一次至多批量办理 {most} 条"),
        &format!("{most} records are the most that are acted on at once"),
    )
}

/// The request that a row stands for.
pub(crate) fn request(
    inner: &Inner,
    tx: &mut Tx<'_>,
    (row, body): (&BatchRow, &Body),
    line: &BatchLine,
) -> Result<Asked, Error> {
    let item: Item = serde_json::from_value(line.asked.clone()).map_err(Error::internal)?;
    asked(inner, tx, (&row.register, body), (line.number, item))
}

fn asked(
    inner: &Inner,
    tx: &mut Tx<'_>,
    (register, body): (&str, &Body),
    (number, item): (i64, Item),
) -> Result<Asked, Error> {
    let records = body.records()?;
    let target = Target::Of {
        register: register.to_owned(),
        id: item.id,
        version: item.version,
    };
    let input = match item.values_of {
        Some(version) => undo::values(inner, tx, (item.id, version), &records.restores)?,
        None => Some(records.input.clone()),
    };
    let Some(input) = input else {
        let failed = batch::failed(&problems::of(Error::NotFound)?);
        return Ok(Asked {
            number,
            with: Vec::new(),
            request: Err(failed),
        });
    };
    let request = Perform {
        accept_warnings: body.accept_warnings(),
        comment: body.comment.clone(),
        occurred_at: records.occurred_at,
        // what is to be done in one go is tried one by one before
        dry_run: body.dry_run || records.atomic,
        ..Perform::new(target, &body.action, input)
    };
    Ok(Asked {
        number,
        with: Vec::new(),
        request: Ok(request),
    })
}

fn view(inner: &Inner, tx: &mut Tx<'_>, row: BatchRow, whole: bool) -> Result<BulkView, Error> {
    let body = Body::of(&row)?;
    let counts = undo::counts(tx, row.id)?;
    let lines = if whole {
        batch::lines(tx, row.id, (None, 0))?
    } else {
        Vec::new()
    };
    let records = body.records()?;
    Ok(BulkView {
        id: Some(row.id),
        can_undo: undo::possible(inner, &row, (&body, &counts)).is_some(),
        state: row.state,
        dry_run: body.dry_run,
        atomic: records.atomic,
        counts,
        undoes: records.undoes,
        undone: records.undone,
        created_at: row.created_at,
        items: lines.into_iter().map(line_view).collect::<Result<_, _>>()?,
        register: row.register,
        action: body.action,
    })
}

/// A record and what became of it.
fn line_view(line: BatchLine) -> Result<BatchLineView, Error> {
    let item: Item = serde_json::from_value(line.asked.clone()).map_err(Error::internal)?;
    let view = batch::line_view(line);
    Ok(BatchLineView {
        record: Some(item.id),
        outcome: done_for_made(view.outcome),
        ..view
    })
}

/// Of a file, rows are made records; here, something is done to them.
fn done_for_made(word: String) -> String {
    if word == "made" {
        "done".to_owned()
    } else {
        word
    }
}
