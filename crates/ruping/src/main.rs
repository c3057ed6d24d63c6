//! The program: reads arguments and the environment, makes the clock, wires the rooms together.
//! Everything it does is in other rooms; here is only what may know all of them.

mod args;
mod check;
mod clock;
mod demo;
mod init;
mod serve;

use args::{Args, Verb};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = Args::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("RUPING_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")),
        )
        .init();
    let result = match args.verb {
        Verb::Init(args) => init::run(args),
        Verb::Serve(args) => serve::run(args),
        Verb::Check(args) => check::run(args),
        Verb::Demo(args) => demo::run(&args).map(|()| ExitCode::SUCCESS),
        Verb::Ledger(verb) => cli::ledger::run(&verb),
        Verb::Register(verb) => cli::register::run(&verb, &app::known_to_definitions()),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            demo::complain(&format!("ruping: {error:#}"));
            ExitCode::from(2)
        }
    }
}
