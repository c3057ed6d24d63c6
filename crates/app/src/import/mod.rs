//! Taking a file in: its rows are kept as they came, looked at, tried, and then made records by acts, each
//! judged like any other. What became of a row stands beside it until the file is dropped or too old.

mod begin;
mod columns;
mod pieces;
mod read;
mod sheet;
mod values;
mod work;

pub(crate) use begin::Desks;
pub use begin::ImportRoom;
pub(crate) use work::Place;

use crate::{
    caller::{Caller, SessionFacts, Through},
    core::{App, Inner},
    error::{Error, text},
    limits, people,
    problems::Problem,
    views::AcceptedWarning,
};
use domain::{AccountId, JobId, Language, RecordId, Text, Timestamp};
use registers::{Action, Definition};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use store::{ImportRow, Tx};

pub use sheet::SheetFormat;

/// The kind of job that works a file off.
const KIND: &str = "import";

/// A file that is taken in, as its owner sees it.
#[derive(Debug, Clone)]
pub struct ImportView {
    /// Its id.
    pub id: JobId,
    /// Where its rows go.
    pub register: String,
    /// The name of the file.
    pub name: String,
    /// `read`, `running`, `checked`, `done`, `stopped` or `failed`.
    pub state: String,
    /// The action its rows are taken in by.
    pub action: String,
    /// Only tried.
    pub dry_run: bool,
    /// Its columns, each with the field it stands for.
    pub heads: Vec<HeadView>,
    /// Every key a column can stand for, with its name.
    pub targets: Vec<(String, Text)>,
    /// How many rows came to what.
    pub counts: BTreeMap<String, i64>,
    /// When it came.
    pub created_at: Timestamp,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadView {
    /// What stands above it.
    pub head: String,
    /// The field it stands for; none: it is left out.
    pub field: Option<String>,
}

/// A row and what became of it.
#[derive(Debug, Clone)]
pub struct ImportLineView {
    /// Its number in the file, from 1.
    pub row: i64,
    /// `waiting`, `would`, `made`, `waits` or `failed`.
    pub outcome: String,
    /// The record it became.
    pub record: Option<RecordId>,
    /// The record's number.
    pub number: Option<String>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

/// How a file is to be worked off.
#[derive(Debug, Clone, Default)]
pub struct ImportStart {
    /// The action; none: as it is.
    pub action: Option<String>,
    /// Which field each head stands for, where that is not what is suggested.
    pub mapping: BTreeMap<String, Option<String>>,
    /// Only try every row.
    pub dry_run: bool,
    /// Warnings passed for all rows.
    pub accept_warnings: Vec<AcceptedWarning>,
    /// The remark on every act.
    pub comment: Option<String>,
}

/// What is kept of a file beside its rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Body {
    name: String,
    heads: Vec<String>,
    /// The field of each column.
    mapping: Vec<Option<String>>,
    action: String,
    dry_run: bool,
    /// Rules and reasons.
    accepted: Vec<(String, String)>,
    comment: Option<String>,
    /// The job that works it off.
    job: Option<JobId>,
    /// How often it was gone through.
    passes: u32,
    /// Who acts: the person behind the account.
    person: Option<domain::PersonId>,
}

impl Body {
    /// A file that nobody has said anything of.
    fn new(name: String, heads: Vec<String>, action: &str) -> Self {
        Self {
            name,
            heads,
            mapping: Vec::new(),
            action: action.to_owned(),
            dry_run: true,
            accepted: Vec::new(),
            comment: None,
            job: None,
            passes: 0,
            person: None,
        }
    }

    fn of(row: &ImportRow) -> Result<Self, Error> {
        serde_json::from_value(row.body.clone()).map_err(Error::internal)
    }

    fn json(&self) -> Result<Value, Error> {
        serde_json::to_value(self).map_err(Error::internal)
    }

    /// Who acts. WHY: nobody is present; what needs a fresh second factor is not done this way.
    fn caller(&self, row: &ImportRow) -> Caller {
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
}

fn no_head() -> Error {
    Error::malformed(
        "import.empty",
        "文件中没有表头和数据行",
        "the file has no heads and rows",
    )
}

fn no_action() -> Error {
    Error::malformed(
        "import.action",
        "该台账没有这个登记操作，或该操作不能批量导入",
        "the register has no such action that makes records, or it cannot be done from a file",
    )
}

fn running() -> Error {
    Error::conflict(
        "import.running",
        "正在导入，请等待完成或先停止",
        "the file is being worked off; wait for its end, or stop it first",
    )
}

/// An action that rows can be taken in by: nobody signs or proves who they are on the way.
fn possible<'d>(definition: &'d Definition, key: Option<&str>) -> Result<&'d Action, Error> {
    let action = columns::action(definition, key);
    action
        .filter(|action| action.sign.is_empty() && !action.step_up)
        .ok_or_else(no_action)
}

