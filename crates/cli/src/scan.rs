//! `ruping scan PATH…`: finds secrets inside files, without a server, a data folder or a network.
//!
//! Nothing is passed over without a word: what was not read stands in the answer with its cause, and at the end it is said
//! how many files were read, in part, and not at all.

mod looking;
mod people;
mod progress;
mod sarif;
mod standing;
mod words;

pub use looking::{WorkerArgs, serving};
pub(crate) use people::printable;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;

use domain::{Date, Level};
use inspect::copies::Key;
use inspect::{Limits, Ocr, RuleError, Status};
use scan::{
    Cache, Enrolment, Event, Extent, Item, Pool, Registered, Tesseract, Totals, Walk, worker,
};
use serde_json::{Value, json};

use crate::keys::KeySource;
use crate::{Error, Exit, Format, Terminal, rules};
use looking::{Looking, tables, try_registered, worker_arguments};
use sarif::Sarif;
use standing::{Judged, Standing, Standings};

/// The verb that starts a worker; for this program alone.
pub const WORKER: &str = "scan-worker";

/// What is to be scanned.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files and folders; `-` alone is standard input.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// The name of what comes in on standard input.
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    standing: standing::Files,
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
    /// Answer in SARIF 2.1.0; `--format sarif` says so.
    #[arg(skip)]
    pub sarif: bool,
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
    fn meets(self, judged: &Judged<'_>) -> bool {
        let verdict = judged.verdict_of_new();
        let level = verdict.level.as_deref();
        match self {
            Self::Any => judged.any_new(),
            Self::AnyLevel => level.is_some(),
            // WHY each of them: the verdict is the highest of all families, and says nothing of the others
            Self::AtLeast(least) => judged.new_levels().chain(level).any(|key| {
                Level::parse_key(key)
                    .is_ok_and(|level| level.family() == least.family() && level.at_least(least))
            }),
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
    /// How many letters a line of their terminal has, if that is known.
    pub columns: Option<usize>,
    /// The day of the scan.
    pub today: Date,
    /// Random bytes, for what is written for later scans.
    pub random: [u8; 32],
    /// Set when somebody wants the scan to end.
    pub stop: Arc<AtomicBool>,
}

/// Scans, tells of each file and of all together.
///
/// # Errors
/// When nobody reads the answer any more, or a file that says how to scan cannot be read.
pub fn run(args: &Args, around: &Surroundings, terminal: &mut Terminal<'_>) -> Result<Exit, Error> {
    let items = items(args)?;
    let standings = match prepare(args, around)? {
        Ok(standings) => standings,
        Err(mistakes) => {
            rules::tell(&mistakes, terminal)?;
            return Ok(Exit::Failed);
        }
    };
    if let Some(eyes) = args.looking.eyes()?
        && !eyes.reads_chinese()
    {
        people::tell_no_chinese(terminal);
    }
    let jobs = args.jobs.unwrap_or(around.processors).max(1);
    let pool = Pool {
        program: around.program.clone(),
        arguments: worker_arguments(&args.looking, standings.salts(), jobs),
        jobs,
        patience: args.looking.patience(),
        stop: around.stop.clone(),
    };
    let shape = match terminal.format_or(Format::Text) {
        Format::Json | Format::Text if args.sarif => Shape::Sarif(Sarif::begin(terminal)?),
        Format::Json => Shape::Json,
        Format::Text => Shape::Text,
    };
    let mut telling = Telling {
        around,
        fail_on: args.fail_on,
        standings,
        shape,
        extent: extent(args, around),
        failed: false,
        painted: false,
    };
    let totals = pool.run(items, |event| match event {
        Event::Told(told, _) => telling.file(told, terminal),
        Event::Moment(totals, last) => {
            telling.moment(totals, last, terminal);
            Ok(())
        }
    })?;
    telling.end(args, &totals, terminal)
}

/// Everything that is to be read.
fn items(args: &Args) -> Result<Box<dyn Iterator<Item = Item> + Send>, Error> {
    let stdin = Path::new("-");
    match args.paths.as_slice() {
        [one] if one == stdin => {
            let name = args.name.clone().unwrap_or_else(|| "-".to_owned());
            Ok(Box::new(std::iter::once(Item::Stdin(name))))
        }
        paths if paths.iter().any(|path| path == stdin) || args.name.is_some() => {
            Err(Error::StdinAlone)
        }
        paths => Ok(Box::new(Walk::new(paths, args.follow))),
    }
}

/// Looks at everything that says how to scan, before anything is read.
fn prepare(args: &Args, around: &Surroundings) -> Result<Result<Standings, Vec<RuleError>>, Error> {
    if let Err(errors) = rules::parse(&rules::texts(args.looking.rules.as_deref())?) {
        return Ok(Err(errors));
    }
    try_registered(&args.looking)?;
    Standings::open(&args.standing, around.today, &around.random)
}

/// How much there is to read, counted on the side where people wait.
fn extent(args: &Args, around: &Surroundings) -> Arc<Extent> {
    let extent = Arc::new(Extent::default());
    if around.progress {
        let (counted, stop) = (extent.clone(), around.stop.clone());
        let walk = Walk::new(&args.paths, args.follow);
        // nobody waits for it: it ends with the program
        thread::spawn(move || counted.count(walk, &stop));
    }
    extent
}

/// How a scan is told.
enum Shape {
    Text,
    Json,
    Sarif(Sarif),
}

/// A scan while it is told.
struct Telling<'a> {
    around: &'a Surroundings,
    fail_on: FailOn,
    standings: Standings,
    shape: Shape,
    extent: Arc<Extent>,
    failed: bool,
    /// Whether a line that says how far it is stands on the terminal.
    painted: bool,
}

