//! What a scan looks for and how, as it is asked for, and as workers are told of it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use inspect::exact::Shared;
use scan::table::Columns;
use scan::{NoTesseract, Pool, Salt, Tesseract};

use super::WORKER;
use crate::exact::Enough;
use crate::keys::KeySource;
use crate::{Error, exact};

/// The program that reads pictures, as its packages name it.
const TESSERACT: &str = "tesseract";

/// Seconds a file may take unless more or less is asked for.
const SECONDS: u64 = 10;
/// The same where pictures are read: a page takes two to five.
const SECONDS_OF_PICTURES: u64 = 120;
/// Megabytes of memory its reading may take.
const MEGABYTES: u64 = 256;

/// What is looked for and what is told of it; the same for who scans and for who reads.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct Looking {
    /// Tell all text, and findings as they stand there; otherwise findings are masked and no text is told.
    #[arg(long)]
    pub(super) text: bool,
    /// Also tell findings that are too weak to be shown to people.
    #[arg(long)]
    pub(super) all: bool,
    /// Rules of your own beside those of the program: a file of them, or a folder.
    #[arg(long, value_name = "DIR")]
    pub(super) rules: Option<PathBuf>,
    /// A folder of documents whose copied passages are looked for, or of an index (`ruping index`).
    #[arg(long, value_name = "DIR")]
    pub(super) registered: Option<PathBuf>,
    /// A table whose rows are looked for: CSV together with `--columns`, or what `ruping exact make` wrote. May be given several times.
    #[arg(long, value_name = "FILE", conflicts_with = "cache")]
    pub(super) exact: Vec<PathBuf>,
    /// The columns of tables in CSV, `PRIMARY:OTHER,OTHER`: `身份证号:姓名,电话`.
    #[arg(long, requires = "exact", value_parser = columns)]
    columns: Option<AsGiven>,
    #[command(flatten)]
    enough: Enough,
    /// The key of the index and of tables: `file:PATH`.
    #[arg(long)]
    pub(super) key: Option<KeySource>,
    /// A folder in which reports are kept, by content: a scan that was stopped goes on where it was.
    #[arg(long, value_name = "DIR", conflicts_with = "registered")]
    pub(super) cache: Option<PathBuf>,
    /// Read the text on pictures and scanned pages, with the program tesseract.
    #[arg(long)]
    pub(super) ocr: bool,
    #[command(flatten)]
    pub(super) limits: FileLimits,
}

/// Limits of each file.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct FileLimits {
    /// Seconds a file may take: 10 unless given, 120 where pictures are read.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(super) max_seconds: Option<u64>,
    /// Megabytes of memory the reading of a file may take.
    #[arg(long, value_name = "MB", default_value_t = MEGABYTES, value_parser = clap::value_parser!(u64).range(64..=65_536))]
    pub(super) max_memory: u64,
}

impl Default for FileLimits {
    fn default() -> Self {
        Self {
            max_seconds: None,
            max_memory: MEGABYTES,
        }
    }
}

impl Looking {
    pub(super) fn patience(&self) -> Duration {
        let usual = if self.ocr {
            SECONDS_OF_PICTURES
        } else {
            SECONDS
        };
        Duration::from_secs(self.limits.max_seconds.unwrap_or(usual))
    }

    /// Who reads pictures, where that is wanted.
    pub(super) fn eyes(&self) -> Result<Option<Tesseract>, Error> {
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
    pub(super) looking: Looking,
    /// What digests of findings are keyed with.
    #[arg(long)]
    pub(super) salt: Vec<Salt>,
    /// Read standard input, told by this name, and not the files that are named there.
    #[arg(long)]
    pub(super) stdin: Option<String>,
    /// How many workers share the memory that an index may take.
    #[arg(long, default_value_t = 1)]
    pub(super) sharing: usize,
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

/// What workers will look for is tried here first: they have nobody to complain to.
pub(super) fn try_registered(looking: &Looking) -> Result<(), Error> {
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
pub(super) fn tables(looking: &Looking, key: Option<&passages::Key>) -> Result<Vec<Shared>, Error> {
    let columns = looking.columns.as_ref().map(|given| &given.columns);
    let files = looking.exact.iter();
    let opened = files.map(|file| {
        let table = exact::open(file, columns, &looking.enough, key, &mut scan::random)?;
        Ok(table.into())
    });
    opened.collect()
}

pub(super) fn worker_arguments(looking: &Looking, salts: &[Salt], jobs: usize) -> Vec<OsString> {
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
    words.extend(salts.iter().map(|salt| format!("--salt={salt}").into()));
    words
}

/// Workers for a server, which are given contents and not paths; what they read is told with its text.
pub fn serving(program: PathBuf, jobs: usize) -> Pool {
    let looking = Looking {
        text: true,
        ..Looking::default()
    };
    Pool {
        program,
        arguments: worker_arguments(&looking, &[], jobs),
        jobs,
        patience: looking.patience(),
        stop: Arc::default(),
    }
}
