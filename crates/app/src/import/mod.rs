//! Taking a file in: its rows are kept as they came, looked at, tried, and then made records by acts, each
//! judged like any other. What became of a row stands beside it until the file is dropped or too old.

mod begin;
mod columns;
mod pieces;
mod read;
mod sheet;
mod values;

pub(crate) use begin::Desks;
pub use begin::ImportRoom;

use crate::{
    batch::{self, Asked, BatchLineView, Body, Columns, Kind},
    caller::Caller,
    core::{App, Inner},
    error::Error,
    limits, people,
    perform::{check_warnings, check_words},
    problems::Problem,
    views::{AcceptedWarning, Perform, Target},
    visibility,
};
use access::Grant;
use domain::{JobId, Language, Text, Timestamp};
use registers::{Action, Definition};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use store::{BatchLine, BatchRow, Tx};
use values::Values;

pub use sheet::SheetFormat;

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

/// An action that rows can be taken in by: nobody signs or proves who they are on the way.
fn possible<'d>(definition: &'d Definition, key: Option<&str>) -> Result<&'d Action, Error> {
    let action = columns::action(definition, key);
    action
        .filter(|action| action.sign.is_empty() && !action.step_up)
        .ok_or_else(no_action)
}

impl App {
    /// A file of the caller's own.
    pub async fn import(&self, caller: &Caller, id: JobId) -> Result<ImportView, Error> {
        let account = caller.account;
        self.read_tx(move |inner, tx| {
            let row = batch::seen(tx, (id, Kind::File), account)?;
            view(inner, tx, row)
        })
        .await
    }

    /// The caller's own files, newest first.
    pub async fn imports(&self, caller: &Caller) -> Result<Vec<ImportView>, Error> {
        let account = caller.account;
        self.read_tx(move |inner, tx| {
            let rows = tx.batches(account, Kind::File.word(), limits::IMPORTS)?;
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
    ) -> Result<Vec<BatchLineView>, Error> {
        let account = caller.account;
        self.read_tx(move |_, tx| {
            batch::seen(tx, (id, Kind::File), account)?;
            let lines = batch::lines(tx, id, (outcome.as_deref(), after))?;
            Ok(lines.into_iter().map(batch::line_view).collect())
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
            people::check_business(inner, tx, &who, now)?;
            let row = batch::own(tx, (id, Kind::File), who.account)?;
            if ["reading", "running"].contains(&row.state.as_str()) {
                return Err(batch::running());
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
            let begun = ["again", "would", "failed", "part"];
            tx.keep().turn_batch_lines(id, &begun, "waiting")?;
            batch::enqueue(inner, tx, (&row, &mut body))?;
            Ok(())
        })
        .await?;
        self.import(caller, id).await
    }

    /// Ends the work on a file; what became records stays.
    pub async fn stop_import(&self, caller: &Caller, id: JobId) -> Result<ImportView, Error> {
        let account = caller.account;
        self.transact(move |_, tx| batch::stop(tx, (id, Kind::File), account))
            .await?;
        self.import(caller, id).await
    }

    /// Drops a file and what is known of its rows; records stay.
    pub async fn drop_import(&self, caller: &Caller, id: JobId) -> Result<(), Error> {
        let account = caller.account;
        self.transact(move |_, tx| batch::drop_own(tx, (id, Kind::File), account))
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
            let row = batch::seen(tx, (id, Kind::File), account)?;
            let definition = inner.catalogue.definition(&row.register);
            let definition = definition.ok_or(Error::NotFound)?;
            let body = Body::of(&row)?;
            sheet::result(tx, definition, (&row, body.columns()?), (format, language))
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
            people::check_business(inner, tx, &who, now)?;
            let definition = inner.catalogue.definition(&key).ok_or(Error::NotFound)?;
            let action = possible(definition, action.as_deref())?;
            sheet::template(definition, action, (format, language))
        })
        .await
    }
}

/// The requests of rows, with names looked up among what the caller sees.
pub(crate) fn requests(
    inner: &Inner,
    tx: &mut Tx<'_>,
    (row, body, columns): (&BatchRow, &Body, &Columns),
    (caller, now): (&Caller, Timestamp),
    lines: Vec<BatchLine>,
) -> Result<Vec<Asked>, Error> {
    let definition = inner.catalogue.definition(&row.register);
    let definition = definition.ok_or(Error::NotFound)?;
    let sight = visibility::sight(inner, tx, caller, Grant::Handle, now)?;
    let mut values = Values::new(inner, &row.register, &sight.visible);
    let mapping = columns.mapping.as_slice();
    let nests = mapping.iter().flatten().any(|target| target.contains('.'));
    let mut asked = Vec::with_capacity(lines.len());
    let mut above: Option<(i64, Above)> = None;
    for line in lines {
        let number = line.number;
        if nests && columns::continues(mapping, cells(&line)) {
            // WHY: rows that were taken in before stand between those of a round
            let over = tx.batch_line_above(row.id, number)?;
            let place = over.as_ref().map(|line| line.number);
            let standing = match above.take().filter(|(number, _)| Some(*number) == place) {
                Some((_, known)) => known,
                None => Above::of(over, mapping),
            };
            let told = standing.told();
            above = Some((number, standing));
            asked.push(Asked {
                number,
                with: Vec::new(),
                request: Err(told),
            });
            continue;
        }
        let parts = if nests {
            parts(tx, row.id, mapping, number)?
        } else {
            Vec::new()
        };
        above = nests.then_some((number, Above::Head));
        let request = if parts.len() > limits::IMPORT_GOES_ON {
            Err(batch::failed(&[too_many_parts()]))
        } else {
            let rows: Vec<&[Value]> = std::iter::once(&line).chain(&parts).map(cells).collect();
            let mut request = blank(row, body);
            let problems = values.fill(tx, definition, (mapping, &rows), &mut request)?;
            if problems.is_empty() {
                Ok(request)
            } else {
                Err(batch::failed(&problems))
            }
        };
        asked.push(Asked {
            number,
            with: parts.iter().map(|part| part.number).collect(),
            request,
        });
    }
    Ok(asked)
}

/// What stands above a row that goes on.
#[derive(Clone, Copy)]
enum Above {
    /// A row that is still to become a record, or one that goes on with such a row.
    Head,
    /// A row whose record was made without this one.
    Made,
    Nothing,
}

impl Above {
    /// By the row above, which goes on itself or not.
    fn of(above: Option<BatchLine>, mapping: &[Option<String>]) -> Self {
        let Some(above) = above else {
            return Self::Nothing;
        };
        if SETTLED.contains(&above.outcome.as_str()) {
            return Self::Made;
        }
        if !columns::continues(mapping, cells(&above)) {
            return Self::Head;
        }
        let result = above.result.unwrap_or_default();
        let code = result.pointer("/problems/0/code").and_then(Value::as_str);
        match code {
            Some("import.no_row_above") => Self::Nothing,
            Some("import.row_above_made") => Self::Made,
            Some(_) | None => Self::Head,
        }
    }

