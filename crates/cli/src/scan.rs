//! `ruping scan PATH…`: finds secrets inside files, without a server, a data folder or a network.
//!
//! Nothing is passed over without a word: what was not read stands in the answer with its cause, and at the end it is said
//! how many files were read, in part, and not at all.

mod people;
mod words;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::{Level, Text};
use inspect::copies::Key;
use inspect::{Limits, Ocr, Status};
use scan::{
    Cache, Enrolment, NoTesseract, Pool, Registered, Tesseract, Told, Totals, Walk, worker,
};

use crate::{Error, Exit, Format, Terminal, rules};

/// The verb that starts a worker; for this program alone.
pub const WORKER: &str = "scan-worker";
/// The program that reads pictures, as its packages name it.
const TESSERACT: &str = "tesseract";

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
    /// A folder of documents whose copied passages are looked for.
    #[arg(long, value_name = "DIR")]
    registered: Option<PathBuf>,
    /// A folder in which reports are kept, by content: a scan that was stopped goes on where it was.
    #[arg(long, value_name = "DIR", conflicts_with = "registered")]
    cache: Option<PathBuf>,
    /// Read the text on pictures and scanned pages, with the program tesseract.
    #[arg(long)]
    ocr: bool,
    #[command(flatten)]
    limits: FileLimits,
}

/// Limits of each file.
#[derive(Debug, Clone, clap::Args)]
struct FileLimits {
    /// Seconds a file may take: 10 unless given, 120 where pictures are read.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    max_seconds: Option<u64>,
    /// Megabytes of memory the reading of a file may take.
    #[arg(long, value_name = "MB", default_value_t = 256, value_parser = clap::value_parser!(u64).range(64..=65_536))]
    max_memory: u64,
}

/// Seconds of a file, and of one whose pictures are read: a page takes two to five.
const SECONDS: u64 = 10;
const SECONDS_OF_PICTURES: u64 = 120;

impl Looking {
    fn patience(&self) -> Duration {
        let usual = if self.ocr {
            SECONDS_OF_PICTURES
        } else {
            SECONDS
        };
        Duration::from_secs(self.limits.max_seconds.unwrap_or(usual))
    }

    /// Who reads pictures, where that is wanted.
    fn eyes(&self) -> Result<Option<Tesseract>, Error> {
        if !self.ocr {
            return Ok(None);
        }
        Tesseract::find(Path::new(TESSERACT))
            .map(Some)
            .map_err(|missing| match missing {
                NoTesseract::Program => Error::NoOcr,
                NoTesseract::Language => Error::NoOcrLanguage,
            })
    }
}

/// How a worker reads; what `scan` gives its workers.
#[derive(Debug, clap::Args)]
pub struct WorkerArgs {
    #[command(flatten)]
    looking: Looking,
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
    if let Some(folder) = &args.looking.registered {
        std::fs::read_dir(folder).map_err(|source| Error::Read {
            path: folder.clone(),
            source,
        })?;
    }
    if let Some(eyes) = args.looking.eyes()?
        && !eyes.reads_chinese()
    {
        people::tell_no_chinese(terminal);
    }
    let pool = Pool {
        program: around.program.clone(),
        arguments: worker_arguments(&args.looking),
        jobs: args.jobs.unwrap_or(around.processors),
        patience: args.looking.patience(),
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

fn worker_arguments(looking: &Looking) -> Vec<OsString> {
    let mut words: Vec<OsString> = vec![WORKER.into()];
    let switches = [
        ("--text", looking.text),
        ("--all", looking.all),
        ("--ocr", looking.ocr),
    ];
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
    let seconds = looking.patience().as_secs();
    words.push(format!("--max-seconds={seconds}").into());
    words.push(format!("--max-memory={}", looking.limits.max_memory).into());
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
    let mut limits = Limits::default();
    let mut enrolled = Enrolment::default();
    if let Some(folder) = &looking.registered {
        let registered = Registered::of(folder, Key::new(secret), &rules, &limits);
        rules = rules.with_registered(registered.index);
        enrolled = registered.enrolled;
    }
    // WHY only now: each worker would read the scanned pages of all registered documents again, before any file
    let eyes = looking.eyes()?;
    let reads = eyes.as_ref().map(Tesseract::kind);
    limits.ocr = eyes.map(|eyes| Arc::new(eyes) as Arc<dyn Ocr>);
    let kind = format!(
        "{} {limits:?} {reads:?} {texts:?}",
        env!("CARGO_PKG_VERSION")
    );
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
        patience: looking.patience(),
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
