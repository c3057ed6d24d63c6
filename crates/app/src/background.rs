//! What a running server does by itself: places log entries, works off clocks, sweeps what has ended.

use crate::{App, limits};
use std::time::Duration;
use tokio::{sync::watch, time};

const SEQUENCE_EVERY: Duration = Duration::from_millis(500);
const TELL_EVERY: Duration = Duration::from_secs(2);
const TICK_EVERY: Duration = Duration::from_secs(1);
const REASSESS_EVERY: Duration = Duration::from_secs(60);
const SWEEP_EVERY: Duration = Duration::from_secs(600);
const UPLOADS_EVERY: Duration = Duration::from_secs(3600);

impl App {
    /// Runs until `stop` says true, then places what is left and returns.
    pub async fn run_background(self, stop: watch::Receiver<bool>) {
        let (over, ended) = watch::channel(false);
        let mut stops = stop.clone();
        let listening = async {
            // WHY: who listens would hold up the end of the server until it is cut off
            drop(stops.wait_for(|stopped| *stopped).await);
            self.inner.watchers.close();
        };
        let jobs = async {
            self.clone().run_jobs(stop).await;
            // WHY: what the last job did is to have its place in the log
            over.send_replace(true);
        };
        // WHY by itself: telling very many pages takes time, and the log and the deadlines do not wait for it
        let telling = self.clone().run_telling(ended.clone());
        tokio::join!(self.clone().run_rhythms(ended), telling, jobs, listening);
    }

    async fn run_telling(self, mut stop: watch::Receiver<bool>) {
        let mut tell = time::interval(TELL_EVERY);
        tell.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = tell.tick() => note("telling pages", self.tell_pages().await.err()),
                changed = stop.changed() => {
                    if changed.is_err() || *stop.borrow() {
                        return;
                    }
                }
            }
        }
    }

    async fn run_rhythms(self, mut stop: watch::Receiver<bool>) {
        let mut sequence = time::interval(SEQUENCE_EVERY);
        let mut tick = time::interval(TICK_EVERY);
        let mut reassess = time::interval(REASSESS_EVERY);
        let mut sweep = time::interval(SWEEP_EVERY);
        // the first round of each comes at once
        let mut uploads = time::interval(UPLOADS_EVERY);
        for rhythm in [
            &mut sequence,
            &mut tick,
            &mut reassess,
            &mut sweep,
            &mut uploads,
        ] {
            rhythm.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
        }
        loop {
            tokio::select! {
                _ = sequence.tick() => note("sequencer", self.sequence().await.err()),
                _ = tick.tick() => note("clocks", self.tick().await.err()),
                _ = reassess.tick() => note("who decides", self.reassess().await.err()),
                _ = sweep.tick() => note("sweep", self.sweep().await.err()),
                _ = uploads.tick() => note("sweep of uploads", self.sweep_uploads().await.err()),
                changed = stop.changed() => {
                    if changed.is_err() || *stop.borrow() {
                        note("sequencer", self.sequence().await.err());
                        return;
                    }
                }
            }
        }
    }

    async fn sweep(&self) -> Result<(), crate::Error> {
        let now = self.inner.now();
        note("sweep of batches", self.sweep_batches().await.err());
        note("sweep of drafts", self.sweep_drafts().await.err());
        self.transact_anew(move |_, tx| {
            tx.keep().sweep_sessions(now, now - limits::IDLE)?;
            tx.keep().sweep_answers(now - limits::IDEMPOTENCY)?;
            Ok(())
        })
        .await
    }
}

fn note(what: &str, error: Option<crate::Error>) {
    if let Some(error) = error {
        tracing::error!(%error, cause = ?std::error::Error::source(&error), "{what} failed and will try again");
    }
}
