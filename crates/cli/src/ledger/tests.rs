use std::path::{Path, PathBuf};

use clap::Parser;
use domain::Language;
use serde_json::Value;

use super::*;
use crate::Format;

/// The log that the ledger's format is frozen by.
const FROZEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../ledger/tests/frozen/v1");

#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    verb: Verb,
}

struct Told {
    exit: Exit,
    out: String,
    err: String,
}

impl Told {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

fn told(language: Language, format: Option<Format>, arguments: &[&str]) -> Told {
    let line = Line::try_parse_from([&["ledger"], arguments].concat()).unwrap();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut terminal = Terminal::new(&mut out, &mut err, language, format);
    let result = run(&line.verb, &mut terminal);
    let exit = result.unwrap_or_else(|error| terminal.complain(&error));
    Told {
        exit,
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
    }
}

fn ledger(arguments: &[&str]) -> Told {
    told(Language::En, None, arguments)
}

fn frozen(path: &str) -> String {
    format!("{FROZEN}/{path}")
}

/// A copy of the frozen log that may be damaged.
fn copy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in [
        "log/checkpoint",
        "log/tile/0/000.p/3",
        "log/tile/entries/000.p/3",
    ] {
        let to = folder.path().join(file);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(frozen(file), to).unwrap();
    }
    folder
}

fn verify(folder: &Path, more: &[&str]) -> Told {
    let (data, key) = (folder.display().to_string(), frozen("verifier.key"));
    ledger(&[&["verify", "--data", &data, "--vkey", &key], more].concat())
}

#[test]
fn a_sound_log_is_told_sound_in_either_language() {
    let answer = verify(Path::new(FROZEN), &[]);
    assert_eq!(answer.exit, Exit::Fine);
    let json = answer.json();
    assert_eq!(
        (&json["ok"], &json["size"]),
        (&Value::Bool(true), &Value::from(3))
    );
    assert!(json["pending"].is_null() && json["reason"].is_null());
    let key = frozen("verifier.key");
    let arguments = ["verify", "--data", FROZEN, "--vkey", &key];
    let zh = told(Language::Zh, Some(Format::Text), &arguments);
    assert_eq!(zh.out, "日志完整：3 个条目均与已签名的检查点相符\n");
}

#[test]
fn a_flipped_byte_is_found_and_named() {
    let folder = copy();
    let bundle = folder.path().join("log/tile/entries/000.p/3");
    let mut bytes = std::fs::read(&bundle).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&bundle, bytes).unwrap();
    let answer = verify(folder.path(), &[]);
    assert_eq!(answer.exit, Exit::Found);
    let json = answer.json();
    assert_eq!(
        (&json["ok"], &json["first_bad"]),
        (&Value::Bool(false), &Value::from(2))
    );
    assert_eq!(json["reason"], "ledger.entry_changed");
    assert_eq!(json["path"], "tile/entries/000.p/3");
}

#[test]
fn a_log_without_its_checkpoint_is_a_finding_and_no_log_is_a_failure() {
    let folder = copy();
    std::fs::remove_file(folder.path().join("log/checkpoint")).unwrap();
    let answer = verify(folder.path(), &[]);
    assert_eq!(
        (answer.exit, &answer.json()["reason"]),
        (Exit::Found, &Value::from("ledger.checkpoint_missing"))
    );
    let empty = tempfile::tempdir().unwrap();
    let answer = verify(empty.path(), &[]);
    assert_eq!(answer.exit, Exit::Failed);
    assert!(
        answer.err.contains("[cli.no_log]") && answer.out.is_empty(),
        "{}",
        answer.err
    );
}

#[test]
fn a_kept_checkpoint_is_compared() {
    let kept = frozen("log/checkpoint");
    assert_eq!(
        verify(Path::new(FROZEN), &["--kept", &kept]).exit,
        Exit::Fine
    );
    let other = frozen("entry-1.tlog-proof");
    let answer = verify(Path::new(FROZEN), &["--kept", &other]);
    assert_eq!(answer.exit, Exit::Failed);
}

#[test]
fn a_proof_is_checked_from_the_verifier_key_alone() {
    let (proof, key) = (frozen("entry-1.tlog-proof"), frozen("verifier.key"));
    let answer = ledger(&["check", &proof, "--vkey", &key]);
    assert_eq!(answer.exit, Exit::Fine);
    let json = answer.json();
    assert_eq!(
        (&json["ok"], &json["index"]),
        (&Value::Bool(true), &Value::from(1))
    );
    assert!(json["entry"]["id"].is_string(), "{json}");

    let folder = tempfile::tempdir().unwrap();
    let forged: PathBuf = folder.path().join("forged");
    let text = std::fs::read_to_string(&proof)
        .unwrap()
        .replace("index 1", "index 2");
    std::fs::write(&forged, text).unwrap();
    let answer = ledger(&["check", &forged.display().to_string(), "--vkey", &key]);
    assert_eq!(answer.exit, Exit::Found);
    assert_eq!(answer.json()["reason"], "ledger.inclusion_invalid");
}

#[test]
fn a_proof_is_shown_without_belief() {
    let proof = frozen("entry-1.tlog-proof");
    let text = ledger(&["show-proof", &proof]);
    assert!(
        text.out.starts_with("entry 1 (nothing is checked yet"),
        "{}",
        text.out
    );
    let json = told(Language::En, Some(Format::Json), &["show-proof", &proof]).json();
    assert_eq!(json["checked"], false);
    assert!(
        json["checkpoint"]
            .as_str()
            .unwrap()
            .starts_with("example.org/ruping/frozen\n3\n")
    );
}

#[test]
fn what_cannot_be_read_is_a_failure_with_its_path() {
    let key = frozen("verifier.key");
    let answer = ledger(&["check", "/nowhere/x.tlog-proof", "--vkey", &key]);
    assert_eq!(answer.exit, Exit::Failed);
    assert!(
        answer
            .err
            .contains("`/nowhere/x.tlog-proof` cannot be read"),
        "{}",
        answer.err
    );
    let answer = ledger(&["check", &key, "--vkey", &frozen("log/checkpoint")]);
    assert_eq!(answer.exit, Exit::Failed);
    assert!(
        answer.err.contains("[ledger.key_malformed]"),
        "{}",
        answer.err
    );
}

#[test]
fn a_verb_says_where_the_log_is() {
    let wrong: [&[&str]; 4] = [
        &["verify", "--vkey", "k"],
        &["verify", "--vkey", "k", "--url", "https://x"],
        &[
            "verify",
            "--vkey",
            "k",
            "--url",
            "https://x",
            "--token-file",
            "t",
            "--data",
            "d",
        ],
        &["verify", "--data", "d"],
    ];
    for arguments in wrong {
        assert!(
            Line::try_parse_from([&["ledger"], arguments].concat()).is_err(),
            "{arguments:?}"
        );
    }
}
