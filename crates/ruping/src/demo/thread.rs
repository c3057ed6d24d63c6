//! The main job: from legacy items and an outside envelope to a certificate of destruction.

mod classification;
mod destruction;
mod ending;
mod intake;
mod lending;
mod loss;

use super::{house::House, material::Material, story::Story};
use anyhow::Result;
use domain::{FileId, RecordId, SITE_ZONE_DEFAULT, Timestamp};
use serde_json::Value;
use std::time::Duration;
use wire::Record;

/// How often the story asks for what a server does by itself, and how long it waits in between.
const ASKED: u32 = 150;
const PAUSE: Duration = Duration::from_millis(100);

/// What the story is about.
#[derive(Debug)]
struct Document {
    record: Record,
    files: Vec<FileId>,
    copies: Vec<RecordId>,
}

/// Runs the main job.
pub(super) fn run(story: &mut Story, house: &mut House<'_>, material: &[Material]) -> Result<()> {
    intake::legacy(story, house)?;
    intake::receive(story, house)?;
    let mut document = classification::draft(story, house, material)?;
    let waiting = classification::propose(story, house, &document)?;
    classification::decide(story, house, &mut document, &waiting, material)?;
    lending::make_copies(story, house, &mut document)?;
    let loan = lending::lend(story, house, &document)?;
    lending::overdue(story, house, &loan)?;
    lending::give_back(story, house, &loan)?;
    loss::lose(story, house, &document)?;
    let done = destruction::destroy(story, house, &document)?;
    destruction::certificate(story, house, &done)?;
    destruction::nothing_opens(story, house, &document)?;
    ending::period_ends(story, house)?;
    ending::custody(story, house, &document)?;
    ending::verify(story, house)
}

/// Who may know: everybody of the project, by their ids.
fn scope(house: &House<'_>) -> Value {
    ["chen", "ding", "bao", "ling", "zhu", "yue", "jian", "ban"]
        .iter()
        .map(|key| house.id(key))
        .collect()
}

/// Asks until there is an answer; what the server does by itself takes it a moment.
fn wait_for<T>(mut ask: impl FnMut() -> Result<Option<T>>) -> Result<Option<T>> {
    for _ in 0..ASKED {
        if let Some(found) = ask()? {
            return Ok(Some(found));
        }
        std::thread::park_timeout(PAUSE);
    }
    Ok(None)
}

/// A text that is there, or a dash.
fn shown(text: Option<&str>) -> &str {
    text.unwrap_or("—")
}

/// An instant as the clock on the site's wall shows it.
fn local(at: Timestamp) -> String {
    at.in_tz(SITE_ZONE_DEFAULT).map_or_else(
        |_| at.to_string(),
        |at| at.strftime("%Y-%m-%d %H:%M").to_string(),
    )
}
