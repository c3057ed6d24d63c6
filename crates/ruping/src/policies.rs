//! `ruping policy …`: policies of a house, checked beside those of the program, and what they would change for each
//! role; needs no data folder.

use anyhow::Result;
use app::{PackFile, ShiftView, WhatIfView};
use cli::{Exit, Format, Terminal};
use domain::Text;
use serde_json::json;
use std::path::PathBuf;

/// What to do with policies.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Check policy files: every mistake of every file, and who would gain or lose what by them.
    Check(CheckArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// Files of policies, `*.cedar`.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// Exit 1 where there are mistakes.
pub(crate) fn run(verb: &Verb, terminal: &mut Terminal<'_>) -> Result<Exit> {
    let Verb::Check(args) = verb;
    let file = |path: &PathBuf| -> Result<PackFile> {
        let bytes = cli::read(path)?;
        Ok(PackFile {
            name: path.display().to_string(),
            text: String::from_utf8_lossy(&bytes).into_owned(),
        })
    };
    let files: Result<Vec<PackFile>> = args.files.iter().map(file).collect();
    let told = app::try_policies(files?)?;
    match terminal.format_or(Format::Text) {
        Format::Json => terminal.json(&json!(told))?,
        Format::Text => say(&told, terminal)?,
    }
    Ok(Exit::of_check(told.mistakes.is_empty()))
}

fn say(told: &WhatIfView, terminal: &mut Terminal<'_>) -> Result<()> {
    let language = terminal.language();
    for mistake in &told.mistakes {
        let (say, remedy) = (
            mistake.say.in_language(language),
            mistake.remedy.in_language(language),
        );
        let place = format!("{}:{}:{}", mistake.file, mistake.line, mistake.column);
        terminal.line(&format!("{place}: {say} [{}]\n  {remedy}", mistake.code))?;
    }
    if !told.mistakes.is_empty() {
        return Ok(());
    }
    for shift in &told.shifts {
        terminal.say(&line(shift))?;
        for when in &shift.situations {
            terminal.line(&format!("    {}", when.in_language(language)))?;
        }
    }
    let (compared, of, shifts) = (told.compared, told.of, told.shifts.len());
    terminal.say(&Text::new(
        format!("按角色比较 {compared}/{of} 种情形，{shifts} 项变化；写入数据目录 packs/ 并重新启动后生效"),
        format!(
            "{compared} of {of} situations compared by role, changes: {shifts}; put the files into packs/ of the data \
             folder and start anew"
        ),
    ))?;
    Ok(())
}

fn line(shift: &ShiftView) -> Text {
    let roles = shift.roles.join(", ");
    let (zh, en) = if shift.gains {
        ("获得", "gains")
    } else {
        ("失去", "loses")
    };
    let by = |policies: &[String]| match policies {
        [] => "—".to_owned(),
        _ => policies.join(", "),
    };
    let (before, after) = (by(&shift.before.policies), by(&shift.after.policies));
    Text::new(
        format!(
            "{roles} {zh} {}：{} ({before}) → {} ({after})",
            shift.name.zh, shift.before.says, shift.after.says
        ),
        format!(
            "{roles} {en} {}: {} ({before}) → {} ({after})",
            shift.name.en, shift.before.says, shift.after.says
        ),
    )
}
