//! `ruping index …`, `ruping exact …` and workers of a scan that ask what those made.
#![cfg(test)]

use std::path::Path;

use clap::Parser;
use cli::{Error, Exit, Format, Terminal, exact, index, scan};
use domain::Language;
use serde_json::Value;

#[derive(Debug, Parser)]
enum Line {
    #[command(subcommand)]
    Index(index::Verb),
    #[command(subcommand)]
    Exact(exact::Verb),
    Work(scan::WorkerArgs),
}

fn random() -> impl FnMut(&mut [u8]) -> std::io::Result<()> {
    let mut count = 0_u64;
    move |bytes: &mut [u8]| {
        for byte in bytes {
            count += 1;
            *byte = count.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes()[6];
        }
        Ok(())
    }
}

/// How a line ended, and what it answered, line by line.
fn said(words: &[&str], input: &str) -> Result<(Exit, Vec<Value>), Error> {
    let line = Line::try_parse_from([&["ruping"], words].concat()).unwrap();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = {
        let mut terminal = Terminal::new(&mut out, &mut err, Language::En, Some(Format::Json));
        match line {
            Line::Index(verb) => index::run(&verb, &mut random(), &mut terminal)?,
            Line::Exact(verb) => exact::run(&verb, &mut random(), &mut terminal)?,
            Line::Work(args) => scan::work(&args, &[3; 32], input.as_bytes(), &mut out)?,
        }
    };
    let answers = String::from_utf8(out).unwrap();
    let answers = answers
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    Ok((exit, answers.collect()))
}

fn run(words: &[&str]) -> Result<(Exit, Vec<Value>), Error> {
    said(words, "")
}

/// What a worker says of a file.
fn worked(words: &[&str], file: &Path) -> Result<Value, Error> {
    // as `scan` gives it: the bytes of the path in hexadecimal digits
    let path: String = file
        .to_str()
        .unwrap()
        .bytes()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let (_, answers) = said(&[&["work"], words].concat(), &(path + "\n"))?;
    Ok(answers.last().unwrap().clone())
}

const SECRET: &str = "本方案确定试验场区警戒范围、测控站点布设和应急处置分工，参试单位应当按照任务书要求逐项落实，并在点火前四十八小时完成联合检查，检查结论由总指挥签字确认后报任务办公室备案。";

struct House {
    folder: tempfile::TempDir,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let house = Self { folder };
        std::fs::create_dir(house.at("documents")).unwrap();
        house.write(
            "documents/plan.txt",
            &format!("机密★20年\n总体方案\n{SECRET}\n"),
        );
        house.write(
            "documents/menu.txt",
            &"今天的天气很好，我们去公园散步，看见许多人在放风筝。".repeat(3),
        );
        house.write("mail.txt", &format!("你好，摘一段给你：{SECRET}就这些。"));
        house
    }

    fn at(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.at(name), text).unwrap();
    }

    fn index(&self, verb: &str, more: &[&str]) -> Result<(Exit, Vec<Value>), Error> {
        let (folder, key) = (self.at("index"), format!("file:{}", self.at("index.key")));
        run(&[&["index", verb, "--index", &folder, "--key", &key], more].concat())
    }

    fn scanned(&self, file: &str) -> Result<Value, Error> {
        let (folder, key) = (self.at("index"), format!("file:{}", self.at("index.key")));
        let words = ["--registered", &folder, "--key", &key];
        worked(&words, Path::new(&self.at(file)))
    }
}

