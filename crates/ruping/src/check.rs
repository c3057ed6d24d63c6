//! `ruping check`: the database against the log, and what is derived against what it is derived from.

use crate::{
    args::{CheckArgs, Folder},
    clock,
    config::Environment,
};
use anyhow::Result;
use app::{App, setup};
use cli::{Exit, Format, Terminal};
use domain::Text;

/// Opens a folder whose server does not run.
async fn open(folder: Folder, environment: &Environment) -> Result<App> {
    let test_clock = folder.test_clock.is_some();
    let options = setup::OpenOptions {
        data: folder.data,
        root_key: folder.root_key,
        database: environment.database(folder.database),
        clock: clock::make(folder.test_clock)?,
        test_clock,
    };
    Ok(setup::open(options).await?)
}

pub(crate) fn run(
    args: CheckArgs,
    environment: &Environment,
    terminal: &mut Terminal<'_>,
) -> Result<Exit> {
    let kept = args.kept_checkpoint.as_deref().map(cli::read).transpose()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let report = runtime.block_on(async {
        let app = open(args.folder, environment).await?;
        anyhow::Ok(app.check(kept.as_deref()).await?)
    })?;
    match terminal.format_or(Format::Json) {
        Format::Json => terminal.line(&serde_json::to_string(&report)?)?,
        Format::Text if report.ok => {
            terminal.say(&Text::new("没有发现问题", "nothing is wrong"))?;
        }
        Format::Text => {
            for problem in &report.problems {
                let line = format!("{}: {} [{}]", problem.place, problem.what, problem.id);
                terminal.line(&line)?;
            }
        }
    }
    Ok(Exit::of_check(report.ok))
}
