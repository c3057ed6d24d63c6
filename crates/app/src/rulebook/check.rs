//! Definitions and regimes that somebody is writing, checked as they would be loaded, and compared with those in
//! use. Nothing takes effect by it.

use super::{
    GATE, PackFile, check_reader,
    sources::{Files, Says, lines, says},
    text_diff::TextLine,
    tried,
};
use crate::{
    caller::Caller,
    carrying::{Changed, differences},
    core::{App, Inner},
    error::Error,
    records,
};
use domain::{Text, Timestamp};
use registers::{Catalogue, Report, Source};
use serde::Serialize;
use std::sync::Arc;
use store::Tx;

/// What came of a check.
#[derive(Debug, Serialize)]
pub struct PacksChecked {
    /// Every mistake of every file, by file and place.
    pub mistakes: Vec<Mistake>,
    /// Each file that was given, with what it changes in the one in use.
    pub files: Vec<CheckedFile>,
    /// The registers that would be new or another; none while there are mistakes.
    pub registers: Vec<CheckedRegister>,
    /// The same of regimes.
    pub regimes: Vec<CheckedRegime>,
}

/// One mistake.
#[derive(Debug, Serialize)]
pub struct Mistake {
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// Stable code.
    pub code: &'static str,
    /// What is wrong.
    pub say: Text,
    /// What to do.
    pub remedy: Text,
}

impl From<Report> for Mistake {
    fn from(report: Report) -> Self {
        let Report {
            file,
            line,
            column,
            code,
            say,
            remedy,
        } = report;
        Self {
            file,
            line,
            column,
            code,
            say,
            remedy,
        }
    }
}

impl From<access::PolicyReport> for Mistake {
    fn from(report: access::PolicyReport) -> Self {
        Self {
            file: report.file,
            line: report.line,
            column: report.column,
            code: report.code,
            say: report.say,
            remedy: report.remedy,
        }
    }
}

/// A file that was given.
#[derive(Debug, Serialize)]
pub struct CheckedFile {
    /// Its name.
    pub name: String,
    /// The file in use in whose place it was checked.
    pub instead_of: Option<String>,
    /// The difference of the two texts.
    pub lines: Vec<TextLine>,
}

/// A register that would be new or another.
#[derive(Debug, Serialize)]
pub struct CheckedRegister {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Text,
    /// It would be new.
    pub new: bool,
    /// The version in use.
    pub version_was: Option<u32>,
    /// The version it would have.
    pub version: u32,
    /// It has an older version than the one in use: the program would not start with it.
    pub older: bool,
    /// What is another.
    pub changes: Vec<Changed>,
    /// How many records of it the caller sees; they are carried over where the version is higher.
    pub records: Option<i64>,
}

/// A regime that would be new or another.
#[derive(Debug, Serialize)]
pub struct CheckedRegime {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Text,
    /// It would be new.
    pub new: bool,
    /// What is another.
    pub changes: Vec<Changed>,
}

impl App {
    /// Checks definitions and regimes against those in use, each in the place of the one with its key or its name.
    pub async fn check_packs(
        &self,
        caller: &Caller,
        files: Vec<PackFile>,
    ) -> Result<PacksChecked, Error> {
        let now = self.inner.now();
        self.read_tx({
            let caller = caller.clone();
            move |inner, tx| check_reader(inner, tx, &caller, now)
        })
        .await?;
        let given = tried(files, ".toml")?;
        let turn = GATE.enter().await?;
        let inner = Arc::clone(&self.inner);
        let loaded = tokio::task::spawn_blocking(move || {
            // WHY: the turn is with the work, not with a request that may be gone
            let _turn = turn;
            Trial::load(&inner, given)
        });
        let trial = loaded.await.map_err(Error::internal)??;
        let caller = caller.clone();
        self.read_tx(move |inner, tx| trial.told(inner, tx, &caller, now))
            .await
    }
}

/// Files put in the place of those in use, and what came of loading them.
struct Trial {
    files: Vec<CheckedFile>,
    loaded: Result<Catalogue, Vec<Report>>,
}

impl Trial {
    fn load(inner: &Inner, given: Vec<Source>) -> Result<Self, Error> {
        let Files(mut all) = Files::of(&inner.packs)?;
        let mut files = Vec::new();
        for source in given {
            let is = says(&source);
            let same = |(says, one): &(Says, Source)| {
                one.path == source.path
                    || (*says == is && matches!(is, Says::Register(_) | Says::Regime(_)))
            };
            let place = all.iter().position(same);
            let was = place.map(|place| all.remove(place).1);
            files.push(CheckedFile {
                name: source.path.clone(),
                lines: lines(was.as_ref(), &source),
                instead_of: was.map(|one| one.path),
            });
            all.push((is, source));
        }
        let sources: Vec<Source> = all.into_iter().map(|(_, source)| source).collect();
        Ok(Self {
            files,
            loaded: inner.packs.load(&sources)?,
        })
    }

    fn told(
        self,
        inner: &Inner,
        tx: &mut Tx<'_>,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<PacksChecked, Error> {
        let Self { files, loaded } = self;
        let mut told = PacksChecked {
            mistakes: Vec::new(),
            files,
            registers: Vec::new(),
            regimes: Vec::new(),
        };
        let catalogue = match loaded {
            Ok(catalogue) => catalogue,
            Err(reports) => {
                told.mistakes = reports.into_iter().map(Mistake::from).collect();
                return Ok(told);
            }
        };
        for definition in catalogue.definitions() {
            let was = inner.catalogue.definition(&definition.key);
            let changes = compared(was, definition)?;
            if was.is_some() && changes.is_empty() {
                continue;
            }
            let records = match was {
                Some(was) => Some(records::visible_count(inner, tx, caller, was, now)?),
                None => None,
            };
            told.registers.push(CheckedRegister {
                key: definition.key.clone(),
                name: definition.name.clone(),
                new: was.is_none(),
                version_was: was.map(|was| was.version),
                version: definition.version,
                older: was.is_some_and(|was| was.version > definition.version),
                changes,
                records,
            });
        }
        for regime in catalogue.regimes() {
            let was = inner.catalogue.regime(&regime.key);
            let changes = compared(was, regime)?;
            if was.is_none() || !changes.is_empty() {
                told.regimes.push(CheckedRegime {
                    key: regime.key.clone(),
                    name: regime.name.clone(),
                    new: was.is_none(),
                    changes,
                });
            }
        }
        Ok(told)
    }
}

/// Where two of a kind differ; nothing where there was none.
fn compared<T: Serialize>(was: Option<&T>, is: &T) -> Result<Vec<Changed>, Error> {
    let mut found = Vec::new();
    if let Some(was) = was {
        let was = serde_json::to_value(was).map_err(Error::internal)?;
        let is = serde_json::to_value(is).map_err(Error::internal)?;
        differences("", Some(&was), Some(&is), &mut found);
    }
    Ok(found)
}
