//! `ruping register check`: every mistake of every file at once, with file, line, column and remedy.

use std::collections::BTreeSet;
use std::path::PathBuf;

use domain::Text;
use registers::{Known, Report};
use serde_json::json;

use super::read::Loaded;
use crate::{Error, Exit, Format, Terminal};

/// Definitions to check.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Definition files, or folders of them.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Files or folders of definitions that are there already, to which these may refer; their
    /// own mistakes are not reported.
    #[arg(long, value_name = "PATH")]
    with: Vec<PathBuf>,
}

pub(super) fn run(
    args: &Args,
    known: &Known<'_>,
    terminal: &mut Terminal<'_>,
) -> Result<Exit, Error> {
    let mut loaded = Loaded::default();
    loaded.take_all(&args.files)?;
    let asked: BTreeSet<String> = loaded.names();
    loaded.take_all(&args.with)?;
    let mut reports = loaded.unreadable;
    reports.extend(
        registers::load(&loaded.sources, known)
            .err()
            .into_iter()
            .flatten(),
    );
    reports.retain(|report| asked.contains(&report.file));
    tell(&reports, asked.len(), terminal)?;
    Ok(Exit::of_check(reports.is_empty()))
}

pub(super) fn tell(
    reports: &[Report],
    files: usize,
    terminal: &mut Terminal<'_>,
) -> Result<(), Error> {
    match terminal.format_or(Format::Text) {
        Format::Json => {
            for report in reports {
                terminal.json(&json!(report))?;
            }
            let ok = reports.is_empty();
            terminal.json(&json!({ "ok": ok, "files": files, "mistakes": reports.len() }))
        }
        Format::Text if reports.is_empty() => terminal.say(&Text::new(
            format!("{files} 个文件，没有错误"),
            format!("no mistakes; files checked: {files}"),
        )),
        Format::Text => reports.iter().try_for_each(|report| {
            let language = terminal.language();
            let (say, remedy) = (
                report.say.in_language(language),
                report.remedy.in_language(language),
            );
            let Report {
                file,
                line,
                column,
                code,
                ..
            } = report;
            terminal.line(&format!(
                "{file}:{line}:{column}: {say} [{code}]\n  {remedy}"
            ))
        }),
    }
}