    fn told(self) -> batch::Told {
        match self {
            Self::Head => ("part", json!({})),
            Self::Made => batch::failed(&[Problem::row(
                "import.row_above_made",
                "上一行的记录已在没有本行时登记；请在该记录上补办，或把本行移到它所属的未登记的行下面",
                "the record of the row above was made without this row: add it to that record, or put it below the row it \
                 belongs to that is not taken in yet",
            )]),
            Self::Nothing => batch::failed(&[Problem::row(
                "import.no_row_above",
                "本行只有明细或子表的内容，上面没有它所属的记录行",
                "this row says lines or rows of a table only, and there is no record above that they belong to",
            )]),
        }
    }
}

/// Outcomes of rows that are records, or parts of such, for good.
const SETTLED: [&str; 5] = ["now", "made", "waits", "taken", "before"];

/// What a row says.
fn cells(line: &BatchLine) -> &[Value] {
    line.asked.as_array().map_or(&[][..], Vec::as_slice)
}

/// The rows behind a row that go on with its record: no more than one above the most it may have.
fn parts(
    tx: &mut Tx<'_>,
    id: JobId,
    mapping: &[Option<String>],
    number: i64,
) -> Result<Vec<BatchLine>, Error> {
    let (mut parts, mut after, mut many) = (Vec::new(), number, 4);
    loop {
        let page = tx.batch_lines(id, &[], (after, many))?;
        let Some(last) = page.last() else {
            return Ok(parts);
        };
        after = last.number;
        for line in page {
            let settled = SETTLED.contains(&line.outcome.as_str());
            let over = parts.len() > limits::IMPORT_GOES_ON;
            if settled || over || !columns::continues(mapping, cells(&line)) {
                return Ok(parts);
            }
            parts.push(line);
        }
        many = limits::IMPORT_PARTS_PAGE;
    }
}

fn too_many_parts() -> Problem {
    Problem::row(
        "import.parts",
        "接续一条记录的行过多，至多 2000 行",
        "too many rows go on with one record: 2,000 are the most",
    )
}

/// A request of a file that says nothing of its row yet.
fn blank(row: &BatchRow, body: &Body) -> Perform {
    let target = Target::New {
        register: row.register.clone(),
    };
    Perform {
        accept_warnings: body.accept_warnings(),
        comment: body.comment.clone(),
        dry_run: body.dry_run,
        ..Perform::new(target, &body.action, Map::new())
    }
}

fn check_start(start: &ImportStart) -> Result<(), Error> {
    check_warnings(&start.accept_warnings)?;
    check_words(start.comment.as_deref(), None)?;
    let fits = start.mapping.len() <= limits::IMPORT_COLUMNS;
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
    let file = body.columns_mut()?;
    file.mapping = columns::suggested(&file.heads, &targets, &known);
    // what was asked for and could not be given is a mistake: a head or a field that is not there, or
    // a field that stands twice
    let given = |(head, field): (&String, &Option<String>)| {
        let mut heads = file.heads.iter().zip(&file.mapping);
        heads.any(|(one, given)| one == head && given == field)
    };
    if !start.mapping.iter().all(given) || file.mapping.iter().all(Option::is_none) {
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

fn view(inner: &Inner, tx: &mut Tx<'_>, row: BatchRow) -> Result<ImportView, Error> {
    let body = Body::of(&row)?;
    let definition = inner.catalogue.definition(&row.register);
    let targets = definition.and_then(|definition| {
        let action = definition.action(&body.action)?;
        let targets = columns::targets(definition, action).into_iter();
        Some(targets.map(|target| (target.key, target.name)).collect())
    });
    let file = body.columns()?.clone();
    let heads = file.heads.into_iter().zip(file.mapping);
    Ok(ImportView {
        counts: batch::counts(tx, row.id)?,
        id: row.id,
        register: row.register,
        name: file.name,
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
