//! `cargo xtask bench detect`: how much of what is planted into real files `ruping scan` finds, and what it finds where
//! nothing is.
//!
//! The set is written by `xtask/planter` (Python, `LibreOffice` and other programs that are not ours) from real texts and a
//! seed, below `target/detect/SEED`; the released program reads it. Two seeds: one to look at while mending, one that is
//! held out and only counted. A floor that is missed fails the verb.

mod report;
mod score;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::command::{cargo, command, run, succeeds, target_folder};
use crate::{house, tools};

/// The seed that detectors are mended on.
const SEED: &str = "1";
/// The seed that nobody looks into.
const HELD_OUT: &str = "20261128";
/// Where real texts lie, beside the checkout.
const CORPUS: &str = "../shared/corpus";
const PLANTER: &str = "xtask/planter";
/// Folders of a set, and whether passages of registered documents are looked for in them.
const PARTS: [(&str, bool); 3] = [("planted", false), ("copies", true), ("clean", true)];
/// What the planter starts: documents into other formats, letters for pictures, manual pages as texts.
const PACKAGES: [&str; 7] = [
    "libreoffice-writer",
    "libreoffice-calc",
    "libreoffice-impress",
    "fonts-noto-cjk",
    "manpages-zh",
    "manpages",
    "python3-venv",
];

/// What is done anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begin {
    /// The sets are written, read and counted.
    Write,
    /// Sets that are there already are used as they are.
    Read,
    /// What an earlier scan told is counted again.
    Count,
}

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
struct Wish<'w> {
    corpus: &'w str,
    seeds: Vec<&'w str>,
    begin: Begin,
    /// Pictures count, for the program may read them.
    ocr: bool,
    /// What is missed and what is found for nothing is listed, on the first seed only.
    list: bool,
    save: bool,
}

