//! `cargo xtask bench`: measurements, each beside a peer measured in the same run.
//!
//! A number alone says more about the machine than about us, so a measurement is a ratio to something
//! everybody has: a bare store, bare SHA-256, `openssl speed`. Benchmarks of ours print a line for each
//! figure, its parts split by tabs; a few figures have a floor, and one that is missed fails the verb.
//! `--scale N` makes the large register smaller, `--only NAME` takes one part, `--save` writes the
//! table into the documents.

mod detect;
mod figure;
mod pages;
mod peer;
mod start;

use crate::command::{cargo, command, output};
use crate::house;
use anyhow::{Context, Result, bail};
use figure::{Figure, table};
use std::fs;
use std::process::Stdio;

/// Where `--save` writes.
const PAGE: &str = "docs/src/reference/bench.md";
/// Above this heading stand the page's own words.
const FIGURES: &str = "## Last figures";

/// The parts, in their order.
const PARTS: [Part; 11] = [
    Part {
        name: "vault",
        measure: vault,
    },
    Part {
        name: "log",
        measure: |_| ours("ledger", "log", &[]),
    },
    Part {
        name: "start",
        measure: |_| start::measure(),
    },
    Part {
        name: "actions",
        measure: |_| ours("app", "measure", &["actions"]),
    },
    Part {
        name: "import",
        measure: |_| ours("app", "measure", &["import"]),
    },
    Part {
        name: "bulk",
        measure: |_| ours("app", "measure", &["bulk"]),
    },
    Part {
        name: "carry",
        measure: |_| ours("app", "measure", &["carry"]),
    },
    Part {
        name: "rules",
        measure: |_| ours("registers", "rules", &[]),
    },
    Part {
        name: "lines",
        measure: |_| ours("app", "measure", &["lines"]),
    },
    Part {
        name: "lists",
        measure: |scale| {
            let mut words = vec!["lists"];
            words.extend(scale.iter().flat_map(|scale| ["--scale", scale]));
            ours("app", "measure", &words)
        },
    },
    Part {
        name: "pages",
        measure: pages::measure,
    },
];

struct Part {
    name: &'static str,
    measure: fn(Option<&str>) -> Result<Vec<Figure>>,
}

/// What is asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wish<'w> {
    scale: Option<&'w str>,
    only: Option<&'w str>,
    save: bool,
}

impl<'w> Wish<'w> {
    fn read(mut words: &[&'w str]) -> Result<Self> {
        let mut wish = Self::default();
        while let Some((word, rest)) = words.split_first() {
            words = match (*word, rest) {
                ("--save", rest) => {
                    wish.save = true;
                    rest
                }
                ("--scale", [scale, rest @ ..]) if scale.parse::<u32>().is_ok() => {
                    wish.scale = Some(scale);
                    rest
                }
                ("--only", [name, rest @ ..]) if PARTS.iter().any(|part| part.name == *name) => {
                    wish.only = Some(name);
                    rest
                }
                _ => bail!(
                    "`{word}`: bench takes --scale N, --save, and --only with one of {}",
                    PARTS.map(|part| part.name).join(", ")
                ),
            };
        }
        Ok(wish)
    }
}

/// Runs the measurements and prints their table.
pub(crate) fn run(words: &[&str]) -> Result<()> {
    if let Some(("detect", words)) = words.split_first().map(|(first, rest)| (*first, rest)) {
        return detect::measure(words);
    }
    let wish = Wish::read(words)?;
    let mut figures = Vec::new();
    for part in PARTS {
        if wish.only.is_none_or(|only| only == part.name) {
            println!("== {}", part.name);
            let measured = (part.measure)(wish.scale).context(part.name)?;
            print!("{}", table(&measured));
            figures.extend(measured);
        }
    }
    if wish.save {
        save(words, &figures)?;
    }
    let missed: Vec<&str> = figures
        .iter()
        .filter(|figure| figure.missed())
        .map(|figure| figure.what.as_str())
        .collect();
    if !missed.is_empty() {
        bail!("floors missed: {}", missed.join("; "));
    }
    Ok(())
}

/// Runs a benchmark of ours and reads its figures; what else it says is shown.
fn ours(package: &str, bench: &str, words: &[&str]) -> Result<Vec<Figure>> {
    let mut run = cargo(&["bench", "--locked", "--package", package, "--bench", bench]);
    run.arg("--").args(words);
    // WHY: a cold build takes minutes, and silence would look like a hang
    run.stderr(Stdio::inherit());
    let said = output(run)?;
    let mut figures = Vec::new();
    for line in said.lines() {
        match Figure::read(line) {
            Some(figure) => figures.push(figure),
            None => println!("{line}"),
        }
    }
    Ok(figures)
}

fn vault(_scale: Option<&str>) -> Result<Vec<Figure>> {
    let peer = peer::openssl_aes_256_gcm()?;
    let mut figures = vec![Figure::new(
        "openssl speed aes-256-gcm, one thread, 16 KiB",
        peer,
        "MB/s",
    )];
    figures.extend(ours("vault", "stream", &[])?);
    for figure in &mut figures {
        figure.ratio = Some(figure.value / peer);
    }
    Ok(figures)
}

/// Writes the page of results: machine, command, table.
fn save(words: &[&str], figures: &[Figure]) -> Result<()> {
    let path = house::root().join(PAGE);
    let page = fs::read_to_string(&path).with_context(|| format!("cannot read {PAGE}"))?;
    let machine = machine().unwrap_or_else(|| "unknown".to_owned());
    let words = words.iter().filter(|word| **word != "--save");
    let words: String = words.map(|word| format!(" {word}")).collect();
    let table = table(figures);
    let kept = page.split(FIGURES).next().unwrap_or_default();
    let text = format!(
        "{kept}{FIGURES}\n\nWritten by `cargo xtask bench{words} --save`. Columns: value, unit, ratio to the \
         peer, floor.\n\nMachine: {machine}.\n\n```text\n{table}```\n"
    );
    fs::write(path, text).with_context(|| format!("cannot write {PAGE}"))
}

/// Processors and memory, without names.
fn machine() -> Option<String> {
    let processors = std::thread::available_parallelism().ok()?;
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let field = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let memory = fs::read_to_string("/proc/meminfo").ok()?;
    let total: u64 = memory.split_whitespace().nth(1)?.parse().ok()?;
    let load = fs::read_to_string("/proc/loadavg").ok()?;
    let load = load.split_whitespace().next()?;
    let kernel = output(command("uname", &["-sr"])).ok()?;
    Some(format!(
        "{processors} processors ({}), {} GiB, {}, load {load} at the end",
        field("model name")?,
        total / 1024 / 1024,
        kernel.trim(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_read_and_others_refused() {
        let wish = Wish::read(&["--scale", "50000", "--only", "lists", "--save"]).unwrap();
        let wanted = Wish {
            scale: Some("50000"),
            only: Some("lists"),
            save: true,
        };
        assert_eq!(wish, wanted);
        assert!(Wish::read(&["--scale", "many"]).is_err());
        assert!(Wish::read(&["--only", "nothing"]).is_err());
        assert!(Wish::read(&["fast"]).is_err());
    }
}
