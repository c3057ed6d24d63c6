//! `ruping register check F…`: every mistake of every file at once, with line, column and remedy.

use crate::out;
use anyhow::{Context, Result};
use clap::Subcommand;
use registers::{Known, Source};
use std::{path::PathBuf, process::ExitCode};

/// What to do with definitions.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Check definition files; exit 1 if anything is wrong.
    Check {
        /// The files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

/// Runs a verb.
///
/// # Errors
/// When a file cannot be read.
pub fn run(verb: &Verb, known: &Known<'_>) -> Result<ExitCode> {
    let Verb::Check { files } = verb;
    let mut sources = Vec::new();
    for file in files {
        let text =
            std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
        sources.push(Source {
            path: file.display().to_string(),
            text,
        });
    }
    match registers::load(&sources, known) {
        Ok(_) => {
            out::line("ok");
            Ok(ExitCode::SUCCESS)
        }
        Err(reports) => {
            reports
                .iter()
                .for_each(|report| out::line(&report.to_string()));
            Ok(ExitCode::from(1))
        }
    }
}
