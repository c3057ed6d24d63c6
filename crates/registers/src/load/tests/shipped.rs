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

/// Rules of inspection are read by `inspect`; a register in a folder of that name is read all the same.
#[test]
fn rules_of_inspection_are_no_registers() {
    let source = |path: &str, text: &str| Source {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let known = Known {
        effects: &[],
        checks: &[],
        roles: &[],
        registers: &[],
        layouts: &[],
        custody: &[],
    };
    let rule = "[[rule]]\nkey = \"a\"\n";
    assert!(load(&[source("base/rules/marks.toml", rule)], &known).is_ok());
    assert!(load(&[source("base/registers/marks.toml", rule)], &known).is_err());
    assert!(load(&[source("base/rules/marks.toml", "bogus = 1")], &known).is_err());
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

/// Chinese characters of a help text at most: it is read while one works.
const REGISTER_HELP: usize = 120;
const ACTION_HELP: usize = 60;

/// Whatever ships says in both languages what it is for and what happens next: every register, every kind of
/// lines, and every action, those that the program adds by itself too (issue: the web UI, help).
#[test]
fn every_shipped_register_and_action_says_what_it_is_for() {
    let catalogue = shipped();
    let mut wrong: Vec<String> = Vec::new();
    for definition in catalogue.all_kept() {
        let key = &definition.key;
        wrong.extend(unsaid(key, Some(&definition.help), REGISTER_HELP));
        for action in &definition.actions {
            let of = format!("{key}.{}", action.key);
            wrong.extend(unsaid(&of, action.help.as_ref(), ACTION_HELP));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with a help text, if anything.
fn unsaid(of: &str, help: Option<&domain::Text>, most: usize) -> Option<String> {
    let Some(help) = help else {
        return Some(format!("{of} has no help"));
    };
    let is_chinese = |letter: &char| ('\u{4e00}'..='\u{9fff}').contains(letter);
    let chinese = help.zh.chars().filter(is_chinese).count();
    if chinese == 0 || chinese > most {
        return Some(format!(
            "{of}: {chinese} Chinese characters, of 1 to {most}"
        ));
    }
    let english = help.en.chars().filter(char::is_ascii_alphabetic).count();
    let mixed = help.en.chars().any(|letter| is_chinese(&letter));
    (english == 0 || mixed).then(|| format!("{of}: the English is missing or not English"))
}
