//! `ruping scan PATH…`: finds secrets inside files, without a server, a data folder or a network.
//!
//! Nothing is passed over without a word: what was not read stands in the answer with its cause, and at the end it is said
//! how many files were read, in part, and not at all.

mod people;
mod words;

pub(crate) use people::printable;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use domain::{Level, Text};
use inspect::copies::Key;
use inspect::exact::Shared;
use inspect::{Limits, Status};
use scan::table::Columns;
use scan::{Cache, Enrolment, Pool, Registered, Told, Totals, Walk, worker};

use crate::exact::Enough;
use crate::keys::KeySource;
use crate::{Error, Exit, Format, Terminal, exact, rules};

/// The verb that starts a worker; for this program alone.
pub const WORKER: &str = "scan-worker";

/// What is to be scanned.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files and folders.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    looking: Looking,
    /// What ends the scan with 1: `any` finding, any level (`open` passes), or a level at least (`state.secret`).
    #[arg(long, value_name = "open|any|LEVEL", default_value = "any", value_parser = fail_on)]
    fail_on: FailOn,
    /// End with 2 when anything was not read.
    #[arg(long)]
    strict: bool,
    /// Follow links to files and folders.
    #[arg(long)]
    follow: bool,
    /// How many files are read at once; as many as there are processors unless given.
    #[arg(long)]
    jobs: Option<usize>,
}

/// What is looked for and what is told of it; the same for who scans and for who reads.
#[derive(Debug, Clone, clap::Args)]
struct Looking {
    /// Tell all text, and findings as they stand there; otherwise findings are masked and no text is told.
    #[arg(long)]
    text: bool,
    /// Also tell findings that are too weak to be shown to people.
    #[arg(long)]
    all: bool,
    /// Rules of your own beside those of the program: a file of them, or a folder.
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// A folder of documents whose copied passages are looked for, or of an index (`ruping index`).
    #[arg(long, value_name = "DIR")]
    registered: Option<PathBuf>,
    /// A table whose rows are looked for: CSV together with `--columns`, or what `ruping exact make` wrote. May be given several times.
    #[arg(long, value_name = "FILE", conflicts_with = "cache")]
    exact: Vec<PathBuf>,
    /// The columns of tables in CSV, `PRIMARY:OTHER,OTHER`: `身份证号:姓名,电话`.
    #[arg(long, requires = "exact", value_parser = columns)]
    columns: Option<AsGiven>,
    #[command(flatten)]
    enough: Enough,
    /// The key of the index and of tables: `file:PATH`.
    #[arg(long)]
    key: Option<KeySource>,
    /// A folder in which reports are kept, by content: a scan that was stopped goes on where it was.
    #[arg(long, value_name = "DIR", conflicts_with = "registered")]
    cache: Option<PathBuf>,
    #[command(flatten)]
    limits: FileLimits,
}

/// Limits of each file.
#[derive(Debug, Clone, clap::Args)]
struct FileLimits {
    /// Seconds a file may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    max_seconds: u64,
    /// Megabytes of memory the reading of a file may take.
    #[arg(long, value_name = "MB", default_value_t = 256, value_parser = clap::value_parser!(u64).range(64..=65_536))]
    max_memory: u64,
}

/// How a worker reads; what `scan` gives its workers.
#[derive(Debug, clap::Args)]
pub struct WorkerArgs {
    #[command(flatten)]
    looking: Looking,
    /// How many workers share the memory that an index may take.
    #[arg(long, default_value_t = 1)]
    sharing: usize,
}

/// Columns, and how they were written.
#[derive(Debug, Clone)]
struct AsGiven {
    columns: Columns,
    text: String,
}

fn columns(text: &str) -> Result<AsGiven, String> {
    let columns = text.parse()?;
    let text = text.to_owned();
    Ok(AsGiven { columns, text })
}

/// What ends a scan with a 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FailOn {
    Any,
    AnyLevel,
    AtLeast(Level),
}

fn fail_on(text: &str) -> Result<FailOn, String> {
    match text {
        "any" => Ok(FailOn::Any),
        "open" => Ok(FailOn::AnyLevel),
        level => Level::parse_key(level)
            .map(FailOn::AtLeast)
            .map_err(|error| error.to_string()),
    }
}

impl FailOn {
    fn meets(self, told: &Told) -> bool {
        let level = told.report.verdict.level.as_deref();
        match self {
            Self::Any => !told.report.findings.is_empty(),
            Self::AnyLevel => level.is_some(),
            Self::AtLeast(least) => level
                .and_then(|key| Level::parse_key(key).ok())
                .is_some_and(|level| level.family() == least.family() && level.at_least(least)),
        }
    }
}

/// What the program knows of its surroundings.
#[derive(Debug)]
pub struct Surroundings {
    /// This program.
    pub program: PathBuf,
    /// How many processors there are.
    pub processors: usize,
    /// Whether people look at the answer, in colours.
    pub colours: bool,
    /// Whether people look at how far it is.
    pub progress: bool,
}

