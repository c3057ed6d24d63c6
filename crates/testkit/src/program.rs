//! The program under test as processes: `ruping` with the folder, key, database and clock of one
//! test, and what it says.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// How long a server may take to end politely.
const PATIENCE: Duration = Duration::from_secs(30);

/// The program, and where its things lie.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) executable: PathBuf,
    pub(crate) folder: PathBuf,
    pub(crate) url: Option<String>,
    /// Further arguments of `ruping serve`.
    pub(crate) serve: Vec<String>,
}

impl Program {
    /// `ruping VERB --data … --root-key … --test-clock … [--database …]`.
    pub(crate) fn on_folder(&self, verb: &str) -> Command {
        let mut command = self.bare(&[verb]);
        let key = format!("file:{}", self.folder.join("root.key").display());
        command.arg("--data").arg(self.folder.join("data"));
        command.args(["--root-key", &key]);
        command.arg("--test-clock").arg(self.folder.join("clock"));
        if let Some(url) = &self.url {
            command.args(["--database", url]);
        }
        command
    }

    /// `ruping` with these arguments alone, in an environment that says nothing.
    pub(crate) fn bare<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = Command::new(&self.executable);
        command
            .args(arguments)
            .stdin(Stdio::null())
            .env_remove("RUPING_LOG")
            // so that a test can look at what the program leaves there
            .env("TMPDIR", self.folder.join("tmp"))
            .env("LANG", "en_US.UTF-8");
        command
    }
}

/// Runs a program to its end; a bad exit is an error that repeats what it said.
pub(crate) fn succeed(mut command: Command) -> Result<Output> {
    let output = command.output().context("starting the program")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("it ended with {}: {}", output.status, said.trim());
    }
    Ok(output)
}

/// Ends a process the polite way and waits for it; its exit code, none if a signal ended it.
pub(crate) fn end_politely(child: &mut Child) -> Result<Option<i32>> {
    let mut kill = Command::new("sh");
    kill.args(["-c", "kill -TERM \"$1\"", "sh", &child.id().to_string()]);
    succeed(kill).context("sending the signal")?;
    await_end(child)
}

/// Waits for the end of a process; its exit code, none if a signal ended it.
pub(crate) fn await_end(child: &mut Child) -> Result<Option<i32>> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.code());
        }
        if started.elapsed() > PATIENCE {
            bail!("the server did not end within {PATIENCE:?}");
        }
        pause();
    }
}

/// Gives another process a moment.
pub fn pause() {
    #[expect(
        clippy::disallowed_methods,
        reason = "there is nothing to wait on: the other side is a separate process"
    )]
    std::thread::sleep(Duration::from_millis(20));
}

/// Writes a file so that a reader sees the old text or the new, never half of one.
pub(crate) fn replace(path: &Path, text: &str) -> Result<()> {
    let new = path.with_extension("new");
    std::fs::write(&new, text)?;
    std::fs::rename(&new, path).with_context(|| format!("writing `{}`", path.display()))
}