impl Telling<'_> {
    fn file(&mut self, told: &scan::Told, terminal: &mut Terminal<'_>) -> Result<(), Error> {
        let judged = self.standings.judge(told);
        self.failed |= self.fail_on.meets(&judged);
        let silent = matches!(self.shape, Shape::Text) && !is_worth_a_line(&judged);
        if std::mem::take(&mut self.painted) && !silent {
            terminal.progress(&progress::nothing());
        }
        match &mut self.shape {
            Shape::Json => terminal.json(&object(&judged)),
            Shape::Sarif(sarif) => sarif.tell(&judged, &self.standings, terminal),
            Shape::Text if silent => Ok(()),
            Shape::Text => people::tell(&judged, self.around.colours, terminal),
        }
    }

    fn moment(&mut self, totals: &Totals, last: Option<&Path>, terminal: &mut Terminal<'_>) {
        if self.around.progress {
            let line = progress::line(totals, &self.extent, last, self.around.columns);
            terminal.progress(&line);
            self.painted = true;
        }
    }

    fn end(
        &self,
        args: &Args,
        totals: &Totals,
        terminal: &mut Terminal<'_>,
    ) -> Result<Exit, Error> {
        if self.around.progress {
            terminal.progress(&progress::nothing());
        }
        let whole = !totals.stopped;
        // half a scan is no baseline
        if whole {
            self.standings.write()?;
        }
        if args.looking.registered.is_some() {
            people::tell_enrolled(&totals.enrolled, terminal);
        }
        let exit = ended(args, totals, self.failed);
        let sum = self.standings.sum(whole);
        match &self.shape {
            Shape::Text => {
                people::sum_up(totals, self.standings.passed_over(), terminal)?;
                sum.map_or(Ok(()), |sum| terminal.say(&sum))?;
            }
            Shape::Json => sum.iter().for_each(|sum| terminal.note(sum)),
            Shape::Sarif(sarif) => {
                sarif.end(totals, exit, terminal)?;
                sum.iter().for_each(|sum| terminal.note(sum));
            }
        }
        self.standings.tell_entries(whole, terminal);
        if totals.stopped {
            return Ok(terminal.complain(&Error::Interrupted));
        }
        Ok(exit)
    }
}

fn ended(args: &Args, totals: &Totals, failed: bool) -> Exit {
    if totals.stopped
        || (args.strict
            && (totals.partial + totals.unread > 0 || !totals.enrolled.missed.is_empty()))
    {
        return Exit::Failed;
    }
    Exit::of_check(!failed)
}

/// A file as programs read it.
fn object(judged: &Judged<'_>) -> Value {
    let mut object = json!(judged.told);
    put(&mut object, "verdict", json!(judged.verdict()));
    let Some(fields) = object.as_object_mut() else {
        return object;
    };
    fields.remove("beside");
    let findings = fields.get_mut("findings").and_then(Value::as_array_mut);
    let standings = judged.standings.iter().zip(&judged.digests);
    for (finding, (standing, digest)) in findings.into_iter().flatten().zip(standings) {
        match standing {
            Standing::New => {}
            Standing::Known => put(finding, "known", true.into()),
            Standing::Suppressed(says) => {
                let mut why = json!({ "reason": says.reason, "until": says.until.to_string() });
                if let Some(by) = &says.by {
                    put(&mut why, "by", by.as_str().into());
                }
                put(finding, "suppressed", why);
            }
        }
        if let Some(digest) = digest {
            put(finding, "digest", digest.as_str().into());
        }
    }
    object
}

/// Gives an object a field.
fn put(object: &mut Value, field: &str, value: Value) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(field.to_owned(), value);
    }
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
    // WHY only now: each worker would read the scanned pages of all registered documents again, before any file
    let eyes = looking.eyes()?;
    let reads = eyes.as_ref().map(Tesseract::kind);
    limits.ocr = eyes.map(|eyes| Arc::new(eyes) as Arc<dyn Ocr>);
    let salts = args.salt.clone();
    let kind = format!(
        "{} {limits:?} {reads:?} {texts:?} {salts:?}",
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
        salts,
    };
    match &args.stdin {
        Some(name) => worker::work_on_stream(&work, name, input, output),
        None => worker::work(&work, input, output),
    }
    .map_err(Error::Output)?;
    Ok(Exit::Fine)
}

/// Whether a file is worth a line to people.
fn is_worth_a_line(judged: &Judged<'_>) -> bool {
    let report = &judged.told.report;
    report.status != Status::Read || !(report.findings.is_empty() || judged.only_passed_over())
}
