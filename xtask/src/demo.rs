//! `cargo xtask demo`: build the product and let it show itself.

use crate::command::{cargo, command, run, target_folder};
use crate::{tools, web};
use anyhow::{Context, Result};
use std::os::unix::process::CommandExt;

/// Builds `ruping` and becomes `ruping demo` with these arguments, so that Ctrl-C and the exit
/// status are the program's own.
pub(crate) fn run_demo(arguments: &[&str]) -> Result<()> {
    tools::ensure_build()?;
    if web::has_node() {
        web::build()?;
    } else {
        println!("no Node 20 here: the program is built without its pages and says so on its page");
    }
    run(cargo(&["build", "--locked", "--package", "ruping"]))?;
    let program = target_folder()?.join("debug").join("ruping");
    let error = command(&program.to_string_lossy(), &["demo"])
        .args(arguments)
        .exec();
    Err(error).with_context(|| format!("cannot start `{}`", program.display()))
}
