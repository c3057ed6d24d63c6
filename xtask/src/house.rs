//! The repository as text: where its root is and which files belong to it.
//!
//! The walk leaves out build output and version control, and every file that is not UTF-8 (the
//! samples). Paths are relative to the root with forward slashes, so that checks and their tests
//! speak about files that need not exist.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// Folders that are made, not written.
const MADE: [&str; 5] = ["target", "node_modules", "dist", "test-results", ".demo"];

/// Hidden folders that are nevertheless ours.
const HIDDEN_OURS: [&str; 3] = [".cargo", ".ci", ".config"];

/// One text file of the repository.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    #[cfg(test)]
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    /// The part of the name after the last dot, or nothing.
    pub(crate) fn extension(&self) -> &str {
        Path::new(&self.path)
            .extension()
            .and_then(|extension| extension.to_str())
            .unwrap_or_default()
    }

    /// The name of the crate whose folder holds this file.
    pub(crate) fn room(&self) -> Option<&str> {
        let (room, _) = self.path.strip_prefix("crates/")?.split_once('/')?;
        Some(room)
    }
}

/// The folder that holds the workspace manifest.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Every text file of the repository, sorted by path.
pub(crate) fn files() -> Result<Vec<File>> {
    let mut found = Vec::new();
    walk(&root(), "", &mut found)?;
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

fn walk(folder: &Path, prefix: &str, found: &mut Vec<File>) -> Result<()> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("cannot list `{}`", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() {
            if is_ours(&name) {
                walk(&entry.path(), &format!("{path}/"), found)?;
            }
        } else if kind.is_file()
            && let Ok(text) = String::from_utf8(std::fs::read(entry.path())?)
        {
            found.push(File { path, text });
        }
    }
    Ok(())
}

fn is_ours(folder: &str) -> bool {
    if folder.starts_with('.') {
        return HIDDEN_OURS.contains(&folder);
    }
    !MADE.contains(&folder)
}
