//! Workers that wait for contents, as a server has them: started when they are needed, kept, and replaced where one was
//! lost to a hostile content.

use std::path::Path;
use std::process::Stdio;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use inspect::Cause;

use crate::content::Content;
use crate::pool::{Ended, Worker};
use crate::{Pool, Told};

/// How much longer than its own patience a worker is waited for.
const GRACE: Duration = Duration::from_secs(2);

/// Workers that nobody uses just now. As many work at once as there are calls: who calls limits those.
pub struct Readers {
    pool: Pool,
    free: Mutex<Vec<Worker>>,
}

impl std::fmt::Debug for Readers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Readers")
            .field("pool", &self.pool)
            .finish_non_exhaustive()
    }
}

impl Readers {
    /// None yet; of the pool's workers at most its number of jobs are kept.
    pub fn new(pool: Pool) -> Self {
        Self {
            pool,
            free: Mutex::default(),
        }
    }

    /// Reads a content; waits until that is done. What could not be read stands in the report with its cause.
    pub fn read(&self, content: &Content<'_>) -> Told {
        let waiting = self.free().pop();
        let Some(mut worker) = waiting.or_else(|| self.start()) else {
            return unread(content, Cause::Unreadable);
        };
        let Pool { patience, stop, .. } = &self.pool;
        match worker.ask_content(content, *patience + GRACE, stop) {
            Ok(told) => {
                let mut free = self.free();
                if free.len() < self.pool.jobs.max(1) {
                    free.push(worker);
                }
                told
            }
            Err(Ended::Of(cause)) => unread(content, cause),
            Err(Ended::Stopped) => unread(content, Cause::Unreadable),
        }
    }

    fn start(&self) -> Option<Worker> {
        let started = self.pool.start(&[], Stdio::piped());
        started.ok().map(|(worker, _)| worker)
    }

    fn free(&self) -> MutexGuard<'_, Vec<Worker>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unread(content: &Content<'_>, cause: Cause) -> Told {
    Told::unread(Path::new(content.name), Some(content.size), cause)
}
