//! `ruping scan`: what the verb has to know of its surroundings.

use std::io::{IsTerminal, stderr, stdin, stdout};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, available_parallelism};

use anyhow::Context;
use cli::scan::{Args, Surroundings, WorkerArgs};
use cli::{Exit, Terminal};
use tokio::runtime;
use tokio::signal::unix::{SignalKind, signal};

use crate::clock;
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
        columns: scan::columns(&stderr()),
        today: clock::today()?,
        random: scan::secret().context("there is no randomness")?,
        stop: stop_on_signal()?,
    };
    Ok(cli::scan::run(args, &around, terminal)?)
}

/// Is set by Ctrl-C or the polite signal, from now on.
fn stop_on_signal() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = stop.clone();
    let runtime = runtime::Builder::new_current_thread().enable_io().build()?;
    let (mut interrupt, mut terminate) = {
        let _within = runtime.enter();
        (
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
        )
    };
    // ends with the program
    thread::spawn(move || {
        runtime.block_on(async {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        });
        asked.store(true, Ordering::Relaxed);
    });
    Ok(stop)
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
