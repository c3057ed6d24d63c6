//! The command line, as DESIGN's list of interfaces has it.

use app::RootKeySource;
use clap::{Parser, Subcommand, ValueEnum};
use domain::Level;
use std::{net::SocketAddr, path::PathBuf};

/// 如瓶 — a self-hosted confidentiality management system.
#[derive(Debug, Parser)]
#[command(name = "ruping", version, about)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Make a data folder; prints first accounts with one-time passwords, and the verifier key.
    Init(InitArgs),
    /// Serve a data folder.
    Serve(ServeArgs),
    /// Check the database against the log, and the custody invariants.
    Check(CheckArgs),
    /// Set everything up in an empty folder and run the main job on fictitious data.
    Demo(crate::demo::DemoArgs),
    /// Verify the log, fetch and check proofs; needs no server and no key but the verifier key.
    #[command(subcommand)]
    Ledger(cli::ledger::Verb),
    /// Work on register definitions.
    #[command(subcommand)]
    Register(cli::register::Verb),
}

/// How output is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// JSON, one object a line.
    Json,
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
    /// `PostgreSQL` instead of the embedded database: postgres://…
    #[arg(long)]
    pub(crate) database: Option<String>,
    /// A file holding an RFC 3339 instant, for folders made by `init --test` only.
    #[arg(long)]
    pub(crate) test_clock: Option<PathBuf>,
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
    /// Highest level this installation may hold, per family; may be given several times.
    #[arg(long = "max-level", value_parser = level, default_value = "state.secret")]
    pub(crate) max_levels: Vec<Level>,
    /// Allow a test clock on this folder; the log's name says so for ever.
    #[arg(long)]
    pub(crate) test: bool,
    /// Output format.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) folder: Folder,
    /// Address to listen on; port 0 takes a free one and prints it.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
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
    #[arg(long)]
    pub(crate) kept: Option<PathBuf>,
}

fn level(text: &str) -> Result<Level, String> {
    Level::parse_key(text).map_err(|error| error.to_string())
}
