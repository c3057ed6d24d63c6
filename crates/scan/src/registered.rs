//! A folder of registered documents, whose passages are looked for.

use std::path::{Path, PathBuf};

use inspect::copies::{Enrolled, Index, Key};
use inspect::{Limits, Rules, Status};

use crate::read::text_of;
use crate::{Item, Walk};

/// What was enrolled of a folder.
#[derive(Debug)]
pub struct Registered {
    /// The index.
    pub index: Index,
    /// How many documents it has.
    pub documents: usize,
    /// Files that are not in it, or not with all of their text.
    pub missed: Vec<PathBuf>,
}

impl Registered {
    /// Enrols every file below a folder, by its name; its level is what its own marks say.
    #[must_use]
    pub fn of(folder: &Path, key: Key, rules: &Rules, limits: &Limits) -> Self {
        let mut enrolled = Enrolled::new(key);
        let mut missed = Vec::new();
        for item in Walk::new(&[folder.to_owned()], false) {
            let path = match item {
                Item::File(path, _) => path,
                Item::Unreadable(path) | Item::Special(path) | Item::Link(path) => {
                    missed.push(path);
                    continue;
                }
            };
            let Some(report) = text_of(&path, rules, limits) else {
                missed.push(path);
                continue;
            };
            let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy();
            enrolled.add(&name, report.verdict.level.as_deref(), &report.text);
            if report.status != Status::Read {
                missed.push(path);
            }
        }
        let documents = enrolled.len();
        Self {
            index: std::sync::Arc::new(enrolled),
            documents,
            missed,
        }
    }
}
