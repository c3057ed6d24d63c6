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

/// Starts the readers; their queue, and the threads to wait for.
pub(super) fn start(
    files: &Files<'_>,
    closing: &Arc<Mutex<()>>,
) -> Result<(mpsc::Sender<Work>, Threads), Error> {
    let mut readers = Vec::new();
    for _ in 0..limits::READERS {
        readers.push(Reader::open(files)?);
    }
    let idle = Arc::new(Idle(Mutex::new(readers)));
    let mut threads = Threads::default();
    let (send, queue) = mpsc::channel(limits::READ_QUEUE);
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
    Ok((send, threads))
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
        if self.main.execute_batch("BEGIN DEFERRED").is_err() {
            tracing::error!("a reader could not begin");
            return None;
        }
        let mut keys = Keys::default();
        let tx = Tx::new(Link::Lite(&self.main), &mut keys);
        work.run(&mut tx.with_key_file(&self.keys).of_reader());
        let end = self.main.execute_batch("ROLLBACK");
        Some(end.map_err(Error::from_sqlite))
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
