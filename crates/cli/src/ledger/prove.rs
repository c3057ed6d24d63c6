//! `ruping ledger prove`: the proof of one entry, fetched from a server into a file.

use std::path::PathBuf;

use domain::Text;
use serde_json::json;

use crate::server::ServerArgs;
use crate::{Error, Exit, Format, Terminal};

/// A proof to fetch.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The entry's id, as records and certificates name it.
    entry: String,
    /// The file to write.
    #[arg(short, long)]
    output: PathBuf,
    #[command(flatten)]
    server: ServerArgs,
}

pub(super) fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Error> {
    let entry = args
        .entry
        .parse()
        .map_err(|_| Error::EntryId(args.entry.clone()))?;
    let proof = args.server.connect()?.read_proof(entry)?;
    std::fs::write(&args.output, &proof).map_err(|source| Error::Write {
        path: args.output.clone(),
        source,
    })?;
    let path = args.output.display();
    match terminal.format_or(Format::Text) {
        Format::Text => terminal.say(&Text::new(
            format!("证明文件已写入 {path}"),
            format!("the proof is in {path}"),
        ))?,
        Format::Json => {
            terminal.json(&json!({ "ok": true, "entry": args.entry, "path": path.to_string() }))?;
        }
    }
    Ok(Exit::Fine)
}
