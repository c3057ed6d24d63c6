use std::collections::BTreeSet;

use super::*;

/// The quoted words after a key, in every file: what the program is asked to offer.
fn asked(sources: &[Source], before: &str) -> BTreeSet<String> {
    let words = sources
        .iter()
        .flat_map(|source| source.text.split(before).skip(1));
    words
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}

/// What the packs ship loads, whatever the program offers: names of effects, checks, events and
/// roles are the program's test.
#[test]
fn the_shipped_packs_load() {
    let sources = folder(&root().join("packs"));
    let effects = asked(&sources, "effect = \"");
    let checks = asked(&sources, "by = \"");
    let events = asked(&sources, "\"event:");
    let roles = asked(&sources, "\"role:");
    let slices = [&effects, &checks, &events, &roles]
        .map(|names| names.iter().map(String::as_str).collect::<Vec<&str>>());
    let [effects, checks, events, roles] = &slices;
    let known = Known {
        effects,
        checks,
        events,
        roles,
        registers: &[],
    };
    let told = match load(&sources, &known) {
        Ok(_) => Vec::new(),
        Err(reports) => reports.iter().map(ToString::to_string).collect(),
    };
    assert!(told.is_empty(), "{}", told.join("\n"));
}
