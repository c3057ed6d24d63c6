//! The files that definitions stand in, as they are written, and the versions that this house has had.

use super::{
    PackFile, check_reader,
    text_diff::{TextLine, text_diff},
};
use crate::{
    caller::Caller,
    carrying::{Changed, differences},
    core::App,
    error::Error,
    limits,
    packs::{DEFINITION, OF_HOUSE, Packs},
};
use domain::Timestamp;
use registers::Source;
use serde::Serialize;
use serde_json::Value;
use store::{DefinitionRow, Tx};

/// What a file says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// It defines this register.
    Register(String),
    /// It extends this register.
    Extends(String),
    /// It is this regime.
    Regime(String),
    /// Nothing that could be read.
    Nothing,
}

/// Reads the key of a file without judging the rest: it stands at its top.
pub(super) fn says(source: &Source) -> Says {
    let stem = source.path.rsplit(['/', '\\']).next().unwrap_or_default();
    let top = source.text.lines().map(str::trim);
    let top = top.take_while(|line| !line.starts_with('['));
    let of = |name: &str| {
        top.clone().find_map(|line| {
            let (key, value) = line.split_once('=')?;
            let value = value.trim();
            let value = value.strip_prefix(['"', '\''])?;
            let (value, _) = value.split_once(['"', '\''])?;
            (key.trim() == name).then(|| value.to_owned())
        })
    };
    match (of("extends"), of("key")) {
        (Some(register), _) => Says::Extends(register),
        (None, Some(key)) if stem == "regime.toml" => Says::Regime(key),
        (None, Some(key)) => Says::Register(key),
        (None, None) => Says::Nothing,
    }
}

/// Every file of definitions in use, with what it says it is.
pub(super) struct Files(pub(super) Vec<(Says, Source)>);

impl Files {
    pub(super) fn of(packs: &Packs) -> Result<Self, Error> {
        let sources = packs.sources(DEFINITION)?.into_iter();
        Ok(Self(sources.map(|one| (says(&one), one)).collect()))
    }

    fn find(&self, wanted: &Says) -> Option<&Source> {
        let found = self.0.iter().find(|(says, _)| says == wanted);
        found.map(|(_, source)| source)
    }

    fn path(&self, wanted: &Says) -> String {
        self.find(wanted)
            .map(|one| one.path.clone())
            .unwrap_or_default()
    }

    pub(super) fn register(&self, key: &str) -> String {
        self.path(&Says::Register(key.to_owned()))
    }

    pub(super) fn regime(&self, key: &str) -> String {
        self.path(&Says::Regime(key.to_owned()))
    }

    pub(super) fn extending(&self, key: &str) -> Vec<String> {
        let wanted = Says::Extends(key.to_owned());
        let found = self.0.iter().filter(|(says, _)| *says == wanted);
        found.map(|(_, source)| source.path.clone()).collect()
    }

    pub(super) fn of_house(&self) -> Vec<String> {
        let paths = self.0.iter().map(|(_, source)| source.path.clone());
        paths.filter(|path| path.starts_with(OF_HOUSE)).collect()
    }
}

/// A definition as it is written, and what it was before.
#[derive(Debug, Serialize)]
pub struct SourceView {
    /// The file it stands in.
    pub file: String,
    /// The text.
    pub text: String,
    /// Files that extend it: name and text.
    pub extensions: Vec<PackFile>,
    /// The versions that this house has had, newest first.
    pub versions: Vec<VersionTold>,
}

/// A definition that this house has had.
#[derive(Debug, Serialize)]
pub struct VersionTold {
    /// Its number here.
    pub n: i64,
    /// When it came into use.
    pub at: Timestamp,
    /// Its own version.
    pub version: Option<u64>,
    /// Digest of what was kept of it.
    pub digest: String,
    /// What it changed in the one before; nothing for the first.
    pub changes: Vec<Changed>,
}

impl App {
    /// One definition as it is written, with its history.
    pub async fn definition_source(&self, caller: &Caller, key: &str) -> Result<SourceView, Error> {
        let (caller, now, key) = (caller.clone(), self.inner.now(), key.to_owned());
        self.read_tx(move |inner, tx| {
            check_reader(inner, tx, &caller, now)?;
            if inner.catalogue.definition(&key).is_none() {
                return Err(Error::NotFound);
            }
            let files = Files::of(&inner.packs)?;
            let own = files.find(&Says::Register(key.clone()));
            let wanted = Says::Extends(key.clone());
            let extending = files.0.iter().filter(|(says, _)| *says == wanted);
            Ok(SourceView {
                file: own.map(|one| one.path.clone()).unwrap_or_default(),
                text: own.map(|one| one.text.clone()).unwrap_or_default(),
                extensions: extending.map(|(_, one)| one.clone().into()).collect(),
                versions: history(tx, &key)?,
            })
        })
        .await
    }
}

/// What the store keeps of the versions: the definition as it was understood, not its text.
fn history(tx: &mut Tx<'_>, key: &str) -> Result<Vec<VersionTold>, Error> {
    let rows = tx.definition_versions(key, limits::DEFINITION_VERSIONS)?;
    let mut told = Vec::new();
    let mut before: Option<Value> = None;
    for row in rows.into_iter().rev() {
        let DefinitionRow {
            version: n,
            digest,
            source,
            at,
        } = row;
        let is: Value = serde_json::from_str(&source).map_err(Error::internal)?;
        let mut changes = Vec::new();
        if before.is_some() {
            differences("", before.as_ref(), Some(&is), &mut changes);
        }
        told.push(VersionTold {
            n,
            at,
            version: is.get("version").and_then(Value::as_u64),
            digest,
            changes,
        });
        before = Some(is);
    }
    told.reverse();
    Ok(told)
}

/// What another text of a file changes in it.
pub(super) fn lines(was: Option<&Source>, is: &Source) -> Vec<TextLine> {
    text_diff(was.map_or("", |one| one.text.as_str()), &is.text)
}
