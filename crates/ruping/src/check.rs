//! `ruping check`: prints the report as JSON; exit 1 if something is wrong.

use crate::{args::CheckArgs, serve};
use anyhow::{Context, Result};
use std::process::ExitCode;

pub(crate) fn run(args: CheckArgs) -> Result<ExitCode> {
    let kept = args
        .kept
        .map(|path| std::fs::read(&path).with_context(|| format!("reading {}", path.display())))
        .transpose()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let report = runtime.block_on(async {
        let app = serve::open(args.folder).await?;
        anyhow::Ok(app.check(kept.as_deref()).await?)
    })?;
    crate::demo::say(&serde_json::to_string(&report)?);
    Ok(if report.ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}
