//! Which server a verb asks, as whom, and whose certificates it trusts.

use std::path::{Path, PathBuf};

use client::Client;

use crate::{Error, files};

/// Where systems keep the certificates they trust: Debian and openEuler or Kylin.
const SYSTEM_ROOTS: [&str; 2] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
];

/// A server.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Server {
    /// The server's address, `https://` (or `http://` on this machine), host and port.
    #[arg(long)]
    pub(crate) url: String,
    /// The certificates to trust (PEM) instead of this machine's.
    #[arg(long)]
    pub(crate) ca: Option<PathBuf>,
}

/// A server and a program's token for it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ServerArgs {
    #[command(flatten)]
    pub(crate) server: Server,
    /// A file that holds a program's token.
    #[arg(long)]
    pub(crate) token_file: PathBuf,
}

impl ServerArgs {
    /// Gets ready to ask.
    pub(crate) fn connect(&self) -> Result<Client, Error> {
        let Server { url, ca } = &self.server;
        connect(url, &self.token_file, ca.as_deref())
    }
}

/// Gets ready to ask a server.
pub(crate) fn connect(url: &str, token_file: &Path, ca: Option<&Path>) -> Result<Client, Error> {
    let client = trusted(url, ca)?;
    let token = files::read_line(token_file)?;
    Ok(client.with_token(token.into()))
}

/// Gets ready to ask a server as nobody yet.
pub(crate) fn reach(server: &Server) -> Result<Client, Error> {
    trusted(&server.url, server.ca.as_deref())
}

fn trusted(url: &str, ca: Option<&Path>) -> Result<Client, Error> {
    let client = Client::new(url)?;
    match ca {
        Some(ca) => Ok(client.trusting(&files::read(ca)?)?),
        None if url.starts_with("https://") => Ok(client.trusting(&system_roots()?)?),
        None => Ok(client),
    }
}

fn system_roots() -> Result<Vec<u8>, Error> {
    let known = SYSTEM_ROOTS
        .iter()
        .map(Path::new)
        .find(|path| path.exists());
    files::read(known.ok_or(Error::NoRoots)?)
}
