//! `ruping export REGISTER -o FILE`: takes a register out, exactly as its reader sees it. What leaves needs a fresh
//! proof of who takes it, which a program's token never is: so a person logs in for it.

use std::path::PathBuf;

use client::Client;
use domain::{Language, RecordId, Text};
use serde_json::json;
use wire::{Credential, Export, Login, StepUp};

use crate::server::{self, Server};
use crate::{Error, Exit, Format, Terminal, files};

/// A register to take out.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Key of the register.
    register: String,
    /// The file to write; by its ending XLSX, CSV, JSON or PDF.
    #[arg(short, long)]
    output: PathBuf,
    /// Conditions, as lists take them.
    #[arg(long)]
    filter: Option<String>,
    /// Words to look for.
    #[arg(long)]
    q: Option<String>,
    /// Order, `field` or `-field`; newest first unless given.
    #[arg(long)]
    sort: Option<String>,
    /// Which of the register's pages, for PDF; its ledger unless given.
    #[arg(long)]
    print: Option<String>,
    /// These records instead of those that meet conditions, by their ids.
    #[arg(long, value_delimiter = ',', conflicts_with_all = ["filter", "q", "sort"])]
    id: Vec<RecordId>,
    /// The size of labels, by its key; the first of the form unless given.
    #[arg(long)]
    size: Option<String>,
    /// The first free place on a sheet of labels, from 1.
    #[arg(long)]
    first: Option<u32>,
    /// Who takes it out.
    #[arg(long)]
    account: String,
    /// A file that holds their password.
    #[arg(long)]
    password_file: PathBuf,
    /// Their six-digit code, where they have a second factor.
    #[arg(long)]
    otp: Option<String>,
    #[command(flatten)]
    server: Server,
}

/// Writes the file, and tells its mark.
///
/// # Errors
/// When it could not do its work.
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Error> {
    let mut client = server::reach(&args.server)?;
    let password = Credential::new(files::read_line(&args.password_file)?);
    client.open_session(&Login {
        name: args.account.clone(),
        password: password.clone(),
        otp: args.otp.clone().map(Credential::new),
    })?;
    let taken = take(args, &client, password, terminal.language());
    // WHY: nobody is left logged in behind a command that failed
    let closed = client.close_session();
    let bytes = taken?;
    // the log says that it has left: it is written before anything else may go wrong
    let mut file = files::for_secrets(&args.output)?;
    files::write_secrets(&args.output, &mut file, &bytes)?;
    closed?;
    let path = args.output.display();
    match terminal.format_or(Format::Text) {
        Format::Text => terminal.say(&Text::new(
            format!("已导出到 {path}；请按其中最高密级保管"),
            format!("it is in {path}: keep it as its highest level asks"),
        ))?,
        Format::Json => {
            terminal
                .json(&json!({ "ok": true, "path": path.to_string(), "bytes": bytes.len() }))?;
        }
    }
    Ok(Exit::Fine)
}

fn take(
    args: &Args,
    client: &Client,
    password: Credential,
    language: Language,
) -> Result<Vec<u8>, Error> {
    if args.otp.is_none() {
        // a code at the login is a fresh proof already; a password has to be said again
        client.step_up_session(&StepUp {
            password: Some(password),
            otp: None,
        })?;
    }
    let ending = args.output.extension().unwrap_or_default();
    let wanted = Export {
        format: ending.to_string_lossy().to_lowercase(),
        filter: args.filter.clone(),
        q: args.q.clone(),
        sort: args.sort.clone(),
        print: args.print.clone(),
        ids: args.id.clone(),
        size: args.size.clone(),
        first: args.first,
        language: Some(match language {
            Language::Zh => "zh".to_owned(),
            Language::En => "en".to_owned(),
        }),
    };
    Ok(client.export_register(&args.register, &wanted)?.1)
}
