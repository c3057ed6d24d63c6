//! How long `ruping serve` takes until it answers, and what it holds in memory when nobody asks; the
//! peer is the same program that only tells its version.

use super::figure::Figure;
use crate::command::{cargo, command, run, target_folder};
use anyhow::{Context, Result, bail};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) fn measure() -> Result<Vec<Figure>> {
    run(cargo(&[
        "build",
        "--locked",
        "--release",
        "--package",
        "ruping",
    ]))?;
    let target = target_folder()?;
    let program = target.join("release").join("ruping");
    let folder = target.join("bench-start");
    // what a run before this one may have left
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder)?;
    let measured = in_folder(&program, &folder);
    fs::remove_dir_all(&folder)?;
    measured
}

fn in_folder(program: &Path, folder: &Path) -> Result<Vec<Figure>> {
    let program = program.to_string_lossy();
    let (data, key) = (folder.join("data"), folder.join("root.key"));
    let key = format!("file:{}", key.display());
    let data = data.to_string_lossy();
    let own = ["--data", data.as_ref(), "--root-key", key.as_str()];
    let mut init = command(&program, &["init"]);
    init.args(own).stdout(Stdio::null());
    run(init)?;
    let mut bare = Vec::new();
    let mut starts = Vec::new();
    let mut memory = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        run({
            let mut version = command(&program, &["--version"]);
            version.stdout(Stdio::null());
            version
        })?;
        bare.push(begun.elapsed().as_secs_f64() * 1e3);
        let mut serve = command(&program, &["serve", "--listen", "127.0.0.1:0"]);
        serve.args(own).stdout(Stdio::piped());
        let begun = Instant::now();
        let mut server = serve.spawn().context("cannot start the server")?;
        let seen = watch(&mut server, begun);
        server.kill()?;
        server.wait()?;
        let (start, idle) = seen?;
        starts.push(start);
        memory.push(idle);
    }
    let (bare, start) = (middle(bare), middle(starts));
    let mut told = Figure::new("`ruping --version`, from start to end", bare, "ms");
    told.ratio = Some(1.0);
    let mut started = Figure::new("`ruping serve`, until /healthz answers", start, "ms");
    started.ratio = Some(start / bare);
    let idle = Figure::new("resident memory of an idle server", middle(memory), "MiB");
    Ok(vec![told, started, idle])
}

/// Milliseconds until the first answer, and MiB a moment later.
fn watch(server: &mut Child, begun: Instant) -> Result<(f64, f64)> {
    let said = server.stdout.take().context("the server's output")?;
    let mut line = String::new();
    BufReader::new(said).read_line(&mut line)?;
    let address = line.trim().rsplit_once("//").context("an address")?.1;
    while !healthy(address)? {
        if begun.elapsed() > PATIENCE {
            bail!("the server does not answer");
        }
    }
    let start = begun.elapsed().as_secs_f64() * 1e3;
    run(command("sleep", &["2"]))?;
    let status = fs::read_to_string(format!("/proc/{}/status", server.id()))?;
    let resident = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .context("the memory of the server")?;
    let kib: f64 = resident.trim().trim_end_matches("kB").trim().parse()?;
    Ok((start, kib / 1024.0))
}

fn healthy(address: &str) -> Result<bool> {
    let Ok(mut stream) = TcpStream::connect(address.trim_end_matches('/')) else {
        return Ok(false);
    };
    write!(
        stream,
        "GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.starts_with("HTTP/1.1 200"))
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
