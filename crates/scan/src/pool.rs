//! Several workers at once, each with one file at a time; one that takes too long or falls over is replaced.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use inspect::Cause;

use crate::content::Content;
use crate::{Enrolment, Item, Told, Totals, path};

/// How much longer than its own patience a worker is waited for.
const GRACE: Duration = Duration::from_secs(2);
/// What workers have of the environment: where programs lie, and the data of tesseract.
const KEPT: [&str; 4] = ["PATH", "TESSDATA_PREFIX", "SystemRoot", "TMPDIR"];
/// How long a worker may prepare: rules are built, and registered documents are read.
const PREPARES: Duration = Duration::from_secs(900);
/// So many files may be read ahead of one that takes long, for they are told in order.
const AHEAD: u64 = 256;
/// So often somebody who waits is told how far it is, and it is looked whether somebody ended the scan.
const TICK: Duration = Duration::from_millis(100);
/// The words that make a worker read its standard input.
const STDIN: &str = "--stdin";

/// Workers and how they are started.
#[derive(Debug)]
pub struct Pool {
    /// The program, with the arguments that make it a worker.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// How many work at once.
    pub jobs: usize,
    /// How long a file may take.
    pub patience: Duration,
    /// Set when the scan is to end before all is read: what is being read is left, what was read is told.
    pub stop: Arc<AtomicBool>,
}

/// What a scan says while it goes on.
#[derive(Debug)]
pub enum Event<'a> {
    /// A file was read.
    Told(&'a Told, &'a Totals),
    /// A moment has gone by; this is what was begun last.
    Moment(&'a Totals, Option<&'a Path>),
}

/// What came of an item, and its turn.
type Done = (u64, Outcome);

enum Outcome {
    Told(Box<Told>),
    Link(PathBuf),
}

