//! `ruping register describe`: what registers hold, who does what with them and which rules hold, as a
//! page in both languages.

use std::path::PathBuf;

use registers::Known;
use serde_json::json;

use super::{check, read::Loaded};
use crate::{Error, Exit, Format, Terminal};

/// Definitions to describe.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Definition files, or folders of them.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

pub(super) fn run(
    args: &Args,
    known: &Known<'_>,
    terminal: &mut Terminal<'_>,
) -> Result<Exit, Error> {
    let mut loaded = Loaded::default();
    loaded.take_all(&args.files)?;
    let files = loaded.names().len();
    let read = registers::load(&loaded.sources, known);
    let mut reports = loaded.unreadable;
    match read {
        Ok(catalogue) if reports.is_empty() => {
            tell(&registers::page(&catalogue), terminal)?;
            return Ok(Exit::Fine);
        }
        Ok(_) => {}
        Err(found) => reports.extend(found),
    }
    check::tell(&reports, files, terminal)?;
    Ok(Exit::of_check(false))
}

fn tell(page: &str, terminal: &mut Terminal<'_>) -> Result<(), Error> {
    match terminal.format_or(Format::Text) {
        Format::Json => terminal.json(&json!({ "page": page })),
        Format::Text => terminal.line(page.trim_end()),
    }
}
