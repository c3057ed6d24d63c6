//! Lists of findings that somebody looked at and decided to pass over, each with a reason and the day on which that ends.
//!
//! WHY a day: a finding that is passed over for ever is a rule that nobody knows of. Who wants it longer says so again.

use jiff::civil::Date;
use serde::Deserialize;
use toml::{Spanned, Value};

use crate::beside::{is_digest, is_of_finding};
use crate::glob::Glob;
use crate::{Salt, Told};

/// Most entries of a list.
const ENTRIES_MOST: usize = 10_000;
/// Characters of a reason or a name.
const WORDS_MOST: usize = 1_000;

/// What is wrong with a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Line, from 1; 0 where none is to blame.
    pub line: usize,
    /// The stable code.
    pub code: &'static str,
    /// What it is, in Chinese.
    pub zh: String,
    /// What it is, in English.
    pub en: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    salt: Option<Spanned<String>>,
    #[serde(default)]
    suppress: Vec<Spanned<Raw>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    rule: Option<String>,
    path: Option<String>,
    digest: Option<String>,
    file: Option<String>,
    #[serde(default)]
    reason: String,
    until: Option<Value>,
    by: Option<String>,
}

/// Why a finding is passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppressed {
    /// Why.
    pub reason: String,
    /// The last day of it.
    pub until: Date,
    /// Who decided it.
    pub by: Option<String>,
}

/// One entry of a list.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its line in the list, from 1.
    pub line: usize,
    /// What is said of what it fits.
    pub says: Suppressed,
    rule: Option<String>,
    path: Option<Glob>,
    digest: Option<String>,
    file: Option<String>,
    used: bool,
}

/// A list, on one day.
#[derive(Debug, Clone)]
pub struct Suppressions {
    salt: Option<Salt>,
    entries: Vec<Entry>,
    expired: Vec<Entry>,
}

impl Suppressions {
    /// Reads a list as it is on a day.
    ///
    /// # Errors
    /// Every mistake of its entries, or the first of its form.
    pub fn parse(text: &str, today: Date) -> Result<Self, Vec<Mistake>> {
        let line_of = |byte: usize| text.bytes().take(byte).filter(|one| *one == b'\n').count() + 1;
        let file: File = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| line_of(span.start));
            let said = error.message().to_owned();
            vec![mistake(
                line,
                "scan.suppress_format",
                format!("抑制清单格式有误：{said}"),
                said,
            )]
        })?;
        if file.suppress.len() > ENTRIES_MOST {
            return Err(vec![mistake(
                0,
                "scan.suppress_format",
                format!("抑制清单超过 {ENTRIES_MOST} 条"),
                format!("more than {ENTRIES_MOST} entries"),
            )]);
        }
        let mut mistakes = Vec::new();
        let salt = file.salt.and_then(|salt| {
            let line = line_of(salt.span().start);
            let parsed = salt.into_inner().parse().ok();
            if parsed.is_none() {
                mistakes.push(mistake(
                    line,
                    "scan.suppress_digest",
                    "`salt` 须为 32 位十六进制数",
                    "`salt` must be 32 hex digits",
                ));
            }
            parsed
        });
        let mut all = Vec::new();
        for raw in file.suppress {
            let line = line_of(raw.span().start);
            match entry(raw.into_inner(), line, salt.is_some()) {
                Ok(entry) => all.push(entry),
                Err(mut more) => mistakes.append(&mut more),
            }
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let (entries, expired) = all.into_iter().partition(|entry| entry.says.until >= today);
        Ok(Self {
            salt,
            entries,
            expired,
        })
    }

    /// What its digests are keyed with, if it has any.
    #[must_use]
    pub fn salt(&self) -> Option<&Salt> {
        self.salt.as_ref()
    }

    /// Why the finding at a place of a report is passed over, if it is. `digest` is the finding's, by this list's salt.
    pub fn of(&mut self, told: &Told, at: usize, digest: Option<&str>) -> Option<Suppressed> {
        let finding = told.report.findings.get(at)?;
        let mut says = None;
        // every entry that fits is in use, or one that stands behind another would be told as useless
        for entry in &mut self.entries {
            let path = entry.path.as_ref();
            let fits = entry.rule.as_ref().is_none_or(|rule| *rule == finding.rule)
                && path.is_none_or(|path| path.fits(&told.path))
                && entry
                    .file
                    .as_ref()
                    .is_none_or(|file| told.sha256.as_ref() == Some(file))
                && entry
                    .digest
                    .as_deref()
                    .is_none_or(|one| digest == Some(one));
            if fits {
                entry.used = true;
                says.get_or_insert_with(|| entry.says.clone());
            }
        }
        says
    }

    /// Entries whose last day is over: they pass over nothing.
    pub fn expired(&self) -> impl Iterator<Item = &Entry> {
        self.expired.iter()
    }

    /// Entries that fitted nothing so far.
    pub fn unused(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| !entry.used)
    }
}

