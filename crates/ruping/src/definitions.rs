//! `ruping definitions`: what the definitions of this program change in a folder, before they do.

use crate::{args::DefinitionsArgs, check, config::Environment};
use anyhow::Result;
use app::{CarryTrial, setup};
use cli::{Exit, Format, Terminal};
use domain::Text;
use serde_json::{Value, json};

/// Tells, for each register that differs, what differs and which records would be carried over; exit 1 where
/// some could not be.
pub(crate) fn run(
    args: DefinitionsArgs,
    environment: &Environment,
    terminal: &mut Terminal<'_>,
) -> Result<Exit> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let packs = args.folder.testing.packs();
        let options = check::options(args.folder, environment)?;
        let app = setup::look_with(options, &packs).await?;
        let trials = app.try_carrying().await?;
        if trials.is_empty() {
            terminal.note(&Text::new(
                "台账定义没有变化",
                "the definitions are those of the folder",
            ));
        }
        for trial in &trials {
            match terminal.format_or(Format::Text) {
                Format::Json => terminal.json(&told(trial))?,
                Format::Text => say(trial, terminal)?,
            }
        }
        let stuck = trials.iter().any(|trial| trial.stuck_count > 0);
        Ok(Exit::of_check(!stuck))
    })
}

fn told(trial: &CarryTrial) -> Value {
    let changes = trial.changes.iter();
    let stuck = trial.stuck.iter();
    json!({
        "register": trial.register,
        "changes": changes
            .map(|one| json!({ "path": one.path, "was": one.was, "is": one.is }))
            .collect::<Vec<_>>(),
        "behind": trial.behind,
        "stuck": trial.stuck_count,
        "why": stuck.map(|(id, why)| json!({ "record": id, "why": why })).collect::<Vec<_>>(),
    })
}

fn say(trial: &CarryTrial, terminal: &mut Terminal<'_>) -> Result<()> {
    let (register, behind, stuck) = (&trial.register, trial.behind, trial.stuck_count);
    terminal.say(&Text::new(
        format!("{register}：将转换 {behind} 条记录，其中 {stuck} 条不能转换"),
        format!("{register}: {behind} records would be carried over, {stuck} of them could not be"),
    ))?;
    for one in &trial.changes {
        let none = || "—".to_owned();
        let (was, is) = (
            one.was.clone().unwrap_or_else(none),
            one.is.clone().unwrap_or_else(none),
        );
        terminal.line(&format!("  {}: {was} → {is}", one.path))?;
    }
    for (id, why) in &trial.stuck {
        terminal.line(&format!("  {id}: {why}"))?;
    }
    Ok(())
}
