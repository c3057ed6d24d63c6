//! One action on many records: each by itself in the background of a server, all in one transaction, and undone,
//! against the same kind of act asked for by 64 clients in the same run.
use crate::{
    actions,
    house::{House, tell},
};
use anyhow::{Context, Result, ensure};
use app::{BulkInput, BulkUndo, BulkView, ImportStart, ListInput};
use domain::JobId;
use serde_json::{Map, Value};
use std::time::{Duration, Instant};
use tokio::{runtime::Runtime, sync::watch, time};

const RECORDS: usize = 10_000;
const RECORDS_ON_A_SERVER: usize = 1_000;
/// As many as may be acted on in one transaction.
const AT_ONCE: usize = 5_000;
const CLIENTS: usize = 64;

pub(crate) fn run(runtime: &Runtime) -> Result<()> {
    for database in testkit::databases()? {
        runtime.block_on(measure(database))?;
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
    let house = House::build(database).await?;
    let (stop, stopped) = watch::channel(false);
    let background = tokio::spawn(house.app.clone().run_background(stopped));
    let acts = actions::rate(&house.app, &house.office, CLIENTS).await?;
    fill(&house, many).await?;
    let told = |what: &str, records: usize, took: Duration| {
        let rate = records as f64 / took.as_secs_f64();
        let what = format!("{name}: {what}");
        tell(&what, rate, "/s", Some(rate / acts), None);
    };

    let begun = Instant::now();
    worked(&house, correct(&house, "甲科", false).await?, many).await?;
    told(
        &format!("records changed in bulk, {many} each by itself"),
        many,
        begun.elapsed(),
    );
    let half = many.min(AT_ONCE);
    let begun = Instant::now();
    let done = worked(&house, correct(&house, "乙科", true).await?, half).await?;
    told(
        &format!("records tried and changed in one transaction, {half}"),
        half,
        begun.elapsed(),
    );
    let begun = Instant::now();
    let undone = house
        .app
        .undo_bulk(&house.office, done, BulkUndo::default());
    worked(&house, undone.await?, half).await?;
    told(&format!("the same undone, {half}"), half, begun.elapsed());
    stop.send_replace(true);
    background.await?;
    Ok(())
}

/// Units, the first half 甲科, the second 乙科 as well.
async fn fill(house: &House, many: usize) -> Result<()> {
    let mut text = "名称,部门代码\n".to_owned();
    for row in 0..many {
        let also = if row < many.min(AT_ONCE) {
            "乙科"
        } else {
            ""
        };
        text.push_str(&format!("甲科{also}{row},K{row}\n"));
    }
    let who = &house.office;
    let room = house.app.import_room(who, "unit").await?;
    let file = ("units.csv", text.into_bytes(), room);
    let id = house.app.begin_import(who, "unit", file).await?.id;
    let start = ImportStart::default();
    house.app.start_import(who, id, start).await?;
    while house.app.import(who, id).await?.state == "running" {
        time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// Corrects every unit whose name has these words.
async fn correct(house: &House, words: &str, atomic: bool) -> Result<BulkView> {
    let upper = ("upper".to_owned(), Value::Null);
    let wanted = BulkInput {
        action: "correct".to_owned(),
        list: Some(ListInput {
            q: Some(words.to_owned()),
            ..ListInput::default()
        }),
        input: Map::from_iter([upper]),
        comment: Some("测量".to_owned()),
        atomic,
        ..BulkInput::default()
    };
    Ok(house.app.bulk(&house.office, "unit", wanted).await?)
}

/// Waits until it is worked off, on every record.
async fn worked(house: &House, bulk: BulkView, many: usize) -> Result<JobId> {
    let id = bulk.id.context("it was kept")?;
    loop {
        let bulk = house.app.bulk_act(&house.office, id).await?;
        if bulk.state != "running" {
            let done = bulk.counts.get("done").copied().unwrap_or_default();
            ensure!(
                usize::try_from(done)? == many,
                "{} {:?}",
                bulk.state,
                bulk.counts
            );
            return Ok(id);
        }
        time::sleep(Duration::from_millis(50)).await;
    }
}
