//! `ruping scan` with what somebody has said of its findings: lists of what is passed over, and baselines (capability 165).

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::RUPING;

const SALT: &str = "salt = \"00112233445566778899aabbccddeeff\"\n";

fn scan(folder: &Path, words: &[&str]) -> Output {
    Command::new(RUPING)
        .current_dir(folder)
        .args(["scan", "in"])
        .args(words)
        .env("LANG", "C.UTF-8")
        .output()
        .unwrap()
}

fn told(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A folder with one mark and one number of a person, and a place for lists beside it.
fn house() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("in")).unwrap();
    write(&folder, "in/a.txt", "机密★10年\n通知\n");
    write(&folder, "in/b.txt", "身份证号 11010519491231002X\n");
    folder
}

fn write(folder: &TempDir, name: &str, text: &str) {
    std::fs::write(folder.path().join(name), text).unwrap();
}

#[test]
fn what_is_passed_over_is_no_hit_and_stays_visible_with_its_reason() {
    let house = house();
    let json = ["--format", "json", "--suppress", "list.toml"];
    write(
        &house,
        "list.toml",
        "[[suppress]]\npath = \"in/a.txt\"\nreason = \"样本\"\nuntil = 2999-12-31\nby = \"李四\"\n",
    );
    let output = scan(house.path(), &json);
    let all = told(&output);
    let suppressed = &all[0]["findings"][0]["suppressed"];
    assert_eq!(
        (
            &suppressed["reason"],
            &suppressed["until"],
            &suppressed["by"]
        ),
        (&"样本".into(), &"2999-12-31".into(), &"李四".into())
    );
    assert_eq!(all[0]["verdict"]["level"], Value::Null, "{}", all[0]);
    assert!(all[1]["findings"][0]["suppressed"].is_null());
    assert_eq!(output.status.code(), Some(1), "the number is still a hit");
    assert!(
        said(&output).contains("1 findings suppressed"),
        "{}",
        said(&output)
    );
    let secret = scan(
        house.path(),
        &["--suppress", "list.toml", "--fail-on", "state.secret"],
    );
    assert_eq!(secret.status.code(), Some(0));
    let people = String::from_utf8_lossy(&secret.stdout).into_owned();
    assert!(
        !people.contains("a.txt") && people.contains("1 with findings"),
        "{people}"
    );
    assert!(people.contains("1 findings suppressed"), "{people}");
}

#[test]
fn entries_that_ended_or_fit_nothing_are_told() {
    let house = house();
    write(
        &house,
        "list.toml",
        "[[suppress]]\npath = \"in/**\"\nreason = \"x\"\nuntil = 2001-01-01\n[[suppress]]\nrule = \"no.such\"\nreason = \"y\"\nuntil = 2999-12-31\n",
    );
    let output = scan(
        house.path(),
        &["--format", "json", "--suppress", "list.toml"],
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(
        told(&output)
            .iter()
            .all(|one| one["findings"][0]["suppressed"].is_null())
    );
    let said = said(&output);
    assert!(
        said.contains("list.toml:1: this suppression ended on 2001-01-01"),
        "{said}"
    );
    assert!(said.contains("list.toml:5: this fits no finding"), "{said}");
}

#[test]
fn mistakes_in_a_list_are_told_with_line_and_code_in_both_languages() {
    let house = house();
    write(
        &house,
        "list.toml",
        "[[suppress]]\nrule = \"a\"\nreason = \"b\"\nuntil = \"soon\"\n",
    );
    let output = scan(
        house.path(),
        &["--format", "json", "--suppress", "list.toml"],
    );
    assert_eq!(output.status.code(), Some(2));
    let mistake = &told(&output)[0];
    assert_eq!(
        (&mistake["line"], &mistake["code"]),
        (&1.into(), &"scan.suppress_date".into())
    );
    assert!(
        mistake["say"]["zh"].as_str().unwrap().contains("截止日期"),
        "{mistake}"
    );
    write(
        &house,
        "list.toml",
        "[[suppress]]\nrule = \"a\"\nresaon = \"b\"\n",
    );
    let output = scan(
        house.path(),
        &["--format", "json", "--suppress", "list.toml"],
    );
    let mistake = &told(&output)[0];
    assert_eq!(
        (&mistake["line"], &mistake["code"]),
        (&3.into(), &"scan.suppress_format".into())
    );
}

#[test]
fn a_finding_is_named_by_its_digest_wherever_it_stands() {
    let house = house();
    let json = ["--format", "json", "--suppress", "list.toml"];
    write(&house, "list.toml", SALT);
    let first = told(&scan(house.path(), &json));
    let digest = first[1]["findings"][0]["digest"]
        .as_str()
        .unwrap()
        .to_owned();
    write(
        &house,
        "list.toml",
        &format!("{SALT}[[suppress]]\ndigest = \"{digest}\"\nreason = \"x\"\nuntil = 2999-12-31\n"),
    );
    write(&house, "in/c.txt", "另见 11010519491231002X。");
    let all = told(&scan(house.path(), &json));
    let passed: Vec<bool> = all
        .iter()
        .map(|one| one["findings"][0]["suppressed"].is_object())
        .collect();
    assert_eq!(passed, [false, true, true]);
}

#[test]
fn a_baseline_tells_what_is_new_and_holds_no_text() {
    let house = house();
    let first = scan(
        house.path(),
        &["--format", "json", "--write-baseline", "base.json"],
    );
    assert_eq!(first.status.code(), Some(1));
    let base = std::fs::read_to_string(house.path().join("base.json")).unwrap();
    assert_eq!(base.matches("\"digest\"").count(), 2, "{base}");
    assert!(!base.contains("机密") && !base.contains("1101"), "{base}");
    let with = ["--format", "json", "--baseline", "base.json"];
    let same = scan(house.path(), &with);
    assert_eq!(same.status.code(), Some(0), "{}", said(&same));
    let all = told(&same);
    assert!(
        all.iter().all(|one| one["findings"][0]["known"] == true),
        "{all:?}"
    );
    assert_eq!(
        all[0]["verdict"]["level"], "state.secret",
        "known is not unsaid"
    );
    assert!(
        said(&same).contains("2 known, 0 new, 0 gone"),
        "{}",
        said(&same)
    );
    // the same number a second time is new, and a mark that is gone is counted
    write(&house, "in/a.txt", "通知\n");
    write(
        &house,
        "in/b.txt",
        "11010519491231002X\n11010519491231002X\n",
    );
    let other = scan(house.path(), &with);
    assert_eq!(other.status.code(), Some(1));
    assert!(
        said(&other).contains("1 known, 1 new, 1 gone"),
        "{}",
        said(&other)
    );
    // written over, it keeps its salt
    scan(house.path(), &["--write-baseline", "base.json"]);
    let again = std::fs::read_to_string(house.path().join("base.json")).unwrap();
    let head = |text: &str| text.lines().next().unwrap().to_owned();
    assert_eq!(head(&again), head(&base));
    assert!(again.contains("\"count\":2"), "{again}");
}

#[test]
fn what_is_no_baseline_is_neither_read_nor_written_over() {
    let house = house();
    for option in ["--baseline", "--write-baseline"] {
        let output = scan(house.path(), &["--format", "json", option, "in/a.txt"]);
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(told(&output)[0]["code"], "scan.baseline");
    }
    let kept = std::fs::read_to_string(house.path().join("in/a.txt")).unwrap();
    assert!(kept.contains("机密"));
    let gone = scan(house.path(), &["--baseline", "none.json"]);
    assert_eq!(gone.status.code(), Some(2));
    assert!(said(&gone).contains("[cli.read]"), "{}", said(&gone));
}
