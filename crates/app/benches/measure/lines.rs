//! Acts on one line among many: what the record of it costs, against an act on a record without lines in
//! the same run. The record is a self-evaluation with as many items.
use crate::house::{House, object, percentile, request, tell};
use anyhow::{Context, Result, bail};
use app::{Caller, Perform, Performed, RecordView, Target};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

const LINES: [usize; 2] = [50, 1000];
/// Acts that are measured of each kind.
const ACTS: usize = 50;

pub(crate) fn run(runtime: &Runtime) -> Result<()> {
    for database in testkit::databases()? {
        let name = if database.url().is_none() {
            "sqlite"
        } else {
            "postgres"
        };
        runtime.block_on(measure(name, database))?;
    }
    Ok(())
}

async fn measure(name: &str, database: testkit::Database) -> Result<()> {
    let house = House::build(database).await?;
    let mut plain = Vec::new();
    for number in 0..ACTS {
        let asked = Instant::now();
        house
            .add("unit", json!({ "name": format!("第{number}研究室") }))
            .await?;
        plain.push(asked.elapsed());
    }
    plain.sort_unstable();
    let plain = percentile(&plain, 50);
    tell(
        &format!("{name}: an act on a record without lines p50"),
        plain,
        "ms",
        Some(1.0),
        None,
    );
    let unit = house.add("unit", json!({ "name": "总体部" })).await?;
    let post = json!({ "name": "检查", "unit": unit, "grade": "important" });
    let post = house.add("post", post).await?;
    let (one, caller) = house.hire("jia", unit, post).await?;
    let (other, _) = house.hire("yi", unit, post).await?;
    for lines in LINES {
        let edition = json!({ "name": format!("{lines} 条"), "layer": "unit" });
        let edition = house.add("evaluation_edition", edition).await?;
        for no in 0..lines {
            let item = json!({
                "edition": edition, "no": no % 999 + 1, "text": "条目", "kind": "scored", "points": 1,
            });
            house.add("evaluation_item", item).await?;
        }
        let fields = json!({
            "subject": "自评", "year": 2026, "unit": unit, "edition": edition, "group": [one, other],
        });
        let mut open = request("self_evaluation", "open", fields);
        open.accept_warnings = vec![app::AcceptedWarning {
            rule: "R-709".to_owned(),
            reason: "同一部门".to_owned(),
        }];
        let asked = Instant::now();
        let record = done(house.app.perform(&house.office, open).await?)?;
        let took = asked.elapsed().as_secs_f64() * 1e3;
        tell(
            &format!("{name}: filling {lines} lines"),
            took,
            "ms",
            Some(took / plain),
            None,
        );
        let mut took = score(&house, &caller, &record).await?;
        took.sort_unstable();
        for percent in [50, 95] {
            let value = percentile(&took, percent);
            let what = format!("{name}: an act on one of {lines} lines p{percent}");
            tell(&what, value, "ms", Some(value / plain), None);
        }
    }
    Ok(())
}

/// Scores the first lines, one after the other.
async fn score(house: &House, caller: &Caller, record: &RecordView) -> Result<Vec<Duration>> {
    let mut took = Vec::new();
    for line in record.lines.iter().take(ACTS) {
        let target = Target::Existing {
            id: line.id,
            version: line.version,
        };
        let input: Value = json!({ "applies": true, "deducted": 0 });
        let request = Perform::new(target, "score", object(input));
        let asked = Instant::now();
        done(house.app.perform(caller, request).await?)?;
        took.push(asked.elapsed());
    }
    Ok(took)
}

fn done(performed: Performed) -> Result<RecordView> {
    match performed {
        Performed::Done { record, .. } => Some(*record).context("the record"),
        Performed::Waiting { .. } | Performed::WouldHappen { .. } => bail!("it waits"),
    }
}
