//! Rows of a file that is taken in, from the bytes to the last sealed record, against the same acts asked for by
//! 64 clients in the same run.
use crate::{
    actions,
    house::{House, tell},
};
use anyhow::{Context, Result, ensure};
use app::ImportStart;
use std::time::{Duration, Instant};
use tokio::{runtime::Runtime, sync::watch, time};

/// As many as may be in one file, on the embedded database.
const ROWS: usize = 100_000;
const ROWS_ON_A_SERVER: usize = 2_000;
const CLIENTS: usize = 64;

pub(crate) fn run(runtime: &Runtime) -> Result<()> {
    for database in testkit::databases()? {
        runtime.block_on(measure(database))?;
    }
    Ok(())
}

async fn measure(database: testkit::Database) -> Result<()> {
    let embedded = database.url().is_none();
    let (name, rows) = if embedded {
        ("sqlite", ROWS)
    } else {
        ("postgres", ROWS_ON_A_SERVER)
    };
    let house = House::build(database).await?;
    let (stop, stopped) = watch::channel(false);
    let background = tokio::spawn(house.app.clone().run_background(stopped));
    let acts = actions::rate(&house.app, &house.office, CLIENTS).await?;
    let mut text = "名称,部门代码\n".to_owned();
    for row in 0..rows {
        text.push_str(&format!("第{row}科室,K{row}\n"));
    }
    let (who, begun) = (&house.office, Instant::now());
    let room = house.app.import_room(who, "unit").await?;
    let file = ("units.csv", text.into_bytes(), room);
    let id = house.app.begin_import(who, "unit", file).await?.id;
    let read = begun.elapsed();
    let begun = Instant::now();
    house
        .app
        .start_import(who, id, ImportStart::default())
        .await?;
    let done = loop {
        time::sleep(Duration::from_millis(50)).await;
        let import = house.app.import(who, id).await?;
        if import.state != "running" {
            break import;
        }
    };
    let made = done.counts.get("made").context("nothing was made")?;
    ensure!(usize::try_from(*made)? == rows, "{:?}", done.counts);
    let per_second = |took: Duration| rows as f64 / took.as_secs_f64();
    let what = format!("{name}: rows of a file read and kept");
    tell(&what, per_second(read), "/s", None, None);
    let what = format!("{name}: rows taken in, {rows} in one file");
    let rate = per_second(begun.elapsed());
    tell(&what, rate, "/s", Some(rate / acts), None);
    stop.send_replace(true);
    background.await?;
    Ok(())
}
