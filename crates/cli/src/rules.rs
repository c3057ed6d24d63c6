//! `ruping rules …`: work on rules of inspection, and the rules of a site for those who ask them.

use std::path::{Path, PathBuf};

use domain::Text;
use inspect::{RuleError, Rules};
use serde_json::json;

use crate::files::read_at_most;
use crate::{Error, Exit, Format, Terminal};

/// Longest file of rules, in bytes.
const FILE_BYTES: u64 = 4 << 20;
/// Most files of rules in a folder.
const FILES_MOST: usize = 1_000;

/// What to do with rules.
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Check files of rules: every mistake with its place, and what their own tests say.
    Check(CheckArgs),
}

/// Rules to check.
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// A file of rules, or a folder of them.
    #[arg(required = true)]
    path: PathBuf,
}

/// Runs a verb.
///
/// # Errors
/// When it could not do its work.
pub fn run(verb: &Verb, terminal: &mut Terminal<'_>) -> Result<Exit, Error> {
    let Verb::Check(args) = verb;
    let (errors, tests) = match parse(&texts(Some(&args.path))?) {
        Err(errors) => (errors, 0),
        Ok(rules) => match rules.check() {
            Err(errors) => (errors, 0),
            Ok(tests) => (Vec::new(), tests),
        },
    };
    tell(&errors, terminal)?;
    let ok = errors.is_empty();
    match terminal.format_or(Format::Text) {
        Format::Json => {
            terminal.json(&json!({ "ok": ok, "tests": tests, "mistakes": errors.len() }))?
        }
        Format::Text if ok => terminal.say(&Text::new(
            format!("规则没有错误，{tests} 项自带测试全部符合"),
            format!("no mistakes; {tests} tests of the rules hold"),
        ))?,
        Format::Text => {}
    }
    Ok(Exit::of_check(ok))
}

/// Tells each mistake with its place.
pub(crate) fn tell(errors: &[RuleError], terminal: &mut Terminal<'_>) -> Result<(), Error> {
    for error in errors {
        let RuleError {
            file,
            line,
            code,
            zh,
            en,
        } = error;
        match terminal.format_or(Format::Text) {
            Format::Json => terminal.json(&json!({
                "file": file, "line": line, "code": code, "say": { "zh": zh, "en": en }
            }))?,
            Format::Text => terminal.say(&Text::new(
                format!("{file}:{line}: {zh} [{code}]"),
                format!("{file}:{line}: {en} [{code}]"),
            ))?,
        }
    }
    Ok(())
}

/// The files of rules that come with the program, and those of a file or folder beside them: name and content.
pub(crate) fn texts(beside: Option<&Path>) -> Result<Vec<(String, String)>, Error> {
    let shipped = Rules::shipped_files().iter();
    let mut all: Vec<(String, String)> = shipped
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    if let Some(path) = beside {
        all.extend(gather(path)?);
    }
    Ok(all)
}

/// Rules ready to be asked, or every mistake in them.
pub(crate) fn parse(texts: &[(String, String)]) -> Result<Rules, Vec<RuleError>> {
    let all: Vec<(&str, &str)> = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    Rules::parse(&all)
}

fn gather(path: &Path) -> Result<Vec<(String, String)>, Error> {
    let unreadable = |source| Error::Read {
        path: path.to_owned(),
        source,
    };
    let mut paths = Vec::new();
    if path.is_dir() {
        for entry in std::fs::read_dir(path).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.extension().is_some_and(|ending| ending == "toml") {
                paths.push(path);
            }
        }
        paths.sort();
        if paths.len() > FILES_MOST {
            return Err(Error::TooLarge {
                path: path.to_owned(),
            });
        }
    } else {
        paths.push(path.to_owned());
    }
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Result<(String, String), Error> {
    let bytes = read_at_most(path, FILE_BYTES)?;
    let text = String::from_utf8(bytes).map_err(|_| Error::NotText {
        path: path.to_owned(),
    })?;
    Ok((path.display().to_string(), text))
}
