//! `ruping scan`: secrets inside files, without a server, a data folder or a network (issue: inspection; capabilities 152,
//! 154, 165).

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use encoding_rs::GB18030;
use serde_json::Value;
use tempfile::TempDir;

use crate::RUPING;

fn ruping(arguments: &[&str]) -> Output {
    Command::new(RUPING)
        .args(arguments)
        .env("LANG", "C.UTF-8")
        .output()
        .unwrap()
}

/// One object for each file, in the order in which they came.
fn told(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// A folder with a marked notice in an old encoding, a plain one, a key, and something that nobody can read.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let notice = "机密★10年\n关于开展保密检查的通知\n各单位请于五日内完成自查。\n";
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("1-notice.txt"), GB18030.encode(notice).0).unwrap();
    std::fs::write(at("2-plain.md"), "# 食堂菜单\n\n本周五供应饺子。\n").unwrap();
    std::fs::create_dir(at("3")).unwrap();
    let key = format!(
        "-----BEGIN RSA {}-----\nMIIEow\n-----END RSA {}-----\n",
        "PRIVATE KEY", "PRIVATE KEY"
    );
    std::fs::write(at("3/id"), key).unwrap();
    let noise: Vec<u8> = (0..4_000_u32)
        .map(|at| at.wrapping_mul(2_654_435_761).to_le_bytes()[2])
        .collect();
    std::fs::write(at("4-noise"), noise).unwrap();
    folder
}

fn path(folder: &TempDir) -> String {
    folder.path().display().to_string()
}

