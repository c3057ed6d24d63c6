//! What somebody at a browser waits for: the first load, and a register of 1,000,000 documents of which they see every
//! tenth, sorted, filtered, searched and paged through by clicking. Chromium measures, on the released program.

use super::{figure::Figure, ours};
use crate::command::{cargo, command, output, run, target_folder};
use crate::{tools, web};
use anyhow::{Context, Result, bail};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

/// Where the pages find the server.
const SERVER: &str = "RUPING_URL";

pub(super) fn measure(scale: Option<&str>) -> Result<Vec<Figure>> {
    web::build()?;
    tools::ensure_browser()?;
    let mut build = cargo(&["build", "--locked", "--release"]);
    build.args(["--package", "ruping"]);
    run(build)?;
    let target = target_folder()?;
    let folder = target.join("bench-pages");
    // what a run before this one may have left
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder)?;
    let kept = folder.to_string_lossy();
    let mut words = vec!["lists", "--keep", kept.as_ref()];
    words.extend(scale.iter().flat_map(|scale| ["--scale", scale]));
    ours("app", "measure", &words)?;
    let mut server = serve(&target.join("release").join("ruping"), &folder)?;
    let measured = watch(&mut server);
    server.kill()?;
    server.wait()?;
    fs::remove_dir_all(&folder)?;
    measured
}

fn serve(program: &Path, folder: &Path) -> Result<Child> {
    let key = format!("file:{}", folder.join("root.key").display());
    let data = folder.join("data");
    let program = program.to_string_lossy();
    let mut serve = command(&program, &["serve", "--listen", "127.0.0.1:0"]);
    serve.args(["--root-key", &key]).arg("--data").arg(data);
    serve.stdout(Stdio::piped());
    serve.spawn().context("cannot start the server")
}

fn watch(server: &mut Child) -> Result<Vec<Figure>> {
    let said = server.stdout.take().context("the server's output")?;
    let mut line = String::new();
    BufReader::new(said).read_line(&mut line)?;
    let address = line.trim().rsplit_once("//").context("an address")?.1;
    let mut pages = web::npm(&["run", "measure"]);
    pages.env(SERVER, format!("http://{}", address.trim_end_matches('/')));
    let said = output(pages)?;
    let figures: Vec<Figure> = said.lines().filter_map(Figure::read).collect();
    if figures.is_empty() {
        bail!("nothing was measured:\n{said}");
    }
    Ok(figures)
}
