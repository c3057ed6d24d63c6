//! A private PostgreSQL server for one test run.
//!
//! It lives in a temporary folder, listens on a free loopback port with a password of its own, and
//! must be gone afterwards whatever happens: a guard process, outside our process group, waits for
//! the end of a pipe that only we hold, then stops the server and removes the folder. So neither an
//! error, nor Ctrl-C, nor `kill -9` leaves a server behind. PostgreSQL refuses to run as root, so
//! root runs it as the user `postgres`.

use crate::command::{command, output, run, succeeds};
use crate::tools;
use anyhow::{Context, Result, bail};
use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Where the tests read the address of the server they may use.
pub(crate) const VARIABLE: &str = "RUPING_TEST_POSTGRES";

/// The user the tests connect as: the owner of the cluster.
const OWNER: &str = "ruping";

/// Where Debian keeps the server's programs, one folder per version.
const DEBIAN_VERSIONS: &str = "/usr/lib/postgresql";

/// For the life of one test run: nothing survives it, so nothing need reach the disk; enough
/// connections for every test process to hold a pool.
const SETTINGS: [&str; 5] = [
    "listen_addresses=127.0.0.1",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=400",
];

/// Ports other programs took between our look and the server's start are tried again.
const ATTEMPTS: u32 = 3;

/// Runs a command with a server of its own, named in its environment.
pub(crate) fn lend_to(mut borrower: Command) -> Result<()> {
    let server = Server::start()?;
    borrower.env(VARIABLE, server.url());
    run(borrower)
}

/// A running server; dropping it stops the server and removes its folder.
#[derive(Debug)]
pub(crate) struct Server {
    guard: Child,
    url: String,
}

impl Server {
    /// Starts one, installing PostgreSQL first where it is missing and we may.
    pub(crate) fn start() -> Result<Self> {
        let programs = Programs::find_or_install()?;
        let mut last = None;
        for _ in 0..ATTEMPTS {
            match Self::start_once(&programs) {
                Ok(server) => return Ok(server),
                Err(error) => last = Some(error),
            }
        }
        Err(last.context("no attempt was made")?)
    }

    fn start_once(programs: &Programs) -> Result<Self> {
        let folder = programs.make_folder()?;
        let guard = programs.guard(&folder)?;
        let password = random_word()?;
        let port = free_port()?;
        let server = Self {
            guard,
            url: format!("postgres://{OWNER}:{password}@127.0.0.1:{port}/postgres"),
        };
        programs.create_cluster(&folder, &password)?;
        programs.start_cluster(&folder, port)?;
        println!("PostgreSQL on port {port} in `{}`", folder.display());
        Ok(server)
    }

    /// The address for tests, with the right to create databases.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        if let Err(error) = self.guard.wait() {
            println!("cannot wait for PostgreSQL to stop: {error}");
        }
    }
}

/// The server's programs and the user to run them as.
#[derive(Debug)]
struct Programs {
    folder: Option<PathBuf>,
    user: Option<&'static str>,
}

impl Programs {
    fn find_or_install() -> Result<Self> {
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        tools::install("the PostgreSQL server", &["postgresql"])?;
        Self::find().context("PostgreSQL was installed, but `initdb` cannot be found")
    }

    fn find() -> Option<Self> {
        let user = tools::is_root().then_some("postgres");
        let in_path = succeeds(command("initdb", &["--version"]))
            && succeeds(command("pg_ctl", &["--version"]));
        let folder = if in_path {
            None
        } else {
            Some(newest_version(Path::new(DEBIAN_VERSIONS))?)
        };
        Some(Self { folder, user })
    }

    fn path(&self, program: &str) -> PathBuf {
        match &self.folder {
            Some(folder) => folder.join(program),
            None => PathBuf::from(program),
        }
    }

    /// A command run as the server's user.
    fn as_user(&self, program: &Path) -> Command {
        let Some(user) = self.user else {
            return Command::new(program);
        };
        let mut command = Command::new("setpriv");
        command.args(["--reuid", user, "--regid", user, "--init-groups", "--"]);
        command.arg(program);
        command
    }

