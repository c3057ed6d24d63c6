//! `ruping ledger show-proof`: what a proof file claims, for reading; nothing of it is checked.

use std::path::PathBuf;

use domain::Text;
use ledger::ProofFile;
use serde_json::json;

use super::check::entry;
use crate::files::read_at_most;
use crate::{Error, Exit, Format, Terminal};

/// A proof to show.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The proof file.
    file: PathBuf,
}

pub(super) fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Error> {
    let bytes = read_at_most(&args.file, ledger::limits::MAX_PROOF_FILE_BYTES as u64)?;
    let proof = ProofFile::parse(&bytes)?;
    let entry = entry(
        proof
            .unverified_entry()
            .ok_or(ledger::Error::ProofWithoutEntry)?,
    );
    let (index, checkpoint) = (proof.index(), proof.checkpoint().text());
    match terminal.format_or(Format::Text) {
        Format::Json => terminal.json(&json!({
            "checked": false, "index": index, "checkpoint": checkpoint, "entry": entry,
        }))?,
        Format::Text => {
            terminal.say(&Text::new(
                format!("第 {index} 条（尚未核验，请用 ruping ledger check）"),
                format!("entry {index} (nothing is checked yet: use ruping ledger check)"),
            ))?;
            terminal.json(&entry)?;
            terminal.line(checkpoint.trim_end())?;
        }
    }
    Ok(Exit::Fine)
}
