//! The table of rules: each rule of the shipped registers with the acts it judges and the tests that show
//! it, what the program itself keeps, and what waits for a register.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde::Deserialize;

const HEAD: &str = "\
# Rules and where they are kept 规则与落实

Each rule of the shipped registers, the acts it judges and the tests that show it: one case of facts that keep
and facts that break it for every rule (`crates/registers/src/rules/cases.toml`; the test takes the rule away and
sees that nothing objects), and the tests that bear its number. Where it stands in law:
[where rules stand](sources.md). 已提供台账的每条规则、所判定的操作和证明它的测试。

This page is written from the packs and the tests (`RUPING_BLESS=1` writes it). 本页由程序生成。

";

/// The rules of letter P and P* on levels, derivation, periods, change, marks, scope, carriers and
/// destruction: none of them is forgotten.
const PRIMARY: [&str; 63] = [
    "R-101", "R-102", "R-103", "R-104", "R-105", "R-106", "R-107", "R-109", "R-110", "R-111",
    "R-112", "R-113", "R-114", "R-115", "R-121", "R-122", "R-123", "R-124", "R-125", "R-131",
    "R-132", "R-133", "R-137", "R-138", "R-141", "R-142", "R-143", "R-144", "R-145", "R-146",
    "R-147", "R-148", "R-149", "R-151", "R-152", "R-153", "R-161", "R-162", "R-163", "R-164",
    "R-165", "R-166", "R-167", "R-181", "R-182", "R-183", "R-201", "R-203", "R-204", "R-211",
    "R-212", "R-213", "R-214", "R-215", "R-216", "R-217", "R-219", "R-220", "R-221", "R-224",
    "R-231", "R-232", "R-240",
];

#[derive(Deserialize)]
struct Elsewhere {
    kept: Vec<Kept>,
    waits: Vec<Waits>,
}

#[derive(Deserialize)]
struct Say {
    zh: String,
    en: String,
}

/// What the program keeps, whatever a definition says.
#[derive(Deserialize)]
struct Kept {
    rule: String,
    say: Say,
    test: String,
}

/// What a register that is not shipped yet will keep.
#[derive(Deserialize)]
struct Waits {
    rule: String,
    clause: String,
    #[serde(rename = "for")]
    what: Say,
}

/// A rule as it stands in a definition.
struct Shipped {
    register: String,
    rule: String,
    letter: String,
    clause: String,
    on: Vec<String>,
}

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every file below a folder that ends like this.
fn files(folder: &Path, ending: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let mut entries: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|one| one.unwrap().path())
            .collect();
        entries.sort();
        for path in entries {
            if path.is_dir() && !path.ends_with("target") {
                open.push(path);
            } else if path.extension().is_some_and(|found| found == ending) {
                texts.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    texts
}

fn text(value: &toml::Value, key: &str) -> String {
    let value = value.get(key).and_then(toml::Value::as_str);
    value.unwrap_or_default().to_owned()
}

fn list<'v>(value: &'v toml::Value, key: &str) -> impl Iterator<Item = &'v toml::Value> {
    let list = value.get(key).and_then(toml::Value::as_array);
    list.into_iter().flatten()
}

/// Every rule of the shipped registers.
fn shipped() -> Vec<Shipped> {
    let mut rules = Vec::new();
    for file in files(&root().join("packs/base/registers"), "toml") {
        let definition: toml::Value = toml::from_str(&file).unwrap();
        let mut add = |owner: String, holder: &toml::Value| {
            for rule in list(holder, "rule") {
                let on = list(rule, "on").filter_map(toml::Value::as_str);
                rules.push(Shipped {
                    register: owner.clone(),
                    rule: text(rule, "id"),
                    letter: text(rule, "letter"),
                    clause: text(rule, "clause"),
                    on: on.map(str::to_owned).collect(),
                });
            }
        };
        let key = text(&definition, "key");
        add(key.clone(), &definition);
        for line in list(&definition, "line") {
            add(format!("{key}.{}", text(line, "key")), line);
        }
    }
    rules.sort_by(|one, other| (&one.rule, &one.register).cmp(&(&other.rule, &other.register)));
    rules
}

