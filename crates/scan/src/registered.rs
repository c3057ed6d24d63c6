//! Registered documents, whose passages are looked for: a folder of them, or an index on a disk.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use inspect::copies::{Enrolled, Index, Key};
use inspect::{Limits, Report, Rules, Status};
use serde::{Deserialize, Serialize};

use crate::read::text_of;
use crate::{Item, Walk};

/// Documents, enrolled.
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
        let mut index = Enrolled::new(key);
        let from = [folder.to_owned()];
        let enrolled = enrol(&from, rules, limits, &mut |path, report| {
            let name = path.strip_prefix(folder).unwrap_or(path).to_string_lossy();
            index.add(&name, report.verdict.level.as_deref(), &report.text);
            Ok::<(), Infallible>(())
        });
        let Ok(enrolled) = enrolled;
        Self {
            index: Arc::new(index),
            enrolled,
        }
    }

    /// An index on a disk; at most so many bytes of it are held in memory.
    ///
    /// # Errors
    /// There is none, it is damaged, or the key is another.
    pub fn open(
        folder: &Path,
        key: &passages::Key,
        resident_bytes: usize,
    ) -> Result<Self, passages::Error> {
        let index = passages::Index::open(folder, key, resident_bytes)?;
        let documents = usize::try_from(index.len()).unwrap_or(usize::MAX);
        Ok(Self {
            index: Arc::new(index),
            enrolled: Enrolment {
                documents,
                missed: Vec::new(),
            },
        })
    }
}

/// Reads every file of some files and folders for an index, and tells what came of it.
///
/// # Errors
/// `each` failed.
pub fn enrol<E>(
    paths: &[PathBuf],
    rules: &Rules,
    limits: &Limits,
    each: &mut dyn FnMut(&Path, &Report) -> Result<(), E>,
) -> Result<Enrolment, E> {
    let mut enrolment = Enrolment::default();
    for item in Walk::new(paths, false) {
        let path = match item {
            Item::File(path, _) => path,
            Item::Unreadable(path) | Item::Special(path) | Item::Link(path) => {
                enrolment.missed.push(shown(&path));
                continue;
            }
            Item::Stdin(_) => continue,
        };
        let Some(report) = text_of(&path, rules, limits) else {
            enrolment.missed.push(shown(&path));
            continue;
        };
        each(&path, &report)?;
        enrolment.documents += 1;
        if report.status != Status::Read {
            enrolment.missed.push(shown(&path));
        }
    }
    Ok(enrolment)
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
