//! What is found in the files of folders: `cargo run -p inspect --release --example findings FOLDER…`. Prints each
//! finding that people are shown, and how many files have a verdict.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a tool that is run by hand"
)]

use std::collections::BTreeMap;
use std::path::Path;

use inspect::{Limits, Rules, inspect};

#[derive(Default)]
struct Sums {
    files: usize,
    verdicts: usize,
    rules: BTreeMap<String, usize>,
}

fn folder(path: &Path, rules: &Rules, sums: &mut Sums) {
    if path.is_dir() {
        let mut inside: Vec<_> = std::fs::read_dir(path)
            .unwrap()
            .map(|one| one.unwrap().path())
            .collect();
        inside.sort();
        inside
            .iter()
            .filter(|path| !path.is_symlink())
            .for_each(|path| folder(path, rules, sums));
        return;
    }
    let Ok(bytes) = std::fs::read(path) else {
        return;
    };
    let report = inspect(&bytes, &path.to_string_lossy(), rules, &Limits::default());
    sums.files += 1;
    sums.verdicts += usize::from(report.verdict.level.is_some());
    for finding in report
        .findings
        .iter()
        .filter(|finding| finding.confidence >= 0.5)
    {
        *sums.rules.entry(finding.rule.clone()).or_default() += 1;
        println!(
            "{}\t{}\t{:.2}\t{:?}\t{:?}\t{}",
            path.display(),
            finding.rule,
            finding.confidence,
            finding.place.part,
            finding.text,
            finding.offset
        );
    }
}

fn main() {
    let rules = Rules::shipped().unwrap();
    let mut sums = Sums::default();
    for path in std::env::args().skip(1) {
        folder(Path::new(&path), &rules, &mut sums);
    }
    println!(
        "{} files, {} with a level; {:?}",
        sums.files, sums.verdicts, sums.rules
    );
}
