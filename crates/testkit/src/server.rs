//! A `ruping serve` of one test's own: a fresh folder made by `ruping init --test`, a clock that
//! the test sets, any free port. It can be ended politely, killed, started again, and joined by a
//! second server on the same folder and database. It ends with the value.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use client::Client;
use domain::Timestamp;
use serde_json::Value;
use tempfile::TempDir;
use wire::{Login, PasswordChange, StepUp};

use crate::Database;
use crate::program::{Program, await_end, end_politely, replace, succeed};

/// The password that harness accounts get.
pub const PASSWORD: &str = "a long enough password";

/// When folders are made: shortly before a test begins, at [`START`].
const MADE: &str = "2026-03-02T00:59:00Z";
/// When a test begins unless it says otherwise: a Monday morning in the site's zone.
const START: &str = "2026-03-02T01:00:00Z";
/// How long it takes until a server is started again. WHY: longer than the sequencer's lease,
/// which a server that was killed still holds while the test's clock stands.
const RESTART: Duration = Duration::from_secs(15);

/// How a server is to be made.
#[derive(Debug)]
pub struct Plan {
    executable: PathBuf,
    database: Database,
    init: Vec<String>,
    serve: Vec<String>,
}

/// A running server; it ends with the value.
#[derive(Debug)]
pub struct Server {
    program: Program,
    processes: Vec<Option<Child>>,
    addresses: Vec<String>,
    passwords: BTreeMap<String, String>,
    vkey: String,
    // INVARIANT: after the processes, so that nobody writes into a folder that is being removed
    database: Database,
    folder: TempDir,
}

impl Plan {
    /// A server of this program (`env!("CARGO_BIN_EXE_ruping")`) on this database.
    #[must_use]
    pub fn new(executable: impl Into<PathBuf>, database: Database) -> Self {
        Self {
            executable: executable.into(),
            database,
            init: Vec::new(),
            serve: Vec::new(),
        }
    }

    /// Gives `ruping init` one more argument, and its value.
    #[must_use]
    pub fn init(mut self, name: &str, value: &str) -> Self {
        self.init.extend([name.to_owned(), value.to_owned()]);
        self
    }

    /// Gives `ruping serve` one more argument, and its value.
    #[must_use]
    pub fn serve(mut self, name: &str, value: &str) -> Self {
        self.serve.extend([name.to_owned(), value.to_owned()]);
        self
    }

    /// Makes the folder and starts the server.
    ///
    /// # Errors
    /// When either program fails.
    pub fn start(self) -> Result<Server> {
        let folder = TempDir::new()?;
        replace(&folder.path().join("clock"), MADE)?;
        fs::create_dir(folder.path().join("tmp"))?;
        let program = Program {
            executable: self.executable,
            folder: folder.path().to_owned(),
            url: self.database.url(),
            serve: self.serve,
        };
        let mut init = program.on_folder("init");
        init.args(["--test", "--format", "json"]).args(&self.init);
        let output = succeed(init).context("`ruping init`")?;
        replace(&folder.path().join("clock"), START)?;
        let (passwords, vkey) = read_init(&output.stdout)?;
        fs::write(folder.path().join("vkey"), format!("{vkey}\n"))?;
        let (processes, addresses, database) = (Vec::new(), Vec::new(), self.database);
        let mut server = Server {
            program,
            processes,
            addresses,
            passwords,
            vkey,
            database,
            folder,
        };
        server.join()?;
        Ok(server)
    }
}

impl Server {
    /// A server of this program on this database, with nothing special about it.
    ///
    /// # Errors
    /// When either program fails.
    pub fn start(executable: &str, database: Database) -> Result<Self> {
        Plan::new(executable, database).start()
    }

    /// Where it is reached.
    #[must_use]
    pub fn address(&self) -> &str {
        self.addresses.first().map_or("", String::as_str)
    }

