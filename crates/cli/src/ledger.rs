//! `ruping ledger …`: the log verified and its proofs handled with nothing but the verifier key.

mod check;
mod prove;
mod show_proof;
mod source;
mod verify;

use std::path::Path;

use ledger::VerifierKey;

use crate::{Error, Exit, Terminal, files};

/// What to do with the log.
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Verify a whole log; answers `{ok,size,pending,first_bad,reason,path}`.
    Verify(verify::Args),
    /// Fetch the proof of an entry from a server.
    Prove(prove::Args),
    /// Check a proof file with the verifier key alone.
    Check(check::Args),
    /// Show what a proof file says, without checking it.
    ShowProof(show_proof::Args),
}

/// Runs a verb.
///
/// # Errors
/// When it could not do its work.
pub fn run(verb: &Verb, terminal: &mut Terminal<'_>) -> Result<Exit, Error> {
    match verb {
        Verb::Verify(args) => verify::run(args, terminal),
        Verb::Prove(args) => prove::run(args, terminal),
        Verb::Check(args) => check::run(args, terminal),
        Verb::ShowProof(args) => show_proof::run(args, terminal),
    }
}

/// The verifier key in a file.
fn verifier_key(path: &Path) -> Result<VerifierKey, Error> {
    Ok(files::read_line(path)?.parse()?)
}

#[cfg(test)]
mod tests;
