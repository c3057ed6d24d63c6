//! `cargo xtask new …`: the first draft of a thing that has a fixed form.
//!
//! It writes what is the same every time and leaves the rest to its author; it never overwrites.

use crate::house;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;

const REGISTERS: &str = "packs/base/registers";
const RECORDS: &str = "docs/src/adr";
const TABLE: &str = "docs/src/SUMMARY.md";

/// Starts the definition of a register, given as `area/key`.
pub(crate) fn register(name: &str) -> Result<()> {
    let (area, key) = name
        .split_once('/')
        .context("name the area too: `cargo xtask new register AREA/KEY`")?;
    for part in [area, key] {
        if !is_key(part) {
            bail!("`{part}` is no key: small letters, digits and underscores, a letter first");
        }
    }
    write_new(
        &format!("{REGISTERS}/{area}/{key}.toml"),
        &definition(area, key),
    )
}

/// Starts the next decision record and puts it into the book's table.
pub(crate) fn adr(title: &str) -> Result<()> {
    let slug = slug(title);
    if slug.is_empty() {
        bail!("`{title}` holds no letters for a file name");
    }
    let root = house::root();
    let number = next_number(&names_in(&root.join(RECORDS))?);
    let file = format!("{number:04}-{slug}.md");
    write_new(&format!("{RECORDS}/{file}"), &record(number, title))?;
    let table = root.join(TABLE);
    let text = fs::read_to_string(&table)?;
    let line = format!("- [{number:04} {title}](adr/{file})");
    fs::write(&table, with_record(&text, &line))?;
    println!("listed in {TABLE}");
    Ok(())
}

fn write_new(path: &str, text: &str) -> Result<()> {
    let full = house::root().join(path);
    if full.exists() {
        bail!("`{path}` exists already");
    }
    if let Some(folder) = full.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&full, text)?;
    println!("wrote {path}");
    Ok(())
}

fn is_key(word: &str) -> bool {
    word.starts_with(|char: char| char.is_ascii_lowercase())
        && word
            .chars()
            .all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '_')
}

/// The smallest definition that loads: one field, draft and registered. A test of `registers`
/// loads it as it stands.
fn definition(area: &str, key: &str) -> String {
    include_str!("scaffold/register.toml")
        .replace("PREFIX", &prefix(key))
        .replace("AREA", area)
        .replace("KEY", key)
}

/// The first letters of the words of a key, for its number series.
fn prefix(key: &str) -> String {
    key.split('_')
        .filter_map(|word| word.chars().next())
        .map(|char| char.to_ascii_uppercase())
        .collect()
}

fn record(number: u32, title: &str) -> String {
    format!(
        "# {number:04}: {title}\n\n\
         Status: proposed\n\n\
         ## Context\n\n\
         ## Decision\n\n\
         ## Consequences\n\n\
         ## Alternatives considered\n"
    )
}

fn slug(title: &str) -> String {
    let words = title
        .split(|char: char| !char.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase);
    words.collect::<Vec<_>>().join("-")
}

fn names_in(folder: &Path) -> Result<Vec<String>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot list `{}`", folder.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    Ok(names)
}

/// One more than the highest number in front of a name.
fn next_number(names: &[String]) -> u32 {
    let numbers = names.iter().filter_map(|name| {
        let (number, _) = name.split_once('-')?;
        number.parse::<u32>().ok()
    });
    numbers.max().unwrap_or_default() + 1
}

/// The table with one more line after its last decision record.
fn with_record(table: &str, line: &str) -> String {
    let mut lines: Vec<&str> = table.lines().collect();
    let last = lines.iter().rposition(|line| line.contains("](adr/"));
    lines.insert(last.map_or(lines.len(), |last| last + 1), line);
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_small_words() {
        assert!(is_key("seal_2"));
        for word in ["", "Seal", "2seal", "_seal", "../seal", "印"] {
            assert!(!is_key(word), "{word}");
        }
    }

    #[test]
    fn a_definition_names_its_key_and_its_series() {
        let text = definition("custody", "key_handover");
        assert!(text.contains("key = \"key_handover\"\n"));
        assert!(text.contains("format = \"KH{year}-{seq:4}\""));
    }

    #[test]
    fn records_are_numbered_on_and_listed_after_the_last() {
        let names = ["0001-one.md", "0008-eight.md", "README.md"].map(str::to_owned);
        assert_eq!(next_number(&names), 9);
        assert_eq!(next_number(&[]), 1);
        assert_eq!(slug("Sealed columns: why?"), "sealed-columns-why");
        let table = "- [a](a.md)\n- [1](adr/0001.md)\n- [b](b.md)\n";
        assert_eq!(
            with_record(table, "- [2](adr/0002.md)"),
            "- [a](a.md)\n- [1](adr/0001.md)\n- [2](adr/0002.md)\n- [b](b.md)\n"
        );
    }
}
