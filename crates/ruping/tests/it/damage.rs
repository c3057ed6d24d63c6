//! Every row of `docs/src/reference/damage.md`: the damage is done, the command is run, and it says
//! what the page says. The page is the list; a row without its damage here fails, and the other way
//! round.

pub(crate) mod files;
mod log;
mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Output, Stdio};

use testkit::{Copy, Database, Server, databases};

use crate::RUPING;
use crate::case::{self, Case};

const PAGE: &str = include_str!("../../../../docs/src/reference/damage.md");

/// What is damaged: a working installation, put back before each row.
struct Bench {
    server: Server,
    case: Case,
    copy: Copy,
    root_key: Vec<u8>,
}

/// What does the damage, by the id of its row.
type Damages = BTreeMap<&'static str, fn(&mut Bench)>;

/// A row of the page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    id: String,
    command: String,
    says: String,
}

/// The rows below a heading of the page.
fn rows_of(heading: &str) -> Vec<Row> {
    let (_, below) = PAGE.split_once(&format!("## {heading}\n")).unwrap();
    let section = below.split("\n## ").next().unwrap();
    let cell = |text: &str| text.trim().trim_matches('`').to_owned();
    section
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| id") && !line.contains("---"))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').collect();
            let [_, id, _, command, says, _] = cells.as_slice() else {
                panic!("a row has four cells: {line}")
            };
            Row {
                id: cell(id),
                command: cell(command),
                says: cell(says),
            }
        })
        .collect()
}

impl Bench {
    fn new(database: Database) -> Self {
        let mut server = Server::start(RUPING, database).unwrap();
        let case = case::tell(&server);
        assert_eq!(server.stop(0).unwrap(), Some(0), "{}", server.said());
        let root_key = std::fs::read(server.folder().join("root.key")).unwrap();
        let copy = server.copy_all().unwrap();
        Self {
            server,
            case,
            copy,
            root_key,
        }
    }

    fn restore(&self) {
        self.server.put_back(&self.copy).unwrap();
        std::fs::write(self.server.folder().join("root.key"), &self.root_key).unwrap();
    }

    /// Runs one statement, which must touch something.
    fn sql(&self, statement: &str) {
        let touched = self.server.sql().unwrap().run(statement).unwrap();
        assert!(touched > 0, "nothing was damaged by: {statement}");
    }

    fn text(&self, query: &str) -> String {
        self.server.sql().unwrap().text(query).unwrap()
    }

    /// Runs the command of a row.
    fn run(&self, command: &str) -> Output {
        let path = |name: &str| self.server.folder().join(name).display().to_string();
        let (data, vkey, kept) = (path("data"), path("vkey"), path("kept"));
        let ruping = |arguments: &[&str]| self.server.ruping(arguments).unwrap();
        match command {
            "ruping check" => self.server.on_folder("check").output().unwrap(),
            "ruping check --kept" => {
                let mut check = self.server.on_folder("check");
                check.args(["--kept", &kept]).output().unwrap()
            }
            "ruping serve" => {
                let mut serve = self.server.on_folder("serve");
                serve.args(["--listen", "127.0.0.1:0"]).output().unwrap()
            }
            "ruping ledger verify" => {
                ruping(&["ledger", "verify", "--data", &data, "--vkey", &vkey])
            }
            "ruping ledger verify --kept" => ruping(&[
                "ledger", "verify", "--data", &data, "--vkey", &vkey, "--kept", &kept,
            ]),
            "ruping ledger check" => self.check_elsewhere(),
            _ => panic!("the page names an unknown command: {command}"),
        }
    }

    /// Checks the proof file in a folder that holds nothing but it and the verifier key.
    fn check_elsewhere(&self) -> Output {
        let elsewhere = tempfile::tempdir().unwrap();
        for name in ["proof", "vkey"] {
            let from = self.server.folder().join(name);
            std::fs::copy(from, elsewhere.path().join(name)).unwrap();
        }
        let mut check = Command::new(RUPING);
        check.args(["ledger", "check", "proof", "--vkey", "vkey"]);
        check.current_dir(elsewhere.path()).stdin(Stdio::null());
        check.output().unwrap()
    }
}

/// What a command said, on both outputs.
fn said(output: &Output) -> String {
    let out = String::from_utf8_lossy(&output.stdout);
    format!("{out}{}", String::from_utf8_lossy(&output.stderr))
}

/// Goes through the rows below a heading.
fn go_through(bench: &mut Bench, heading: &str, damages: &Damages, after: impl Fn(&Bench, &Row)) {
    let rows = rows_of(heading);
    let named: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let here: BTreeSet<&str> = damages.keys().copied().collect();
    assert_eq!(named, here, "the page and the tests name the same damage");
    let whole = bench.run("ruping check");
    assert_eq!(
        whole.status.code(),
        Some(0),
        "before any damage: {}",
        said(&whole)
    );
    let mut wrong = Vec::new();
    for row in &rows {
        bench.restore();
        damages[row.id.as_str()](bench);
        let output = bench.run(&row.command);
        let code = output.status.code();
        let told = said(&output);
        // what cannot be opened cannot be checked: a failure, not a finding
        let failures = ["store.", "root_key.", "vault.key_damaged"];
        let failure = failures.iter().any(|code| row.says.starts_with(code));
        let exit = if failure { Some(2) } else { Some(1) };
        if !told.contains(&row.says) || code != exit {
            wrong.push(format!("{}: exit {code:?}, {told}", row.id));
        }
        assert!(!told.contains("panicked"), "{}: {told}", row.id);
        after(bench, row);
    }
    bench.restore();
    assert!(
        wrong.is_empty(),
        "not found or not named:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_section_of_the_page_is_gone_through() {
    let sections = [
        "The log's files",
        "A proof",
        "Rows of the database",
        "The vault",
        "Files of the embedded database",
    ];
    let listed: usize = sections.iter().map(|heading| rows_of(heading).len()).sum();
    let all = PAGE.lines().filter(|line| line.starts_with("| ")).count();
    // each section has a head of one such line and one of dashes
    assert_eq!(all, listed + 2 * sections.len());
}

#[test]
fn damage_to_the_log_and_to_proofs_is_found_and_named() {
    let mut bench = Bench::new(Database::Sqlite);
    go_through(
        &mut bench,
        "The log's files",
        &log::damages(),
        log::oracle_agrees,
    );
    go_through(
        &mut bench,
        "A proof",
        &log::proof_damages(),
        log::oracle_on_proof,
    );
}

#[test]
fn damage_to_rows_and_objects_is_found_and_named() {
    rows_and_objects(Bench::new(Database::Sqlite));
}

// a test of its own, so that both can run at once
#[test]
fn damage_to_rows_and_objects_is_found_and_named_on_postgresql() {
    for database in databases().unwrap() {
        if matches!(database, Database::Postgres { .. }) {
            rows_and_objects(Bench::new(database));
        }
    }
}

fn rows_and_objects(mut bench: Bench) {
    go_through(
        &mut bench,
        "Rows of the database",
        &rows::damages(),
        |_, _| (),
    );
    go_through(&mut bench, "The vault", &files::vault_damages(), |_, _| ());
}

#[test]
fn damage_to_files_of_the_embedded_database_is_found_and_named() {
    let mut bench = Bench::new(Database::Sqlite);
    let damages = files::database_damages();
    go_through(
        &mut bench,
        "Files of the embedded database",
        &damages,
        |_, _| (),
    );
}
