//! `ruping check`: the database against the log, and what is derived against what it is derived from.

use crate::{
    args::{CheckArgs, Folder},
    clock,
    config::Environment,
};
use anyhow::Result;
use app::{App, check, setup};
use cli::{Exit, Format, Terminal};
use domain::Text;
use tokio::sync::watch;

/// How a folder whose server does not run is opened.
pub(crate) fn options(folder: Folder, environment: &Environment) -> Result<setup::OpenOptions> {
    let testing = folder.testing;
    Ok(setup::OpenOptions {
        data: folder.data,
        root_key: folder.root_key,
        database: environment.database(folder.database),
        test_clock: testing.test_clock.is_some(),
        clock: clock::make(testing.test_clock)?,
    })
}

/// Opens a folder whose server does not run.
pub(crate) async fn open(folder: Folder, environment: &Environment) -> Result<App> {
    let packs = folder.testing.packs();
    let options = options(folder, environment)?;
    Ok(setup::open_with(options, &packs).await?)
}

/// Checks, and says now and then how far it is.
async fn check(
    app: &App,
    kept: Option<&[u8]>,
    terminal: &mut Terminal<'_>,
) -> Result<check::Report> {
    let (tell, mut told) = watch::channel(None);
    let tell = move |progress| {
        tell.send_replace(Some(progress));
    };
    let checking = app.check_telling(kept, Box::new(tell));
    tokio::pin!(checking);
    loop {
        tokio::select! {
            report = &mut checking => return Ok(report?),
            Ok(()) = told.changed() => {
                if let Some(check::Progress { stage, done }) = *told.borrow_and_update() {
                    terminal.note(&Text::new(
                        format!("已检查 {stage} {done}"),
                        format!("{done} {stage} checked"),
                    ));
                }
            }
        }
    }
}

/// A finding; its own words are English and follow the Chinese ones as the detail.
fn words(problem: &check::Problem) -> Text {
    let check::Problem { id, what, place } = problem;
    let zh = cli::codes::chinese(id).unwrap_or("数据有误");
    Text::new(
        format!("{place}：{zh}（{what}）[{id}]"),
        format!("{place}: {what} [{id}]"),
    )
}

pub(crate) fn run(
    args: CheckArgs,
    environment: &Environment,
    terminal: &mut Terminal<'_>,
) -> Result<Exit> {
    let kept = args.kept.as_deref().map(cli::read).transpose()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let report = runtime.block_on(async {
        let app = open(args.folder, environment).await?;
        check(&app, kept.as_deref(), terminal).await
    })?;
    match terminal.format_or(Format::Json) {
        Format::Json => terminal.line(&serde_json::to_string(&report)?)?,
        Format::Text if report.ok => {
            terminal.say(&Text::new("没有发现问题", "nothing is wrong"))?;
        }
        Format::Text => {
            for problem in &report.problems {
                terminal.say(&words(problem))?;
            }
        }
    }
    Ok(Exit::of_check(report.ok))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_told_in_both_languages_with_its_code() {
        let problem = check::Problem {
            id: "check.record_changed",
            what: "a record is not what its newest version says: state".to_owned(),
            place: "record 1".to_owned(),
        };
        let words = words(&problem);
        assert_eq!(
            words.zh,
            "record 1：记录与其最新版本不符（a record is not what its newest version says: state）\
             [check.record_changed]"
        );
        assert_eq!(
            words.en,
            "record 1: a record is not what its newest version says: state [check.record_changed]"
        );
    }
}
