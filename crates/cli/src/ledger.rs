//! `ruping ledger …`: verifying with nothing but the verifier key.

use crate::out;
use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use ledger::{BoxError, Checkpoint, ProofFile, TileSource, VerifierKey};
use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// What to do with the log.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Verify a whole log; prints `{ok,size,first_bad,reason,path}`.
    Verify(Verify),
    /// Fetch the proof of an entry from a server.
    Prove(Prove),
    /// Check a proof file with the verifier key alone.
    Check(Check),
    /// Show what a proof file says, without verifying it.
    ShowProof {
        /// The proof file.
        file: PathBuf,
    },
}

/// A log to verify.
#[derive(Debug, Args)]
pub struct Verify {
    /// The data folder.
    #[arg(long, conflicts_with = "url")]
    data: Option<PathBuf>,
    /// A server; needs a token.
    #[arg(long, requires = "token_file")]
    url: Option<String>,
    /// File holding a program's token.
    #[arg(long)]
    token_file: Option<PathBuf>,
    /// File holding the verifier key.
    #[arg(long)]
    vkey: PathBuf,
    /// A checkpoint kept earlier, to notice truncation and forks.
    #[arg(long)]
    kept: Option<PathBuf>,
}

/// A proof to fetch.
#[derive(Debug, Args)]
pub struct Prove {
    /// The entry's id.
    entry: String,
    /// Where to write it.
    #[arg(short)]
    output: PathBuf,
    /// The server.
    #[arg(long)]
    url: String,
    /// File holding a program's token.
    #[arg(long)]
    token_file: PathBuf,
}

/// A proof to check.
#[derive(Debug, Args)]
pub struct Check {
    /// The proof file.
    file: PathBuf,
    /// File holding the verifier key.
    #[arg(long)]
    vkey: PathBuf,
}

/// Runs a verb.
///
/// # Errors
/// When a file or the server cannot be read.
pub fn run(verb: &Verb) -> Result<ExitCode> {
    match verb {
        Verb::Verify(args) => verify(args),
        Verb::Prove(args) => prove(args),
        Verb::Check(args) => check(args),
        Verb::ShowProof { file } => show(file),
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("reading {}", path.display()))
}

fn key(path: &Path) -> Result<VerifierKey> {
    let text = String::from_utf8(read(path)?).context("the verifier key is not text")?;
    Ok(text.trim().parse()?)
}

fn connect(url: &str, token_file: &Path) -> Result<client::Client> {
    let token = String::from_utf8(read(token_file)?).context("the token is not text")?;
    Ok(client::Client::new(url)?.with_token(token.trim().into()))
}

fn verify(args: &Verify) -> Result<ExitCode> {
    let key = key(&args.vkey)?;
    let kept = match &args.kept {
        Some(path) => Some(Checkpoint::open(&read(path)?, &key)?.head()),
        None => None,
    };
    let found = match (&args.data, &args.url, &args.token_file) {
        (Some(data), _, _) => ledger::verify(&Folder(data.join("log")), &key, kept.as_ref())?,
        (None, Some(url), Some(token)) => {
            let log = Remote(client::RemoteLog::new(connect(url, token)?));
            ledger::verify(&log, &key, kept.as_ref())?
        }
        _ => bail!("say where the log is: --data DIR, or --url URL --token-file F"),
    };
    let report = serde_json::json!({
        "ok": found.ok, "size": found.size, "first_bad": found.first_bad,
        "reason": found.reason.map(ledger::Reason::code), "path": found.path,
    });
    out::line(&report.to_string());
    Ok(if found.ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn prove(args: &Prove) -> Result<ExitCode> {
    let entry = args.entry.parse()?;
    let proof = connect(&args.url, &args.token_file)?.read_proof(entry)?;
    fs::write(&args.output, proof).with_context(|| format!("writing {}", args.output.display()))?;
    Ok(ExitCode::SUCCESS)
}

fn check(args: &Check) -> Result<ExitCode> {
    let key = key(&args.vkey)?;
    let proved = ProofFile::parse(&read(&args.file)?).and_then(|proof| proof.verify(&key));
    match proved {
        Ok(proved) => {
            let entry: serde_json::Value = serde_json::from_slice(&proved.entry)?;
            let report = serde_json::json!({ "ok": true, "origin": proved.origin, "entry": entry });
            out::line(&report.to_string());
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            let report = serde_json::json!({ "ok": false, "reason": error.to_string() });
            out::line(&report.to_string());
            Ok(ExitCode::from(1))
        }
    }
}

fn show(file: &Path) -> Result<ExitCode> {
    let proof = ProofFile::parse(&read(file)?)?;
    let entry = proof
        .unverified_entry()
        .context("the proof carries no entry")?;
    out::line(&String::from_utf8_lossy(entry));
    Ok(ExitCode::SUCCESS)
}

/// A log as plain files.
struct Folder(PathBuf);

impl TileSource for Folder {
    fn read(&self, path: &str, limit_bytes: usize) -> Result<Option<Vec<u8>>, BoxError> {
        let file = match fs::File::open(self.0.join(path)) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let mut bytes = Vec::new();
        file.take(limit_bytes as u64 + 1).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn partial_widths(&self, path: &str) -> Result<Vec<u8>, BoxError> {
        let entries = match fs::read_dir(self.0.join(format!("{path}.p"))) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let mut widths = Vec::new();
        for entry in entries.take(256) {
            widths.extend(
                entry?
                    .file_name()
                    .to_str()
                    .and_then(|name| name.parse::<u8>().ok()),
            );
        }
        Ok(widths)
    }
}

/// A server's log.
struct Remote(client::RemoteLog);

impl TileSource for Remote {
    fn read(&self, path: &str, _limit_bytes: usize) -> Result<Option<Vec<u8>>, BoxError> {
        Ok(self.0.read(path)?)
    }
}