fn mistake(
    line: usize,
    code: &'static str,
    zh: impl Into<String>,
    en: impl Into<String>,
) -> Mistake {
    Mistake {
        line,
        code,
        zh: zh.into(),
        en: en.into(),
    }
}

fn entry(raw: Raw, line: usize, salted: bool) -> Result<Entry, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let mut wrong = |code, zh: &str, en: &str| mistakes.push(mistake(line, code, zh, en));
    if raw.rule.is_none() && raw.path.is_none() && raw.digest.is_none() && raw.file.is_none() {
        wrong(
            "scan.suppress_what",
            "须至少写明 `rule`、`path`、`digest`、`file` 之一",
            "at least one of `rule`, `path`, `digest`, `file` must be there",
        );
    }
    let reason = raw.reason.trim();
    let words = [Some(reason), raw.by.as_deref()];
    let long = |text: &str| text.chars().count() > WORDS_MOST;
    if reason.is_empty() || words.into_iter().flatten().any(long) {
        wrong(
            "scan.suppress_reason",
            "须写明理由 `reason`，`reason` 和 `by` 不超过 1000 字",
            "`reason` must be there; `reason` and `by` have at most 1000 characters",
        );
    }
    let until = raw.until.as_ref().and_then(day);
    if until.is_none() {
        wrong(
            "scan.suppress_date",
            "须写明截止日期 `until`，形如 2027-01-31",
            "`until` must be there, a day such as 2027-01-31",
        );
    }
    let path = raw.path.as_deref().map(Glob::parse);
    if path == Some(None) {
        wrong(
            "scan.suppress_path",
            "`path` 为空或过长",
            "`path` is empty or too long",
        );
    }
    let digest = raw.digest.as_deref();
    let file = raw.file.as_deref();
    if digest.is_some_and(|one| !(salted && is_of_finding(one)))
        || file.is_some_and(|one| !is_digest(one, 32))
    {
        wrong(
            "scan.suppress_digest",
            "`digest` 须为 32 位十六进制小写数字，且文件开头有 `salt`；`file` 须为 64 位",
            "`digest` must be 32 hex digits in lower case with a `salt` at the head of the list; `file` must be 64",
        );
    }
    let (true, Some(until)) = (mistakes.is_empty(), until) else {
        return Err(mistakes);
    };
    Ok(Entry {
        line,
        says: Suppressed {
            reason: reason.to_owned(),
            until,
            by: raw.by,
        },
        rule: raw.rule,
        path: path.flatten(),
        digest: raw.digest,
        file: raw.file,
        used: false,
    })
}

