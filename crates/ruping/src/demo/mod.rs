//! `ruping demo`: sets everything up in an empty folder and runs the main job over REST against a
//! separate `ruping serve`, on fictitious content, with every refusal that must come. It ends with an
//! error at the first refusal that does not come, so it is a check as much as a show.

mod acts;
mod house;
mod material;
mod server;
mod story;
mod thread;

pub(crate) use story::Failed;

use crate::complaint::Complaint;
use crate::serve::End;
use anyhow::{Context, Result};
use domain::Timestamp;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::time;

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
    /// Give the document the DOCX, PDF, XLSX and OFD files of this folder too.
    #[arg(long, hide = true)]
    files: Option<PathBuf>,
    /// Highest level of the installation.
    #[arg(long, hide = true, default_value = "state.secret")]
    max_level: String,
    /// Packs of a test instead of the shipped ones.
    #[arg(long, hide = true)]
    test_packs: Option<PathBuf>,
}

/// Runs the demonstration.
pub(crate) fn run(args: &DemoArgs) -> Result<()> {
    refuse_full(args)?;
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

/// A folder that holds something is somebody's: nothing of it is touched.
fn refuse_full(args: &DemoArgs) -> Result<()> {
    let entries = args.data.as_deref().map(std::fs::read_dir);
    if let Some(Ok(mut entries)) = entries
        && entries.next().is_some()
    {
        let (zh, en) = (
            "演示用的目录不是空的",
            "the folder for the demonstration is not empty",
        );
        return Err(Complaint::new("demo.not_empty", zh, en).into());
    }
    Ok(())
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
    let material = material::collect(args.files.as_deref())?;
    let mut story = story::Story::default();
    story.title(
        "如瓶演示：一份涉密文件的一生。内容均为虚构。",
        "Ruping: the life of a secret document. Everything is fictitious.",
    );
    story.title(
        "·  事实   ✓  已核对   ✋ 依规定被拒绝",
        "·  a fact   ✓  checked   ✋ refused, as the rules demand",
    );
    let setup = server::Setup {
        folder: folder.to_owned(),
        database: args.database.clone(),
        packs: args.test_packs.clone(),
        max_level: args.max_level.clone(),
    };
    let server = server::Server::found(setup)?;
    let mut house = house::House::furnish(&mut story, &server)?;
    thread::run(&mut story, &mut house, &material)?;
    let ended = house.now();
    server.stop()?;
    let refusals = story.refusals();
    story.title(
        &format!("全部步骤完成，{refusals} 次应有的拒绝均已出现。"),
        &format!("every step was done, and {refusals} refusals came as they must."),
    );
    if args.once {
        return Ok(());
    }
    stay(&server, &house, ended, &args.listen)
}

/// Leaves a server with the sample data until the user ends it. Its clock goes on from where the
/// story ended. WHY: by the real clock the story may lie in the future, and no log goes back.
fn stay(
    server: &server::Server,
    house: &house::House<'_>,
    ended: Timestamp,
    listen: &str,
) -> Result<()> {
    server.reopen(listen)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        // WHY before anything is told: whoever ends it as soon as they read it ends its server with it
        let mut end = End::expected()?;
        house.tell_how_to_go_on(&server.address());
        let begun = Instant::now();
        let mut tick = time::interval(Duration::from_secs(1));
        loop {
            tokio::select! {
                () = end.asked() => return anyhow::Ok(()),
                _ = tick.tick() => server.set_clock(ended + begun.elapsed())?,
            }
        }
    })?;
    server.stop()
}
