use std::path::Path;

use clap::Parser;
use domain::Language;
use serde_json::Value;

use super::*;
use crate::Format;

const BASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/base/registers");

/// A register of one required link to a unit.
const GOOD: &str = r#"
key = "badge"
name = { zh = "证件", en = "Badge" }
area = "people"
help = { zh = "证件登记。", en = "Badges." }
label = "open"

[[field]]
key = "unit"
name = { zh = "部门", en = "Unit" }
type = "unit"
required = true

[[state]]
key = "out"
name = { zh = "已领", en = "Out" }
initial = true
final = true

[[action]]
key = "hand_out"
name = { zh = "领出", en = "Hand out" }
to = "out"
who = "role:staff"
"#;

#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    verb: Verb,
}

fn known() -> Known<'static> {
    Known {
        roles: &["staff", "office_head", "registrar"],
        ..Known::default()
    }
}

fn told(language: Language, format: Option<Format>, arguments: &[&str]) -> (Exit, String) {
    told_by("check", language, format, arguments)
}

fn told_by(
    verb: &str,
    language: Language,
    format: Option<Format>,
    arguments: &[&str],
) -> (Exit, String) {
    let line = Line::try_parse_from([&["register", verb], arguments].concat()).unwrap();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut terminal = Terminal::new(&mut out, &mut err, language, format);
    let exit =
        run(&line.verb, &known(), &mut terminal).unwrap_or_else(|error| terminal.complain(&error));
    (exit, String::from_utf8([out, err].concat()).unwrap())
}

fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn every_mistake_of_every_file_is_told_with_its_place_and_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let good = file(folder.path(), "badge.toml", GOOD);
    let one = GOOD
        .replace("type = \"unit\"", "type = \"unitt\"")
        .replace("badge", "pass");
    let one = file(folder.path(), "pass.toml", &one);
    let two = GOOD
        .replace("to = \"out\"", "to = \"away\"")
        .replace("badge", "card");
    let two = file(folder.path(), "card.toml", &two);
    let people = format!("{BASE}/people");
    let (exit, text) = told(Language::En, None, &[&good, &one, &two, "--with", &people]);
    assert_eq!(exit, Exit::Found);
    for place in [format!("{one}:11:"), format!("{two}:23:")] {
        assert!(text.contains(&place), "{place}\n{text}");
    }
    assert!(!text.contains(&good) && !text.contains(BASE), "{text}");
    let (_, zh) = told(Language::Zh, None, &[&one, "--with", &people]);
    assert_ne!(zh, text, "the reader's language");

    let (exit, json) = told(
        Language::En,
        Some(Format::Json),
        &[&one, &two, "--with", &people],
    );
    assert_eq!(exit, Exit::Found);
    let lines: Vec<Value> = json
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let (last, reports) = lines.split_last().unwrap();
    assert_eq!(
        (&last["ok"], &last["files"]),
        (&Value::Bool(false), &Value::from(2))
    );
    assert_eq!(last["mistakes"], reports.len());
    for report in reports {
        assert!(
            report["line"].is_u64() && report["column"].is_u64(),
            "{report}"
        );
        assert!(
            report["say"]["zh"].is_string() && report["remedy"]["en"].is_string(),
            "{report}"
        );
    }
}

#[test]
fn what_is_there_already_may_be_referred_to() {
    let folder = tempfile::tempdir().unwrap();
    let good = file(folder.path(), "badge.toml", GOOD);
    let people = format!("{BASE}/people");
    let (exit, text) = told(Language::En, None, &[&good, "--with", &people]);
    assert_eq!(
        (exit, text.as_str()),
        (Exit::Fine, "no mistakes; files checked: 1\n")
    );
    let unit = format!("{people}/unit.toml");
    let (exit, _) = told(Language::En, None, &[&good, &unit, "--with", &people]);
    assert_eq!(exit, Exit::Fine, "a file that is given twice is taken once");
}

#[test]
fn what_is_no_text_or_too_large_is_a_mistake_of_that_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("latin.toml");
    std::fs::write(&path, b"key = \"a\"\nname = \"\xe9\"\n").unwrap();
    let latin = path.display().to_string();
    let large = file(folder.path(), "large.toml", &"#".repeat(300 * 1024));
    let (exit, text) = told(Language::En, None, &[&latin, &large]);
    assert_eq!(exit, Exit::Found);
    assert!(
        text.contains(&format!("{latin}:2:1: the file is not UTF-8")),
        "{text}"
    );
    assert!(text.contains(&format!("{large}:1:1:")), "{text}");
    let (exit, text) = told(Language::En, None, &["/nowhere/at/all.toml"]);
    assert_eq!(exit, Exit::Failed);
    assert!(text.contains("[cli.read]"), "{text}");
}

#[test]
fn what_is_described_is_what_the_file_says() {
    let folder = tempfile::tempdir().unwrap();
    let good = GOOD.replace("type = \"unit\"", "type = \"text\"");
    let good = file(folder.path(), "badge.toml", &good);
    let (exit, page) = told_by("describe", Language::En, None, &[&good]);
    assert_eq!(exit, Exit::Fine, "{page}");
    for said in [
        "## <a id=\"badge\"></a>证件 · Badge `badge`",
        "| `unit` | 部门 · Unit | text | 必填 required |",
        "| `hand_out` | 领出 · Hand out | 新 new → `out` | `role:staff` |",
    ] {
        assert!(page.contains(said), "{said} is not in {page}");
    }
}

#[test]
fn what_is_broken_is_not_described_but_told_as_check_tells_it() {
    let folder = tempfile::tempdir().unwrap();
    let broken = GOOD.replace("type = \"unit\"", "type = \"unitt\"");
    let broken = file(folder.path(), "badge.toml", &broken);
    let folder = folder.path().display().to_string();
    file(Path::new(&folder), "second.toml", "");
    for named in [broken, folder] {
        for format in [None, Some(Format::Json)] {
            let (exit, described) = told_by("describe", Language::En, format, &[&named]);
            let (_, checked) = told(Language::En, format, &[&named]);
            assert_eq!(exit, Exit::Found);
            assert_eq!(described, checked);
        }
    }
}

#[test]
fn a_described_page_is_one_value_where_json_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let good = GOOD.replace("type = \"unit\"", "type = \"text\"");
    let good = file(folder.path(), "badge.toml", &good);
    let (exit, told) = told_by("describe", Language::En, Some(Format::Json), &[&good]);
    assert_eq!(exit, Exit::Fine);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert!(told["page"].as_str().unwrap().contains("`hand_out`"));
}
