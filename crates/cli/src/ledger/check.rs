//! `ruping ledger check`: one proof file, from the verifier key alone.

use std::path::PathBuf;

use domain::Text;
use ledger::{ProofFile, Proved};
use serde_json::{Value, json};

use super::verifier_key;
use crate::error::ledger_zh;
use crate::files::read_at_most;
use crate::{Error, Exit, Format, Terminal};

/// A proof to check.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The proof file.
    file: PathBuf,
    /// The file that holds the verifier key.
    #[arg(long)]
    vkey: PathBuf,
}

pub(super) fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Error> {
    let key = verifier_key(&args.vkey)?;
    let bytes = read_at_most(&args.file, ledger::limits::MAX_PROOF_FILE_BYTES as u64)?;
    let format = terminal.format_or(Format::Json);
    match ProofFile::parse(&bytes).and_then(|proof| proof.verify(&key)) {
        Ok(proved) => {
            holds(&proved, format, terminal)?;
            Ok(Exit::Fine)
        }
        Err(error) => {
            fails(&error, format, terminal)?;
            Ok(Exit::Found)
        }
    }
}

fn holds(proved: &Proved, format: Format, terminal: &mut Terminal<'_>) -> Result<(), Error> {
    let entry = entry(&proved.entry);
    let (origin, size, index) = (&proved.origin, proved.head.size, proved.index);
    match format {
        Format::Json => terminal.json(&json!({
            "ok": true, "origin": origin, "size": size, "index": index, "entry": entry,
        })),
        Format::Text => {
            terminal.say(&Text::new(
                format!("证明有效：该条目是日志 {origin} 的第 {index} 条（当时共 {size} 条）"),
                format!("the proof holds: entry {index} of the log {origin}, then {size} long"),
            ))?;
            terminal.json(&entry)
        }
    }
}

fn fails(error: &ledger::Error, format: Format, terminal: &mut Terminal<'_>) -> Result<(), Error> {
    match format {
        Format::Json => terminal.json(&json!({
            "ok": false, "reason": error.code(), "detail": error.to_string(),
        })),
        Format::Text => terminal.say(&Text::new(
            format!("证明无效：{} [{}]", ledger_zh(error), error.code()),
            format!("the proof does not hold: {error} [{}]", error.code()),
        )),
    }
}

/// The entry as JSON; as text where a later version of the product wrote something else.
pub(super) fn entry(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(bytes).into_owned()))
}
