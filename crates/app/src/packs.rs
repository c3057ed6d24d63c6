//! The shipped packs: definitions, regimes and policies, embedded in the program.

use crate::error::Error;
use access::Policies;
use registers::{Catalogue, Construct, Effect, Known, Source};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../packs"]
#[include = "*.toml"]
#[include = "*.cedar"]
struct Packs;

/// Effects that definitions may name, with the fields they read; each has an invariant in code.
pub(crate) const EFFECTS: &[Effect<'static>] = &[
    effect(
        "classification.decide",
        &[
            "document",
            "level",
            "term",
            "issue_date",
            "scope_persons",
            "scope_units",
            "compartments",
            "basis",
        ],
    ),
    effect("classification.draft", &[]),
    effect("classification.expire", &["declassified_on"]),
    effect("custody.destroy", &["copies"]),
    effect("custody.lend", &["copy", "borrower"]),
    effect("custody.lose", &["copy"]),
    effect("custody.make", &["copies_count", "keeper", "place"]),
    effect(
        "custody.receive",
        &[
            "sender",
            "list",
            "scope_persons",
            "scope_units",
            "keeper",
            "place",
        ],
    ),
    effect("custody.restore", &["copy", "keeper", "place"]),
    effect("custody.return", &["copy", "keeper", "place"]),
];

const fn effect<'k>(name: &'k str, reads: &'k [&'k str]) -> Effect<'k> {
    Effect { name, reads }
}

/// What the engine does not carry out yet; a definition that asks for it is refused.
const NOT_CARRIED: &[Construct] = &[
    Construct::Lines,
    Construct::FanOut,
    Construct::ParallelSteps,
    Construct::SignByInbox,
    Construct::SignBySlip,
    Construct::SignatureField,
    Construct::OwnLabel,
    Construct::Migrations,
    Construct::Prints,
];

/// Roles that definitions may name.
const ROLES: &[&str] = &[
    "staff",
    "registrar",
    "classifier",
    "leader",
    "office_head",
    "system_admin",
    "security_admin",
    "audit_admin",
];

/// What definitions may refer to in this program.
#[must_use]
pub fn known_to_definitions() -> Known<'static> {
    Known {
        effects: EFFECTS,
        checks: &[],
        roles: ROLES,
        events: &[],
        registers: &[],
        not_carried: NOT_CARRIED,
    }
}

/// Every embedded file of a kind, by path.
pub(crate) fn sources(extension: &str) -> Vec<Source> {
    let mut paths: Vec<_> = Packs::iter()
        .filter(|path| path.ends_with(extension))
        .collect();
    paths.sort();
    paths
        .iter()
        .filter_map(|path| {
            let file = Packs::get(path)?;
            let text = String::from_utf8(file.data.into_owned()).ok()?;
            Some(Source {
                path: path.to_string(),
                text,
            })
        })
        .collect()
}

/// Loads the shipped definitions and regimes; a mistake in them is a defect of the build.
pub(crate) fn catalogue() -> Result<Catalogue, Error> {
    registers::load(&sources(".toml"), &known_to_definitions()).map_err(|reports| told(&reports))
}

/// Every report, for the log of whoever builds the program.
fn told<R: std::fmt::Display>(reports: &[R]) -> Error {
    let lines: Vec<String> = reports.iter().map(ToString::to_string).collect();
    Error::Internal(format!("the shipped packs do not load:\n{}", lines.join("\n")).into())
}

/// Loads the shipped policies.
pub(crate) fn policies() -> Result<Policies, Error> {
    let files = sources(".cedar");
    let texts: Vec<(&str, &str)> = files
        .iter()
        .map(|file| (file.path.as_str(), file.text.as_str()))
        .collect();
    Policies::load(&texts).map_err(|reports| told(&reports))
}
