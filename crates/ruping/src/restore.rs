//! `ruping restore`: an older database beside its newer log. Says entry by entry what the database does
//! not have, and takes the end of the log in if told to.

use crate::{args::RestoreArgs, check, config::Environment};
use anyhow::Result;
use app::{App, LostEntry};
use cli::{Exit, Format, Terminal};
use domain::Text;
use serde_json::{Value, json};
use std::ops::Range;

pub(crate) fn run(
    args: RestoreArgs,
    environment: &Environment,
    terminal: &mut Terminal<'_>,
) -> Result<Exit> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let app = check::open(args.folder, environment).await?;
        let places = app.tail().await?;
        if places.is_empty() {
            terminal.note(&Text::new(
                "数据库不缺日志中的任何记录",
                "the database has every entry of its log",
            ));
            return Ok(Exit::Fine);
        }
        list(&app, places, terminal).await?;
        if !args.accept_loss {
            terminal.note(&Text::new(
                "以上记录所载的变更已不在数据库中。请恢复较新的数据库；若没有，用 --accept-loss 继续",
                "what these entries recorded is not in the database; put a newer copy back, or, if there \
                 is none, go on with --accept-loss",
            ));
            return Ok(Exit::Found);
        }
        let taken = app.take_tail().await?;
        terminal.note(&Text::new(
            format!("已将 {taken} 条日志记录收回原位；其所载变更须补办，期间取得的编号可能重复"),
            format!(
                "{taken} entries of the log have their places again; do again what they recorded, and \
                 mind that numbers drawn then will be drawn once more"
            ),
        ));
        Ok(Exit::Fine)
    })
}

async fn list(app: &App, mut places: Range<u64>, terminal: &mut Terminal<'_>) -> Result<()> {
    while !places.is_empty() {
        let (lost, end) = app.lost_entries(places.clone()).await?;
        for one in lost {
            match terminal.format_or(Format::Text) {
                Format::Json => {
                    terminal.json(&json!({ "index": one.index, "entry": one.entry }))?;
                }
                Format::Text => terminal.line(&told(&one))?,
            }
        }
        places.start = end;
    }
    Ok(())
}

/// Place, time, action, record and who did it.
fn told(one: &LostEntry) -> String {
    let text = |key: &str| one.entry.get(key).and_then(Value::as_str).unwrap_or("-");
    let [at, action, record, actor] = ["at", "action", "record", "actor"].map(text);
    format!("{}  {at}  {action}  {record}  {actor}", one.index)
}
