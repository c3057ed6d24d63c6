//! What was counted, as a table and as a page of the documents.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};

use super::score::{Counted, Share};
use crate::bench::machine;
use crate::command::{command, output};
use crate::house;

/// Where `--save` writes, below the page's own words.
const PAGE: &str = "docs/src/reference/detect.md";
const FIGURES: &str = "## Last figures";

/// All shares, each with its floor if it has one.
pub(super) fn table(counted: &Counted) -> String {
    let mut out = String::new();
    line(
        &mut out,
        "all clean forms",
        counted.clean_forms(),
        "floor 99 %",
    );
    line(&mut out, "all evasions", counted.bent_forms(), "floor 95 %");
    let clean = Share::sum(counted.clean.values());
    say(
        &mut out,
        &format!(
            "{:<44}{:>6} of {:<6}{:>7.2} in 1,000 files, floor 1",
            "files without marks that told one",
            clean.all - clean.found,
            clean.all,
            counted.false_marks()
        ),
    );
    line(
        &mut out,
        "precision: marks told that are the planted",
        counted.marks,
        "",
    );
    line(&mut out, "places told rightly", counted.parts, "");
    part(&mut out, "clean forms by what is planted", &counted.kinds);
    part(&mut out, "evasions", &counted.evasions);
    part(
        &mut out,
        "passages (verbatim_100: all; light_edits_100: floor 95 %; others measured)",
        &counted.copies,
    );
    part(
        &mut out,
        "what is nearly valid and rightly not told",
        &counted.nearly,
    );
    part(
        &mut out,
        "files without marks, by where they are from",
        &counted.clean,
    );
    part(&mut out, "clean forms by place", &counted.places);
    say(
        &mut out,
        "\nfindings in files without marks (e-mail and network addresses there are real ones)",
    );
    for (what, count) in &counted.for_nothing {
        say(&mut out, &format!("  {what:<42}{count:>6}"));
    }
    out
}

fn part(out: &mut String, name: &str, shares: &BTreeMap<String, Share>) {
    say(out, &format!("\n{name}"));
    for (what, share) in shares {
        line(out, &format!("  {what}"), *share, "");
    }
}

fn say(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

fn line(out: &mut String, what: &str, share: Share, floor: &str) {
    say(
        out,
        format!(
            "{what:<44}{:>6} of {:<6}{:>7.1} %  {floor}",
            share.found,
            share.all,
            share.value() * 100.0
        )
        .trim_end(),
    );
}

/// Each miss and each false finding on a line.
pub(super) fn listed(counted: &Counted) -> String {
    counted.lines.iter().fold(String::new(), |mut out, line| {
        say(&mut out, line);
        out
    })
}

/// Writes the figures into the documents.
pub(super) fn save(words: &[&str], told: &[(&str, Counted)]) -> Result<()> {
    let path = house::root().join(PAGE);
    let page = fs::read_to_string(&path).with_context(|| format!("cannot read {PAGE}"))?;
    let machine = machine().unwrap_or_else(|| "unknown".to_owned());
    let commit = output(command("git", &["rev-parse", "--short", "HEAD"])).unwrap_or_default();
    let words: String = words
        .iter()
        .filter(|word| **word != "--save")
        .map(|word| format!(" {word}"))
        .collect();
    let kept = page.split(FIGURES).next().unwrap_or_default();
    let mut text = format!(
        "{kept}{FIGURES}\n\nWritten by `cargo xtask bench detect{words} --save` at commit {}.\n\nMachine: {machine}.\n",
        commit.trim()
    );
    for (seed, counted) in told {
        say(
            &mut text,
            &format!("\n### Seed {seed}\n\n```text\n{}```", table(counted)),
        );
    }
    fs::write(path, text).with_context(|| format!("cannot write {PAGE}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_tells_every_share_and_its_floor() {
        let mut counted = Counted::default();
        counted
            .places
            .insert("docx.header".to_owned(), Share { found: 9, all: 10 });
        counted
            .evasions
            .insert("zero_width".to_owned(), Share { found: 19, all: 20 });
        let said = table(&counted);
        for wanted in [
            "all clean forms",
            "90.0 %  floor 99 %",
            "95.0 %  floor 95 %",
            "docx.header",
            "zero_width",
        ] {
            assert!(said.contains(wanted), "{wanted} in {said}");
        }
        assert!(
            counted
                .missed()
                .iter()
                .any(|what| what.starts_with("clean forms 90.0 %"))
        );
    }
}
