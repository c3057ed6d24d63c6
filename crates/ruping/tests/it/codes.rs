//! The page of error codes: written from the table of codes, and the table is what the source says.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use cli::codes::{self, Row};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The source of every room but those of tests, without its own tests and remarks.
fn source() -> Vec<String> {
    let mut found = Vec::new();
    for room in fs::read_dir(root().join("crates")).unwrap() {
        let room = room.unwrap().path();
        if !room.ends_with("testkit") {
            gather(&room.join("src"), &mut found);
        }
    }
    assert!(found.len() > 200, "the source was not found");
    found
}

fn gather(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let of_tests = [
            "tests",
            "tests.rs",
            "fixtures.rs",
            "sight",
            "attacks.rs",
            "laws.rs",
        ];
        if of_tests.contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            gather(&path, found);
        } else if name.ends_with(".rs") {
            found.push(without_tests(&fs::read_to_string(&path).unwrap()));
        }
    }
}

fn without_tests(text: &str) -> String {
    let (code, _) = text.split_once("#[cfg(test)]\nmod ").unwrap_or((text, ""));
    let lines = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The string literals of a text, each with where it begins.
fn literals(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        // a quotation mark as a letter of its own, `'"'`, begins nothing
        if letter != '"' || text.get(..at).unwrap().ends_with('\'') {
            continue;
        }
        let mut literal = String::new();
        while let Some((_, letter)) = letters.next() {
            match letter {
                '"' => break,
                '\\' => match letters.next().unwrap().1 {
                    'n' => literal.push('\n'),
                    '\n' => {
                        let rest = letters.as_str();
                        let blank = rest.chars().take_while(|c| c.is_whitespace()).count();
                        for _ in 0..blank {
                            letters.next();
                        }
                    }
                    other => literal.push(other),
                },
                other => literal.push(other),
            }
        }
        found.push((at, literal));
    }
    found
}

/// `area.what`, or deeper. Three codes have no dot (`not_found`, `internal`, `unavailable`); no form
/// tells them from other words.
fn looks_like_a_code(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let word =
        |part: &str| part.starts_with(|c: char| c.is_ascii_lowercase()) && part.chars().all(letter);
    text.contains('.') && text.split('.').all(word)
}

/// What is wrong between a source and the table.
fn compare(source: &[String], table: &codes::Codes) -> Vec<String> {
    let rows: Vec<&Row> = table.sections.iter().flat_map(|one| &one.rows).collect();
    let listed: BTreeSet<&str> = rows.iter().map(|row| row.code.as_str()).collect();
    let others: BTreeSet<&str> = table.other.values().flatten().map(String::as_str).collect();
    let all: Vec<String> = source
        .iter()
        .flat_map(|text| literals(text))
        .map(|(_, literal)| literal)
        .collect();
    let said: BTreeSet<&str> = all.iter().map(String::as_str).collect();
    let mut wrong = Vec::new();
    if listed.len() != rows.len() {
        wrong.push("a code stands twice in the table".to_owned());
    }
    let codes = said.iter().filter(|word| looks_like_a_code(word));
    for code in codes.filter(|code| !listed.contains(*code) && !others.contains(*code)) {
        wrong.push(format!("`{code}` is in the source and not in the table"));
    }
    for gone in listed.union(&others).filter(|code| !said.contains(*code)) {
        wrong.push(format!("`{gone}` is in the table and not in the source"));
    }
    for section in &table.sections {
        let ours = section.chinese.is_some();
        for row in &section.rows {
            let texts = [(&row.zh, !ours), (&row.en, true)];
            for (text, _) in texts
                .iter()
                .filter(|(text, from_source)| *from_source && !text.is_empty())
            {
                if !said.contains(text.as_str()) {
                    wrong.push(format!("`{}`: the source does not say `{text}`", row.code));
                }
            }
            if (row.zh.is_empty() && !row.en.is_empty())
                || row.do_zh.is_empty() != row.do_en.is_empty()
            {
                wrong.push(format!("`{}` does not speak both languages", row.code));
            }
        }
    }
    wrong
}

