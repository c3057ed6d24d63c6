//! Files made to hurt are refused, quickly.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::*;

/// Loads one file and says what was found and how long it took.
/// What is refused is refused at once, well under a second on a quiet machine. WHY not a second
/// here: machines that test are busy, and this has only to tell bounded work from endless work.
const PATIENCE: Duration = Duration::from_secs(20);

fn load_one(text: String) -> (Result<Catalogue, Vec<Report>>, Duration) {
    let sources = [Source {
        path: "hostile.toml".to_owned(),
        text,
    }];
    let start = Instant::now();
    (load(&sources, &known()), start.elapsed())
}

fn refused_fast(text: String, code: &str) {
    let (result, took) = load_one(text);
    let reports = result.unwrap_err();
    assert!(
        reports.iter().any(|report| report.code == code),
        "no {code} in {reports:#?}"
    );
    assert!(reports.len() <= limits::REPORTS_PER_FILE_MAX);
    assert!(took < PATIENCE, "{code} took {took:?}");
}

const HEAD: &str = r#"
key = "hostile"
name = { zh = "甲", en = "a" }
area = "office"
help = { zh = "甲", en = "a" }
label = "open"
"#;

#[test]
fn ten_thousand_fields() {
    let mut text = HEAD.to_owned();
    for n in 0..10_000 {
        writeln!(text, "[[field]]\nkey=\"f{n}\"").unwrap();
    }
    assert!(text.len() < limits::FILE_BYTES_MAX);
    refused_fast(text, "register.too_many");
}

#[test]
fn ten_thousand_of_anything_else() {
    for what in [
        "state", "action", "rule", "clock", "approval", "line", "print", "migrate",
    ] {
        let mut text = HEAD.to_owned();
        for n in 0..10_000 {
            writeln!(text, "[[{what}]]\nkey=\"k{n}\"").unwrap();
        }
        assert!(text.len() < limits::FILE_BYTES_MAX, "{what}");
        refused_fast(text, "register.too_many");
    }
}

#[test]
fn a_file_larger_than_files_are() {
    let text = format!("# {}\n{HEAD}", "x".repeat(limits::FILE_BYTES_MAX));
    refused_fast(text, "register.file_too_big");
}

#[test]
fn endless_expressions() {
    let mut text = HEAD.to_owned();
    let long = "a".repeat(200_000);
    write!(
        text,
        "[[field]]\nkey=\"x\"\ntype=\"bool\"\nshown=\"{long}\"\n"
    )
    .unwrap();
    refused_fast(text, "register.text_too_long");
}

#[test]
fn many_long_expressions_are_not_all_read() {
    let mut text = HEAD.to_owned();
    let long = "a && ".repeat(390) + "a";
    for n in 0..125 {
        writeln!(
            text,
            "[[field]]\nkey=\"f{n}\"\nname={{zh=\"a\",en=\"a\"}}\ntype=\"bool\"\nshown=\"{long}\""
        )
        .unwrap();
    }
    assert!(text.len() < limits::FILE_BYTES_MAX);
    refused_fast(text, "register.expressions_too_long");
}

#[test]
fn deep_nesting() {
    let deep = format!(
        "x = {}1{}\n{HEAD}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    refused_fast(deep, "register.syntax");
    let tables = format!(
        "x = {}1{}\n{HEAD}",
        "{a=".repeat(60_000),
        "}".repeat(60_000)
    );
    refused_fast(tables, "register.syntax");
    let keys = format!("x{} = 1\n{HEAD}", ".a".repeat(100_000));
    refused_fast(keys, "register.key_missing");
    let brackets = format!(
        "{HEAD}[[field]]\nkey=\"x\"\nshown=\"{}\"\n",
        "(".repeat(1_900)
    );
    refused_fast(brackets, "register.expression");
}

#[test]
fn registers_that_link_in_circles() {
    let link = |from: &str, to: &str| {
        let name = "name = { zh = \"甲\", en = \"a\" }";
        let text = format!(
            "key = \"{from}\"\n{name}\narea = \"office\"\nhelp = {{ zh = \"甲\", en = \"a\" }}\nlabel = \"join(next)\"\n\
             [[field]]\nkey = \"next\"\n{name}\ntype = \"link\"\nto = \"{to}\"\nrequired = true\n\
             shown = \"next.next.next.next.next.next.next.next.next.next.id != null\"\n\
             [[state]]\nkey = \"s\"\n{name}\ninitial = true\n[[state]]\nkey = \"e\"\n{name}\nfinal = true\n\
             [[action]]\nkey = \"add\"\n{name}\nto = \"e\"\nwho = \"staff\"\n"
        );
        Source {
            path: format!("{from}.toml"),
            text,
        }
    };
    let start = Instant::now();
    let names: Vec<String> = (0..50).map(|n| format!("r{n}")).collect();
    let circle: Vec<Source> = names
        .iter()
        .zip(names.iter().cycle().skip(1))
        .map(|(from, to)| link(from, to))
        .collect();
    loaded(&circle);
    loaded(&[link("self", "self")]);
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
}

#[test]
fn extensions_of_extensions() {
    let extension = |name: &str, of: &str| Source {
        path: format!("{name}.toml"),
        text: format!("extends = \"{of}\""),
    };
    let reports = load(
        &[
            extension("a", "b"),
            extension("b", "a"),
            extension("c", "c"),
        ],
        &known(),
    );
    let codes: Vec<_> = reports
        .unwrap_err()
        .iter()
        .map(|report| report.code)
        .collect();
    assert_eq!(codes, ["register.no_such_register"; 3]);
}

#[test]
fn more_files_than_packs_have() {
    let sources: Vec<Source> = (0..limits::FILES_MAX + 1)
        .map(|n| Source {
            path: format!("{n}.toml"),
            text: String::new(),
        })
        .collect();
    let reports = load(&sources, &known()).unwrap_err();
    assert!(
        reports
            .iter()
            .any(|report| report.code == "register.too_many_files")
    );
}

#[test]
fn bytes_that_mean_nothing() {
    for text in [
        "\u{0}",
        "=",
        "[[[",
        "\"\"\"",
        "key = 'a",
        "\u{feff}key = 1",
        "[a]\n[a]\n",
        "a.b=1\na=2",
    ] {
        let (result, took) = load_one(text.to_owned());
        assert!(result.is_err(), "{text:?}");
        assert!(took < PATIENCE);
    }
}