    /// A folder that belongs to the server's user, and to nobody else.
    fn make_folder(&self) -> Result<PathBuf> {
        let mut make = self.as_user(Path::new("mktemp"));
        make.args(["-d", "--tmpdir", "ruping-postgres.XXXXXX"])
            .current_dir("/");
        let path = output(make).context("cannot make a folder for PostgreSQL")?;
        Ok(PathBuf::from(path.trim_end()))
    }

    /// The process that outlives us to clean up.
    fn guard(&self, folder: &Path) -> Result<Child> {
        let clean_up = r#"cat >/dev/null
            "$1" -D "$2/data" -m immediate -w stop
            rm -rf -- "$2""#;
        self.as_user(Path::new("sh"))
            .args(["-c", clean_up, "guard"])
            .arg(self.path("pg_ctl"))
            .arg(folder)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .context("cannot start the guard of the PostgreSQL server")
    }

    fn create_cluster(&self, folder: &Path, password: &str) -> Result<()> {
        let file = folder.join("password");
        write_for_owner_of(folder, &file, password)?;
        let mut create = self.as_user(&self.path("initdb"));
        create
            .args(["--username", OWNER, "--auth", "scram-sha-256"])
            .args(["--encoding", "UTF8", "--locale", "C", "--no-sync"])
            .arg("--pwfile")
            .arg(&file)
            .arg("--pgdata")
            .arg(folder.join("data"))
            .current_dir(folder);
        output(create)?;
        Ok(())
    }

    fn start_cluster(&self, folder: &Path, port: u16) -> Result<()> {
        let mut options = format!(
            "-c port={port} -c unix_socket_directories={}",
            folder.display()
        );
        for setting in SETTINGS {
            options.push_str(" -c ");
            options.push_str(setting);
        }
        let log = folder.join("log");
        let mut start = self.as_user(&self.path("pg_ctl"));
        start
            .args(["-w", "-D"])
            .arg(folder.join("data"))
            .arg("-l")
            .arg(&log)
            .args(["-o", &options, "start"])
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if start.status()?.success() {
            return Ok(());
        }
        let said = fs::read_to_string(&log).unwrap_or_default();
        bail!("PostgreSQL did not start: {}", said.trim())
    }
}

/// The programs of the highest version in a folder of versions.
fn newest_version(versions: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(versions).ok()?;
    let bins = entries.flatten().filter_map(|entry| {
        let version: u32 = entry.file_name().to_str()?.parse().ok()?;
        let bin = entry.path().join("bin");
        bin.join("initdb").exists().then_some((version, bin))
    });
    let (_, newest) = bins.max()?;
    Some(newest)
}

/// A port that nobody listens on at this moment.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free loopback port")?;
    Ok(listener.local_addr()?.port())
}

/// Thirty-two hexadecimal digits that nobody can guess.
fn random_word() -> Result<String> {
    let mut bytes = [0_u8; 16];
    fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Writes a file that only the owner of the folder may read.
fn write_for_owner_of(folder: &Path, file: &Path, text: &str) -> Result<()> {
    use std::io::Write;
    let owner = fs::metadata(folder)?;
    let mut out = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)?;
    out.write_all(text.as_bytes())?;
    chown(file, Some(owner.uid()), Some(owner.gid()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_wins_by_number_and_only_with_its_programs() {
        let here = std::env::temp_dir().join(format!("ruping-xtask-{}", std::process::id()));
        for version in ["9", "15", "17", "old"] {
            let bin = here.join(version).join("bin");
            fs::create_dir_all(&bin).unwrap();
            if version != "17" {
                fs::write(bin.join("initdb"), "").unwrap();
            }
        }
        let newest = newest_version(&here);
        fs::remove_dir_all(&here).unwrap();
        assert_eq!(newest, Some(here.join("15").join("bin")));
        assert_eq!(newest_version(&here), None);
    }

    #[test]
    fn passwords_differ() {
        let (one, other) = (random_word().unwrap(), random_word().unwrap());
        assert_eq!(one.len(), 32);
        assert_ne!(one, other);
    }
}
