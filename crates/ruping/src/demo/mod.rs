//! `ruping demo`: sets everything up in an empty folder and runs the main job over REST against a
//! separate `ruping serve`, on fictitious content, with every refusal that must come. It ends with an
//! error if one named refusal does not come, so it is a check as much as a show.

mod house;
mod server;
mod story;
mod thread;

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// What the demonstration is asked for.
#[derive(Debug, clap::Args)]
pub(crate) struct DemoArgs {
    /// End after the main job instead of leaving a server with the sample data.
    #[arg(long)]
    once: bool,
    /// Folder for the demonstration; it must be empty or absent. Default: a new temporary folder.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Where the server listens after the job.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
    /// Use this `PostgreSQL` database (empty) instead of the embedded one.
    #[arg(long)]
    database: Option<String>,
}

/// Runs the demonstration.
pub(crate) fn run(args: &DemoArgs) -> Result<()> {
    let temporary = tempdir(args)?;
    let folder = args
        .data
        .as_deref()
        .unwrap_or(temporary.as_deref().unwrap_or(Path::new(".")));
    let result = play(args, folder);
    if let (true, Some(path)) = (args.once, &temporary) {
        std::fs::remove_dir_all(path).context("removing the temporary folder")?;
    }
    result
}

fn tempdir(args: &DemoArgs) -> Result<Option<PathBuf>> {
    if args.data.is_some() {
        return Ok(None);
    }
    let path = std::env::temp_dir().join(format!("ruping-demo-{}", std::process::id()));
    std::fs::create_dir_all(&path).context("making a temporary folder")?;
    Ok(Some(path))
}

fn play(args: &DemoArgs, folder: &Path) -> Result<()> {
    let mut story = story::Story::default();
    story.title(
        "如瓶演示：一份涉密文件的一生（内容均为虚构）",
        "Ruping: the life of a secret document (all fictitious)",
    );
    let server = server::Server::found(folder, args.database.as_deref())?;
    let mut house = house::House::furnish(&mut story, &server)?;
    thread::run(&mut story, &mut house)?;
    thread::verify(&mut story, &house)?;
    server.stop()?;
    if story.failures() > 0 {
        bail!(
            "{} step(s) or refusal(s) did not come as they must",
            story.failures()
        );
    }
    story.title(
        "全部步骤和应有的拒绝均已出现",
        "every step and every refusal came as it must",
    );
    if args.once {
        return Ok(());
    }
    stay(args, folder, &house)
}

/// Leaves a server with the sample data until the user ends it.
fn stay(args: &DemoArgs, folder: &Path, house: &house::House<'_>) -> Result<()> {
    let server = server::Server::reopen(folder, args.database.as_deref(), &args.listen)?;
    house.tell_accounts(&server.address());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(tokio::signal::ctrl_c())?;
    server.stop()
}
