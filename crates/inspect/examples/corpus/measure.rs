//! How much of what a corpus is known to hold is in the extracted text. The folder has a MANIFEST.tsv: file, …, format,
//! substrings as JSON.

use inspect::{Limits, Rules, inspect};
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

fn plain(text: &str) -> String {
    text.nfkc()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_lowercase()
}

/// Reads a folder's files, or those of one format, and tells what is missed.
pub(crate) fn of(folder: &str, only: Option<&str>, limits: &Limits) {
    let manifest = std::fs::read_to_string(format!("{folder}/MANIFEST.tsv")).unwrap();
    let mut sums: BTreeMap<String, (usize, usize, usize, f64)> = BTreeMap::new();
    for line in manifest.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let (name, format) = (columns[0], columns[4]);
        if only.is_some_and(|one| one != format && !name.starts_with(one)) {
            continue;
        }
        let Ok(bytes) = std::fs::read(format!("{folder}/{name}")) else {
            continue;
        };
        let expected: Vec<String> = serde_json::from_str(columns[5]).unwrap_or_default();
        let begun = std::time::Instant::now();
        let report = inspect(&bytes, name, &Rules::default(), limits);
        let took = begun.elapsed().as_secs_f64();
        let text = plain(&report.text);
        let missed: Vec<&String> = expected
            .iter()
            .filter(|one| !text.contains(&plain(one)))
            .collect();
        let sum = sums.entry(format.to_owned()).or_default();
        sum.0 += 1;
        sum.1 += expected.len();
        sum.2 += missed.len();
        sum.3 += took;
        if !missed.is_empty() || only.is_some() {
            println!(
                "{name}: {:?} {:?} {:?} {took:.3}s missed {missed:?}",
                report.format, report.status, report.causes
            );
        }
    }
    let mut all = (0, 0, 0);
    for (format, (files, expected, missed, took)) in &sums {
        println!(
            "{format}\t{files} files\t{}/{expected}\t{took:.3} s",
            expected - missed
        );
        all = (all.0 + files, all.1 + expected, all.2 + missed);
    }
    println!(
        "all\t{} files\t{}/{} = {:.1} %",
        all.0,
        all.1 - all.2,
        all.1,
        100.0 * (all.1 - all.2) as f64 / all.1 as f64
    );
}
