//! `ruping scan`: what the verb has to know of its surroundings.

use std::io::{IsTerminal, stderr, stdout};
use std::thread::available_parallelism;

use anyhow::Context;
use cli::scan::{Args, Surroundings};
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
