//! `ruping register …`: work on register definitions.

mod check;
mod describe;
mod read;

use registers::Known;

use crate::{Error, Exit, Terminal};

/// What to do with definitions.
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Check definition files: every mistake of every file, with its place and what to do.
    Check(check::Args),
    /// Describe registers: fields, actions, decisions, rules with their source, deadlines, as a Markdown
    /// page in both languages.
    Describe(describe::Args),
}

/// Runs a verb; `known` is what the program lets definitions call by name.
///
/// # Errors
/// When it could not do its work.
pub fn run(verb: &Verb, known: &Known<'_>, terminal: &mut Terminal<'_>) -> Result<Exit, Error> {
    match verb {
        Verb::Check(args) => check::run(args, known, terminal),
        Verb::Describe(args) => describe::run(args, known, terminal),
    }
}

#[cfg(test)]
mod tests;