/// Brings in business, which administrators have no part in.
fn check_business(
    inner: &Inner,
    tx: &mut Tx<'_>,
    caller: &Caller,
    now: Timestamp,
) -> Result<(), Error> {
    if people::viewer(inner, tx, caller, now)?.is_business() {
        return Ok(());
    }
    Err(Error::Denied {
        code: "access.denied".to_owned(),
        rule: Some("R-407".to_owned()),
        clause: Some("SANYUAN".to_owned()),
        say: text(
            "业务数据由业务人员导入",
            "business is brought in by those who do it",
        ),
    })
}

impl App {
    /// A file of the caller's own.
    pub async fn import(&self, caller: &Caller, id: JobId) -> Result<ImportView, Error> {
        let account = caller.account;
        self.read_tx(move |inner, tx| {
            let row = tx.import(id, account)?.ok_or(Error::NotFound)?;
            view(inner, tx, row)
        })
        .await
    }

    /// The caller's own files, newest first.
    pub async fn imports(&self, caller: &Caller) -> Result<Vec<ImportView>, Error> {
        let account = caller.account;
        self.read_tx(move |inner, tx| {
            let rows = tx.imports(account, limits::IMPORTS)?;
            rows.into_iter().map(|row| view(inner, tx, row)).collect()
        })
        .await
    }

    /// Rows of such a file behind a number.
    pub async fn import_lines(
        &self,
        caller: &Caller,
        id: JobId,
        (outcome, after): (Option<String>, i64),
    ) -> Result<Vec<ImportLineView>, Error> {
        let account = caller.account;
        self.read_tx(move |_, tx| {
            tx.import(id, account)?.ok_or(Error::NotFound)?;
            let lines = tx.import_lines(id, outcome.as_deref(), (after, limits::PAGE))?;
            Ok(lines.into_iter().map(work::line_view).collect())
        })
        .await
    }

    /// Has the rows worked off, or tried. Rows that became records before are left alone.
    pub async fn start_import(
        &self,
        caller: &Caller,
        id: JobId,
        start: ImportStart,
    ) -> Result<ImportView, Error> {
        let (who, now) = (caller.clone(), self.inner.now());
        self.transact(move |inner, tx| {
            check_business(inner, tx, &who, now)?;
            let row = own(tx, id, who.account)?;
            if ["reading", "running"].contains(&row.state.as_str()) {
                return Err(running());
            }
            let definition = inner.catalogue.definition(&row.register);
            let definition = definition.ok_or(Error::NotFound)?;
            let mut body = Body::of(&row)?;
            check_start(&start)?;
            // who asks now is who acts, with what they may do now
            body.person = who.person;
            for (head, field) in &start.mapping {
                let field = field.as_deref().unwrap_or_default();
                let mapped = (head.as_str(), field);
                tx.keep()
                    .remember_import_head(who.account, &row.register, mapped)?;
            }
            let before = tx.import_heads(who.account, &row.register)?;
            prepare(definition, &mut body, start, &before)?;
            let mut keep = tx.keep();
            keep.turn_import_lines(id, &["again", "would", "failed"], "waiting")?;
            let job = JobId::new(now, inner.random()?);
            (body.job, body.passes) = (Some(job), 0);
            keep.set_import(id, "running", &body.json()?)?;
            let payload = serde_json::json!({ "import": id });
            tx.enqueue(job, KIND, &payload, now, &who.account.to_string())?;
            Ok(())
        })
        .await?;
        self.import(caller, id).await
    }

    /// Ends the work on a file; what became records stays.
    pub async fn stop_import(&self, caller: &Caller, id: JobId) -> Result<ImportView, Error> {
        let account = caller.account;
        self.transact(move |_, tx| {
            let row = own(tx, id, account)?;
            if row.state == "running" {
                close(tx, &row, "stopped")?;
            }
            Ok(())
        })
        .await?;
        self.import(caller, id).await
    }

    /// Drops a file and what is known of its rows; records stay.
    pub async fn drop_import(&self, caller: &Caller, id: JobId) -> Result<(), Error> {
        let account = caller.account;
        self.transact(move |_, tx| {
            let row = own(tx, id, account)?;
            if row.state == "running" {
                return Err(running());
            }
            Ok(tx.keep().drop_import(id)?)
        })
        .await
    }

    /// The file again, with a column that says what became of each row.
    pub async fn import_result(
        &self,
        caller: &Caller,
        id: JobId,
        (format, language): (SheetFormat, Language),
    ) -> Result<(String, Vec<u8>), Error> {
        let account = caller.account;
        let desk = self.inner.sheet_desk().await?;
        self.read_tx(move |inner, tx| {
            // held to the end of the work, also where nobody waits for it any more
            let _desk = desk;
            let row = tx.import(id, account)?.ok_or(Error::NotFound)?;
            let definition = inner.catalogue.definition(&row.register);
            let definition = definition.ok_or(Error::NotFound)?;
            sheet::result(tx, definition, (&row, &Body::of(&row)?), (format, language))
        })
        .await
    }

