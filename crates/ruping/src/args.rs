//! The command line, as DESIGN's list of interfaces has it.

use crate::complaint::Complaint;
use app::{Packs, RootKeySource};
use clap::{Parser, Subcommand, ValueEnum};
use domain::{Family, Language, Level};
use std::{net::SocketAddr, path::PathBuf};

/// 如瓶 — a self-hosted confidentiality management system.
#[derive(Debug, Parser)]
#[command(name = "ruping", version, about)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) verb: Verb,
    /// Language of answers and complaints; the environment's (`LANG`) unless given.
    #[arg(long, value_enum, global = true)]
    pub(crate) lang: Option<Lang>,
    /// Text for people, or JSON lines; each verb has its own usual one. `scan` also speaks SARIF.
    #[arg(long, value_enum, global = true)]
    pub(crate) format: Option<Format>,
}

/// How answers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// JSON, one object a line.
    Json,
    /// SARIF 2.1.0, one log.
    Sarif,
}

impl Args {
    /// The form of answers for verbs. SARIF is a scan's own, and told to it.
    pub(crate) fn format(&mut self) -> Result<Option<cli::Format>, Complaint> {
        Ok(match (self.format, &mut self.verb) {
            (None, _) => None,
            (Some(Format::Text), _) => Some(cli::Format::Text),
            (Some(Format::Json), _) => Some(cli::Format::Json),
            (Some(Format::Sarif), Verb::Scan(scan)) => {
                scan.sarif = true;
                Some(cli::Format::Json)
            }
            (Some(Format::Sarif), _) => {
                return Err(Complaint::new(
                    "scan.format",
                    "只有 scan 能以 SARIF 输出",
                    "only scan answers in SARIF",
                ));
            }
        })
    }
}

/// The languages the program speaks.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Lang {
    /// 中文
    Zh,
    /// English
    En,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::Zh => Self::Zh,
            Lang::En => Self::En,
        }
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Make a data folder; prints first accounts with one-time passwords, and the verifier key.
    Init(InitArgs),
    /// Serve a data folder.
    Serve(Box<ServeArgs>),
    /// Check the database against the log, and the custody invariants.
    Check(CheckArgs),
    /// Tell what the definitions of this program change in a folder whose server does not run, and what
    /// carrying its records over to them would do. Nothing is changed.
    Definitions(DefinitionsArgs),
    /// After an older database was put back: tell what its log recorded since, and go on without it.
    Restore(RestoreArgs),
    /// Set everything up in an empty folder and run the main job on fictitious data.
    Demo(crate::demo::DemoArgs),
    /// Take a workbook or CSV file into a register, through the same rules as everything else.
    Import(cli::import::Args),
    /// Take a register out as XLSX, CSV or JSON, exactly as its reader sees it, after a fresh login.
    Export(cli::export::Args),
    /// Tables whose rows are looked for in files, kept as keyed hashes.
    #[command(subcommand)]
    Exact(cli::exact::Verb),
    /// An index of registered documents on a disk, for scans.
    #[command(subcommand)]
    Index(cli::index::Verb),
    /// Verify the log, fetch and check proofs; needs no server and no key but the verifier key.
    #[command(subcommand)]
    Ledger(cli::ledger::Verb),
    /// Work on policies.
    #[command(subcommand)]
    Policy(crate::policies::Verb),
    /// Work on register definitions.
    #[command(subcommand)]
    Register(cli::register::Verb),
    /// Work on rules of inspection.
    #[command(subcommand)]
    Rules(cli::rules::Verb),
    /// Find secrets inside files; needs no server, no data folder and no network.
    Scan(cli::scan::Args),
    /// Reads files for `scan`, which starts it.
    #[command(name = cli::scan::WORKER, hide = true)]
    ScanWorker(cli::scan::WorkerArgs),
}

/// The folder and its key.
#[derive(Debug, clap::Args)]
pub(crate) struct Folder {
    /// The data folder.
    #[arg(long)]
    pub(crate) data: PathBuf,
    /// The root key: `file:PATH` or `passphrase-file:PATH`, never inside the data folder.
    #[arg(long)]
    pub(crate) root_key: RootKeySource,
    /// `PostgreSQL` instead of the embedded database: postgres://… (better: `RUPING_DATABASE`).
    #[arg(long)]
    pub(crate) database: Option<String>,
    #[command(flatten)]
    pub(crate) testing: Testing,
}

/// What only folders made by `init --test` take; the log of such a folder says so in its name.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Testing {
    /// A file holding an RFC 3339 instant, for folders made by `init --test` only.
    #[arg(long)]
    pub(crate) test_clock: Option<PathBuf>,
    /// A folder of packs instead of the shipped ones, for folders made by `init --test` only.
    #[arg(long, hide = true)]
    pub(crate) test_packs: Option<PathBuf>,
}

