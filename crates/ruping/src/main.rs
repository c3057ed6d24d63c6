//! The program: reads arguments and the environment, makes the clock, wires the rooms together.
//! Everything it does is in other rooms; here is only what may know all of them.

mod args;
mod check;
mod clock;
mod complaint;
mod config;
mod definitions;
mod demo;
mod init;
mod inspector;
mod logging;
mod policies;
mod restore;
mod scan;
mod serve;
mod trouble;

use args::{Args, Verb};
use clap::Parser;
use cli::{Exit, Terminal, language};
use config::Environment;
use std::io::{stderr, stdout};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = Args::parse();
    let environment = Environment::read();
    logging::start(environment.log.as_deref());
    let language = args
        .lang
        .map_or_else(|| language(environment.lang.as_deref()), Into::into);
    let (mut out, mut err) = (stdout(), stderr());
    let (format, refused) = match args.format() {
        Ok(format) => (format, None),
        Err(complaint) => (None, Some(complaint)),
    };
    let mut terminal = Terminal::new(&mut out, &mut err, language, format);
    let result = refused.map_or_else(
        || run(args.verb, &environment, &mut terminal),
        |complaint| Err(complaint.into()),
    );
    let exit = result.unwrap_or_else(|error| trouble::tell(&error, &mut terminal));
    ExitCode::from(exit.code())
}

fn run(verb: Verb, environment: &Environment, terminal: &mut Terminal<'_>) -> anyhow::Result<Exit> {
    match verb {
        Verb::Init(args) => init::run(args, environment, terminal),
        Verb::Serve(args) => serve::run(*args, environment, terminal),
        Verb::Check(args) => check::run(args, environment, terminal),
        Verb::Definitions(args) => definitions::run(args, environment, terminal),
        Verb::Restore(args) => restore::run(args, environment, terminal),
        Verb::Demo(args) => demo::run(&args).map(|()| Exit::Fine),
        Verb::Import(args) => Ok(cli::import::run(&args, terminal)?),
        Verb::Export(args) => Ok(cli::export::run(&args, terminal)?),
        Verb::Ledger(verb) => Ok(cli::ledger::run(&verb, terminal)?),
        Verb::Rules(verb) => Ok(cli::rules::run(&verb, terminal)?),
        Verb::Exact(verb) => Ok(cli::exact::run(&verb, &mut ::scan::random, terminal)?),
        Verb::Index(verb) => Ok(cli::index::run(&verb, &mut ::scan::random, terminal)?),
        Verb::Scan(args) => scan::run(&args, environment, terminal),
        Verb::ScanWorker(args) => scan::work(&args),
        Verb::Policy(verb) => policies::run(&verb, terminal),
        Verb::Register(verb) => Ok(cli::register::run(
            &verb,
            &app::known_to_definitions(),
            terminal,
        )?),
    }
}
