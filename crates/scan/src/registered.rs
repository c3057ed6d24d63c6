//! A folder of registered documents, whose passages are looked for.

use std::path::Path;
use std::sync::Arc;

use inspect::copies::{Enrolled, Index, Key};
use inspect::{Limits, Rules, Status};
use serde::{Deserialize, Serialize};

use crate::read::text_of;
use crate::{Item, Walk};

/// A folder's documents, enrolled.
#[derive(Debug)]
pub struct Registered {
    /// The index.
    pub index: Index,
    /// What is in it, and what is not.
    pub enrolled: Enrolment,
}

/// What was enrolled of a folder. WHY it is told: passages of what is missing are not found, and nobody would know.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Enrolment {
    /// How many documents the index has.
    pub documents: usize,
    /// Files that are not in it, or not with all of their text.
    pub missed: Vec<String>,
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
                    missed.push(shown(&path));
                    continue;
                }
                Item::Stdin(_) => continue,
            };
            let Some(report) = text_of(&path, rules, limits) else {
                missed.push(shown(&path));
                continue;
            };
            let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy();
            enrolled.add(&name, report.verdict.level.as_deref(), &report.text);
            if report.status != Status::Read {
                missed.push(shown(&path));
            }
        }
        let documents = enrolled.len();
        Self {
            index: Arc::new(enrolled),
            enrolled: Enrolment { documents, missed },
        }
    }
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
