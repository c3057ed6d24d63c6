//! Several workers at once, each with one file at a time; one that takes too long or falls over is replaced.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use inspect::Cause;

use crate::content::Content;
use crate::{Enrolment, Item, Told, Totals, path};

/// How much longer than its own patience a worker is waited for.
const GRACE: Duration = Duration::from_secs(2);
/// How long a worker may prepare: rules are built, and registered documents are read.
const PREPARES: Duration = Duration::from_secs(900);
/// So many files may be read ahead of one that takes long, for they are told in order.
const AHEAD: u64 = 256;

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
        mut each: impl FnMut(&Told, &Totals) -> Result<(), E>,
    ) -> Result<Totals, E> {
        let queue = Queue::new(items);
        thread::scope(|scope| {
            let (done, results) = sync_channel::<Done>(self.jobs.max(1));
            for _ in 0..self.jobs.max(1) {
                let (done, queue) = (done.clone(), &queue);
                scope.spawn(move || self.serve(queue, &done));
            }
            drop(done);
            let told = in_order(&results, &queue, &mut each);
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
                Item::Unreadable(path) => Told::unread(&path, None, Cause::Unreadable),
                Item::Special(path) => Told::unread(&path, None, Cause::NotAFile),
                Item::Link(path) => {
                    if done.send((turn, Outcome::Link(path))).is_err() {
                        return;
                    }
                    continue;
                }
            };
            if done.send((turn, Outcome::Told(Box::new(told)))).is_err() {
                return;
            }
        }
    }

    fn read<I: Iterator<Item = Item>>(
        &self,
        worker: &mut Option<Worker>,
        path: &Path,
        size: u64,
        queue: &Queue<I>,
    ) -> Told {
        if worker.is_none()
            && let Ok((started, enrolled)) = self.start()
        {
            *worker = Some(started);
            queue.state().enrolled = enrolled;
        }
        let Some(busy) = worker.as_mut() else {
            return Told::unread(path, Some(size), Cause::Unreadable);
        };
        let cause = match busy.ask(path, self.patience + GRACE) {
            Ok(told) => return told,
            Err(cause) => cause,
        };
        *worker = None;
        Told::unread(path, Some(size), cause)
    }

    /// Starts a worker; it is ready when this returns.
    pub(crate) fn start(&self) -> std::io::Result<(Worker, Enrolment)> {
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // WHY: what a library complains about may quote the file
            .stderr(Stdio::null())
            .spawn()?;
        let said = child.stdout.take().ok_or(std::io::ErrorKind::BrokenPipe)?;
        let (line, answers) = sync_channel(1);
        // ends with the worker, or when nobody waits for its answers any more
        thread::spawn(move || {
            BufReader::new(said)
                .lines()
                .map_while(Result::ok)
                .all(|said| line.send(said).is_ok())
        });
        let worker = Worker { child, answers };
        match worker.answers.recv_timeout(PREPARES) {
            Ok(line) => Ok((worker, serde_json::from_str(&line)?)),
            Err(_) => Err(std::io::ErrorKind::TimedOut.into()),
        }
    }
}

/// A program that reads files, as seen from here.
pub(crate) struct Worker {
    child: Child,
    answers: Receiver<String>,
}

impl Worker {
    fn ask(&mut self, path: &Path, patience: Duration) -> Result<Told, Cause> {
        let line = path::to_line(path) + "\n";
        self.ask_with(&[line.as_bytes()], patience)
    }

    /// The same for a content that lies in no file.
    pub(crate) fn ask_content(
        &mut self,
        content: &Content<'_>,
        patience: Duration,
    ) -> Result<Told, Cause> {
        let head = content.head();
        self.ask_with(&[head.as_bytes(), content.bytes], patience)
    }

    fn ask_with(&mut self, words: &[&[u8]], patience: Duration) -> Result<Told, Cause> {
        // WHY not on a thread: a worker reads what it is given before it begins; one that does not has ended
        let asked = self.child.stdin.as_mut().map(|to| {
            words.iter().try_for_each(|part| to.write_all(part))?;
            to.flush()
        });
        if !matches!(asked, Some(Ok(()))) {
            return Err(self.ended());
        }
        match self.answers.recv_timeout(patience) {
            Ok(line) => serde_json::from_str(&line).map_err(|_| Cause::Damaged),
            Err(RecvTimeoutError::Timeout) => Err(Cause::Time),
            Err(RecvTimeoutError::Disconnected) => Err(self.ended()),
        }
    }

    fn ended(&mut self) -> Cause {
        self.child.wait().map_or(Cause::Damaged, cause_of)
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

/// Tells of what is done, each in its turn.
fn in_order<I: Iterator<Item = Item>, E>(
    results: &Receiver<Done>,
    queue: &Queue<I>,
    each: &mut impl FnMut(&Told, &Totals) -> Result<(), E>,
) -> Result<Totals, E> {
    let mut totals = Totals::default();
    let mut waiting = BTreeMap::new();
    let mut turn = 0;
    for (at, outcome) in results {
        waiting.insert(at, outcome);
        while let Some(outcome) = waiting.remove(&turn) {
            turn += 1;
            match outcome {
                Outcome::Link(path) => totals.links.push(path),
                Outcome::Told(told) => {
                    totals.count(&told);
                    each(&told, &totals)?;
                }
            }
        }
        queue.told(turn);
    }
    totals.enrolled = queue.state().enrolled.clone();
    Ok(totals)
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
