//! Definition files, as somebody names them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use domain::Text;
use registers::{Report, Source};

use crate::Error;
use crate::files::read_at_most;
use crate::limits::FOLDER_DEPTH;

/// What was read.
#[derive(Default)]
pub(super) struct Loaded {
    pub(super) sources: Vec<Source>,
    /// Files that hold no text at all, which the loader never sees.
    pub(super) unreadable: Vec<Report>,
    seen: BTreeSet<PathBuf>,
}

impl Loaded {
    /// Takes files, or every definition below folders; what was taken before is not again.
    pub(super) fn take_all(&mut self, paths: &[PathBuf]) -> Result<(), Error> {
        paths
            .iter()
            .try_for_each(|path| self.take(path, FOLDER_DEPTH))
    }

    pub(super) fn names(&self) -> BTreeSet<String> {
        let read = self.sources.iter().map(|source| source.path.clone());
        read.chain(self.unreadable.iter().map(|report| report.file.clone()))
            .collect()
    }

    fn take(&mut self, path: &Path, depth: usize) -> Result<(), Error> {
        let unreadable = |source| Error::Read {
            path: path.to_owned(),
            source,
        };
        if !self.seen.insert(path.canonicalize().map_err(unreadable)?) {
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
                self.take(&path, depth.saturating_sub(1))?;
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