impl<'w> Wish<'w> {
    fn read(mut words: &[&'w str]) -> Result<Self> {
        let mut wish = Self {
            corpus: CORPUS,
            seeds: vec![SEED, HELD_OUT],
            begin: Begin::Write,
            ocr: false,
            list: false,
            save: false,
        };
        while let Some((word, rest)) = words.split_first() {
            words = match (*word, rest) {
                ("--keep", rest) => {
                    wish.begin = Begin::Read;
                    rest
                }
                ("--told", rest) => {
                    wish.begin = Begin::Count;
                    rest
                }
                ("--ocr", rest) => {
                    wish.ocr = true;
                    rest
                }
                ("--list", rest) => {
                    wish.list = true;
                    rest
                }
                ("--save", rest) => {
                    wish.save = true;
                    rest
                }
                ("--corpus", [folder, rest @ ..]) => {
                    wish.corpus = folder;
                    rest
                }
                ("--seed", [seed, rest @ ..]) if seed.parse::<u32>().is_ok() => {
                    wish.seeds = vec![seed];
                    rest
                }
                _ => bail!(
                    "`{word}`: bench detect takes --corpus DIR, --seed N, --keep, --told, --ocr, --list, --save"
                ),
            };
        }
        Ok(wish)
    }
}

/// Builds the sets, reads them and counts.
pub(super) fn measure(words: &[&str]) -> Result<()> {
    let wish = Wish::read(words)?;
    let target = target_folder()?;
    if wish.begin != Begin::Count {
        scan(&wish, &target)?;
    }
    let mut told = Vec::new();
    for seed in &wish.seeds {
        let folder = target.join("detect").join(seed);
        let counted = score::count(&folder, &PARTS.map(|(part, _)| part), wish.ocr)?;
        println!("== seed {seed}\n{}", report::table(&counted));
        if wish.list && *seed != HELD_OUT {
            print!("{}", report::listed(&counted));
        }
        told.push((*seed, counted));
    }
    if wish.save {
        report::save(words, &told)?;
    }
    let missed: Vec<String> = told
        .iter()
        .flat_map(|(seed, counted)| {
            counted
                .missed()
                .into_iter()
                .map(move |what| format!("{what} (seed {seed})"))
        })
        .collect();
    if !missed.is_empty() {
        bail!("floors missed: {}", missed.join("; "));
    }
    Ok(())
}

/// Writes the sets that are wanted and has the program read them.
fn scan(wish: &Wish<'_>, target: &Path) -> Result<()> {
    let corpus = house::root().join(wish.corpus);
    if !corpus.join("MANIFEST.tsv").is_file() {
        bail!(
            "there are no real texts at `{}`; say where with --corpus",
            wish.corpus
        );
    }
    let python = planter(target)?;
    run(cargo(&[
        "build",
        "--locked",
        "--release",
        "--package",
        "ruping",
    ]))?;
    let program = target.join("release").join("ruping");
    for seed in &wish.seeds {
        let folder = target.join("detect").join(seed);
        if !(wish.begin == Begin::Read && folder.join("labels.jsonl").is_file()) {
            plant(&python, &corpus, &folder, seed)?;
        }
        read(&program, &folder, wish.ocr)?;
    }
    Ok(())
}

/// A Python of its own with what the planter needs.
fn planter(target: &Path) -> Result<PathBuf> {
    let there = |program: &str| succeeds(command(program, &["--version"]));
    let manuals = Path::new("/usr/share/man/zh_CN").is_dir();
    if !(there("soffice") && there("python3") && manuals) {
        tools::install(
            "LibreOffice and Chinese manual pages, some 600 MB",
            &PACKAGES,
        )?;
    }
    let folder = target.join("detect").join("venv");
    let python = folder.join("bin").join("python");
    if !python.is_file() {
        let mut make = command("python3", &["-m", "venv"]);
        make.arg(&folder);
        run(make)?;
    }
    let mut install = command(
        &python.to_string_lossy(),
        &["-m", "pip", "install", "--quiet", "--requirement"],
    );
    install.arg(house::root().join(PLANTER).join("requirements.txt"));
    run(install)?;
    Ok(python)
}

/// Writes the set of a seed. The held-out one has other real files too.
fn plant(python: &Path, corpus: &Path, folder: &Path, seed: &str) -> Result<()> {
    println!("writing the set of seed {seed}; LibreOffice takes some minutes");
    let half = if seed == HELD_OUT { "1" } else { "0" };
    let mut build = command(&python.to_string_lossy(), &[]);
    build
        .arg(house::root().join(PLANTER).join("build.py"))
        .arg("--corpus")
        .arg(corpus)
        .arg("--out")
        .arg(folder)
        .args(["--seed", seed, "--half", half])
        .stderr(Stdio::null());
    run(build)
}

/// Has the program read a set, and keeps what it tells; passages are looked for in what may have some.
fn read(program: &Path, folder: &Path, ocr: bool) -> Result<()> {
    for (part, registered) in PARTS {
        let path = folder.join(format!("{part}.jsonl"));
        let mut scan = command(&program.to_string_lossy(), &["scan"]);
        scan.arg(folder.join(part)).args(["--format", "json"]);
        if registered {
            scan.arg("--registered").arg(folder.join("registered"));
        }
        if ocr && part == "planted" {
            scan.args(["--ocr", "--max-seconds", "60"]);
        }
        scan.stdout(File::create(&path)?).stderr(Stdio::null());
        let status = scan.status().context("cannot start the program")?;
        // 1 says that something was found
        if !matches!(status.code(), Some(0 | 1)) {
            bail!("`ruping scan` of {part} ended with {status}");
        }
        if fs::metadata(&path)?.len() == 0 {
            bail!("`ruping scan` of {part} told nothing");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_read_and_others_refused() {
        let wish = Wish::read(&["--corpus", "x", "--seed", "7", "--ocr", "--keep"]).unwrap();
        assert_eq!(
            (wish.corpus, wish.seeds, wish.ocr, wish.begin),
            ("x", vec!["7"], true, Begin::Read)
        );
        assert_eq!(Wish::read(&[]).unwrap().seeds, [SEED, HELD_OUT]);
        assert!(Wish::read(&["--seed", "many"]).is_err());
        assert!(Wish::read(&["--corpus"]).is_err());
        assert!(Wish::read(&["fast"]).is_err());
    }
}