    /// An empty sheet to fill in, with what each column takes.
    pub async fn import_template(
        &self,
        caller: &Caller,
        (register, action): (&str, Option<String>),
        (format, language): (SheetFormat, Language),
    ) -> Result<(String, Vec<u8>), Error> {
        let (who, now, key) = (caller.clone(), self.inner.now(), register.to_owned());
        self.read_tx(move |inner, tx| {
            check_business(inner, tx, &who, now)?;
            let definition = inner.catalogue.definition(&key).ok_or(Error::NotFound)?;
            let action = possible(definition, action.as_deref())?;
            sheet::template(definition, action, (format, language))
        })
        .await
    }

    /// Drops files that came long ago, or were never read to their end.
    pub(crate) async fn sweep_imports(&self) -> Result<(), Error> {
        let now = self.inner.now();
        let (before, unread) = (now - limits::IMPORT_LEFT, now - limits::IMPORT_UNREAD);
        self.transact_anew(move |_, tx| {
            for id in tx.keep().old_imports((before, unread), 10)? {
                let row = tx.lock_import(id)?;
                // it may have been started since
                if row.is_some_and(|row| row.state != "running") {
                    tx.keep().drop_import(id)?;
                }
            }
            Ok(())
        })
        .await
    }
}

/// A file of an account, locked for a change of its state.
fn own(tx: &mut Tx<'_>, id: JobId, account: AccountId) -> Result<ImportRow, Error> {
    let row = tx.lock_import(id)?.filter(|row| row.account == account);
    row.ok_or(Error::NotFound)
}

/// Ends the work on a file; rows that wait for others are told as what they are.
fn close(tx: &mut Tx<'_>, row: &ImportRow, state: &str) -> Result<(), Error> {
    let mut keep = tx.keep();
    keep.turn_import_lines(row.id, &["now"], "made")?;
    keep.turn_import_lines(row.id, &["again"], "failed")?;
    Ok(keep.set_import(row.id, state, &row.body)?)
}

fn check_start(start: &ImportStart) -> Result<(), Error> {
    let words = start.accept_warnings.iter().map(|one| &one.reason);
    let words = words.chain(&start.comment).map(|text| text.chars().count());
    let fits = words.max().unwrap_or(0) <= limits::COMMENT_CHARS
        && start.accept_warnings.len() <= limits::IMPORT_WARNINGS
        && start.mapping.len() <= limits::IMPORT_COLUMNS;
    if fits { Ok(()) } else { Err(wrong_mapping()) }
}

/// Takes over how a file is to be worked off, if it can be.
fn prepare(
    definition: &Definition,
    body: &mut Body,
    start: ImportStart,
    before: &[(String, String)],
) -> Result<(), Error> {
    let key = start.action.as_deref().unwrap_or(&body.action);
    let action = possible(definition, Some(key))?;
    let targets = columns::targets(definition, action);
    let known = columns::Known {
        given: &start.mapping,
        before,
    };
    body.mapping = columns::suggested(&body.heads, &targets, &known);
    // what was asked for and could not be given is a mistake: a head or a field that is not there, or
    // a field that stands twice
    let given = |(head, field): (&String, &Option<String>)| {
        let mut heads = body.heads.iter().zip(&body.mapping);
        heads.any(|(one, given)| one == head && given == field)
    };
    if !start.mapping.iter().all(given) || body.mapping.iter().all(Option::is_none) {
        return Err(wrong_mapping());
    }
    body.action.clone_from(&action.key);
    body.dry_run = start.dry_run;
    body.comment = start.comment;
    let accepted = start.accept_warnings.into_iter();
    body.accepted = accepted.map(|one| (one.rule, one.reason)).collect();
    Ok(())
}

fn wrong_mapping() -> Error {
    Error::malformed(
        "import.mapping",
        "列与字段的对应有误：列名不存在、字段不属于该操作、同一字段对应两列，或没有任何对应",
        "the columns do not fit: a head is not in the file, a field not in the action, a field stands \
         twice, or none stands at all",
    )
}

fn view(inner: &Inner, tx: &mut Tx<'_>, row: ImportRow) -> Result<ImportView, Error> {
    let body = Body::of(&row)?;
    let definition = inner.catalogue.definition(&row.register);
    let targets = definition.and_then(|definition| {
        let action = definition.action(&body.action)?;
        let targets = columns::targets(definition, action).into_iter();
        Some(targets.map(|target| (target.key, target.name)).collect())
    });
    let heads = body.heads.into_iter().zip(body.mapping);
    Ok(ImportView {
        counts: counts(tx, row.id)?,
        id: row.id,
        register: row.register,
        name: body.name,
        state: row.state,
        action: body.action,
        dry_run: body.dry_run,
        heads: heads
            .map(|(head, field)| HeadView { head, field })
            .collect(),
        targets: targets.unwrap_or_default(),
        created_at: row.created_at,
    })
}

/// How many rows came to what, as their owner is told.
fn counts(tx: &mut Tx<'_>, id: JobId) -> Result<BTreeMap<String, i64>, Error> {
    let mut counts = BTreeMap::new();
    for (outcome, many) in tx.import_counts(id)? {
        *counts.entry(work::told(&outcome).to_owned()).or_default() += many;
    }
    Ok(counts)
}