impl Pool {
    /// Reads all files and tells of each, in the order in which they come.
    ///
    /// # Errors
    /// `each` failed: nobody listens any more.
    pub fn run<E>(
        &self,
        items: impl Iterator<Item = Item> + Send,
        mut each: impl FnMut(Event<'_>) -> Result<(), E>,
    ) -> Result<Totals, E> {
        let queue = Queue::new(items);
        thread::scope(|scope| {
            let (done, results) = sync_channel::<Done>(self.jobs.max(1));
            for _ in 0..self.jobs.max(1) {
                let (done, queue) = (done.clone(), &queue);
                scope.spawn(move || self.serve(queue, &done));
            }
            drop(done);
            let told = self.in_order(&results, &queue, &mut each);
            queue.close();
            told
        })
    }

    /// One thread with one worker: takes the next item as long as there are any, and as long as somebody listens.
    fn serve<I: Iterator<Item = Item>>(&self, queue: &Queue<I>, done: &SyncSender<Done>) {
        let mut worker = None;
        while let Some((turn, item)) = queue.take() {
            let told = match item {
                Item::File(path, size) => self.read(&mut worker, &path, size, queue),
                Item::Stdin(name) => self.read_stdin(&name, queue),
                Item::Unreadable(path) => Some(Told::unread(&path, None, Cause::Unreadable)),
                Item::Special(path) => Some(Told::unread(&path, None, Cause::NotAFile)),
                Item::Link(path) => {
                    if done.send((turn, Outcome::Link(path))).is_err() {
                        return;
                    }
                    continue;
                }
            };
            let Some(told) = told else {
                return;
            };
            if done.send((turn, Outcome::Told(Box::new(told)))).is_err() {
                return;
            }
        }
    }

    /// Tells of a file; nothing where the scan was ended before it was read.
    fn read<I: Iterator<Item = Item>>(
        &self,
        worker: &mut Option<Worker>,
        path: &Path,
        size: u64,
        queue: &Queue<I>,
    ) -> Option<Told> {
        if worker.is_none()
            && let Ok((started, enrolled)) = self.start(&[], Stdio::piped())
        {
            *worker = Some(started);
            queue.state().enrolled = enrolled;
        }
        let Some(busy) = worker.as_mut() else {
            return (!self.stopped()).then(|| Told::unread(path, Some(size), Cause::Unreadable));
        };
        let cause = match busy.ask(path, self.patience + GRACE, &self.stop) {
            Ok(told) => return Some(told),
            Err(Ended::Stopped) => return None,
            Err(Ended::Of(cause)) => cause,
        };
        *worker = None;
        Some(Told::unread(path, Some(size), cause))
    }

    /// Tells of what comes in on standard input, which a worker of its own has.
    fn read_stdin<I: Iterator<Item = Item>>(&self, name: &str, queue: &Queue<I>) -> Option<Told> {
        let words = [STDIN.into(), name.into()];
        let told = match self.start(&words, Stdio::inherit()) {
            Ok((mut worker, enrolled)) => {
                queue.state().enrolled = enrolled;
                // its time begins when it has what it inspects at once
                let begun = worker.wait(Duration::MAX, &self.stop);
                begun.and_then(|_| worker.told(self.patience + GRACE, &self.stop))
            }
            Err(_) if self.stopped() => Err(Ended::Stopped),
            Err(_) => Err(Ended::Of(Cause::Unreadable)),
        };
        match told {
            Ok(told) => Some(told),
            Err(Ended::Stopped) => None,
            Err(Ended::Of(cause)) => {
                // WHY: a key that ends the scan ends this worker too, maybe before anybody here knows of it
                thread::park_timeout(TICK);
                (!self.stopped()).then(|| Told::unread(Path::new(name), None, cause))
            }
        }
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Starts a worker; it is ready when this returns.
    pub(crate) fn start(
        &self,
        more: &[OsString],
        input: Stdio,
    ) -> std::io::Result<(Worker, Enrolment)> {
        let mut command = Command::new(&self.program);
        // WHY: a worker reads what strangers made, and what a server was started with may hold its passwords
        command.env_clear().envs(
            KEPT.iter()
                .filter_map(|name| Some((name, std::env::var_os(name)?))),
        );
        command
            .args(&self.arguments)
            .args(more)
            .stdin(input)
            .stdout(Stdio::piped())
            // WHY: what a library complains about may quote the file
            .stderr(Stdio::null());
        // WHY: a key that ends the scan must not end the workers before it; who reads a terminal has to stay before it
        #[cfg(unix)]
        if more.is_empty() {
            std::os::unix::process::CommandExt::process_group(&mut command, 0);
        }
        let mut child = command.spawn()?;
        let said = child.stdout.take().ok_or(std::io::ErrorKind::BrokenPipe)?;
        let (line, answers) = sync_channel(1);
        // ends with the worker, or when nobody waits for its answers any more
        thread::spawn(move || {
            BufReader::new(said)
                .lines()
                .map_while(Result::ok)
                .all(|said| line.send(said).is_ok())
        });
        let mut worker = Worker { child, answers };
        match worker.wait(PREPARES, &self.stop) {
            Ok(line) => Ok((worker, serde_json::from_str(&line)?)),
            Err(_) => Err(std::io::ErrorKind::TimedOut.into()),
        }
    }

    /// Tells of what is done, each in its turn.
    fn in_order<I: Iterator<Item = Item>, E>(
        &self,
        results: &Receiver<Done>,
        queue: &Queue<I>,
        each: &mut impl FnMut(Event<'_>) -> Result<(), E>,
    ) -> Result<Totals, E> {
        let mut totals = Totals::default();
        let mut waiting = BTreeMap::new();
        let mut turn = 0;
        let mut tick = Instant::now() + TICK;
        loop {
            match results.recv_timeout(tick.saturating_duration_since(Instant::now())) {
                Ok((at, outcome)) => {
                    waiting.insert(at, outcome);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            while let Some(outcome) = waiting.remove(&turn) {
                turn += 1;
                outcome.tell(&mut totals, each)?;
            }
            queue.told(turn);
            if Instant::now() >= tick {
                tick = Instant::now() + TICK;
                let last = queue.state().last.clone();
                each(Event::Moment(&totals, last.as_deref()))?;
            }
            if self.stopped() {
                totals.stopped = true;
                queue.close();
            }
        }
        // what was left when the scan was ended has no turn; what came behind it was read and is told
        for outcome in waiting.into_values() {
            outcome.tell(&mut totals, each)?;
        }
        totals.enrolled = queue.state().enrolled.clone();
        Ok(totals)
    }
}

impl Outcome {
    fn tell<E>(
        self,
        totals: &mut Totals,
        each: &mut impl FnMut(Event<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        match self {
            Self::Link(path) => {
                totals.links.push(path);
                Ok(())
            }
            Self::Told(told) => {
                totals.count(&told);
                each(Event::Told(&told, totals))
            }
        }
    }
}

/// A program that reads files, as seen from here.
pub(crate) struct Worker {
    child: Child,
    answers: Receiver<String>,
}

/// Why a worker did not answer.
pub(crate) enum Ended {
    /// The scan was ended.
    Stopped,
    /// It could not.
    Of(Cause),
}

impl Worker {
    fn ask(&mut self, path: &Path, patience: Duration, stop: &AtomicBool) -> Result<Told, Ended> {
        let line = path::to_line(path) + "\n";
        self.ask_with(&[line.as_bytes()], patience, stop)
    }

    /// The same for a content that lies in no file.
    pub(crate) fn ask_content(
        &mut self,
        content: &Content<'_>,
        patience: Duration,
        stop: &AtomicBool,
    ) -> Result<Told, Ended> {
        let head = content.head();
        self.ask_with(&[head.as_bytes(), content.bytes], patience, stop)
    }

    fn ask_with(
        &mut self,
        words: &[&[u8]],
        patience: Duration,
        stop: &AtomicBool,
    ) -> Result<Told, Ended> {
        // WHY not on a thread: a worker reads what it is given before it begins; one that does not has ended
        let asked = self.child.stdin.as_mut().map(|to| {
            words.iter().try_for_each(|part| to.write_all(part))?;
            to.flush()
        });
        if !matches!(asked, Some(Ok(()))) {
            return Err(self.ended());
        }
        self.told(patience, stop)
    }

    fn told(&mut self, patience: Duration, stop: &AtomicBool) -> Result<Told, Ended> {
        let line = self.wait(patience, stop)?;
        serde_json::from_str(&line).map_err(|_| Ended::Of(Cause::Damaged))
    }

    /// Its next line.
    fn wait(&mut self, patience: Duration, stop: &AtomicBool) -> Result<String, Ended> {
        let mut left = patience;
        loop {
            if stop.load(Ordering::Relaxed) {
                return Err(Ended::Stopped);
            }
            let begun = Instant::now();
            match self.answers.recv_timeout(left.min(TICK)) {
                Ok(line) => return Ok(line),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(self.ended()),
            }
            left = left.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return Err(Ended::Of(Cause::Time));
            }
        }
    }

    fn ended(&mut self) -> Ended {
        Ended::Of(self.child.wait().map_or(Cause::Damaged, cause_of))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Why a worker ended on its own: no memory ends a program by an abort, the machine's own guard by a kill.
#[cfg(unix)]
fn cause_of(status: ExitStatus) -> Cause {
    use std::os::unix::process::ExitStatusExt;
    match status.signal() {
        Some(6 | 9) => Cause::Memory,
        _ => Cause::Damaged,
    }
}

#[cfg(not(unix))]
fn cause_of(_status: ExitStatus) -> Cause {
    Cause::Damaged
}

/// What is to be read, in turns. WHY not simply one after the other: while one file takes long, others go on, but only so
/// far, for what is told of them has to be held until its turn.
struct Queue<I> {
    state: Mutex<State<I>>,
    moved: Condvar,
}

struct State<I> {
    items: I,
    next: u64,
    told: u64,
    closed: bool,
    /// What was taken last.
    last: Option<PathBuf>,
    /// What the last worker that began has enrolled; all enrol the same.
    enrolled: Enrolment,
}

impl<I: Iterator<Item = Item>> Queue<I> {
    fn new(items: I) -> Self {
        let state = State {
            items,
            next: 0,
            told: 0,
            closed: false,
            last: None,
            enrolled: Enrolment::default(),
        };
        Self {
            state: Mutex::new(state),
            moved: Condvar::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State<I>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Option<(u64, Item)> {
        let too_far = |state: &mut State<I>| !state.closed && state.next >= state.told + AHEAD;
        let mut state = self
            .moved
            .wait_while(self.state(), too_far)
            .unwrap_or_else(PoisonError::into_inner);
        if state.closed {
            return None;
        }
        let item = state.items.next()?;
        state.next += 1;
        if let Item::File(path, _) = &item {
            state.last = Some(path.clone());
        }
        Some((state.next - 1, item))
    }

    fn told(&self, turns: u64) {
        self.state().told = turns;
        self.moved.notify_all();
    }

    fn close(&self) {
        self.state().closed = true;
        self.moved.notify_all();
    }
}
