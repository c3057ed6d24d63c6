//! Loading is shown on whole files: the twelve hardest registers, the shipped packs, broken and
//! hostile ones.

mod broken;
mod extensions;
mod hostile;
mod reference;
mod regimes;
mod shipped;
pub(crate) mod twelve;

use std::path::{Path, PathBuf};

use super::*;

const EFFECTS: &[&str] = &[
    "classification.decide",
    "classification.draft",
    "classification.expire",
    "classification.review",
    "custody.circulate_back",
    "custody.circulate_out",
    "custody.copy",
    "custody.destroy",
    "custody.lend",
    "custody.lose",
    "custody.make",
    "custody.receive",
    "custody.restore",
    "custody.return",
    "custody.stock_take",
    "custody.transfer",
    "exam.draw",
    "exam.hand_in",
    "exam.mark",
    "exam.publish",
    "people.approve_leaving",
    "people.end_cooling_off",
    "people.leave",
];
const ROLES: &[&str] = &["staff", "registrar", "classifier", "leader", "office_head"];
const EVENTS: &[&str] = &[
    "custody.recalled",
    "incident.reported",
    "inspection.self_evaluation_opened",
];

pub(crate) fn known() -> Known<'static> {
    let checks = &["custody.balanced"];
    Known {
        effects: EFFECTS,
        checks,
        roles: ROLES,
        events: EVENTS,
        registers: &[],
    }
}

/// The repository's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All definitions below a folder, named relative to it.
pub(super) fn folder(path: &Path) -> Vec<Source> {
    let mut found = Vec::new();
    let mut open = vec![path.to_owned()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten().map(|entry| entry.path()) {
            if entry.is_dir() {
                open.push(entry);
            } else if entry
                .extension()
                .is_some_and(|extension| extension == "toml")
            {
                let text = std::fs::read_to_string(&entry).unwrap();
                let name = entry.strip_prefix(path).unwrap_or(&entry);
                found.push(Source {
                    path: name.display().to_string().replace('\\', "/"),
                    text,
                });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

pub(super) fn helpers() -> Vec<Source> {
    folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/load/tests/helpers"))
}

/// Loads what must be right.
pub(crate) fn loaded(sources: &[Source]) -> Catalogue {
    load(sources, &known()).unwrap_or_else(|reports| {
        let reports: Vec<String> = reports.iter().map(ToString::to_string).collect();
        panic!("{}", reports.join("\n"))
    })
}
