//! `ruping ledger verify`: the whole log, from a folder or a server.

use std::path::{Path, PathBuf};

use client::RemoteLog;
use domain::Text;
use ledger::{Checkpoint, Verification};
use serde_json::json;

use super::source::{Folder, Remote};
use super::verifier_key;
use crate::server::connect;
use crate::{Error, Exit, Format, Terminal, files};

/// A log to verify.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("where").required(true)))]
pub struct Args {
    /// The data folder that the log lies in.
    #[arg(long, group = "where")]
    data: Option<PathBuf>,
    /// The server that hands the log out, `https://` (or `http://` on this machine), host and port.
    #[arg(long, group = "where", requires = "token_file")]
    url: Option<String>,
    /// A file that holds a program's token for the server.
    #[arg(long, requires = "url")]
    token_file: Option<PathBuf>,
    /// The certificates to trust (PEM) instead of this machine's.
    #[arg(long, requires = "url")]
    ca: Option<PathBuf>,
    /// The file that holds the verifier key.
    #[arg(long)]
    vkey: PathBuf,
    /// An older checkpoint that was kept elsewhere: only with it truncation and forks are noticed.
    #[arg(long, alias = "kept-checkpoint")]
    kept: Option<PathBuf>,
}

pub(super) fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Error> {
    let key = verifier_key(&args.vkey)?;
    let kept = match &args.kept {
        Some(path) => Some(Checkpoint::open(&files::read(path)?, &key)?.head()),
        None => None,
    };
    let remote = remote(args)?;
    let found = match &remote {
        Some(log) => ledger::verify(&Remote(log.clone()), &key, kept.as_ref()),
        None => ledger::verify(&folder(args)?, &key, kept.as_ref()),
    }
    .map_err(told_by_server)?;
    // what waits for its place is in the database: only a server can tell of it without the root key
    let pending = remote.and_then(|log| log.pending().ok()).flatten();
    match terminal.format_or(Format::Json) {
        Format::Json => terminal.json(&json!({
            "ok": found.ok,
            "size": found.size,
            "pending": pending,
            "first_bad": found.first_bad,
            "reason": found.reason.map(ledger::Reason::code),
            "path": found.path,
        }))?,
        Format::Text => terminal.say(&words(&found))?,
    }
    Ok(Exit::of_check(found.ok))
}

fn remote(args: &Args) -> Result<Option<RemoteLog>, Error> {
    let (Some(url), Some(token_file)) = (&args.url, &args.token_file) else {
        return Ok(None);
    };
    let client = connect(url, token_file, args.ca.as_deref())?;
    Ok(Some(RemoteLog::new(client)))
}

fn folder(args: &Args) -> Result<Folder, Error> {
    let log = args.data.as_deref().unwrap_or(Path::new(".")).join("log");
    // a log whose checkpoint was taken away is still a log: there is something else in its folder
    let empty = std::fs::read_dir(&log).map_or(true, |mut entries| entries.next().is_none());
    if empty {
        return Err(Error::NoLog { path: log });
    }
    Ok(Folder(log))
}

/// A server's own refusal says more than that a file could not be read.
fn told_by_server(error: ledger::Error) -> Error {
    if let ledger::Error::Unreadable { path, source } = error {
        return match source.downcast::<client::Error>() {
            Ok(error) => Error::Client(*error),
            Err(source) => Error::Ledger(ledger::Error::Unreadable { path, source }),
        };
    }
    Error::Ledger(error)
}

fn words(found: &Verification) -> Text {
    let size = found.size;
    let Some(reason) = found.reason else {
        return Text::new(
            format!("日志完整：{size} 个条目均与已签名的检查点相符"),
            format!("the log is sound: all {size} entries agree with the signed checkpoint"),
        );
    };
    let (mut zh, mut en) = (reason.say().zh, reason.say().en);
    if let Some(first) = found.first_bad {
        zh.push_str(&format!("；自第 {first} 个条目起不可信"));
        en.push_str(&format!("; from entry {first} on nothing is vouched for"));
    }
    if let Some(path) = &found.path {
        zh.push_str(&format!("（{path}）"));
        en.push_str(&format!(" ({path})"));
    }
    Text::new(
        format!("{zh} [{}]", reason.code()),
        format!("{en} [{}]", reason.code()),
    )
}
