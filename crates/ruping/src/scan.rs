//! `ruping scan`: what the verb has to know of its surroundings.

use std::io::{IsTerminal, stderr, stdin, stdout};
use std::thread::available_parallelism;

use anyhow::Context;
use cli::scan::{Args, Surroundings, WorkerArgs};
use cli::{Exit, Terminal};

use crate::config::Environment;

pub(crate) fn run(
    args: &Args,
    environment: &Environment,
    terminal: &mut Terminal<'_>,
) -> anyhow::Result<Exit> {
    let around = Surroundings {
        program: std::env::current_exe().context("the place of this program is not known")?,
        processors: available_parallelism().map_or(1, usize::from),
        colours: stdout().is_terminal() && !environment.no_colour,
        progress: stderr().is_terminal(),
    };
    Ok(cli::scan::run(args, &around, terminal)?)
}

/// Reads files for a scan that started this program.
pub(crate) fn work(args: &WorkerArgs) -> anyhow::Result<Exit> {
    let secret = scan::secret().context("there is no randomness")?;
    Ok(cli::scan::work(
        args,
        &secret,
        stdin().lock(),
        stdout().lock(),
    )?)
}