/// Scans, tells of each file and of all together.
///
/// # Errors
/// When nobody reads the answer any more.
pub fn run(args: &Args, around: &Surroundings, terminal: &mut Terminal<'_>) -> Result<Exit, Error> {
    if let Err(errors) = rules::parse(&rules::texts(args.looking.rules.as_deref())?) {
        rules::tell(&errors, terminal)?;
        return Ok(Exit::Failed);
    }
    try_registered(&args.looking)?;
    let jobs = args.jobs.unwrap_or(around.processors).max(1);
    let pool = Pool {
        program: around.program.clone(),
        arguments: worker_arguments(&args.looking, jobs),
        jobs,
        patience: Duration::from_secs(args.looking.limits.max_seconds),
    };
    let mut failed = false;
    let shape = terminal.format_or(Format::Text);
    let totals = pool.run(Walk::new(&args.paths, args.follow), |told, totals| {
        failed |= args.fail_on.meets(told);
        if around.progress {
            terminal.progress(&words::so_far(totals));
        }
        match shape {
            Format::Json => terminal.json(&serde_json::json!(told)),
            Format::Text => people::tell(told, around.colours, terminal),
        }
    })?;
    if around.progress {
        terminal.progress(&Text::new("", ""));
    }
    if args.looking.registered.is_some() {
        people::tell_enrolled(&totals.enrolled, terminal);
    }
    if shape == Format::Text {
        people::sum_up(&totals, terminal)?;
    }
    Ok(ended(args, &totals, failed))
}

fn ended(args: &Args, totals: &Totals, failed: bool) -> Exit {
    if args.strict && (totals.partial + totals.unread > 0 || !totals.enrolled.missed.is_empty()) {
        return Exit::Failed;
    }
    Exit::of_check(!failed)
}

/// What workers will look for is tried here first: they have nobody to complain to.
fn try_registered(looking: &Looking) -> Result<(), Error> {
    let key = looking.key.as_ref().map(KeySource::read).transpose()?;
    if let Some(folder) = &looking.registered {
        std::fs::read_dir(folder).map_err(|source| Error::Read {
            path: folder.clone(),
            source,
        })?;
        if passages::is_index(folder) {
            passages::Index::open(folder, key.as_ref().ok_or(Error::KeyNeeded)?, 0)?;
        }
    }
    tables(looking, key.as_ref())?;
    Ok(())
}

/// The tables whose rows are looked for.
fn tables(looking: &Looking, key: Option<&passages::Key>) -> Result<Vec<Shared>, Error> {
    let columns = looking.columns.as_ref().map(|given| &given.columns);
    let files = looking.exact.iter();
    let opened = files.map(|file| {
        let table = exact::open(file, columns, &looking.enough, key, &mut scan::random)?;
        Ok(table.into())
    });
    opened.collect()
}

fn worker_arguments(looking: &Looking, jobs: usize) -> Vec<OsString> {
    let mut words: Vec<OsString> = vec![WORKER.into(), format!("--sharing={jobs}").into()];
    for table in &looking.exact {
        words.extend(["--exact".into(), table.into()]);
    }
    if let Some(given) = &looking.columns {
        words.push(format!("--columns={}", given.text).into());
    }
    words.extend(looking.enough.arguments().into_iter().map(OsString::from));
    if let Some(key) = &looking.key {
        words.extend(["--key".into(), key.argument()]);
    }
    let switches = [("--text", looking.text), ("--all", looking.all)];
    words.extend(
        switches
            .iter()
            .filter(|(_, on)| *on)
            .map(|(word, _)| word.into()),
    );
    let folders = [
        ("--rules", &looking.rules),
        ("--registered", &looking.registered),
        ("--cache", &looking.cache),
    ];
    for (word, folder) in folders {
        if let Some(folder) = folder {
            words.extend([word.into(), folder.into()]);
        }
    }
    let FileLimits {
        max_seconds,
        max_memory,
    } = looking.limits;
    words.push(format!("--max-seconds={max_seconds}").into());
    words.push(format!("--max-memory={max_memory}").into());
    words
}

/// Reads files for a scan, until it asks for no more. `secret` is for an index that only this worker has.
///
/// # Errors
/// When nobody asks or listens any more, or there is no place for reports.
pub fn work(
    args: &WorkerArgs,
    secret: &[u8; 32],
    input: impl std::io::BufRead,
    output: impl std::io::Write,
) -> Result<Exit, Error> {
    let looking = &args.looking;
    let texts = rules::texts(looking.rules.as_deref())?;
    let Ok(mut rules) = rules::parse(&texts) else {
        return Ok(Exit::Failed);
    };
    let limits = Limits::default();
    let mut enrolled = Enrolment::default();
    let key = looking.key.as_ref().map(KeySource::read).transpose()?;
    if let Some(folder) = &looking.registered {
        let registered = if passages::is_index(folder) {
            let share = passages::RESIDENT_BYTES / args.sharing.max(1);
            Registered::open(folder, key.as_ref().ok_or(Error::KeyNeeded)?, share)?
        } else {
            Registered::of(folder, Key::new(secret), &rules, &limits)
        };
        rules = rules.with_registered(registered.index);
        enrolled = registered.enrolled;
    }
    rules = rules.with_exact(tables(looking, key.as_ref())?);
    let kind = format!("{} {limits:?} {texts:?}", env!("CARGO_PKG_VERSION"));
    let open = |folder: &PathBuf| {
        Cache::open(folder, &kind).map_err(|source| Error::Write {
            path: folder.clone(),
            source,
        })
    };
    let work = worker::Work {
        cache: looking.cache.as_ref().map(open).transpose()?,
        rules,
        limits,
        patience: Duration::from_secs(looking.limits.max_seconds),
        memory: looking.limits.max_memory << 20,
        text: looking.text,
        weak: looking.all,
        enrolled,
    };
    worker::work(&work, input, output).map_err(Error::Output)?;
    Ok(Exit::Fine)
}

/// Whether a file is worth a line to people.
fn is_worth_a_line(told: &Told) -> bool {
    told.report.status != Status::Read || !told.report.findings.is_empty()
}
