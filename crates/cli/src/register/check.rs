//! `ruping register check`: every mistake of every file at once, with file, line, column and remedy.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use domain::Text;
use registers::{Known, Report, Source};
use serde_json::json;

use crate::files::read_at_most;
use crate::limits::FOLDER_DEPTH;
use crate::{Error, Exit, Format, Terminal};

/// Definitions to check.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Definition files, or folders of them.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Files or folders of definitions that are there already, to which these may refer; their
    /// own mistakes are not reported.
    #[arg(long, value_name = "PATH")]
    with: Vec<PathBuf>,
}

pub(super) fn run(
    args: &Args,
    known: &Known<'_>,
    terminal: &mut Terminal<'_>,
) -> Result<Exit, Error> {
    let mut seen = BTreeSet::new();
    let mut loaded = Loaded::default();
    for path in &args.files {
        loaded.take(path, &mut seen, FOLDER_DEPTH)?;
    }
    let asked: BTreeSet<String> = loaded.names();
    for path in &args.with {
        loaded.take(path, &mut seen, FOLDER_DEPTH)?;
    }
    let mut reports = loaded.unreadable;
    reports.extend(
        registers::load(&loaded.sources, known)
            .err()
            .into_iter()
            .flatten(),
    );
    reports.retain(|report| asked.contains(&report.file));
    tell(&reports, asked.len(), terminal)?;
    Ok(Exit::of_check(reports.is_empty()))
}

/// What was read.
#[derive(Default)]
struct Loaded {
    sources: Vec<Source>,
    /// Files that hold no text at all, which the loader never sees.
    unreadable: Vec<Report>,
}

impl Loaded {
    fn names(&self) -> BTreeSet<String> {
        let read = self.sources.iter().map(|source| source.path.clone());
        read.chain(self.unreadable.iter().map(|report| report.file.clone()))
            .collect()
    }

    /// Takes a file, or every definition below a folder; one that was taken before is not again.
    fn take(
        &mut self,
        path: &Path,
        seen: &mut BTreeSet<PathBuf>,
        depth: usize,
    ) -> Result<(), Error> {
        let unreadable = |source| Error::Read {
            path: path.to_owned(),
            source,
        };
        if !seen.insert(path.canonicalize().map_err(unreadable)?) {
            return Ok(());
        }
        if !path.is_dir() {
            return self.take_file(path);
        }
        let entries = std::fs::read_dir(path).map_err(unreadable)?;
        let paths: Result<Vec<_>, _> = entries
            .map(|entry| entry.map(|entry| entry.path()))
            .collect();
        let mut paths = paths.map_err(unreadable)?;
        paths.sort();
        for path in paths {
            let definition = path
                .extension()
                .is_some_and(|extension| extension == "toml");
            if definition || (path.is_dir() && depth > 0) {
                self.take(&path, seen, depth.saturating_sub(1))?;
            }
        }
        Ok(())
    }

    fn take_file(&mut self, path: &Path) -> Result<(), Error> {
        let name = path.display().to_string();
        // one byte more than the loader takes, so that it says itself what is too large
        let limit = registers::limits::FILE_BYTES_MAX as u64 + 1;
        let bytes = match read_at_most(path, limit) {
            Err(Error::TooLarge { .. }) => vec![b'#'; registers::limits::FILE_BYTES_MAX + 1],
            other => other?,
        };
        match String::from_utf8(bytes) {
            Ok(text) => self.sources.push(Source { path: name, text }),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let line = error
                    .as_bytes()
                    .iter()
                    .take(valid)
                    .filter(|byte| **byte == b'\n')
                    .count();
                self.unreadable.push(not_text(name, line + 1));
            }
        }
        Ok(())
    }
}

fn not_text(file: String, line: usize) -> Report {
    Report {
        file,
        line,
        column: 1,
        code: "register.not_utf8",
        say: Text::new("文件不是 UTF-8 文本", "the file is not UTF-8"),
        remedy: Text::new("以 UTF-8 编码保存", "save it as UTF-8"),
    }
}

fn tell(reports: &[Report], files: usize, terminal: &mut Terminal<'_>) -> Result<(), Error> {
    match terminal.format_or(Format::Text) {
        Format::Json => {
            for report in reports {
                terminal.json(&json!(report))?;
            }
            let ok = reports.is_empty();
            terminal.json(&json!({ "ok": ok, "files": files, "mistakes": reports.len() }))
        }
        Format::Text if reports.is_empty() => terminal.say(&Text::new(
            format!("{files} 个文件，没有错误"),
            format!("no mistakes; files checked: {files}"),
        )),
        Format::Text => reports.iter().try_for_each(|report| {
            let language = terminal.language();
            let (say, remedy) = (
                report.say.in_language(language),
                report.remedy.in_language(language),
            );
            let Report {
                file,
                line,
                column,
                code,
                ..
            } = report;
            terminal.line(&format!(
                "{file}:{line}:{column}: {say} [{code}]\n  {remedy}"
            ))
        }),
    }
}
