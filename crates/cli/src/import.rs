//! `ruping import REGISTER FILE`: takes a workbook or CSV file into a register, or only tries its rows.

use std::{collections::BTreeMap, fs, path::PathBuf, thread, time::Duration};

use client::Client;
use domain::{Language, Text};
use serde_json::json;
use wire::{
    AcceptedWarning, Import, ImportRow, ImportRowsQuery, ImportStart, RowProblem, SheetQuery,
    limits::IMPORT_BYTES,
};

use crate::server::ServerArgs;
use crate::{Error, Exit, Format, Terminal, files};

/// How often it is asked how far the server is.
const ASK_EVERY: Duration = Duration::from_millis(300);

/// A file to take in.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Key of the register.
    register: String,
    /// The file: XLSX, or CSV in UTF-8 or GB 18030.
    file: PathBuf,
    /// The action that makes the records: `take_over` for opening stock; the register's first unless given.
    #[arg(long)]
    action: Option<String>,
    /// Only try every row.
    #[arg(long)]
    dry_run: bool,
    /// Which field a column stands for, `HEAD=FIELD`; `HEAD=` leaves it out. May be given several times.
    #[arg(long = "map", value_parser = pair)]
    mapping: Vec<(String, String)>,
    /// A warning that is passed for all rows, `RULE=REASON`. May be given several times.
    #[arg(long = "accept", value_parser = pair)]
    accept: Vec<(String, String)>,
    /// The remark on every act; taking over asks for one.
    #[arg(long)]
    comment: Option<String>,
    /// Where to write the file with what became of each row; by its ending XLSX or CSV.
    #[arg(long)]
    result: Option<PathBuf>,
    #[command(flatten)]
    server: ServerArgs,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (left, right) = text.split_once('=').ok_or("NAME=VALUE")?;
    Ok((left.trim().to_owned(), right.trim().to_owned()))
}

/// Takes the file in and tells what became of it.
///
/// # Errors
/// When it could not do its work.
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Error> {
    let server = args.server.connect()?;
    let bytes = files::read_at_most(&args.file, IMPORT_BYTES as u64)?;
    let name = args.file.file_name().unwrap_or_default().to_string_lossy();
    let begun = server.begin_import(&args.register, &name, bytes)?;
    terminal.note(&Text::new(
        format!("导入文件编号 {}", begun.id),
        format!("the file's id is {}", begun.id),
    ));
    let worked = start(args, &server, &begun, terminal)
        .and_then(|started| work_off(args, &server, started, terminal));
    // WHY: once rows may have become records, the file on the server is what tells which
    let is_over = worked
        .as_ref()
        .map_or(begun.state == "read", |(_, over)| *over);
    if !is_over || server.drop_import(begun.id).is_err() {
        terminal.note(&Text::new(
            "导入文件仍在服务器上，可用其编号查询结果".to_owned(),
            "the file is still on the server: ask for it by its id".to_owned(),
        ));
    }
    worked.map(|(exit, _)| exit)
}

/// Has the work begun, once it is sure that its result can be written.
fn start(
    args: &Args,
    server: &Client,
    begun: &Import,
    terminal: &mut Terminal<'_>,
) -> Result<(Import, Option<fs::File>), Error> {
    let result = args.result.as_ref().map(|path| files::for_secrets(path));
    let result = result.transpose()?;
    let mapping = args.mapping.iter().map(|(head, field)| {
        let field = (!field.is_empty()).then(|| field.clone());
        (head.clone(), field)
    });
    let accepted = args.accept.iter().map(|(rule, reason)| AcceptedWarning {
        rule: rule.clone(),
        reason: reason.clone(),
    });
    let start = ImportStart {
        action: args.action.clone(),
        mapping: mapping.collect::<BTreeMap<_, _>>(),
        dry_run: args.dry_run,
        accept_warnings: accepted.collect(),
        comment: args.comment.clone(),
    };
    let import = server.start_import(begun.id, &start)?;
    let left_out = import.heads.iter().filter(|head| head.field.is_none());
    let left_out: Vec<&str> = left_out.map(|head| head.head.as_str()).collect();
    if !left_out.is_empty() {
        let heads = left_out.join("、");
        terminal.note(&Text::new(
            format!("未导入的列：{heads}"),
            format!("columns that are left out: {heads}"),
        ));
    }
    Ok((import, result))
}

