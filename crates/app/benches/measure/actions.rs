//! Durable actions per second at 1, 16 and 64 clients: `App::perform` of a small new record, from
//! permission to sealed version and log entry, against the bare store's group commit of as many bytes
//! in the same run, round by round in turn. `RUPING_TEST_POSTGRES` adds the same on `PostgreSQL`.
use crate::house::{House, percentile, request, tell};
use anyhow::{Result, bail};
use app::{App, Caller};
use domain::{EntryId, Timestamp};
use serde_json::json;
use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, Instant},
};
use store::{EntryDraft, Store};
use tokio::{runtime::Runtime, sync::watch};

const CLIENTS: [usize; 3] = [1, 16, 64];
/// Many short rounds in turn, for the disk of a machine is faster at one time than at another.
const ROUNDS: usize = 9;
const ROUND: Duration = Duration::from_millis(1000);
/// Records registered to learn how many bytes one takes.
const SAMPLE: usize = 1000;
/// Only the ratio at the largest number of clients has a floor.
const FLOOR: &str = "ratio >= 0.3";

pub(crate) fn run(runtime: &Runtime) -> Result<()> {
    // WHY: a database on a server is made and dropped by a client that may not run inside a runtime
    let databases = testkit::databases()?.into_iter().zip(testkit::databases()?);
    let bytes = runtime.block_on(bytes_per_action())?;
    tell(
        "bytes an action makes durable",
        bytes as f64,
        "B",
        None,
        None,
    );
    for (database, other) in databases {
        runtime.block_on(measure(database, &other, bytes))?;
    }
    Ok(())
}

/// Measures one database, with the work in the background going on as in a server.
async fn measure(
    database: testkit::Database,
    other: &testkit::Database,
    bytes: usize,
) -> Result<()> {
    let embedded = database.url().is_none();
    let name = if embedded { "sqlite" } else { "postgres" };
    let house = House::build(database).await?;
    let folder = tempfile::tempdir()?;
    let bare = crate::house::bare(other, folder.path())?;
    let (stop, stopped) = watch::channel(false);
    let background = tokio::spawn(house.app.clone().run_background(stopped));
    for clients in CLIENTS {
        let (mut ours, mut peer) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            peer.push(commits(&bare, clients, bytes).await?);
            ours.push(actions(&house.app, &house.office, clients).await?);
        }
        let (ours, peer) = (middle(ours), middle(peer));
        let floor = (clients == 64 && embedded).then_some(FLOOR);
        let tell = |what: &str, value, unit, peer: Option<f64>, floor| {
            let what = format!("{name}: {what}, {clients} clients");
            tell(&what, value, unit, peer.map(|peer| value / peer), floor);
        };
        tell("bare store commits", peer.rate, "/s", Some(peer.rate), None);
        tell("durable actions", ours.rate, "/s", Some(peer.rate), floor);
        tell(
            "bare commit p99",
            peer.p99_ms,
            "ms",
            Some(peer.p99_ms),
            None,
        );
        tell("action p50", ours.p50_ms, "ms", Some(peer.p50_ms), None);
        tell("action p99", ours.p99_ms, "ms", Some(peer.p99_ms), None);
    }
    stop.send_replace(true);
    background.await?;
    Ok(())
}

/// What one round found.
#[derive(Clone, Copy)]
struct Round {
    rate: f64,
    p50_ms: f64,
    p99_ms: f64,
}

/// The round in the middle by its rate.
fn middle(mut rounds: Vec<Round>) -> Round {
    rounds.sort_by(|one, other| one.rate.total_cmp(&other.rate));
    rounds.get(rounds.len() / 2).copied().unwrap_or(Round {
        rate: 0.0,
        p50_ms: 0.0,
        p99_ms: 0.0,
    })
}

/// How much the files of the database grow by one action, indexes and pages included.
async fn bytes_per_action() -> Result<usize> {
    let mut sizes = Vec::new();
    for batches in [0, SAMPLE / 50] {
        let house = House::build(testkit::Database::Sqlite).await?;
        for _ in 0..batches {
            let acts = (0..50).map(|_| {
                let (app, caller) = (house.app.clone(), house.office.clone());
                tokio::spawn(async move { act(&app, &caller).await })
            });
            for one in acts.collect::<Vec<_>>() {
                one.await??;
            }
        }
        sizes.push(house.close()?);
    }
    let [empty, full] = sizes.as_slice() else {
        bail!("two sizes")
    };
    Ok(usize::try_from(full.saturating_sub(*empty))? / SAMPLE)
}

/// Adds a small record: a name that is searched for, a choice and a text. WHY not a unit: units have a deadline.
async fn act(app: &App, caller: &Caller) -> Result<()> {
    static NUMBER: AtomicI64 = AtomicI64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let input = json!({
        "name": format!("第{number}版评价标准"), "layer": "unit", "basis": "保密自查自评工作规则",
    });
    app.perform(caller, request("evaluation_edition", "add", input))
        .await?;
    Ok(())
}

/// Acts a second, in one round.
pub(crate) async fn rate(app: &App, caller: &Caller, clients: usize) -> Result<f64> {
    Ok(actions(app, caller, clients).await?.rate)
}

async fn actions(app: &App, caller: &Caller, clients: usize) -> Result<Round> {
    let (app, caller) = (app.clone(), caller.clone());
    round(clients, move || {
        let (app, caller) = (app.clone(), caller.clone());
        async move { act(&app, &caller).await }
    })
    .await
}

/// One row of as many bytes as an action makes durable, in a transaction of its own.
async fn commits(store: &Store, clients: usize, bytes: usize) -> Result<Round> {
    let store = store.clone();
    round(clients, move || {
        let store = store.clone();
        async move {
            static NUMBER: AtomicI64 = AtomicI64::new(0);
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let mut random = [0; 10];
            let (low, _) = random.split_at_mut(8);
            low.copy_from_slice(&number.to_be_bytes());
            let at = Timestamp::from_millisecond(1_000 + number)?;
            let row = EntryDraft {
                id: EntryId::new(at, random),
                body: vec![0x5a; bytes],
                record: None,
                at,
            };
            let done: Result<(), store::Error> = store.transact(move |tx| tx.witness(&row)).await;
            Ok(done?)
        }
    })
    .await
}

/// As many clients as asked for, each of which waits for its answer before it asks again.
async fn round<F, W>(clients: usize, work: W) -> Result<Round>
where
    W: Fn() -> F + Clone + Send + 'static,
    F: Future<Output = Result<()>> + Send + 'static,
{
    let start = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..clients {
        let work = work.clone();
        tasks.push(tokio::spawn(async move {
            let mut took = Vec::new();
            while start.elapsed() < ROUND {
                let asked = Instant::now();
                work().await?;
                took.push(asked.elapsed());
            }
            anyhow::Ok(took)
        }));
    }
    let mut took = Vec::new();
    for task in tasks {
        took.extend(task.await??);
    }
    let seconds = start.elapsed().as_secs_f64();
    took.sort_unstable();
    Ok(Round {
        rate: took.len() as f64 / seconds,
        p50_ms: percentile(&took, 50),
        p99_ms: percentile(&took, 99),
    })
}
