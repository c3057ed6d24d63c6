//! A definition that changes: 100,000 records carried over in the background of a server, which ends in the
//! middle and starts again, against the acts that made them.

use crate::house::{House, request, tell};
use anyhow::{Context, Result, ensure};
use app::{ListInput, Packs};
use serde_json::json;
use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::{runtime::Runtime, sync::watch, time};

const RECORDS: usize = 100_000;
const RECORDS_ON_A_SERVER: usize = 5_000;
const CLIENTS: usize = 64;

/// What the records are made under.
const BEFORE: &str = include_str!("slip.toml");

pub(crate) fn run(runtime: &Runtime) -> Result<()> {
    for database in testkit::databases()? {
        runtime.block_on(measure(database))?;
    }
    Ok(())
}

/// A field with another key, one that is worked out, and a state with another name.
fn after() -> String {
    let text = BEFORE
        .replace("key = \"slip\"\n", "key = \"slip\"\nversion = 2\n")
        .replace("\"remark\"", "\"note\"")
        .replace("\"kept\"", "\"filed\"");
    text + "\n[[field]]\nkey = \"long\"\nname = { zh = \"较长\", en = \"Long\" }\ntype = \"bool\"\n\n[[migrate]]\nfrom = 1\n\
            rename = { remark = \"note\" }\nset = { long = \"size(text) > 8\" }\nstates = { kept = \"filed\" }\n"
}

/// The shipped packs with this register.
fn packs(text: &str) -> Result<TempDir> {
    let folder = tempfile::tempdir()?;
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    copy(&shipped, folder.path())?;
    fs::write(folder.path().join("base/registers/slip.toml"), text)?;
    Ok(folder)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let there = to.join(path.file_name().context("a name")?);
        if path.is_dir() {
            copy(&path, &there)?;
        } else {
            fs::copy(&path, &there)?;
        }
    }
    Ok(())
}

async fn measure(database: testkit::Database) -> Result<()> {
    let embedded = database.url().is_none();
    let (name, many) = if embedded {
        ("sqlite", RECORDS)
    } else {
        ("postgres", RECORDS_ON_A_SERVER)
    };
    let old = packs(BEFORE)?;
    let house = House::build(database).await?;
    let house = house
        .reopen_under(Packs::OfTest(old.path().to_owned()))
        .await?;
    let begun = Instant::now();
    fill(&house, many).await?;
    let acts = many as f64 / begun.elapsed().as_secs_f64();

    let new = packs(&after())?;
    let new = || Packs::OfTest(new.path().to_owned());
    let mut house = house.reopen_under(new()).await?;
    let mut took = Duration::ZERO;
    // the server ends when it has done half of them, and goes on from there
    for goal in [many / 2, many] {
        let (stop, stopped) = watch::channel(false);
        let begun = Instant::now();
        let background = tokio::spawn(house.app.clone().run_background(stopped));
        while carried(&house).await? < goal {
            // counting takes time from who works
            time::sleep(Duration::from_millis(500)).await;
        }
        stop.send_replace(true);
        background.await?;
        took += begun.elapsed();
        if goal < many {
            house = house.reopen_under(new()).await?;
        }
    }
    let rate = many as f64 / took.as_secs_f64();
    let what = format!("{name}: records carried over, {many}, by a server that ends half way");
    tell(&what, rate, "/s", Some(rate / acts), None);
    each_once(&house, many).await
}

async fn fill(house: &House, many: usize) -> Result<()> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut tasks = Vec::new();
    for _ in 0..CLIENTS {
        let (app, caller, next) = (house.app.clone(), house.office.clone(), Arc::clone(&next));
        tasks.push(tokio::spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= many {
                    return Ok::<(), app::Error>(());
                }
                let input = json!({ "text": format!("便笺{number}"), "remark": "备注" });
                app.perform(&caller, request("slip", "write", input))
                    .await?;
            }
        }));
    }
    for task in tasks {
        task.await??;
    }
    Ok(())
}

/// How many stand in the state that only the new definition knows.
async fn carried(house: &House) -> Result<usize> {
    let list = ListInput {
        filter: Some("state:filed".to_owned()),
        count: Some("exact".to_owned()),
        limit: Some(1),
        ..ListInput::default()
    };
    let page = house.app.list(&house.office, "slip", list).await?;
    Ok(usize::try_from(page.total.unwrap_or_default())?)
}

/// Every record was carried over, and none twice.
async fn each_once(house: &House, many: usize) -> Result<()> {
    let store = house.store()?;
    let (mut after, mut carried, mut last) = (None, 0, None);
    loop {
        let page = store
            .read(move |tx| tx.versions_after(after, 1_000))
            .await?;
        let Some(end) = page.last() else {
            break;
        };
        after = Some((end.record, end.version));
        for version in page.iter().filter(|version| version.action == "carry_over") {
            ensure!(last != Some(version.record), "{} twice", version.record);
            last = Some(version.record);
            carried += 1;
        }
    }
    ensure!(carried == many, "{carried} of {many} were carried over");
    Ok(())
}
