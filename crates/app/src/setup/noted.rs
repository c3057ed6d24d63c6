//! The rules that are in use from this start on: definitions, regimes and policies. What changed since the last start is
//! an event of the log, whoever wrote the file.

use crate::{
    App,
    core::Inner,
    error::{Error, text},
    log,
    packs::Packs,
};
use aws_lc_rs::digest;
use domain::Actor;
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;

/// The settings that keep which policies and which regimes were in use.
const POLICIES: &str = "policies";
const REGIMES: &str = "regime_digests";

impl App {
    /// WHY not in a database older than its log: the events would take the places that other entries have there; they
    /// are noted at the first start after the log was taken in.
    pub(super) async fn note_rules(&self) -> Result<(), Error> {
        self.transact(move |inner, tx| {
            if log::is_ahead(inner, tx)? {
                return Ok(());
            }
            definitions(inner, tx)?;
            regimes(inner, tx)?;
            policies(inner, tx)
        })
        .await
    }
}

/// Keeps every definition in force; a changed one is a logged event.
fn definitions(inner: &Inner, tx: &mut Tx<'_>) -> Result<(), Error> {
    let now = inner.now();
    for definition in inner.catalogue.definitions() {
        let source = serde_json::to_string(definition).map_err(Error::internal)?;
        let digest = hex::encode(sha256(source.as_bytes()));
        let known = tx.definition(&definition.key)?;
        if known.as_ref().is_some_and(|(_, old)| *old == digest) {
            continue;
        }
        if known.is_some() {
            not_older(tx, definition)?;
        }
        let version = known.map_or(1, |(version, _)| version + 1);
        tx.put_definition(&definition.key, version, &digest, &source, now)?;
        let about = log::About {
            register: Some(definition.key.clone()),
            facts: vec![("digest", digest), ("n", version.to_string())],
            ..log::About::default()
        };
        log::witness_about(inner, tx, SETUP, "definition.loaded", &about)?;
    }
    Ok(())
}

/// Other regimes than at the last start are logged events, as are a house's own at the first.
fn regimes(inner: &Inner, tx: &mut Tx<'_>) -> Result<(), Error> {
    let mut new = BTreeMap::new();
    for regime in inner.catalogue.regimes() {
        let source = serde_json::to_string(regime).map_err(Error::internal)?;
        new.insert(regime.key.clone(), hex::encode(sha256(source.as_bytes())));
    }
    let known = tx.meta(REGIMES)?;
    let old: BTreeMap<String, String> = known
        .as_deref()
        .map(serde_json::from_str)
        .transpose()
        .map_err(Error::internal)?
        .unwrap_or_default();
    if old == new {
        return Ok(());
    }
    let all = serde_json::to_string(&new).map_err(Error::internal)?;
    tx.set_meta(REGIMES, &all)?;
    if known.is_none() && !has_own(inner) {
        return Ok(());
    }
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for key in keys {
        let (before, after) = (old.get(key), new.get(key));
        if before == after {
            continue;
        }
        let mut facts = vec![("regime", key.clone())];
        facts.extend(after.map(|digest| ("digest", digest.clone())));
        let what = match after {
            Some(_) => "regime.loaded",
            None => "regime.gone",
        };
        let about = log::About {
            facts,
            ..log::About::default()
        };
        log::witness_about(inner, tx, SETUP, what, &about)?;
    }
    Ok(())
}

/// Other policies than at the last start are a logged event, as are a house's own at the first.
fn policies(inner: &Inner, tx: &mut Tx<'_>) -> Result<(), Error> {
    let mut all = digest::Context::new(&digest::SHA256);
    for policy in inner.policies.each() {
        all.update(policy.text.as_bytes());
        // where one ends and the next begins counts
        all.update(&[0]);
    }
    let digest = hex::encode(all.finish());
    let known = tx.meta(POLICIES)?;
    if known.as_deref() == Some(digest.as_str()) {
        return Ok(());
    }
    tx.set_meta(POLICIES, &digest)?;
    if known.is_none() && !has_own(inner) {
        return Ok(());
    }
    let about = log::About {
        facts: vec![("digest", digest)],
        ..log::About::default()
    };
    log::witness_about(inner, tx, SETUP, "policies.loaded", &about)
}

const SETUP: Actor = Actor::System("setup");

fn has_own(inner: &Inner) -> bool {
    matches!(inner.packs, Packs::OfHouse(_))
}

fn sha256(bytes: &[u8]) -> digest::Digest {
    digest::digest(&digest::SHA256, bytes)
}

/// Refuses a definition that is older than the one the folder has seen: its records were carried over to
/// words that this one does not know.
fn not_older(tx: &mut Tx<'_>, definition: &registers::Definition) -> Result<(), Error> {
    #[derive(serde::Deserialize)]
    struct Kept {
        version: u32,
    }
    let source = tx.definition_source(&definition.key)?;
    let kept = source.map(|source| serde_json::from_str::<Kept>(&source));
    let kept = kept.transpose().map_err(Error::internal)?;
    if kept.is_none_or(|kept| kept.version <= definition.version) {
        return Ok(());
    }
    let key = &definition.key;
    Err(Error::Malformed {
        code: "definition.older",
        say: text(
            &format!(
                "台账 {key} 的定义版本低于本目录已用的版本：请使用较新的规则包，或提高其 version"
            ),
            &format!(
                "the definition of the register {key} has a lower version than this folder has seen: use the newer \
                 packs, or raise its `version`"
            ),
        ),
    })
}