impl Testing {
    /// Where definitions come from.
    pub(crate) fn packs(&self) -> Packs {
        self.test_packs
            .clone()
            .map_or(Packs::Shipped, Packs::OfTest)
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct InitArgs {
    #[command(flatten)]
    pub(crate) folder: Folder,
    /// Name of the organisation.
    #[arg(long, default_value = "")]
    pub(crate) org: String,
    /// Regimes in force; may be given several times.
    #[arg(long = "regime", default_value = "general-company")]
    pub(crate) regimes: Vec<String>,
    /// Highest level this installation may hold; may be given once per family. A machine that is
    /// fit for state secrets is fit for work and trade secrets too, unless told otherwise.
    #[arg(long = "max-level", value_parser = level, default_value = "state.secret")]
    pub(crate) max_levels: Vec<Level>,
    /// Allow a test clock on this folder; the log's name says so for ever.
    #[arg(long)]
    pub(crate) test: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ServeArgs {
    /// A TOML file with any of these options, by the same names; arguments win.
    #[arg(long)]
    pub(crate) config: Option<PathBuf>,
    /// The data folder.
    #[arg(long)]
    pub(crate) data: Option<PathBuf>,
    /// The root key: `file:PATH` or `passphrase-file:PATH`, never inside the data folder.
    #[arg(long)]
    pub(crate) root_key: Option<RootKeySource>,
    /// `PostgreSQL` instead of the embedded database: postgres://… (better: `RUPING_DATABASE`).
    #[arg(long)]
    pub(crate) database: Option<String>,
    #[command(flatten)]
    pub(crate) testing: Testing,
    /// Address to listen on, 127.0.0.1:8080 unless given; port 0 takes a free one and prints it.
    #[arg(long)]
    pub(crate) listen: Option<SocketAddr>,
    /// TLS certificate chain, PEM.
    #[arg(long, requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// TLS private key, PEM.
    #[arg(long, requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Plain HTTP behind a proxy that ends TLS.
    #[arg(long, conflicts_with = "tls_cert")]
    pub(crate) behind_proxy: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) folder: Folder,
    /// A checkpoint kept elsewhere, to notice a lost tail or a fork.
    #[arg(long, alias = "kept-checkpoint")]
    pub(crate) kept: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DefinitionsArgs {
    #[command(flatten)]
    pub(crate) folder: Folder,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RestoreArgs {
    #[command(flatten)]
    pub(crate) folder: Folder,
    /// Go on without what is missing: the log keeps its entries and says for ever that this was done.
    #[arg(long)]
    pub(crate) accept_loss: bool,
}

fn level(text: &str) -> Result<Level, String> {
    Level::parse_key(text).map_err(|error| error.to_string())
}

/// What an installation may hold by the levels that were given: at most one per family, and where
/// state secrets may be held, the other families without limit.
pub(crate) fn max_levels(given: &[Level]) -> Result<Vec<Level>, Complaint> {
    let mut levels = Vec::new();
    for family in Family::ALL {
        let mut own = given
            .iter()
            .copied()
            .filter(|level| level.family() == family);
        let level = own.next();
        if own.next().is_some() {
            let key = family.key();
            return Err(Complaint::new(
                "init.max_level_twice",
                &format!("同一类别 `{key}` 给出了两个 --max-level"),
                &format!("--max-level is given twice for the family `{key}`"),
            ));
        }
        levels.extend(level);
    }
    let state = levels.iter().any(|level| level.family() == Family::State);
    for open in [Level::Internal, Level::Core] {
        if state && levels.iter().all(|level| level.family() != open.family()) {
            levels.push(open);
        }
    }
    Ok(levels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn r421_the_highest_levels_of_an_installation() {
        let of = |given: &[Level]| {
            let levels = max_levels(given).map_err(|complaint| complaint.code.to_string())?;
            Ok::<_, String>(levels.into_iter().map(Level::key).collect::<Vec<_>>())
        };
        assert_eq!(
            of(&[Level::Secret]),
            Ok(vec!["state.secret", "work.internal", "trade.core"])
        );
        assert_eq!(
            of(&[Level::Ordinary]),
            Ok(vec!["trade.ordinary"]),
            "no state secrets here"
        );
        assert_eq!(
            of(&[Level::Ordinary, Level::Confidential]),
            Ok(vec![
                "state.confidential",
                "trade.ordinary",
                "work.internal"
            ])
        );
        assert!(of(&[Level::Secret, Level::TopSecret]).is_err());
    }
}