    /// The test's own folder; `data`, `clock`, `root.key`, `vkey`, `stderr` and `tmp`, where the
    /// program makes temporary files, lie in it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The data folder.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder().join("data")
    }

    /// The file that holds the verifier key.
    #[must_use]
    pub fn vkey_file(&self) -> PathBuf {
        self.folder().join("vkey")
    }

    /// The verifier key.
    #[must_use]
    pub fn vkey(&self) -> &str {
        &self.vkey
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// What the servers have written to standard error so far.
    #[must_use]
    pub fn said(&self) -> String {
        fs::read_to_string(self.folder().join("stderr")).unwrap_or_default()
    }

    /// Puts the clock to an instant, earlier or later.
    ///
    /// # Errors
    /// When `now` is no RFC 3339 instant or the file cannot be written.
    pub fn set_clock(&self, now: &str) -> Result<()> {
        let now: Timestamp = now.parse()?;
        replace(&self.folder().join("clock"), &now.to_string())
    }

    /// Starts one more server on the same folder and database; its number counts from 0.
    ///
    /// # Errors
    /// When it ends before it listens.
    pub fn join(&mut self) -> Result<usize> {
        self.processes.push(None);
        self.addresses.push(String::new());
        let number = self.processes.len() - 1;
        self.start_process(number)?;
        Ok(number)
    }

    /// Starts a server that was ended, a quarter of a minute later; it listens on another port.
    ///
    /// # Errors
    /// When it ends before it listens.
    pub fn start_again(&mut self, number: usize) -> Result<()> {
        let clock = fs::read_to_string(self.folder().join("clock"))?;
        let now = clock.trim().parse::<Timestamp>()? + RESTART;
        self.set_clock(&now.to_string())?;
        self.start_process(number)
    }

    fn start_process(&mut self, number: usize) -> Result<()> {
        let errors = File::options()
            .create(true)
            .append(true)
            .open(self.folder().join("stderr"))?;
        let mut serve = self.program.on_folder("serve");
        serve
            .args(["--listen", "127.0.0.1:0"])
            .args(&self.program.serve);
        serve.stdout(Stdio::piped()).stderr(errors);
        let mut child = serve.spawn().context("starting `ruping serve`")?;
        let out = child.stdout.take().context("the server's output")?;
        let address = BufReader::new(out)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("listening on ").map(ToOwned::to_owned));
        let Some(address) = address else {
            let status = child.wait()?;
            bail!("`ruping serve` ended with {status}: {}", self.said());
        };
        let slots = self
            .processes
            .get_mut(number)
            .zip(self.addresses.get_mut(number));
        let (process, known) = slots.context("there is no server of this number")?;
        (*process, *known) = (Some(child), address);
        Ok(())
    }

    /// Ends a server with SIGTERM and waits; its exit code.
    ///
    /// # Errors
    /// When it does not end.
    pub fn stop(&mut self, number: usize) -> Result<Option<i32>> {
        let child = self.processes.get_mut(number).and_then(Option::as_mut);
        let code = end_politely(child.context("that server does not run")?)?;
        if let Some(process) = self.processes.get_mut(number) {
            *process = None;
        }
        Ok(code)
    }

    /// Waits for a server that ends by itself; its exit code.
    ///
    /// # Errors
    /// When it does not end.
    pub fn ended(&mut self, number: usize) -> Result<Option<i32>> {
        let child = self.processes.get_mut(number).and_then(Option::take);
        await_end(&mut child.context("that server does not run")?)
    }

    /// Ends a server with SIGKILL, in the middle of whatever it does.
    ///
    /// # Errors
    /// When there is none to end.
    pub fn kill(&mut self, number: usize) -> Result<()> {
        let child = self.processes.get_mut(number).and_then(Option::take);
        let mut child = child.context("that server does not run")?;
        child.kill()?;
        child.wait()?;
        Ok(())
    }

    /// Runs `ruping` with these arguments alone.
    ///
    /// # Errors
    /// When it cannot be started; a bad exit is in the answer.
    pub fn ruping(&self, arguments: &[&str]) -> Result<Output> {
        self.program
            .bare(arguments)
            .output()
            .context("starting `ruping`")
    }

    /// A verb that works on the test's folder (`check`), ready for further arguments.
    #[must_use]
    pub fn on_folder(&self, verb: &str) -> Command {
        self.program.on_folder(verb)
    }

    /// A client that is nobody yet.
    ///
    /// # Errors
    /// Never for an address that a server printed.
    pub fn nobody(&self) -> Result<Client> {
        self.nobody_at(0)
    }

    /// A client of the server of this number that is nobody yet.
    ///
    /// # Errors
    /// When there is no such server.
    pub fn nobody_at(&self, number: usize) -> Result<Client> {
        let address = self
            .addresses
            .get(number)
            .context("there is no server of this number")?;
        Ok(Client::new(address)?)
    }

    /// The one-time password of an account that `init` made.
    ///
    /// # Errors
    /// When `init` made no such account.
    pub fn one_time_password(&self, name: &str) -> Result<&str> {
        let known = self.passwords.get(name);
        known
            .map(String::as_str)
            .with_context(|| format!("`init` made no account `{name}`"))
    }

    /// A first account's first visit: the one-time password changed to [`PASSWORD`], then a
    /// session with a fresh proof of who sits there.
    ///
    /// # Errors
    /// What the server refuses.
    pub fn enter(&self, name: &str) -> Result<Client> {
        self.enter_first(name, self.one_time_password(name)?)
    }

    /// The same for an account made later, with the one-time password it was given.
    ///
    /// # Errors
    /// What the server refuses.
    pub fn enter_first(&self, name: &str, once: &str) -> Result<Client> {
        let mut client = self.nobody()?;
        client.open_session(&login(name, once))?;
        let change = PasswordChange {
            old: once.into(),
            new: PASSWORD.into(),
        };
        client.change_password(&change)?;
        self.enter_again(name)
    }

    /// A further visit of an account whose password is [`PASSWORD`].
    ///
    /// # Errors
    /// What the server refuses.
    pub fn enter_again(&self, name: &str) -> Result<Client> {
        let mut client = self.nobody()?;
        client.open_session(&login(name, PASSWORD))?;
        client.step_up_session(&StepUp {
            password: Some(PASSWORD.into()),
            otp: None,
        })?;
        Ok(client)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        for child in self.processes.iter_mut().flatten() {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

fn login(name: &str, password: &str) -> Login {
    Login {
        name: name.to_owned(),
        password: password.into(),
        otp: None,
    }
}

fn read_init(out: &[u8]) -> Result<(BTreeMap<String, String>, String)> {
    let told: Value = serde_json::from_slice(out).context("what `ruping init` printed")?;
    let text = |value: &Value, key: &str| {
        value
            .get(key)
            .and_then(Value::as_str)
            .map(ToOwned::to_owned)
    };
    let accounts = told
        .get("accounts")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let passwords = accounts.filter_map(|one| text(one, "name").zip(text(one, "password")));
    let vkey = text(&told, "vkey").context("`ruping init` printed no verifier key")?;
    Ok((passwords.collect(), vkey))
}
