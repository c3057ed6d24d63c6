//! Loading is shown on whole files: the twelve hardest registers, the shipped packs, broken and
//! hostile ones.

mod broken;
mod extensions;
mod hostile;
mod reference;
mod regimes;
mod scans;
pub(crate) mod shipped;
mod standard;
mod tiles;
pub(crate) mod twelve;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::*;

const EFFECTS: [Effect<'_>; 23] = [
    effect("classification.decide"),
    effect("classification.draft"),
    effect("classification.expire"),
    effect("classification.review"),
    effect("custody.circulate_back"),
    effect("custody.circulate_out"),
    effect("custody.copy"),
    effect("custody.destroy"),
    effect("custody.lend"),
    effect("custody.lose"),
    effect("custody.make"),
    effect("custody.receive"),
    effect("custody.restore"),
    effect("custody.return"),
    effect("custody.stock_take"),
    effect("custody.transfer"),
    effect("exam.draw"),
    effect("exam.hand_in"),
    effect("exam.mark"),
    effect("exam.publish"),
    effect("people.approve_leaving"),
    effect("people.end_cooling_off"),
    effect("people.leave"),
];

/// An effect that reads nothing.
const fn effect(name: &str) -> Effect<'_> {
    Effect {
        name,
        reads: &[],
        takes: &[],
    }
}
const ROLES: &[&str] = &["staff", "registrar", "classifier", "leader", "office_head"];

/// Layouts of definitions that are written ahead of their forms.
static LAYOUTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let names = [
        "circulation_sheet",
        "classification_form",
        "courier_order",
        "destruction_list",
        "exam_results",
        "label",
        "leaving_form",
        "ledger",
        "loan_slip",
        "making_form",
        "meeting_form",
        "meeting_sign_in",
        "receiving_book",
        "reproduction_form",
        "self_evaluation_sheet",
        "stock_take_list",
    ];
    names.map(str::to_owned).to_vec()
});

pub(crate) fn known() -> Known<'static> {
    let checks = &["custody.balanced"];
    Known {
        effects: &EFFECTS,
        checks,
        roles: ROLES,
        registers: &[],
        layouts: &LAYOUTS,
        custody: &["copy"],
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