#[test]
fn every_code_of_the_source_is_in_the_table_with_its_words() {
    let wrong = compare(&source(), codes::all());
    assert!(
        wrong.is_empty(),
        "crates/cli/src/codes.toml:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn a_code_that_is_new_gone_or_says_something_else_is_found() {
    let table: codes::Codes = toml::from_str(
        r#"
        other = { events = ["loan.lent"] }
        [[section]]
        title = "t"
        lead = "l"
        rows = [
            { code = "list.count", status = "400", zh = "一", en = "one" },
            { code = "list.gone", status = "400", zh = "二", en = "two", do_zh = "做" },
        ]
        "#,
    )
    .unwrap();
    let source = r#"
        f("list.count", "一", "another"); g("loan.lent"); h("list.new", "二", "two", '"');
        // "list.remark"
        #[cfg(test)]
        mod tests { "list.test" }
    "#;
    let source = source.replace("        #[cfg(test)]\n        mod", "#[cfg(test)]\nmod");
    let wrong = compare(&[without_tests(&source)], &table);
    let said = [
        "`list.new` is in the source and not in the table",
        "`list.gone` is in the table and not in the source",
        "`list.count`: the source does not say `one`",
        "`list.gone` does not speak both languages",
    ];
    assert_eq!(wrong, said);
}

/// What stands near a code that is answered with a status.
fn makers(status: &str) -> &'static [&'static str] {
    match status {
        "400" => &["malformed(", "Malformed", "BAD_REQUEST", "bad("],
        "401" => &["Unauthenticated", "UNAUTHORIZED"],
        "403" => &["Denied", "FORBIDDEN"],
        "404" => &["NOT_FOUND"],
        "405" => &["METHOD_NOT_ALLOWED"],
        "408" => &["REQUEST_TIMEOUT"],
        "409" => &["conflict(", "Conflict", "CONFLICT"],
        "410" => &["GONE"],
        "412" => &["PRECONDITION_FAILED"],
        "413" => &["too_large("],
        "415" => &["UNSUPPORTED_MEDIA_TYPE"],
        "416" => &["RANGE_NOT_SATISFIABLE"],
        "422" => &[
            "unprocessable(",
            "FieldProblem",
            "FieldError",
            "Self::new(",
            "field,",
            "Error::rule(",
            "wrong(",
        ],
        "428" => &["PRECONDITION_REQUIRED"],
        "429" => &["Limited", "TOO_MANY_REQUESTS"],
        "500" => &[
            "Damaged",
            "damaged_object",
            "INTERNAL_SERVER_ERROR",
            "vault.",
        ],
        "503" => &["SERVICE_UNAVAILABLE"],
        _ => &[],
    }
}

#[test]
fn every_status_of_the_table_is_one_the_source_gives() {
    let source = source();
    let mut near: BTreeMap<String, String> = BTreeMap::new();
    for text in &source {
        for (at, literal) in literals(text) {
            let from = (0..=at.saturating_sub(160))
                .rev()
                .find(|at| text.is_char_boundary(*at));
            let to = (at..=(at + 160).min(text.len()))
                .rev()
                .find(|at| text.is_char_boundary(*at));
            near.entry(literal)
                .or_default()
                .push_str(text.get(from.unwrap()..to.unwrap()).unwrap());
        }
    }
    let mut wrong = Vec::new();
    for row in codes::all().sections.iter().flat_map(|one| &one.rows) {
        let around = &near[&row.code];
        let fits = makers(&row.status).iter().any(|word| around.contains(word));
        if row.status != "-" && !fits {
            wrong.push(format!(
                "`{}` is not answered with {}",
                row.code, row.status
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const HEAD: &str = "\
# Error codes 错误代码

Every error has a stable dotted code: programs decide by it, and people look it up here. In an answer of
the server it is `code` of the problem document (or of one entry of `fields`), on the command line it
stands in brackets behind the message. Why codes are as they are: [ADR 0008](../adr/0008-error-codes.md).
每个错误都有稳定的代码：程序据此判断，人可在此查阅。服务器答复中见 `code`，命令行印在消息末尾的方括号内。

This page is written from `crates/cli/src/codes.toml` by a test, which also compares that table with the
source; `RUPING_BLESS=1` writes it. Words in braces are filled in. 大括号内的词由程序填写。
";

/// The page, as the table gives it.
fn page() -> String {
    let cell = |text: &str| {
        text.replace('|', "\\|")
            .replace('\n', " ")
            .trim()
            .to_owned()
    };
    let mut page = HEAD.to_owned();
    for section in &codes::all().sections {
        let (title, lead) = (&section.title, &section.lead);
        writeln!(page, "\n## {title}\n\n{lead}\n").unwrap();
        writeln!(
            page,
            "| code 代码 | HTTP | 中文 | English | what to do 如何处理 |"
        )
        .unwrap();
        writeln!(page, "| --- | --- | --- | --- | --- |").unwrap();
        for row in &section.rows {
            let advice = match (row.do_zh.as_str(), row.do_en.as_str()) {
                ("", "") => "see above 见上".to_owned(),
                (zh, en) => format!("{en} · {zh}"),
            };
            let or = |text: &str, other: &str| cell(if text.is_empty() { other } else { text });
            let (code, status, advice) = (&row.code, &row.status, cell(&advice));
            let (zh, en) = (
                or(&row.zh, "（视情况而定）"),
                or(&row.en, "(differs from case to case)"),
            );
            writeln!(page, "| `{code}` | {status} | {zh} | {en} | {advice} |").unwrap();
        }
    }
    page
}

#[test]
fn the_page_of_codes_is_written_from_the_table() {
    crate::docs::is_kept("docs/src/reference/errors.md", &page());
}
