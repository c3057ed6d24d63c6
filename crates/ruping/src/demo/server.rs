//! The server of the demonstration: this same program as a process of its own, with a test clock.

use crate::complaint::Complaint;
use anyhow::{Context, Result, bail};
use domain::Timestamp;
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Where the demonstration lives, and on what.
#[derive(Debug)]
pub(super) struct Setup {
    pub(super) folder: PathBuf,
    pub(super) database: Option<String>,
    pub(super) packs: Option<PathBuf>,
    pub(super) max_level: String,
}

/// A running server.
#[derive(Debug)]
pub(super) struct Server {
    running: Mutex<Option<Running>>,
    setup: Setup,
    /// One-time passwords of the first accounts.
    pub(super) passwords: BTreeMap<String, String>,
    /// The key that verifies the log.
    pub(super) vkey: String,
}

#[derive(Debug)]
struct Running {
    child: Child,
    address: String,
}

impl Server {
    /// Makes the data folder and starts a server on it.
    pub(super) fn found(setup: Setup) -> Result<Self> {
        std::fs::create_dir_all(&setup.folder).context("making the demonstration's folder")?;
        set_clock(&setup.folder, super::house::START.parse()?)?;
        let mut init = setup.program("init")?;
        init.args([
            "--org",
            "示范研究所",
            "--regime",
            "general-company",
            "--test",
        ]);
        init.args(["--max-level", &setup.max_level, "--format", "json"]);
        let output = init.output().context("starting `ruping init`")?;
        if !output.status.success() {
            match Complaint::of_child(&output.stderr) {
                Some(complaint) => return Err(complaint.into()),
                None => bail!("`ruping init` failed: {}", output.status),
            }
        }
        let (passwords, vkey) = read_init(&output.stdout)?;
        std::fs::write(setup.folder.join("log.vkey"), format!("{vkey}\n"))?;
        let running = setup.start("127.0.0.1:0")?;
        Ok(Self {
            running: Mutex::new(Some(running)),
            setup,
            passwords,
            vkey,
        })
    }

    /// Starts the server again, on another address.
    pub(super) fn reopen(&self, listen: &str) -> Result<()> {
        *self.running() = Some(self.setup.start(listen)?);
        Ok(())
    }

    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn address(&self) -> String {
        self.running()
            .as_ref()
            .map(|running| running.address.clone())
            .unwrap_or_default()
    }

    pub(super) fn folder(&self) -> &Path {
        &self.setup.folder
    }

    /// Sets the test clock.
    pub(super) fn set_clock(&self, now: Timestamp) -> Result<()> {
        set_clock(&self.setup.folder, now)
    }

    /// Ends the server the polite way.
    pub(super) fn stop(&self) -> Result<()> {
        let Some(mut running) = self.running().take() else {
            return Ok(());
        };
        let mut kill = Command::new("sh");
        kill.args(["-c", "kill -TERM \"$1\"", "sh"]);
        let ended = kill.arg(running.child.id().to_string()).status();
        if !ended.is_ok_and(|status| status.success()) {
            running.child.kill().context("ending the server")?;
        }
        running
            .child
            .wait()
            .context("waiting for the server to end")?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut running) = self.running().take() {
            drop(running.child.kill());
            drop(running.child.wait());
        }
    }
}

fn set_clock(folder: &Path, now: Timestamp) -> Result<()> {
    let new = folder.join("clock.new");
    std::fs::write(&new, now.to_string())?;
    std::fs::rename(new, folder.join("clock")).context("setting the test clock")
}

impl Setup {
    fn program(&self, verb: &str) -> Result<Command> {
        let mut command = Command::new(std::env::current_exe().context("finding this program")?);
        command
            .arg(verb)
            .arg("--data")
            .arg(self.folder.join("data"));
        let key = format!("file:{}", self.folder.join("root.key").display());
        command.args(["--root-key", &key]);
        command.arg("--test-clock").arg(self.folder.join("clock"));
        if let Some(packs) = &self.packs {
            command.arg("--test-packs").arg(packs);
        }
        if let Some(url) = &self.database {
            // WHY: out of sight of the list of processes
            command.env("RUPING_DATABASE", url);
        }
        Ok(command)
    }

    fn start(&self, listen: &str) -> Result<Running> {
        let mut serve = self.program("serve")?;
        serve.arg("--listen").arg(listen).stdout(Stdio::piped());
        let mut child = serve.spawn().context("starting `ruping serve`")?;
        let out = child.stdout.take().context("the server's output")?;
        for line in BufReader::new(out).lines() {
            if let Some(address) = line?.strip_prefix("listening on ") {
                let address = address.trim().to_owned();
                return Ok(Running { child, address });
            }
        }
        let status = child.wait().context("waiting for the server")?;
        bail!("`ruping serve` ended before it listened: {status}")
    }
}

fn read_init(stdout: &[u8]) -> Result<(BTreeMap<String, String>, String)> {
    let told: serde_json::Value =
        serde_json::from_slice(stdout).context("reading what `ruping init` printed")?;
    let text = |value: &serde_json::Value, key: &str| {
        value
            .get(key)
            .and_then(|one| one.as_str())
            .map(str::to_owned)
    };
    let accounts = told.get("accounts").and_then(|list| list.as_array());
    let passwords = accounts
        .into_iter()
        .flatten()
        .filter_map(|one| text(one, "name").zip(text(one, "password")));
    let vkey = text(&told, "vkey").context("`ruping init` printed no verifier key")?;
    Ok((passwords.collect(), vkey))
}
