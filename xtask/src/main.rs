//! The project's automation, one verb each: `cargo xtask help` lists them.
//!
//! Everything a person or a CI machine does to this repository more than once is a verb here, in
//! Rust, so that it needs nothing installed and is type-checked like the rest. It depends on none
//! of our own crates: a broken product must not be able to break its own gate. A verb either does
//! its work and exits 0, or names what went wrong on the last lines and exits 1.
#![expect(
    clippy::print_stdout,
    reason = "a build tool speaks on standard output"
)]

mod arrows;
mod bench;
mod bless;
mod command;
mod demo;
mod gate;
mod house;
mod journeys;
mod lints;
mod postgres;
mod samples;
mod scaffold;
mod snapshots;
mod suite;
mod tidy;
mod tools;
mod web;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask VERB

  test                     the whole gate: fmt, pages, clippy, arrows, tidy, tests on both databases, journeys
  quick                    the fast set: fmt, arrows, tidy, tests on SQLite only
  arrows                   only the table of who may depend on whom
  tidy                     only the rules of the house that no compiler knows
  postgres COMMAND…        run a command with a private PostgreSQL in RUPING_TEST_POSTGRES
  web                      build the pages that the next build of the program embeds (needs Node 20)
  shots [FOLDER]           pictures of every screen, both languages, three sizes (in target/shots unless said)
  demo [ARGS]              build, then `ruping demo ARGS` (--once ends after the main job)
  bless                    accept every snapshot, regenerate what is generated, show the diff
  bench [ARGS]             measurements, each beside a peer measured in the same run
                           (--scale N for a smaller register, --only PART, --save into docs)
  bench detect [ARGS]      what `ruping scan` finds in a labelled set, and what it finds where nothing is
                           (--corpus DIR, --seed N, --keep, --told, --ocr, --list, --save into docs)
  samples                  write the fictitious documents of samples/ again
  new register AREA/KEY    start a register definition in packs/base
  new adr NAME             start the next architecture decision record
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String]) -> anyhow::Result<()> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["test"] => gate::test(),
        ["quick"] => gate::quick(),
        ["arrows"] => arrows::check(),
        ["tidy"] => tidy::check(),
        ["postgres", program, rest @ ..] => postgres::lend_to(command::command(program, rest)),
        ["web"] => web::build(),
        ["shots"] => journeys::shoot(None),
        ["shots", folder] => journeys::shoot(Some(folder)),
        ["demo", rest @ ..] => demo::run_demo(rest),
        ["bless"] => bless::bless(),
        ["bench", rest @ ..] => bench::run(rest),
        ["samples"] => samples::write_all(),
        ["new", "register", name] => scaffold::register(name),
        ["new", "adr", name] => scaffold::adr(name),
        ["help" | "-h" | "--help"] | [] => {
            print!("{HELP}");
            Ok(())
        }
        other => anyhow::bail!("no such verb: `{}`\n\n{HELP}", other.join(" ")),
    }
}
