//! The one thread that writes the key file. WHY: keys have to be durable before the register's commit;
//! while this thread waits for that, the writer of the register encrypts and writes its own pages.

use crate::{
    Error,
    engine::{Keys, Threads, key_file::KeyFile},
};
use std::{
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

enum Ask {
    Stage(Keys, i64),
    Settle(i64),
}

/// Asks the thread, and waits for what it says.
pub(super) struct KeyWriter {
    asks: SyncSender<Ask>,
    answers: Receiver<Result<bool, Error>>,
    // INVARIANT: after the queue, whose end is what ends the thread
    _thread: Threads,
}

/// Keys on their way to the disk.
#[must_use = "the commit has to wait for them"]
pub(super) struct Staging<'k>(Option<&'k KeyWriter>);

impl Staging<'_> {
    /// Whether there is anything to wait for.
    pub(super) fn is_under_way(&self) -> bool {
        self.0.is_some()
    }

    /// Waits until they are durable. Tells whether anything was announced, so that the commit must
    /// carry its number.
    pub(super) fn wait(self) -> Result<bool, Error> {
        self.0.map_or(Ok(false), KeyWriter::answer)
    }
}

impl KeyWriter {
    pub(super) fn start(file: KeyFile) -> Result<Self, Error> {
        let (asks, asked) = sync_channel(1);
        let (say, answers) = sync_channel(1);
        let work = move || {
            for ask in asked {
                let said = match ask {
                    Ask::Stage(keys, batch) => file.stage(&keys, batch),
                    Ask::Settle(committed) => file.settle(committed).map(|()| false),
                };
                if say.send(said).is_err() {
                    return;
                }
            }
        };
        let mut thread = Threads::default();
        thread.push(
            thread::Builder::new()
                .name("store-keys".into())
                .spawn(work)?,
        );
        Ok(Self {
            asks,
            answers,
            _thread: thread,
        })
    }

    /// Before the register's commit, see [`KeyFile::stage`].
    pub(super) fn stage(&self, keys: Keys, batch: i64) -> Result<Staging<'_>, Error> {
        if keys.new.is_empty() && keys.erased.is_empty() {
            return Ok(Staging(None));
        }
        self.ask(Ask::Stage(keys, batch))?;
        Ok(Staging(Some(self)))
    }

    /// After it, see [`KeyFile::settle`].
    pub(super) fn settle(&self, committed: i64) -> Result<(), Error> {
        self.ask(Ask::Settle(committed))?;
        self.answer().map(drop)
    }

    fn ask(&self, ask: Ask) -> Result<(), Error> {
        self.asks.send(ask).map_err(|_| Error::Closed)
    }

    fn answer(&self) -> Result<bool, Error> {
        self.answers.recv().unwrap_or(Err(Error::Closed))
    }
}
