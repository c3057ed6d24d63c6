//! Which crate may lean on which: the table of ARCHITECTURE.md, held against `cargo metadata`.
//!
//! An arrow that is not in the table fails the gate, as does a crate without a row or a row without
//! a crate. A few foreign crates have a room of their own too (databases, HTTP, the runtime), so
//! that SQL stays in `store` and sockets stay at the edge whatever a name in the code may say.

#[cfg(test)]
mod tests;

use crate::command::metadata;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Each of our crates and the ones it may depend on, from the inside outwards. `xtask` stands
/// apart: a broken product must not be able to break its own gate.
const OURS: [(&str, &[&str]); 18] = [
    ("domain", &[]),
    ("inspect", &[]),
    ("passages", &["inspect"]),
    ("scan", &["inspect", "passages"]),
    ("access", &["domain"]),
    ("registers", &["domain"]),
    ("ledger", &["domain"]),
    ("vault", &["domain"]),
    ("prints", &["domain"]),
    ("wire", &["domain"]),
    (
        "store",
        &["domain", "access", "registers", "ledger", "vault"],
    ),
    (
        "app",
        &[
            "store",
            "domain",
            "access",
            "registers",
            "ledger",
            "vault",
            "prints",
            "inspect",
        ],
    ),
    ("api", &["app", "wire", "domain", "registers"]),
    ("client", &["wire", "domain"]),
    (
        "cli",
        &[
            "client",
            "wire",
            "ledger",
            "registers",
            "domain",
            "scan",
            "passages",
            "inspect",
        ],
    ),
    (
        "testkit",
        &[
            "domain",
            "access",
            "registers",
            "ledger",
            "vault",
            "wire",
            "store",
            "app",
            "api",
            "client",
            "cli",
        ],
    ),
    (
        "ruping",
        &[
            "domain",
            "access",
            "registers",
            "ledger",
            "vault",
            "wire",
            "store",
            "app",
            "api",
            "client",
            "cli",
            "scan",
            "inspect",
        ],
    ),
    ("xtask", &[]),
];

/// The one crate that every other may use in its tests, and none outside them.
const TESTS_ONLY: &str = "testkit";

/// Foreign crates with a room of their own, and who may live there.
const ROOMS: [(&str, &[&str]); 15] = [
    ("rusqlite", &["store", "testkit"]),
    ("libsqlite3-sys", &["store"]),
    ("postgres", &["store", "testkit"]),
    ("tokio-postgres", &["store", "testkit"]),
    ("sqlx", &[]),
    ("diesel", &[]),
    ("sea-orm", &[]),
    ("axum", &["api"]),
    ("hyper", &["api"]),
    ("ureq", &["client", "testkit"]),
    ("clap", &["cli", "ruping"]),
    ("tokio", &["store", "app", "api", "ruping", "testkit"]),
    ("cedar-policy", &["access"]),
    ("cel", &["registers"]),
    ("typst", &["prints"]),
];

/// One line of a manifest's dependency tables.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Arrow {
    from: String,
    to: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Product,
    Tests,
}

/// Fails and names every arrow that the tables do not allow.
pub(crate) fn check() -> Result<()> {
    let (crates, arrows) = read(&metadata()?)?;
    let wrong = violations(&crates, &arrows);
    println!("{} crates, {} arrows", crates.len(), arrows.len());
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    Ok(())
}

/// Our crates and everything they depend on.
fn read(metadata: &Value) -> Result<(BTreeSet<String>, BTreeSet<Arrow>)> {
    let packages = metadata.get("packages").and_then(Value::as_array);
    let mut crates = BTreeSet::new();
    let mut arrows = BTreeSet::new();
    for package in packages.context("`cargo metadata` names no packages")? {
        let from = name_of(package)?;
        let dependencies = package.get("dependencies").and_then(Value::as_array);
        for dependency in dependencies.into_iter().flatten() {
            let kind = match dependency.get("kind").and_then(Value::as_str) {
                Some("dev") => Kind::Tests,
                _ => Kind::Product,
            };
            arrows.insert(Arrow {
                from: from.clone(),
                to: name_of(dependency)?,
                kind,
            });
        }
        crates.insert(from);
    }
    Ok((crates, arrows))
}

fn name_of(value: &Value) -> Result<String> {
    let name = value.get("name").and_then(Value::as_str);
    Ok(name.context("a package without a name")?.to_owned())
}

/// What the tables forbid, one line each.
fn violations(crates: &BTreeSet<String>, arrows: &BTreeSet<Arrow>) -> Vec<String> {
    let ours: BTreeMap<&str, &[&str]> = OURS.into_iter().collect();
    let rooms: BTreeMap<&str, &[&str]> = ROOMS.into_iter().collect();
    let mut wrong = Vec::new();
    for name in crates {
        if !ours.contains_key(name.as_str()) {
            wrong.push(format!("`{name}` has no row in the table of arrows"));
        }
    }
    for name in ours.keys() {
        if !crates.contains(*name) {
            wrong.push(format!("the table of arrows names `{name}`, which is gone"));
        }
    }
    for arrow in arrows {
        let allowed = ours.get(arrow.from.as_str()).copied().unwrap_or_default();
        if crates.contains(&arrow.to) {
            wrong.extend(forbidden(arrow, allowed));
        } else if let Some(residents) = rooms.get(arrow.to.as_str())
            && !residents.contains(&arrow.from.as_str())
        {
            let Arrow { from, to, .. } = arrow;
            wrong.push(format!("`{from}` must not know the foreign crate `{to}`"));
        }
    }
    wrong
}

fn forbidden(arrow: &Arrow, allowed: &[&str]) -> Option<String> {
    let Arrow { from, to, kind } = arrow;
    if to == TESTS_ONLY {
        return (*kind == Kind::Product)
            .then(|| format!("`{from}` -> `{to}`: `{to}` is for [dev-dependencies] only"));
    }
    (!allowed.contains(&to.as_str())).then(|| format!("`{from}` -> `{to}` is not in the table"))
}
