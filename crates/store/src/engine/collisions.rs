//! Transactions that are in each other's way on `PostgreSQL`: what is begun anew and what is not. On
//! `SQLite` the one writer is never in its own way.

use super::*;
use crate::limits;
use std::sync::Barrier;
use std::sync::atomic::AtomicU32;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

fn runtime() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

/// Shows something on a store of `PostgreSQL`, where there is one, and on a second handle to it, as
/// another server has one.
fn on_postgresql(show: impl Fn(&Store, &Store)) {
    for database in testkit::databases().unwrap() {
        let Some(url) = database.url() else { continue };
        let options = StoreOptions {
            database: Database::Postgres {
                url: SecretString::new(url),
            },
            create: true,
        };
        show(
            &Store::open(&options).unwrap(),
            &Store::open(&options).unwrap(),
        );
    }
}

/// Says two things in this order; the first time, not before the other has said its first.
#[derive(Clone)]
struct Crossing {
    order: [&'static str; 2],
    meet: Arc<Barrier>,
    begun: Arc<AtomicU32>,
}

impl Crossing {
    fn run(self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let [first, second] = self.order;
        tx.set_meta(first, first)?;
        if self.begun.fetch_add(1, Ordering::Relaxed) == 0 {
            self.meet.wait();
        }
        tx.set_meta(second, first)
    }
}

fn pair() -> [Crossing; 2] {
    let meet = Arc::new(Barrier::new(2));
    [["one", "two"], ["two", "one"]].map(|order| Crossing {
        order,
        meet: Arc::clone(&meet),
        begun: Arc::default(),
    })
}

fn together(pair: [Crossing; 2], run: impl Fn(Crossing) -> Result<(), Error> + Sync) -> usize {
    thread::scope(|scope| {
        let threads = pair.map(|one| scope.spawn(|| run(one)));
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .filter(Result::is_ok)
            .count()
    })
}

#[test]
fn of_two_that_lock_each_other_one_is_begun_anew() {
    on_postgresql(|store, _| {
        let (once, anew) = (pair(), pair());
        let done = together(once, |one| {
            let result = runtime().block_on(store.transact(move |tx| one.run(tx)));
            assert!(
                matches!(result, Ok(()) | Err(Error::Collided)),
                "{result:?}"
            );
            result
        });
        assert_eq!(
            done, 1,
            "they are in each other's way, and one has to give way"
        );
        let begun = anew.clone();
        let done = together(anew, |one| {
            runtime().block_on(store.transact_anew(move |tx| one.run(tx)))
        });
        assert_eq!(done, 2, "nobody is told");
        let begun: u32 = begun
            .iter()
            .map(|one| one.begun.load(Ordering::Relaxed))
            .sum();
        assert_eq!(begun, 3, "one of the two was begun anew");
    });
}

#[test]
fn what_is_always_in_the_way_is_told_and_nothing_is_kept() {
    on_postgresql(|store, _| {
        let begun = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&begun);
        let result = runtime().block_on(store.transact_anew(move |tx| {
            count.fetch_add(1, Ordering::Relaxed);
            tx.set_meta("said", "half")?;
            tx.script("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")
        }));
        assert!(matches!(result, Err(Error::Collided)), "{result:?}");
        assert_eq!(begun.load(Ordering::Relaxed), limits::PG_ATTEMPTS);
        let said = runtime().block_on(store.read(|tx| tx.meta("said")));
        let said: Result<_, Error> = said;
        assert_eq!(said.unwrap(), None);
    });
}

#[test]
fn other_failures_are_not_tried_again() {
    on_postgresql(|store, _| {
        let begun = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&begun);
        let result = runtime().block_on(store.transact_anew(move |tx| {
            count.fetch_add(1, Ordering::Relaxed);
            tx.script("SELECT nonsense")
        }));
        assert!(matches!(result, Err(Error::Postgres(_))), "{result:?}");
        assert_eq!(begun.load(Ordering::Relaxed), 1);
    });
}

#[test]
fn of_two_servers_one_takes_a_job() {
    const JOBS: u8 = 40;
    on_postgresql(|one, other| {
        let now: jiff::Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
        let lease = now + Duration::from_secs(60);
        let put = one.transact(move |tx| {
            for number in 0..JOBS {
                let id = domain::JobId::new(now, [number; 10]);
                tx.enqueue(id, "count", &serde_json::json!({}), now, "test")?;
            }
            Ok::<_, Error>(())
        });
        runtime().block_on(put).unwrap();
        let work = |store: &Store| {
            let mut taken = Vec::new();
            loop {
                let claim = store.transact_anew(move |tx| tx.claim_job(now, lease));
                let claimed: Result<_, Error> = runtime().block_on(claim);
                let Some(job) = claimed.unwrap() else {
                    return taken;
                };
                let end = store.transact(move |tx| {
                    tx.end_job(job.id, job.attempts, "done", &serde_json::json!({}))
                });
                let ended: Result<bool, Error> = runtime().block_on(end);
                assert!(ended.unwrap(), "nobody else had it");
                taken.push(job.id);
            }
        };
        let taken: Vec<_> = thread::scope(|scope| {
            let threads = [one, other, one, other].map(|store| scope.spawn(|| work(store)));
            threads
                .into_iter()
                .flat_map(|thread| thread.join().unwrap())
                .collect()
        });
        let once: std::collections::BTreeSet<_> = taken.iter().copied().collect();
        assert_eq!(
            (taken.len(), once.len()),
            (usize::from(JOBS), usize::from(JOBS))
        );
    });
}