#[test]
fn each_file_has_its_object_and_findings_say_where_and_why() {
    let folder = folder();
    let output = ruping(&["scan", &path(&folder), "--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "something was found");
    let told = told(&output);
    let names: Vec<&str> = told
        .iter()
        .map(|one| one["path"].as_str().unwrap().rsplit('/').next().unwrap())
        .collect();
    assert_eq!(names, ["1-notice.txt", "2-plain.md", "id", "4-noise"]);
    let [notice, plain, key, noise] = told.as_slice() else {
        panic!("{told:?}")
    };
    assert_eq!(notice["verdict"]["level"], "state.secret", "{notice}");
    let mark = &notice["findings"][0];
    assert_eq!(
        (&mark["kind"], &mark["text"]),
        (&"mark".into(), &"机密★10年".into())
    );
    assert_eq!(
        (&mark["where"]["part"], &mark["offset"]),
        (&"body".into(), &0.into())
    );
    assert!(
        mark["confidence"].as_f64() >= Some(0.9)
            && mark["why"]["zh"].is_string()
            && mark["why"]["en"].is_string()
    );
    assert_eq!(
        (&plain["status"], &plain["findings"]),
        (&"read".into(), &Value::Array(Vec::new()))
    );
    assert_eq!(plain["verdict"]["level"], Value::Null);
    assert_eq!(key["findings"][0]["kind"], "secret", "{key}");
    assert_eq!(
        (&noise["status"], &noise["causes"][0]),
        (&"unread".into(), &"unknown_format".into())
    );
    assert!(
        told.iter().all(|one| one["text"].is_null()),
        "no text unless it is asked for"
    );
    assert!(
        told.iter()
            .all(|one| one["sha256"].as_str().map(str::len) == Some(64))
    );
}

#[test]
fn text_is_told_where_it_is_asked_for_and_people_read_lines() {
    let folder = folder();
    let output = ruping(&["scan", &path(&folder), "--format", "json", "--text"]);
    let text = told(&output)[0]["text"].as_str().unwrap().to_owned();
    assert!(text.contains("关于开展保密检查的通知"), "{text}");
    let output = ruping(&["--lang", "zh", "scan", &path(&folder)]);
    let said = String::from_utf8_lossy(&output.stdout);
    for words in [
        "1-notice.txt",
        "机密★10年",
        "正文",
        "未读：无法识别的格式",
        "共 4 个文件：读完 3，未读全 0，未读 1；2 个有发现",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(
        !said.contains("2-plain") && !said.contains('\u{1b}'),
        "{said}"
    );
}

#[test]
fn the_exit_tells_what_was_asked_to_fail_on() {
    let folder = folder();
    let all = path(&folder);
    let code = |more: &[&str]| {
        let words = [&["scan", all.as_str(), "--format", "json"][..], more].concat();
        ruping(&words).status.code()
    };
    assert_eq!(code(&["--fail-on", "state.secret"]), Some(1));
    assert_eq!(code(&["--fail-on", "state.top_secret"]), Some(0));
    assert_eq!(
        code(&["--fail-on", "trade.ordinary"]),
        Some(0),
        "families are not ranked against each other"
    );
    let two = folder.path().join("two.txt");
    std::fs::write(&two, "内部资料\n\n机密★10年\n\n核心商密★长期\n").unwrap();
    let two = two.display().to_string();
    let of_two = |level: &str| ruping(&["scan", &two, "--fail-on", level]).status.code();
    assert_eq!(
        ["state.secret", "trade.core", "state.top_secret"].map(of_two),
        [Some(1), Some(1), Some(0)],
        "no family hides another"
    );
    assert_eq!(code(&["--fail-on", "open"]), Some(1));
    assert_eq!(
        code(&["--strict", "--fail-on", "state.top_secret"]),
        Some(2),
        "something was not read"
    );
    assert_eq!(code(&["--fail-on", "state.sekret"]), Some(2));
    let plain = folder.path().join("2-plain.md").display().to_string();
    assert_eq!(ruping(&["scan", &plain]).status.code(), Some(0));
    assert_eq!(
        ruping(&["scan", "/there/is/none", "--strict"])
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn copied_passages_of_registered_documents_are_found() {
    let (registered, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let secret = "本方案确定试验场区警戒范围、测控站点布设和应急处置分工，参试单位应当按照任务书要求逐项落实，并在点火前四十八小时完成联合检查，检查结论由总指挥签字确认后报任务办公室备案。";
    std::fs::write(
        registered.path().join("plan.txt"),
        format!("机密★20年\n总体方案\n{secret}\n"),
    )
    .unwrap();
    // what cannot be enrolled is told: passages of it are not found
    std::fs::write(registered.path().join("cut.pdf"), "%PDF-1.7\n1 0 obj <<").unwrap();
    let spaced: String = secret.chars().flat_map(|one| [one, ' ']).collect();
    std::fs::write(
        folder.path().join("mail.txt"),
        format!("你好，\n摘一段给你：{spaced}\n就这些。"),
    )
    .unwrap();
    std::fs::write(
        folder.path().join("other.txt"),
        "今天的天气很好，我们去公园散步，看见许多人在放风筝。".repeat(5),
    )
    .unwrap();
    let output = ruping(&[
        "scan",
        &path(&folder),
        "--format",
        "json",
        "--registered",
        &path(&registered),
    ]);
    let told = told(&output);
    let copy = &told[0]["findings"][0];
    assert_eq!(
        (&copy["kind"], &copy["level"]),
        (&"copy".into(), &"state.secret".into()),
        "{}",
        told[0]
    );
    assert!(copy["why"]["en"].as_str().unwrap().contains("plan.txt"));
    assert!(
        !copy["text"].as_str().unwrap().contains("警戒范围"),
        "masked: {copy}"
    );
    assert_eq!(told[0]["verdict"]["level"], "state.secret");
    assert_eq!(told[1]["findings"], Value::Array(Vec::new()));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("2 registered documents; 1 not read") && said.contains("cut.pdf"),
        "{said}"
    );
}

#[test]
fn a_site_has_rules_of_its_own_and_is_told_what_is_wrong_with_them() {
    let (rules, folder) = (tempfile::tempdir().unwrap(), folder());
    let at = rules.path().join("own.toml");
    let rule = "[[rule]]\nkey = \"own.project\"\nkind = \"keyword\"\nconfidence = 0.8\nwords = [\"海鹰二号\"]\nwhy = { zh = \"本单位项目名称\", en = \"a project of this house\" }\nhit = [\"关于海鹰二号的说明\"]\nmiss = [\"海鹰\"]\n";
    std::fs::write(&at, rule).unwrap();
    std::fs::write(folder.path().join("2-plain.md"), "海鹰二号").unwrap();
    let (all, own) = (path(&folder), path(&rules));
    let with = ["scan", &all, "--format", "json", "--rules", &own];
    assert_eq!(
        told(&ruping(&with))[1]["findings"][0]["rule"],
        "own.project"
    );
    assert_eq!(
        ruping(&["rules", "check", &path(&rules)]).status.code(),
        Some(0)
    );
    std::fs::write(
        &at,
        rule.replace("hit = [\"关于", "hit = [\"无关")
            .replace("海鹰二号的说明", "的说明"),
    )
    .unwrap();
    let checked = ruping(&["rules", "check", &path(&rules), "--format", "json"]);
    assert_eq!(
        (checked.status.code(), &told(&checked)[0]["line"]),
        (Some(1), &1.into()),
        "a test of a rule fails"
    );
    std::fs::write(&at, rule.replace("keyword", "keywrd")).unwrap();
    let refused = ruping(&with);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stdout);
    assert!(
        said.contains("own.toml") && said.contains("\"line\":3"),
        "{said}"
    );
}

#[test]
fn what_was_read_before_is_told_from_the_cache_and_tells_no_secrets_there() {
    let (cache, folder) = (tempfile::tempdir().unwrap(), folder());
    let (all, kept) = (path(&folder), path(&cache));
    let words = ["scan", &all, "--format", "json", "--cache", &kept];
    let first = ruping(&words).stdout;
    assert_eq!(ruping(&words).stdout, first);
    let kept = files(cache.path());
    assert_eq!(kept.len(), 4);
    assert!(kept.iter().all(|path| {
        !std::fs::read_to_string(path)
            .unwrap()
            .contains("保密检查的通知")
    }));
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

#[test]
fn a_sparse_file_of_gigabytes_and_a_pipe_cost_little_and_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let big = std::fs::File::create(folder.path().join("big.txt")).unwrap();
    std::io::Write::write_all(&mut &big, "机密★10年\n".as_bytes()).unwrap();
    big.set_len(4 << 30).unwrap();
    let pipe = folder.path().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let output = ruping(&["scan", &path(&folder), "--format", "json"]);
    let told = told(&output);
    let causes = |at: usize| told[at]["causes"].to_string();
    assert_ne!(told[0]["status"], "read", "{}", told[0]);
    assert!(
        ["too_big", "time", "memory"]
            .iter()
            .any(|cause| causes(0).contains(cause)),
        "{}",
        told[0]
    );
    assert_eq!(causes(1), "[\"not_a_file\"]");
}

#[test]
fn pictures_are_read_where_that_is_asked_for_and_tesseract_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let picture = include_bytes!("../../../scan/tests/pictures/notice.png");
    std::fs::write(folder.path().join("notice.png"), picture).unwrap();
    let here = path(&folder);
    let unread = told(&ruping(&["scan", &here, "--format", "json"]));
    assert_eq!(unread[0]["causes"][0], "image_without_ocr", "{unread:?}");
    let seen = told(&ruping(&["scan", &here, "--format", "json", "--ocr"]));
    assert_eq!(seen[0]["status"], "read", "{seen:?}");
    assert_eq!(seen[0]["verdict"]["level"], "state.secret", "{seen:?}");
    assert_eq!(
        seen[0]["findings"][0]["where"]["part"], "picture",
        "{seen:?}"
    );
    let without = Command::new(RUPING)
        .args(["--lang", "en", "scan", "--ocr", &here])
        .env("PATH", "/there/is/none")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&without.stderr);
    assert_eq!(without.status.code(), Some(2), "{said}");
    for words in ["cli.no_ocr", "tesseract-ocr-chi-sim"] {
        assert!(said.contains(words), "{words}: {said}");
    }
}