/// The number in an id: `R-184k` is a part of `R-184`.
fn number(id: &str) -> String {
    id.trim_end_matches(|last: char| last.is_ascii_lowercase())
        .to_owned()
}

/// The functions of the tests, with the numbers of rules in their names.
fn tests() -> (BTreeSet<String>, BTreeMap<String, BTreeSet<String>>) {
    let mut all = BTreeSet::new();
    let mut of_rule: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files(&root().join("crates"), "rs") {
        for name in file
            .split("fn ")
            .skip(1)
            .filter_map(|rest| rest.split('(').next())
        {
            let words: Vec<&str> = name.split('_').collect();
            for (at, word) in words.iter().enumerate() {
                let joined = word.strip_prefix('r').filter(|digits| digits.len() == 3);
                let apart = words.get(at + 1).filter(|_| *word == "r").copied();
                let digits = joined
                    .or(apart)
                    .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
                if let Some(digits) = digits {
                    of_rule
                        .entry(format!("R-{digits}"))
                        .or_default()
                        .insert(name.to_owned());
                }
            }
            all.insert(name.to_owned());
        }
    }
    (all, of_rule)
}

fn elsewhere() -> Elsewhere {
    toml::from_str(include_str!("rules/elsewhere.toml")).unwrap()
}

#[test]
fn the_table_of_rules_is_written_from_packs_and_tests() {
    let (all, named) = tests();
    let mut lines = vec![
        "| rule | letter | clause | register | judges | also shown by |".to_owned(),
        "|---|---|---|---|---|---|".to_owned(),
    ];
    let code = |word: &String| format!("`{word}`");
    lines.extend(shipped().iter().map(|rule| {
        let also = named.get(&number(&rule.rule)).into_iter().flatten();
        let also: Vec<String> = also.map(code).collect();
        let on: Vec<String> = rule.on.iter().map(code).collect();
        let (also, on) = (also.join("<br>"), on.join(" "));
        let Shipped {
            register,
            rule,
            letter,
            clause,
            ..
        } = rule;
        format!("| {rule} | {letter} | {clause} | `{register}` | {on} | {also} |")
    }));
    let kept = "\n## Kept by the program 由程序保证\n\n| rule | 中文 | English | test |\n|---|---|---|---|";
    lines.push(kept.to_owned());
    lines.extend(elsewhere().kept.into_iter().map(|kept| {
        let Kept { rule, say, test } = kept;
        assert!(all.contains(&test), "{rule}: there is no test `{test}`");
        format!("| {rule} | {} | {} | `{test}` |", say.zh, say.en)
    }));
    let waits = "\n## Waiting for a register 待相应台账\n\n| rule | clause | 待 | waits for |\n|---|---|---|---|";
    lines.push(waits.to_owned());
    lines.extend(elsewhere().waits.into_iter().map(|waits| {
        let Waits { rule, clause, what } = waits;
        format!("| {rule} | {clause} | {} | {} |", what.zh, what.en)
    }));
    let page = format!("{HEAD}{}\n", lines.join("\n"));
    crate::docs::is_kept("docs/src/reference/rules.md", &page);
}

#[test]
fn no_rule_of_the_primary_text_is_forgotten() {
    let elsewhere = elsewhere();
    let mut known: BTreeSet<String> = shipped().iter().map(|rule| number(&rule.rule)).collect();
    for waits in &elsewhere.waits {
        assert!(
            !known.contains(&waits.rule),
            "{} is shipped and waits",
            waits.rule
        );
    }
    known.extend(elsewhere.kept.into_iter().map(|kept| kept.rule));
    known.extend(elsewhere.waits.into_iter().map(|waits| waits.rule));
    let forgotten: Vec<_> = PRIMARY
        .iter()
        .filter(|rule| !known.contains(**rule))
        .collect();
    assert!(forgotten.is_empty(), "{forgotten:?}");
}
