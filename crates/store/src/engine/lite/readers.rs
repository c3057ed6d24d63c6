//! The readers of the embedded database: as many threads as connections, each read on the connection
//! that was used last. WHY: a connection has its own cache of pages, and a page that is not in it has
//! to be read, checked and decrypted; taken in turn, every connection would have to come to know every
//! list.

use super::{Files, close, connect, flags};
use crate::{
    Error,
    engine::{Keys, Link, Threads, Tx, Work, key_file::KeyFile},
    limits,
};
use rusqlite::Connection;
use std::{
    sync::{Arc, Mutex, PoisonError},
    thread,
};
use tokio::sync::mpsc;

/// The queues of the readers, and the threads to wait for.
pub(super) struct Started {
    pub(super) reads: mpsc::Sender<Work>,
    pub(super) glances: mpsc::Sender<Work>,
    pub(super) threads: Threads,
}

/// Starts the readers.
pub(super) fn start(files: &Files<'_>, closing: &Arc<Mutex<()>>) -> Result<Started, Error> {
    let mut readers = Vec::new();
    for _ in 0..limits::READERS {
        readers.push(Reader::open(files)?);
    }
    let idle = Arc::new(Idle(Mutex::new(readers)));
    let mut threads = Threads::default();
    let (reads, queue) = mpsc::channel(limits::READ_QUEUE);
    let queue = Arc::new(Mutex::new(queue));
    for number in 0..limits::READERS {
        let (queue, idle, closing) = (Arc::clone(&queue), Arc::clone(&idle), Arc::clone(closing));
        let work = move || {
            read_loop(&idle, &queue);
            close(&closing, idle.take());
        };
        threads.push(
            thread::Builder::new()
                .name(format!("store-reader-{number}"))
                .spawn(work)?,
        );
    }
    let (glances, queue) = mpsc::channel(limits::READ_QUEUE);
    let reader = Reader::open(files)?;
    let closing = Arc::clone(closing);
    let work = move || {
        glance_loop(&reader, queue);
        close(&closing, reader);
    };
    threads.push(
        thread::Builder::new()
            .name("store-glances".into())
            .spawn(work)?,
    );
    Ok(Started {
        reads,
        glances,
        threads,
    })
}

/// One thread for the answers to acts, as there is one for the acts. WHY: they come in groups, and
/// share a transaction and its pages; more threads would only keep the writer from its processor.
fn glance_loop(reader: &Reader, mut queue: mpsc::Receiver<Work>) {
    while let Some(first) = queue.blocking_recv() {
        // INVARIANT: taken out before the transaction begins, so that each sees what was committed
        // when it was asked
        let mut group = vec![first];
        while group.len() < limits::BATCH
            && let Ok(more) = queue.try_recv()
        {
            group.push(more);
        }
        reader.run_together(group);
    }
}

fn read_loop(idle: &Idle<Reader>, queue: &Mutex<mpsc::Receiver<Work>>) {
    loop {
        let next = match queue.lock() {
            Ok(mut queue) => queue.blocking_recv(),
            Err(_) => None,
        };
        let Some(mut work) = next else { return };
        // INVARIANT: no thread has more than one connection, so there is one for each
        let Some(reader) = idle.take() else { return };
        let read = reader.run(&mut work);
        // before the answer, after which its asker may have another question
        idle.put(reader);
        if let Some(done) = read {
            work.tell(done);
        }
    }
}

struct Reader {
    main: Connection,
    keys: KeyFile,
}

impl Reader {
    fn open(files: &Files<'_>) -> Result<Self, Error> {
        let main = connect(files.main, files.key, flags(false))?;
        main.execute_batch("PRAGMA query_only = ON")
            .map_err(Error::from_sqlite)?;
        let keys = KeyFile::open_reader(files.keys, files.key)?;
        Ok(Self { main, keys })
    }

    /// Runs a request in a transaction that is taken back; none if it could not begin.
    fn run(&self, work: &mut Work) -> Option<Result<(), Error>> {
        if !self.begin() {
            return None;
        }
        self.ask(work);
        Some(self.end())
    }

    /// Runs requests in one transaction, and tells each what it found at once.
    fn run_together(&self, group: Vec<Work>) {
        if !self.begin() {
            return;
        }
        for mut work in group {
            self.ask(&mut work);
            work.tell(Ok(()));
        }
        if let Err(error) = self.end() {
            tracing::error!(%error, "a reader could not end");
        }
    }

    fn begin(&self) -> bool {
        let begun = self.main.execute_batch("BEGIN DEFERRED").is_ok();
        if !begun {
            tracing::error!("a reader could not begin");
        }
        begun
    }

    fn ask(&self, work: &mut Work) {
        let mut keys = Keys::default();
        let tx = Tx::new(Link::Lite(&self.main), &mut keys);
        work.run(&mut tx.with_key_file(&self.keys).of_reader());
    }

    fn end(&self) -> Result<(), Error> {
        self.main
            .execute_batch("ROLLBACK")
            .map_err(Error::from_sqlite)
    }
}

/// What is not in use; what was put back last is taken first.
struct Idle<C>(Mutex<Vec<C>>);

impl<C> Idle<C> {
    fn take(&self) -> Option<C> {
        self.stack().pop()
    }

    fn put(&self, one: C) {
        self.stack().push(one);
    }

    fn stack(&self) -> std::sync::MutexGuard<'_, Vec<C>> {
        // each change of the stack is whole
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_last_is_used_next() {
        let idle = Idle(Mutex::new(vec!["cold", "cool", "warm"]));
        let (warm, cool) = (idle.take().unwrap(), idle.take().unwrap());
        assert_eq!((warm, cool), ("warm", "cool"));
        idle.put(warm);
        idle.put(cool);
        assert_eq!(idle.take(), Some("cool"));
        idle.put("cool");
        assert_eq!(idle.take(), Some("cool"), "and again");
        assert_eq!(idle.take(), Some("warm"));
        assert_eq!(idle.take(), Some("cold"));
        assert_eq!(idle.take(), None);
    }
}
