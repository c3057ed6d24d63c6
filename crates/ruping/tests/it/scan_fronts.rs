//! `ruping scan` as people and programs use it: from standard input, ended half way, without a network, as SARIF.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::RUPING;

fn scan(words: &[&str]) -> Command {
    let mut command = Command::new(RUPING);
    command.arg("scan").args(words).env("LANG", "C.UTF-8");
    command
}

fn told(output: &[u8]) -> Vec<Value> {
    String::from_utf8_lossy(output)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

fn fed(words: &[&str], bytes: &[u8]) -> Output {
    let mut child = scan(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut to = child.stdin.take().unwrap();
    let bytes = bytes.to_owned();
    // it may end before it has read everything
    let feeder = std::thread::spawn(move || drop(to.write_all(&bytes)));
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    output
}

#[test]
fn standard_input_is_a_file_like_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notice.txt");
    std::fs::write(&path, "机密★10年\n关于开展检查的通知\n").unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let output = fed(&["-", "--name", "notice.txt", "--format", "json"], &bytes);
    assert_eq!(output.status.code(), Some(1));
    let mut expected = scan(&[path.to_str().unwrap(), "--format", "json"])
        .output()
        .unwrap();
    let name = path.to_str().unwrap();
    expected.stdout = String::from_utf8(expected.stdout)
        .unwrap()
        .replace(name, "notice.txt")
        .into();
    assert_eq!(told(&output.stdout), told(&expected.stdout));
    let unnamed = fed(&["-", "--format", "json"], b"nothing");
    assert_eq!(unnamed.status.code(), Some(0));
    assert_eq!(told(&unnamed.stdout)[0]["path"], "-");
    let kept = folder.path().join("kept");
    let words = ["-", "--format", "json", "--cache", kept.to_str().unwrap()];
    assert_eq!(fed(&words, &bytes).stdout, fed(&words, &bytes).stdout);
}

#[test]
fn standard_input_has_the_limits_of_files() {
    // more than the memory that it may have
    let mut marked = "机密★10年\n".as_bytes().to_vec();
    marked.resize(70 << 20, b' ');
    let output = fed(&["-", "--format", "json", "--max-memory", "64"], &marked);
    let all = told(&output.stdout);
    assert_ne!(all[0]["status"], "read", "{}", all[0]);
    let alone = scan(&["-", "/there", "--format", "json"])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(alone.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&alone.stderr).contains("scan.stdin_alone"));
}

#[test]
fn a_log_of_any_size_is_read_whole_in_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    // more than the text that is kept of one file, in less memory than twice that
    let lines = "nothing happened here, and nobody came to see it\n".repeat(750_000);
    std::fs::write(&path, lines + "机密★10年\n").unwrap();
    let words = [path.to_str().unwrap(), "--format", "json"];
    let limits = ["--max-memory", "64", "--max-seconds", "600"];
    let output = scan(&[&words[..], &limits].concat()).output().unwrap();
    let all = told(&output.stdout);
    assert_eq!(
        (&all[0]["status"], &all[0]["verdict"]["level"]),
        (&"read".into(), &"state.secret".into()),
        "{}",
        all[0]
    );
}

/// What a cache holds: each file, and the number by which the disk knows it.
fn kept(folder: &Path) -> BTreeMap<String, u64> {
    let Ok(kinds) = std::fs::read_dir(folder) else {
        return BTreeMap::new();
    };
    kinds
        .flat_map(|kind| std::fs::read_dir(kind.unwrap().path()).unwrap())
        .map(|entry| {
            let entry = entry.unwrap();
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, entry.metadata().unwrap().ino())
        })
        .filter(|(name, _)| !name.contains('.'))
        .collect()
}

