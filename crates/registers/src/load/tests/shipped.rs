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

/// What the packs ship loads, whatever the program offers: names of effects, checks and roles are the program's test.
#[test]
fn the_shipped_packs_load() {
    shipped();
}

/// Everything the packs ship.
pub(crate) fn shipped() -> Catalogue {
    let sources = folder(&root().join("packs"));
    let effects = asked(&sources, "effect = \"");
    let checks = asked(&sources, "by = \"");
    let roles = asked(&sources, "\"role:");
    let layouts: Vec<String> = asked(&sources, "layout = \"").into_iter().collect();
    let slices = [&effects, &checks, &roles]
        .map(|names| names.iter().map(String::as_str).collect::<Vec<&str>>());
    let [effects, checks, roles] = &slices;
    let effects: Vec<Effect<'_>> = effects.iter().map(|name| effect(name)).collect();
    let known = Known {
        effects: &effects,
        checks,
        roles,
        registers: &[],
        layouts: &layouts,
        custody: &["copy", "document"],
    };
    load(&sources, &known).unwrap_or_else(|reports| {
        let told: Vec<String> = reports.iter().map(ToString::to_string).collect();
        panic!("{}", told.join("\n"))
    })
}

/// What `cargo xtask new register` writes is a register from the first moment.
#[test]
fn the_skeleton_of_a_new_register_loads() {
    let path = root().join("xtask/src/scaffold/register.toml");
    let skeleton = std::fs::read_to_string(path).unwrap();
    let text = skeleton
        .replace("PREFIX", "KH")
        .replace("AREA", "custody")
        .replace("KEY", "key_handover");
    let source = Source {
        path: "custody/key_handover.toml".to_owned(),
        text,
    };
    assert!(loaded(&[source]).definition("key_handover").is_some());
}
