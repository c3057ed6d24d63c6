//! The main job with every refusal that must come, as a user runs it: on both databases, on real
//! files, and with each rule taken away in turn, which the demonstration must notice.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;
use testkit::databases;

/// Refusals that no pack can take away: they are the program's own. Why, and what shows each, is
/// in docs/src/reference/refusals.md.
const FIXED: [&str; 4] = [
    "not_found",
    "register.field_repeated",
    "signature.twice",
    "R-421",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs `ruping demo --once` in a folder of its own.
fn play(database: Option<&str>, more: &[&str]) -> Output {
    let folder = TempDir::new().unwrap();
    let mut demo = Command::new(crate::RUPING);
    demo.args(["demo", "--once", "--data"])
        .arg(folder.path().join("demo"))
        .args(more)
        .env_remove("RUPING_LOG")
        .env("LANG", "en_US.UTF-8");
    if let Some(url) = database {
        demo.args(["--database", url]);
    }
    demo.output().unwrap()
}

fn told(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    format!("{}\n{errors}", String::from_utf8_lossy(&output.stdout))
}

/// Names after a sign: `✋` for refusals that came, `✗` for what is not as it must be.
fn marked(told: &str, sign: &str) -> BTreeSet<String> {
    told.lines()
        .filter_map(|line| line.trim().strip_prefix(sign))
        .filter_map(|rest| rest.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_thread_runs_with_every_refusal_on_both_databases() {
    for database in databases().unwrap() {
        println!("on {database:?}");
        let output = play(database.url().as_deref(), &[]);
        let told = told(&output);
        assert!(output.status.success(), "{told}");
        assert_eq!(marked(&told, "✗"), BTreeSet::new(), "{told}");
        let came = marked(&told, "✋");
        let named: BTreeSet<String> = taken_away::REFUSALS
            .iter()
            .chain(&FIXED)
            .map(|name| (*name).to_owned())
            .collect();
        assert_eq!(
            came, named,
            "each refusal is one that a test takes away, or fixed"
        );
        let page = fs::read_to_string(root().join("docs/src/reference/refusals.md")).unwrap();
        for name in &came {
            assert!(
                page.contains(&format!("| `{name}` |")),
                "{name} is not explained"
            );
        }
    }
}

/// The files of the specifications, where they lie beside the checkout.
#[test]
fn the_thread_runs_on_real_files() {
    let corpus = root().join("../shared/corpus");
    if !corpus.is_dir() {
        println!("skipped: there is no folder ../shared/corpus beside the checkout");
        return;
    }
    let chosen = TempDir::new().unwrap();
    for kind in ["docx", "pdf", "xlsx", "ofd"] {
        let mut files: Vec<PathBuf> = fs::read_dir(corpus.join(kind))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == kind))
            .collect();
        files.sort();
        assert!(!files.is_empty(), "no {kind}");
        for (number, path) in files.iter().enumerate() {
            let name = format!("{kind}-{number}.{kind}");
            fs::copy(path, chosen.path().join(name)).unwrap();
        }
    }
    let count = fs::read_dir(chosen.path()).unwrap().count() + 4;
    for database in databases().unwrap() {
        let files = chosen.path().display().to_string();
        let output = play(database.url().as_deref(), &["--files", &files]);
        let told = told(&output);
        assert!(output.status.success(), "{told}");
        let line = format!("{count} 个文件，整体和分段逐字节一致");
        assert!(told.contains(&line), "{told}");
    }
}

/// R-421 is the installation's own limit: with a higher one its refusal no longer comes.
#[test]
fn the_highest_level_of_the_installation_is_what_refuses() {
    let output = play(None, &["--max-level", "state.top_secret"]);
    missed(&output, "R-421");
}

/// The demonstration ends badly, and what it misses is this refusal and no other.
#[track_caller]
fn missed(output: &Output, name: &str) {
    let told = told(output);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert_eq!(
        marked(&told, "✗"),
        BTreeSet::from([name.to_owned()]),
        "{told}"
    );
    let complaint = format!("ruping: the refusal `{name}` did not come [demo.refusal_missing]");
    assert!(told.contains(&complaint), "{told}");
}

#[test]
fn other_packs_are_for_test_folders_alone() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let ruping = |verb: &str, more: &[&str]| {
        let key = format!("file:{}", path("root.key"));
        let mut command = Command::new(crate::RUPING);
        command
            .args([verb, "--data", &path("data"), "--root-key", &key])
            .args(more);
        let output = command.output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let packs = root().join("packs").display().to_string();
    let (code, said) = ruping("init", &["--test-packs", &packs]);
    assert_eq!(code, Some(2));
    assert!(said.contains("[packs.not_a_test_folder]"), "{said}");
    assert!(
        !Path::new(&path("data")).join("salt").exists(),
        "nothing was made"
    );
    assert_eq!(ruping("init", &[]).0, Some(0));
    for (verb, more) in [
        ("serve", vec!["--listen", "127.0.0.1:0"]),
        ("check", vec![]),
    ] {
        let (code, said) = ruping(verb, &[&more[..], &["--test-packs", &packs]].concat());
        assert_eq!(code, Some(2), "{verb}");
        assert!(said.contains("[packs.not_a_test_folder]"), "{verb}: {said}");
    }
}

#[test]
fn a_folder_that_holds_something_is_left_alone() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("mine"), "untouched").unwrap();
    let mut demo = Command::new(crate::RUPING);
    demo.args(["--lang", "zh", "demo", "--once", "--data"])
        .arg(folder.path());
    let output = demo.output().unwrap();
    let told = told(&output);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(
        told.contains("演示用的目录不是空的 [demo.not_empty]"),
        "{told}"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

mod taken_away {
    //! The shipped packs with one thing missing, and the refusal that is missed then.

    use super::{TempDir, fs, missed, play, root};

    /// A copy of the shipped packs in which `change` was made to one file of the base pack.
    fn packs(file: &str, change: impl Fn(&str) -> String) -> TempDir {
        let folder = TempDir::new().unwrap();
        crate::case::copy_folder(&root().join("packs"), folder.path());
        let path = folder.path().join("base/registers").join(file);
        let text = fs::read_to_string(&path).unwrap();
        let changed = change(&text);
        assert_ne!(changed, text, "nothing was taken away");
        fs::write(&path, changed).unwrap();
        folder
    }

    /// The text without the rule of this id.
    fn without_rule(text: &str, id: &str) -> String {
        without_block(text, "rule", &format!("id = \"{id}\"\n"))
    }

    /// The text without the blocks of this name that hold these words.
    fn without_block(text: &str, name: &str, words: &str) -> String {
        let head = format!("{name}]]");
        let kept: Vec<&str> = text
            .split("\n[[")
            .filter(|block| !(block.starts_with(&head) && block.contains(words)))
            .collect();
        kept.join("\n[[")
    }

    /// One test for each refusal: what is taken away from which definition.
    macro_rules! each {
        ($($test:ident: $refusal:literal, $file:literal, $taken:expr;)*) => {
            /// Every refusal that some pack's loss takes away.
            pub(super) const REFUSALS: &[&str] = &[$($refusal),*];
            $(
                #[test]
                fn $test() {
                    let taken: fn(&str) -> String = $taken;
                    let folder = packs($file, taken);
                    let packs = folder.path().display().to_string();
                    missed(&play(None, &["--test-packs", &packs]), $refusal);
                }
            )*
        };
    }

    each! {
        r201_a_shortage_is_noted: "R-201", "custody/receive.toml",
            |text| without_rule(text, "R-201");
        r131_no_longer_than_the_level_allows: "R-131", "classification/classification.toml",
            |text| without_rule(text, "R-131");
        r102_no_empty_scope: "R-102", "classification/classification.toml",
            |text| without_rule(text, "R-102");
        r184_readers_are_cleared: "R-184", "classification/classification.toml",
            |text| without_rule(text, "R-184");
        r103_somebody_else_decides: "R-103", "classification/classification.toml",
            |text| without_block(&without_block(text, "approval", ""), "state", "key = \"refused\"\n");
        deciding_needs_a_fresh_proof: "session.step_up_needed", "classification/classification.toml",
            |text| text.replace(", step_up = true", "");
        the_borrower_signs: "signature.missing", "custody/loan.toml",
            |text| text.replace("sign = [\"field:borrower\"]\n", "");
        one_loan_of_a_copy_at_a_time: "reservation.taken", "custody/loan.toml",
            |text| text.replace("reserve = true\n", "");
        r318_nobody_in_the_cooling_off_period: "R-318", "custody/loan.toml",
            |text| without_rule(text, "R-318");
        r606_exposure_is_assessed: "R-606", "incident/loss.toml",
            |text| without_rule(text, "R-606");
        r231_what_is_listed_is_counted: "R-231", "custody/destruction.toml",
            |text| without_rule(text, "R-231");
        r233_two_supervisors: "R-233", "custody/destruction.toml",
            |text| without_rule(text, "R-233");
        r234_the_approver_does_not_supervise: "R-234", "custody/destruction.toml",
            |text| without_rule(text, "R-234");
        destruction_erases_the_keys: "vault.key_gone", "custody/destruction.toml",
            |text| text.replace("effect = \"custody.destroy\"\n", "");
        who_receives_signs: "signature.missing", "custody/receive.toml",
            |text| text.replace("sign = [\"field:keeper\"]\n", "");
        supervisors_sign: "signature.missing", "custody/destruction.toml",
            |text| text.replace("sign = [\"field:supervisors\", ", "sign = [");
    }
}