/// Waits for the end of the work, and tells what came of it.
fn work_off(
    args: &Args,
    server: &Client,
    (mut import, result): (Import, Option<fs::File>),
    terminal: &mut Terminal<'_>,
) -> Result<(Exit, bool), Error> {
    let id = import.id;
    let mut told = 0;
    while import.state == "running" {
        wait();
        import = server.read_import(id)?;
        let (done, all) = progress(&import);
        if done / 1000 > told {
            told = done / 1000;
            terminal.note(&Text::new(
                format!("{done} / {all} 行"),
                format!("{done} of {all} rows"),
            ));
        }
    }
    if let (Some(path), Some(mut file)) = (&args.result, result) {
        let csv = path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
        let query = SheetQuery {
            format: csv.then(|| "csv".to_owned()),
            language: Some(match terminal.language() {
                Language::Zh => "zh".to_owned(),
                Language::En => "en".to_owned(),
            }),
            ..SheetQuery::default()
        };
        let bytes = server.read_import_result(id, &query)?;
        files::write_secrets(path, &mut file, &bytes)?;
    }
    let is_over = ["checked", "done"].contains(&import.state.as_str());
    Ok((tell(server, &import, terminal)?, is_over))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a command line has no runtime to block, and the server needs its time"
)]
fn wait() {
    thread::sleep(ASK_EVERY);
}

fn progress(import: &Import) -> (i64, i64) {
    let all: i64 = import.counts.values().sum();
    (all - import.counts.get("waiting").unwrap_or(&0), all)
}

/// Every row that failed, and how many came to what.
fn tell(server: &Client, import: &Import, terminal: &mut Terminal<'_>) -> Result<Exit, Error> {
    let mut query = ImportRowsQuery {
        outcome: Some("failed".to_owned()),
        after: None,
    };
    let format = terminal.format_or(Format::Text);
    loop {
        let rows = server.list_import_rows(import.id, &query)?.items;
        let Some(last) = rows.last() else { break };
        query.after = Some(last.row);
        for row in &rows {
            match format {
                Format::Text => terminal.say(&failed(row))?,
                Format::Json => terminal.json(&json!(row))?,
            }
        }
    }
    let many = |outcome: &str| *import.counts.get(outcome).unwrap_or(&0);
    let (made, waits, would) = (many("made"), many("waits"), many("would"));
    let (failed, waiting, part) = (many("failed"), many("waiting"), many("part"));
    let ok = failed + waiting == 0 && ["checked", "done"].contains(&import.state.as_str());
    match format {
        Format::Text => terminal.say(&Text::new(
            format!("已登记 {made} 行，待审批 {waits} 行，检查通过 {would} 行，续上行 {part} 行，未通过 {failed} 行，未处理 {waiting} 行"),
            format!("{made} registered, {waits} wait for a decision, {would} would be taken in, {part} go on with a row above, {failed} failed, {waiting} not worked off"),
        ))?,
        Format::Json => terminal.json(&json!({ "ok": ok, "state": import.state, "counts": import.counts }))?,
    }
    Ok(Exit::of_check(ok))
}

fn failed(row: &ImportRow) -> Text {
    let about = |problem: &RowProblem| {
        let about = problem.field.as_ref().or(problem.rule.as_ref());
        about.map(|about| format!("{about}: ")).unwrap_or_default()
    };
    let told = |word: fn(&wire::Text) -> &str| -> String {
        let told = row
            .problems
            .iter()
            .map(|one| format!("{}{}", about(one), word(&one.say)));
        told.collect::<Vec<_>>().join("; ")
    };
    Text::new(
        format!("第 {} 行：{}", row.row, told(|say| &say.zh)),
        format!("row {}: {}", row.row, told(|say| &say.en)),
    )
}