#[test]
fn a_scan_that_is_ended_half_way_tells_what_it_read_and_goes_on_from_there() {
    const FILES: usize = 1_500;
    let (folder, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for number in 0..FILES {
        let text = format!("机密★10年\n第{number}号通知\n");
        std::fs::write(folder.path().join(format!("{number:04}.txt")), text).unwrap();
    }
    let words = [
        folder.path().to_str().unwrap(),
        "--format",
        "json",
        "--cache",
        cache.path().to_str().unwrap(),
    ];
    let mut child = scan(&words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut lines = String::new();
    for _ in 0..100 {
        out.read_line(&mut lines).unwrap();
    }
    // nobody reads on, so it cannot be far ahead when it is told to end
    let ended = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(ended.success());
    out.read_to_string(&mut lines).unwrap();
    let output = child.wait_with_output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{complaint}");
    assert!(complaint.contains("scan.interrupted"), "{complaint}");
    let half = told(lines.as_bytes());
    assert!(half.len() >= 100 && half.len() < FILES, "{}", half.len());
    assert!(
        half.iter().all(|one| one["status"] == "read"),
        "no file is blamed for the end"
    );
    let before = kept(cache.path());
    assert!(
        before.len() >= half.len() && before.len() < FILES,
        "{}",
        before.len()
    );
    let rest = scan(&words).output().unwrap();
    let all = told(&rest.stdout);
    assert_eq!((all.len(), rest.status.code()), (FILES, Some(1)));
    assert!(all.starts_with(half.get(..100).unwrap()));
    let after = kept(cache.path());
    assert_eq!(after.len(), FILES);
    // what was read before was not read and written again
    assert!(
        before
            .iter()
            .all(|(name, file)| after.get(name) == Some(file))
    );
}

#[test]
fn the_scan_makes_no_call_and_tells_the_same_without_a_network() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let words = [samples.to_str().unwrap(), "--format", "json", "--all"];
    let outside = scan(&words).output().unwrap();
    assert!(told(&outside.stdout).len() >= 4);
    let namespace = |program: &str, arguments: &[&str]| {
        Command::new("unshare")
            .args(["--user", "--map-root-user", "--net", program])
            .args(arguments)
            .env("LANG", "C.UTF-8")
            .output()
            .unwrap()
    };
    // WHY: some kernels let nobody make a namespace; there it is not shown
    let can = namespace("cat", &["/proc/net/dev"]);
    if !can.status.success() {
        println!("not shown: {}", String::from_utf8_lossy(&can.stderr));
        return;
    }
    let devices = String::from_utf8_lossy(&can.stdout).into_owned();
    assert!(
        !devices.contains("eth") && devices.contains("lo:"),
        "{devices}"
    );
    let inside = namespace(RUPING, &[&["scan"][..], &words].concat());
    assert_eq!(inside.status, outside.status);
    assert_eq!(told(&inside.stdout), told(&outside.stdout));
}

#[test]
fn sarif_has_rules_results_with_places_and_what_was_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("一 b.txt", "通知\n身份证号 11010519491231002X\n");
    write("a.txt", "机密★10年\n通知\n");
    write("c.html", "<p>机密★10年</p>");
    std::fs::write(
        folder.path().join("d.bin"),
        [1, 2, 3, 0xff, 0xfe, 0, 7, 0x81],
    )
    .unwrap();
    let list = folder.path().join("list");
    std::fs::write(
        &list,
        "[[suppress]]\npath = \"c.html\"\nreason = \"样本\"\nuntil = 2999-12-31\n",
    )
    .unwrap();
    let output = Command::new(RUPING)
        .current_dir(folder.path())
        .args(["scan", "a.txt", "一 b.txt", "c.html", "d.bin"])
        .args(["--format", "sarif", "--suppress", "list"])
        .env("LANG", "C.UTF-8")
        .output()
        .unwrap();
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in results {
        let place = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[place]["id"], result["ruleId"]);
        assert!(rules[place]["properties"]["zh"].is_string());
    }
    let at = |place: usize| &results[place]["locations"][0];
    let region = |place: usize| &at(place)["physicalLocation"]["region"]["startLine"];
    let uri = |place: usize| &at(place)["physicalLocation"]["artifactLocation"]["uri"];
    let levels: Vec<&Value> = results.iter().map(|one| &one["level"]).collect();
    assert_eq!(levels, ["error", "warning", "error"], "{log}");
    assert_eq!((uri(0), region(0)), (&"a.txt".into(), &1.into()));
    assert_eq!(
        (uri(1), region(1)),
        (&"%E4%B8%80%20b.txt".into(), &2.into())
    );
    assert_eq!(region(2), &Value::Null);
    assert_eq!(at(2)["logicalLocations"][0]["fullyQualifiedName"], "body");
    assert!(!log.to_string().contains("11010519491231002X"), "masked");
    assert_eq!(results[0]["suppressions"], Value::Array(Vec::new()));
    assert_eq!(results[2]["suppressions"][0]["justification"], "样本");
    let invocation = &run["invocations"][0];
    let note = &invocation["toolExecutionNotifications"][0];
    assert!(
        note["message"]["text"]
            .as_str()
            .unwrap()
            .contains("unknown format"),
        "{note}"
    );
    assert_eq!(
        (&invocation["exitCode"], output.status.code()),
        (&1.into(), Some(1))
    );
    let refused = Command::new(RUPING)
        .args(["rules", "check", ".", "--format", "sarif"])
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("scan.format"));
}
