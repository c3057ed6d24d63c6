//! The rules of the house, to be read, and to be tried before they are changed: packs, parameters, definitions,
//! policies. Nothing here changes anything: packs are files, and count from the next start of the program.

mod check;
mod in_use;
mod policies;
mod sources;
mod text_diff;

pub use check::{CheckedFile, CheckedRegime, CheckedRegister, Mistake, PacksChecked};
pub use in_use::{PacksView, ParameterView, RegimeView, RegimeWord, RegisterView, RuleView};
pub use policies::{
    DutyView, PoliciesView, PolicyText, RoleDuties, ShiftView, TriedText, VerdictView, WhatIfView,
    WhoView, try_policies,
};
pub use sources::{SourceView, VersionTold};
pub use text_diff::TextLine;

use crate::{
    accounts,
    caller::Caller,
    core::Inner,
    error::{Error, text},
    gate::Gate,
    limits,
};
use domain::Timestamp;
use registers::Source;
use serde::Serialize;
use store::Tx;

/// The right to read the rules: of the three administrators, and of the head of the office.
fn check_reader(
    inner: &Inner,
    tx: &mut Tx<'_>,
    caller: &Caller,
    now: Timestamp,
) -> Result<(), Error> {
    accounts::office(inner, tx, caller, "packs.read_rules", now).map(drop)
}

/// WHY: one for the process, because the core it takes is the process's.
static GATE: Gate = Gate::new(limits::TRIALS, limits::TRIALS_WAITING, || Error::Limited {
    code: "packs.busy",
    say: text(
        "同时检查的人过多，请稍后重试",
        "too many checks at once, try again in a moment",
    ),
});

/// A file: in use, or to be tried, as its author names it.
#[derive(Clone, Debug, Serialize)]
pub struct PackFile {
    /// Its name; that of a file in use to try it in its place.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl From<Source> for PackFile {
    fn from(source: Source) -> Self {
        let Source { path: name, text } = source;
        Self { name, text }
    }
}

/// Takes the files of a trial, within limits: what is larger is told by the loaders, as of every file.
fn tried(files: Vec<PackFile>, ending: &str) -> Result<Vec<Source>, Error> {
    if files.is_empty() || files.len() > limits::CHECKED_FILES {
        return Err(Error::malformed(
            "packs.files",
            "一次检查 1 至 50 个文件",
            "between 1 and 50 files are checked at once",
        ));
    }
    let mut sources: Vec<Source> = Vec::new();
    for file in files {
        let named = !file.name.trim().is_empty()
            && file.name.len() <= limits::CHECKED_NAME_BYTES
            && !file.name.chars().any(char::is_control)
            && sources.iter().all(|one| one.path != file.name);
        if !named {
            return Err(Error::Malformed {
                code: "packs.file_name",
                say: text(
                    &format!("文件名不得为空、重复或超过 200 字节，例如 `house/own{ending}`"),
                    &format!(
                        "a file needs a name of its own, of at most 200 bytes, like `house/own{ending}`"
                    ),
                ),
            });
        }
        sources.push(Source {
            path: file.name,
            text: file.text,
        });
    }
    Ok(sources)
}