fn kinds(told: &Value) -> Vec<&str> {
    let findings = told["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|one| one["kind"].as_str().unwrap())
        .collect()
}

#[test]
fn documents_come_and_go_and_a_scan_asks_the_index() {
    let house = House::new();
    house.index("make", &[]).unwrap();
    let (exit, answers) = house.index("add", &[&house.at("documents")]).unwrap();
    assert_eq!(exit, Exit::Fine);
    assert_eq!(
        (&answers[0]["added"], &answers[0]["replaced"]),
        (&2.into(), &0.into())
    );
    let told = house.scanned("mail.txt").unwrap();
    assert_eq!(kinds(&told), ["copy"], "{told}");
    let copy = &told["findings"][0];
    assert_eq!(copy["level"], "state.secret");
    assert!(copy["why"]["en"].as_str().unwrap().contains("plan.txt"));
    assert!(
        !copy["text"].as_str().unwrap().contains("警戒范围"),
        "masked: {copy}"
    );

    let (_, again) = house
        .index("add", &[&house.at("documents/plan.txt")])
        .unwrap();
    assert_eq!(
        again[0]["replaced"], 1,
        "the same name is the same document"
    );
    let (_, listed) = house.index("list", &[]).unwrap();
    assert_eq!(listed.len(), 2, "{listed:?}");

    let plan = house.at("documents/plan.txt");
    let (exit, gone) = house.index("remove", &[&plan, "no such"]).unwrap();
    assert_eq!(
        (exit, &gone[0]["removed"], &gone[0]["absent"][0]),
        (Exit::Found, &1.into(), &"no such".into())
    );
    assert_eq!(kinds(&house.scanned("mail.txt").unwrap()), [""; 0]);
    let (_, checked) = house.index("check", &[]).unwrap();
    assert_eq!(
        (&checked[0]["documents"], &checked[0]["removed"]),
        (&1.into(), &2.into())
    );
    let (_, merged) = house.index("merge", &[]).unwrap();
    assert_eq!(
        (&merged[0]["documents"], &merged[0]["removed"]),
        (&1.into(), &0.into())
    );
}

#[test]
fn what_is_wrong_with_an_index_or_its_key_is_told_with_its_code() {
    let house = House::new();
    let code = |outcome: Result<(Exit, Vec<Value>), Error>| {
        let error = outcome.unwrap_err();
        let say = error.say();
        assert!(!say.zh.is_ascii() && !say.en.is_empty(), "{say:?}");
        error.code().to_owned()
    };
    assert_eq!(
        code(house.index("add", &[&house.at("documents")])),
        "cli.read",
        "no key"
    );
    let inside = format!("file:{}", house.at("index/key"));
    std::fs::create_dir(house.at("index")).unwrap();
    let (folder, words) = (house.at("index"), ["index", "make", "--index"]);
    assert_eq!(
        code(run(&[&words[..], &[&folder, "--key", &inside]].concat())),
        "cli.key_inside"
    );
    house.index("make", &[]).unwrap();
    assert_eq!(code(house.index("make", &[])), "passages.there");
    house.index("add", &[&house.at("documents")]).unwrap();
    let key = std::fs::read(house.at("index.key")).unwrap();
    house.write("index.key", "no key");
    assert_eq!(code(house.index("check", &[])), "cli.key");
    house.write("index.key", &"07".repeat(32));
    assert_eq!(code(house.index("check", &[])), "passages.wrong_key");
    assert_eq!(
        house.scanned("mail.txt").unwrap_err().code(),
        "passages.wrong_key"
    );
    std::fs::write(house.at("index.key"), key).unwrap();
    let without = worked(&["--registered", &folder], Path::new(&house.at("mail.txt")));
    assert_eq!(without.unwrap_err().code(), "cli.key_needed");
    house.write("index/0.seg", "cut");
    assert_eq!(code(house.index("check", &[])), "passages.damaged");
    assert_eq!(
        house.scanned("mail.txt").unwrap_err().code(),
        "passages.damaged"
    );
}

const PEOPLE: &str = "序号,身份证号,姓名,电话\n1,11010519491231002X,张卫国,138-0013-8000\n2,440304199001012345,欧阳若兰,13900001111\n3,12,李明,1\n";

/// A house with a table, and the words that make a sealed one of it.
fn with_people() -> (House, [String; 3]) {
    let house = House::new();
    house.write("people.csv", PEOPLE);
    house.write(
        "note.txt",
        "经办人：张卫国，证件 11010519491231002X，电话 13800138000。",
    );
    house.write("one.txt", "证件 440304199001012345，电话 13800138000。");
    let key = format!("file:{}", house.at("table.key"));
    let names = [house.at("people.csv"), house.at("people.table"), key];
    (house, names)
}

const COLUMNS: &str = "身份证号:姓名,电话";

/// The first row that is found in a file.
fn row(house: &House, words: &[&str], file: &str) -> Option<Value> {
    let told = worked(words, Path::new(&house.at(file))).unwrap();
    let findings = told["findings"].as_array().unwrap().clone();
    let mut data = findings
        .into_iter()
        .filter(|one| one["kind"] == "data_match");
    data.next()
}

#[test]
fn rows_of_a_table_are_found_from_csv_and_from_what_was_made_of_it() {
    let (house, [csv, made, key]) = with_people();
    let level = ["--table-level", "work.internal"];
    let make = ["exact", "make", &csv, "--columns", COLUMNS, "--key", &key];
    let make = [&make[..], &level, &["--name", "人员", "--out", &made]].concat();
    let (_, answers) = run(&make).unwrap();
    let counts = ["rows", "kept", "left_out"].map(|name| answers[0][name].as_u64());
    assert_eq!(counts, [Some(3), Some(2), Some(1)]);
    let bytes = std::fs::read(&made).unwrap();
    for cell in ["11010519491231002X", "张卫国", "姓名", "人员"] {
        let there = bytes
            .windows(cell.len())
            .any(|window| window == cell.as_bytes());
        assert!(!there, "{cell}");
    }
    let plain = ["--exact", &csv, "--columns", COLUMNS];
    for words in [
        vec!["--exact", &made, "--key", &key],
        [&plain[..], &level].concat(),
        [&plain[..], &level, &["--need", "2"]].concat(),
    ] {
        let found = row(&house, &words, "note.txt").unwrap();
        assert_eq!(found["level"], "work.internal");
        assert!(
            found["why"]["zh"].as_str().unwrap().contains("第 1 行"),
            "{found}"
        );
        let text = found["text"].as_str().unwrap();
        assert!(!text.contains("19491231"), "masked: {found}");
        let other = row(&house, &words, "one.txt");
        assert_eq!(other, None, "the telephone is another's");
    }
}

#[test]
fn what_is_wrong_with_a_table_is_told_with_its_code() {
    let (house, [csv, made, key]) = with_people();
    let make = ["exact", "make", &csv, "--columns", COLUMNS, "--key", &key];
    run(&[&make[..], &["--out", &made]].concat()).unwrap();
    let note = house.at("note.txt");
    let code = |words: &[&str]| {
        let words = [&["--exact"], words].concat();
        let error = worked(&words, Path::new(&note)).unwrap_err();
        error.code().to_owned()
    };
    assert_eq!(code(&[&made]), "cli.key_needed");
    assert_eq!(code(&[&csv, "--key", &key]), "passages.none");
    assert_eq!(code(&[&csv, "--columns", "身份证号:住址"]), "cli.table");
    assert_eq!(
        code(&[&csv, "--columns", "身份证号:姓名", "--need", "2"]),
        "cli.need"
    );
}

#[test]
fn reports_are_not_kept_of_what_depends_on_a_table_or_on_documents() {
    for asked in [
        &["--exact", "people.csv", "--columns", COLUMNS][..],
        &["--registered", "index", "--key", "file:index.key"],
    ] {
        let words = [&["ruping", "work"], asked].concat();
        assert!(Line::try_parse_from(&words).is_ok());
        let with_cache = [&words[..], &["--cache", "kept"]].concat();
        let error = Line::try_parse_from(&with_cache).unwrap_err();
        assert_eq!(error.kind(), clap::error::ErrorKind::ArgumentConflict);
    }
}
