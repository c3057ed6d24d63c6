//! The server of the demonstration: this same program as a process of its own, with a test clock.

use anyhow::{Context, Result, bail};
use domain::Timestamp;
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Mutex,
};

/// A running server.
#[derive(Debug)]
pub(super) struct Server {
    child: Mutex<Child>,
    address: String,
    folder: PathBuf,
    /// One-time passwords of the first accounts.
    pub(super) passwords: BTreeMap<String, String>,
    /// The key that verifies the log.
    pub(super) vkey: String,
}

impl Server {
    /// Makes the data folder and starts a server on it.
    pub(super) fn found(folder: &Path, database: Option<&str>) -> Result<Self> {
        std::fs::create_dir_all(folder).context("making the demonstration's folder")?;
        set_clock(folder, "2026-03-02T01:00:00Z".parse()?)?;
        let mut init = program(folder, "init", database)?;
        init.args([
            "--org",
            "示范研究所",
            "--regime",
            "general-company",
            "--test",
        ]);
        init.args(["--max-level", "state.secret", "--format", "json"]);
        init.arg("--test-clock").arg(folder.join("clock"));
        let output = init
            .stderr(Stdio::inherit())
            .output()
            .context("starting `ruping init`")?;
        if !output.status.success() {
            bail!(
                "`ruping init` failed: {}",
                String::from_utf8_lossy(&output.stdout)
            );
        }
        let (passwords, vkey) = read_init(&output.stdout)?;
        std::fs::write(folder.join("log.vkey"), format!("{vkey}\n"))?;
        let (child, address) = start(folder, database, "127.0.0.1:0", true)?;
        Ok(Self {
            child: Mutex::new(child),
            address,
            folder: folder.to_owned(),
            passwords,
            vkey,
        })
    }

    /// Starts a server on a folder that is there, by the real clock.
    pub(super) fn reopen(folder: &Path, database: Option<&str>, listen: &str) -> Result<Self> {
        let (child, address) = start(folder, database, listen, false)?;
        Ok(Self {
            child: Mutex::new(child),
            address,
            folder: folder.to_owned(),
            passwords: BTreeMap::new(),
            vkey: String::new(),
        })
    }

    pub(super) fn address(&self) -> String {
        self.address.clone()
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Sets the test clock.
    pub(super) fn set_clock(&self, now: Timestamp) -> Result<()> {
        set_clock(&self.folder, now)
    }

    /// Ends the server the polite way.
    pub(super) fn stop(&self) -> Result<()> {
        let mut child = self
            .child
            .lock()
            .map_err(|_| anyhow::anyhow!("the server's handle"))?;
        let id = child.id().to_string();
        let ended = Command::new("kill").args(["-TERM", &id]).status();
        if !ended.is_ok_and(|status| status.success()) {
            child.kill().context("ending the server")?;
        }
        child.wait().context("waiting for the server to end")?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(mut child) = self.child.lock() {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

fn set_clock(folder: &Path, now: Timestamp) -> Result<()> {
    let new = folder.join("clock.new");
    std::fs::write(&new, now.to_string())?;
    std::fs::rename(new, folder.join("clock")).context("setting the test clock")
}

fn program(folder: &Path, verb: &str, database: Option<&str>) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe().context("finding this program")?);
    command.arg(verb).arg("--data").arg(folder.join("data"));
    command
        .arg("--root-key")
        .arg(format!("file:{}", folder.join("root.key").display()));
    if let Some(url) = database {
        command.arg("--database").arg(url);
    }
    Ok(command)
}

fn start(
    folder: &Path,
    database: Option<&str>,
    listen: &str,
    test_clock: bool,
) -> Result<(Child, String)> {
    let mut serve = program(folder, "serve", database)?;
    serve.arg("--listen").arg(listen).stdout(Stdio::piped());
    if test_clock {
        serve.arg("--test-clock").arg(folder.join("clock"));
    }
    let mut child = serve.spawn().context("starting `ruping serve`")?;
    let out = child.stdout.take().context("the server's output")?;
    for line in BufReader::new(out).lines() {
        if let Some(address) = line?.strip_prefix("listening on ") {
            return Ok((child, address.trim().to_owned()));
        }
    }
    child.wait().context("waiting for the server")?;
    bail!("the server ended before it listened")
}

fn read_init(stdout: &[u8]) -> Result<(BTreeMap<String, String>, String)> {
    let mut passwords = BTreeMap::new();
    let mut vkey = None;
    for line in stdout
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
    {
        let value: serde_json::Value =
            serde_json::from_slice(line).context("reading what `ruping init` printed")?;
        for account in value
            .get("accounts")
            .and_then(|list| list.as_array())
            .into_iter()
            .flatten()
        {
            let text = |key: &str| {
                account
                    .get(key)
                    .and_then(|one| one.as_str())
                    .map(str::to_owned)
            };
            passwords.extend(text("name").zip(text("password")));
        }
        let found = value.get("vkey").or_else(|| value.get("verifier_key"));
        vkey = vkey.or(found.and_then(|one| one.as_str()).map(str::to_owned));
    }
    Ok((
        passwords,
        vkey.context("`ruping init` printed no verifier key")?,
    ))
}
