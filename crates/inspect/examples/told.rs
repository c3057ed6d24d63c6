//! What `ruping scan --format json` tells, without workers and their limits: `cargo run -p inspect --release --example
//! told PATH [REGISTERED]`, with the text of a file alone. For work on detectors; `cargo xtask bench detect --told FILE` counts it.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a tool that is run by hand"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use inspect::copies::{Enrolled, Key};
use inspect::{Limits, Rules, inspect};

fn files(path: &Path, into: &mut Vec<PathBuf>) {
    if !path.is_dir() {
        into.push(path.to_owned());
        return;
    }
    let mut inside: Vec<_> = std::fs::read_dir(path)
        .unwrap()
        .map(|one| one.unwrap().path())
        .collect();
    inside.sort();
    inside.iter().for_each(|path| files(path, into));
}

fn main() {
    let folders: Vec<String> = std::env::args().skip(1).collect();
    let (mut paths, mut registered) = (Vec::new(), Vec::new());
    files(Path::new(&folders[0]), &mut paths);
    let mut rules = Rules::shipped().unwrap();
    if let Some(folder) = folders.get(1) {
        files(Path::new(folder), &mut registered);
        let mut index = Enrolled::new(Key::new(&[7; 32]));
        for path in registered {
            let report = inspect(
                &std::fs::read(&path).unwrap(),
                &path.to_string_lossy(),
                &rules,
                &Limits::default(),
            );
            let name = path.strip_prefix(folder).unwrap().to_string_lossy();
            index.add(&name, report.verdict.level.as_deref(), &report.text);
        }
        rules = rules.with_registered(Arc::new(index));
    }
    let alone = paths.len() == 1;
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy();
        let report = inspect(&bytes, &name, &rules, &Limits::default());
        let mut told = serde_json::to_value(&report).unwrap();
        told["path"] = path.to_string_lossy().into();
        if alone {
            told["text"] = report.text.into();
        }
        println!("{told}");
    }
}