/// A day, written as a date of TOML or as a text.
fn day(value: &Value) -> Option<Date> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Datetime(date) => date.to_string(),
        Value::Integer(_)
        | Value::Float(_)
        | Value::Boolean(_)
        | Value::Array(_)
        | Value::Table(_) => return None,
    };
    // a time of day with it would be passed over in silence
    (text.len() == 10).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use inspect::{Limits, Rules, inspect};

    fn today() -> Date {
        "2026-06-15".parse().unwrap()
    }

    fn told(path: &str) -> Told {
        let report = inspect(
            "机密★10年\n通知".as_bytes(),
            "",
            &Rules::shipped().unwrap(),
            &Limits::default(),
        );
        assert_eq!(report.findings.len(), 1);
        Told {
            path: path.to_owned(),
            size: None,
            sha256: Some("ab".repeat(32)),
            report,
            text: None,
            beside: Vec::new(),
        }
    }

    fn list(entry: &str) -> Result<Suppressions, Vec<Mistake>> {
        let salt = "salt = \"00112233445566778899aabbccddeeff\"\n";
        Suppressions::parse(&format!("{salt}[[suppress]]\n{entry}"), today())
    }

    const REST: &str = "reason = \"样本\"\nuntil = 2026-12-31\nby = \"李四\"";

    #[test]
    fn every_condition_of_an_entry_has_to_fit() {
        let told = told("a/samples/1.txt");
        let rule = told.report.findings[0].rule.clone();
        let (file, digest) = ("ab".repeat(32), "cd".repeat(16));
        let cases = [
            (format!("rule = \"{rule}\""), true),
            ("rule = \"other\"".to_owned(), false),
            ("path = \"samples/**\"".to_owned(), true),
            (format!("rule = \"{rule}\"\npath = \"other/**\""), false),
            (format!("file = \"{file}\""), true),
            (format!("file = \"{}\"", "ac".repeat(32)), false),
            (format!("digest = \"{digest}\""), true),
            (format!("digest = \"{}\"", "ce".repeat(16)), false),
        ];
        for (conditions, fits) in cases {
            let mut list = list(&format!("{conditions}\n{REST}")).unwrap();
            let says = list.of(&told, 0, Some(&digest));
            assert_eq!(says.is_some(), fits, "{conditions}");
            assert_eq!(list.unused().count(), usize::from(!fits));
            if let Some(says) = says {
                assert_eq!(
                    (says.reason.as_str(), says.by.as_deref()),
                    ("样本", Some("李四"))
                );
            }
        }
    }

    #[test]
    fn an_entry_counts_on_its_last_day_and_not_after_it() {
        let told = told("a");
        for (day, counts) in [
            ("2026-06-15", true),
            ("2026-06-14", false),
            ("2026-06-16", true),
        ] {
            for written in [day.to_owned(), format!("\"{day}\"")] {
                let entry = format!("path = \"*\"\nreason = \"x\"\nuntil = {written}");
                let mut list = list(&entry).unwrap();
                assert_eq!(list.of(&told, 0, None).is_some(), counts, "{written}");
                assert_eq!(
                    list.expired().map(|one| one.line).sum::<usize>(),
                    if counts { 0 } else { 2 }
                );
            }
        }
    }

    /// Entries with one mistake each: its line, its code.
    const MISTAKES: [(&str, usize, &str); 12] = [
        (
            "rule = \"a\"\nreson = \"b\"\nuntil = 2026-12-31",
            4,
            "scan.suppress_format",
        ),
        (
            "rule = \"a\"\nreason = \"b\"\nuntil = 2026-02-30",
            5,
            "scan.suppress_format",
        ),
        (
            "rule = \"a\"\nreason = \"b\"\nuntil = \"2026-02-30\"",
            2,
            "scan.suppress_date",
        ),
        (
            "rule = \"a\"\nreason = \"b\"\nuntil = \"never\"",
            2,
            "scan.suppress_date",
        ),
        (
            "rule = \"a\"\nreason = \"b\"\nuntil = 2026-12-31T10:00:00",
            2,
            "scan.suppress_date",
        ),
        ("rule = \"a\"\nreason = \"b\"", 2, "scan.suppress_date"),
        (
            "rule = \"a\"\nuntil = 2026-12-31",
            2,
            "scan.suppress_reason",
        ),
        (
            "rule = \"a\"\nreason = \" \"\nuntil = 2026-12-31",
            2,
            "scan.suppress_reason",
        ),
        (
            "reason = \"b\"\nuntil = 2026-12-31",
            2,
            "scan.suppress_what",
        ),
        (
            "path = \"\"\nreason = \"b\"\nuntil = 2026-12-31",
            2,
            "scan.suppress_path",
        ),
        (
            "digest = \"abc\"\nreason = \"b\"\nuntil = 2026-12-31",
            2,
            "scan.suppress_digest",
        ),
        (
            "file = \"abc\"\nreason = \"b\"\nuntil = 2026-12-31",
            2,
            "scan.suppress_digest",
        ),
    ];

    #[test]
    fn every_mistake_has_its_line_and_its_code() {
        for (entry, line, code) in MISTAKES {
            let mistakes = list(entry).unwrap_err();
            let told: Vec<_> = mistakes.iter().map(|one| (one.line, one.code)).collect();
            assert_eq!(told, [(line, code)], "{entry}");
            assert!(
                mistakes
                    .iter()
                    .all(|one| !one.zh.is_empty() && !one.en.is_empty())
            );
        }
        let both = list("rule = \"a\"\n[[suppress]]\nrule = \"b\"").unwrap_err();
        assert_eq!(
            both.iter().map(|one| one.line).collect::<Vec<_>>(),
            [2, 2, 4, 4]
        );
        let many = "[[suppress]]\n".repeat(ENTRIES_MOST + 1);
        assert_eq!(Suppressions::parse(&many, today()).unwrap_err().len(), 1);
        let salt = Suppressions::parse("\nsalt = \"x\"", today()).unwrap_err();
        assert_eq!((salt[0].line, salt[0].code), (2, "scan.suppress_digest"));
        let unsalted = format!("[[suppress]]\ndigest = \"{}\"\n{REST}", "cd".repeat(16));
        assert!(Suppressions::parse(&unsalted, today()).is_err());
    }
}
