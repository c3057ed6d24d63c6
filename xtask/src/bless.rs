//! `cargo xtask bless`: take what the tests now say as what they shall say.
//!
//! Runs on both databases, because each has snapshots of its own. It commits nothing: the
//! difference it shows is the thing to review.

use crate::command::{command, run};
use crate::postgres::Server;
use crate::suite::Suite;
use crate::{samples, snapshots, web};
use anyhow::{Result, bail};

/// Accepts every snapshot, removes the unread ones, writes the samples and, where there is Node, the types
/// of the front end, shows the difference.
pub(crate) fn bless() -> Result<()> {
    samples::write_all()?;
    let server = Server::start()?;
    let suite = Suite::writing_snapshots().on_postgres(server.url());
    let counts = suite.run()?;
    drop(server);
    if counts.all_passed() {
        snapshots::remove_unread(&suite.references()?)?;
    }
    if web::has_node() {
        web::write_types()?;
    } else {
        println!("no Node 20 here: the types of the front end stay as they are");
    }
    run(command("git", &["status", "--short"]))?;
    run(command("git", &["--no-pager", "diff", "--stat"]))?;
    if !counts.all_passed() {
        bail!("not only snapshots differ: {counts}");
    }
    Ok(())
}
