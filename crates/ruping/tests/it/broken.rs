//! What the command line says when something about it is wrong: a stable code, what to do, in the
//! reader's language, and nothing half-done.

use std::fs;
use std::net::TcpListener;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder of one test's own, and what `ruping` says on it.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
        }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn run(&self, verb: &str, key: &str, more: &[&str]) -> Output {
        let key = format!("file:{}", self.path(key));
        let mut command = Command::new(crate::RUPING);
        command
            .args([verb, "--data", &self.path("data"), "--root-key", &key])
            .args(more)
            .env_remove("RUPING_LOG")
            .env_remove("RUPING_DATABASE")
            .env_remove("LC_ALL")
            .env_remove("LC_MESSAGES");
        command.env("LANG", "zh_CN.UTF-8").output().unwrap()
    }

    fn init(&self) {
        let output = self.run("init", "root.key", &[]);
        assert!(output.status.success(), "{output:?}");
    }
}

/// It failed, told this code, in Chinese.
#[track_caller]
fn complained(output: &Output, code: &str) -> String {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    let line = said.lines().find(|line| line.starts_with("ruping: "));
    let line = line.unwrap_or_else(|| panic!("{said}")).to_owned();
    assert!(line.ends_with(&format!("[{code}]")), "{said}");
    let chinese = line
        .chars()
        .filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c));
    assert!(chinese.count() >= 4, "in the reader's language: {said}");
    line
}

#[test]
fn a_key_that_does_not_belong_opens_nothing() {
    let place = Place::new();
    place.init();
    fs::write(place.path("other.key"), format!("{}\n", "5a".repeat(32))).unwrap();
    for verb in ["check", "serve"] {
        let more: &[&str] = if verb == "serve" {
            &["--listen", "127.0.0.1:0"]
        } else {
            &[]
        };
        complained(&place.run(verb, "other.key", more), "root_key.wrong");
        complained(&place.run(verb, "no.key", more), "root_key.unreadable");
        fs::write(place.path("short.key"), "abc").unwrap();
        complained(&place.run(verb, "short.key", more), "root_key.malformed");
    }
    assert!(
        place.run("check", "root.key", &[]).status.success(),
        "nothing was changed"
    );
}

#[test]
fn a_folder_that_is_not_ours_is_left_alone() {
    let place = Place::new();
    complained(&place.run("check", "root.key", &[]), "data.not_a_folder");
    assert!(!fs::exists(place.path("data")).unwrap(), "nothing was made");
    fs::create_dir(place.path("data")).unwrap();
    fs::write(place.path("data/letter.txt"), "mine").unwrap();
    complained(&place.run("init", "root.key", &[]), "init.not_empty");
    assert!(
        !fs::exists(place.path("root.key")).unwrap(),
        "nothing was made"
    );
    assert_eq!(fs::read_dir(place.path("data")).unwrap().count(), 1);
    complained(
        &place.run("serve", "root.key", &["--listen", "127.0.0.1:0"]),
        "data.not_a_folder",
    );
}

#[test]
fn a_test_clock_holds_an_instant() {
    let place = Place::new();
    let clock = place.path("clock");
    let more = ["--test", "--test-clock", &clock];
    complained(&place.run("init", "root.key", &more), "clock.unreadable");
    fs::write(&clock, "noon").unwrap();
    let said = complained(&place.run("init", "root.key", &more), "clock.unreadable");
    assert!(
        said.contains(&clock) && said.contains("2026-03-02T01:00:00Z"),
        "{said}"
    );
    assert!(!fs::exists(place.path("data")).unwrap(), "nothing was made");
}

#[test]
fn a_clock_behind_the_log_serves_nobody() {
    let place = Place::new();
    let clock = place.path("clock");
    fs::write(&clock, "2026-03-02T01:00:00Z").unwrap();
    let testing = ["--test-clock", &clock];
    assert!(
        place
            .run("init", "root.key", &[&["--test"], &testing[..]].concat())
            .status
            .success()
    );
    fs::write(&clock, "2026-03-01T01:00:00Z").unwrap();
    let serve = [&["--listen", "127.0.0.1:0"], &testing[..]].concat();
    let said = complained(&place.run("serve", "root.key", &serve), "clock.moved_back");
    assert!(said.contains("2026-03-02T01:00:00Z"), "{said}");
}

#[test]
fn an_address_that_is_taken_is_said_before_the_folder_is_opened() {
    let place = Place::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = complained(
        &place.run("serve", "root.key", &["--listen", &address]),
        "serve.bind",
    );
    assert!(said.contains(&address), "{said}");
}

#[test]
fn a_configuration_is_understood_whole_or_not_at_all() {
    let place = Place::new();
    let config = place.path("ruping.toml");
    let run = || {
        let mut serve = Command::new(crate::RUPING);
        serve.args(["--lang", "zh", "serve", "--config", &config]);
        serve.env_remove("RUPING_DATABASE").output().unwrap()
    };
    complained(&run(), "cli.read");
    for (text, code) in [
        (&b"dtaa = \"/d\"\n"[..], "config.unreadable"),
        (b"data = \"/d\nroot-key", "config.unreadable"),
        (b"\xff\xfe", "config.unreadable"),
        (b"listen = \"here\"\n", "config.unreadable"),
        (b"data = \"/d\"\n", "config.missing"),
        (b"root-key = \"file:/k\"\n", "config.missing"),
        (b"data = \"/d\"\nroot-key = \"/k\"\n", "config.root_key"),
        (
            b"root-key = \"file:/k\"\ndata = \"/d\"\ntls-key = \"/k\"\n",
            "config.certificate",
        ),
    ] {
        fs::write(&config, text).unwrap();
        complained(&run(), code);
    }
    fs::write(&config, "data = 1 # postgres://u:hunter2@h/d\n").unwrap();
    let said = complained(&run(), "config.unreadable");
    assert!(
        said.contains("line 1") && !said.contains("hunter2"),
        "{said}"
    );
}

#[test]
fn two_highest_levels_of_one_family_are_one_too_many() {
    let place = Place::new();
    let levels = [
        "--max-level",
        "state.secret",
        "--max-level",
        "state.confidential",
    ];
    complained(
        &place.run("init", "root.key", &levels),
        "init.max_level_twice",
    );
    assert!(!fs::exists(place.path("data")).unwrap(), "nothing was made");
}

#[test]
fn a_demonstration_passes_on_what_was_complained_of() {
    let place = Place::new();
    let demo = |more: &[&str]| {
        let mut demo = Command::new(crate::RUPING);
        demo.args([
            "--lang",
            "zh",
            "demo",
            "--once",
            "--data",
            &place.path("demo"),
        ]);
        demo.args(more).output().unwrap()
    };
    fs::create_dir_all(place.path("demo/data")).unwrap();
    fs::write(place.path("demo/data/letter.txt"), "mine").unwrap();
    complained(&demo(&[]), "demo.not_empty");
    assert_eq!(
        fs::read(place.path("demo/data/letter.txt")).unwrap(),
        b"mine"
    );
    fs::remove_dir_all(place.path("demo")).unwrap();
    complained(
        &demo(&["--test-packs", &place.path("none")]),
        "packs.unreadable",
    );
}
