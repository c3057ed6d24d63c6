//! What came of a request: told as it is, or done and looked up after the commit.

use super::engine::Engine;
use crate::{
    error::Error,
    records,
    views::{MadeView, Performed, RecordView},
};
use access::Viewer;
use domain::{Label, RecordId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::RecordRow;

/// What a transaction gives to whoever asked for it.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The whole answer.
    Told(Performed),
    /// The act is done; what the record is now is looked up once it is committed.
    Done(Box<Done>),
}

/// An act that was carried out.
#[derive(Debug)]
pub(crate) struct Done {
    /// Who did it, as the act found them.
    pub(super) viewer: Viewer,
    pub(super) act: Act,
}

/// What an act left behind, as the transaction that did it knows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Act {
    pub(super) record: RecordId,
    register: String,
    state: String,
    version: i64,
    label: Label,
    created_at: Timestamp,
    at: Timestamp,
    /// The records that were made on the way.
    pub(super) made: Vec<MadeView>,
}

impl Act {
    pub(super) fn new(row: RecordRow, made: Vec<MadeView>) -> Self {
        Self {
            record: row.id,
            register: row.register,
            state: row.state,
            version: row.version,
            label: row.label,
            created_at: row.created_at,
            at: row.updated_at,
            made,
        }
    }

    /// What whoever did it knows without looking: what they did and what they wrote.
    pub(super) fn told(self, written: &Map<String, Value>) -> Performed {
        let record = RecordView {
            id: self.record,
            register: self.register,
            number: None,
            state: self.state,
            version: self.version,
            label: self.label,
            mark: None,
            fields: written.clone(),
            lines: Vec::new(),
            line: None,
            clocks: Vec::new(),
            actions: Vec::new(),
            scans: Vec::new(),
            created_at: self.created_at,
            updated_at: self.at,
            entry: None,
        };
        Performed::Done {
            record: Box::new(record),
            made: self.made,
        }
    }
}

/// What is kept of an outcome for a repeat of the request.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kept<'k> {
    Told(&'k Performed),
    Act(&'k Act),
}

/// The same, read back.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum KeptBefore {
    Told(Performed),
    Act(Act),
}

impl Outcome {
    /// The record that was acted on, at the version it has now; none where it was only tried.
    pub(crate) fn record(&self) -> Option<(RecordId, i64)> {
        match self {
            Self::Done(done) => Some((done.act.record, done.act.version)),
            Self::Told(Performed::Done { record, .. } | Performed::Waiting { record, .. }) => {
                Some((record.id, record.version))
            }
            Self::Told(Performed::WouldHappen { .. }) => None,
        }
    }

    /// Whether it waits for decisions.
    pub(crate) fn waits(&self) -> bool {
        matches!(self, Self::Told(Performed::Waiting { .. }))
    }

    pub(super) fn kept(&self) -> Kept<'_> {
        match self {
            Self::Told(performed) => Kept::Told(performed),
            Self::Done(done) => Kept::Act(&done.act),
        }
    }
}

impl Done {
    /// The record as it is now, if whoever acted may still see it. They may have lost sight of it by
    /// the act itself: then they are told what they did and what they wrote, and nothing besides.
    pub(super) fn view(
        self,
        engine: &mut Engine<'_, '_>,
        written: &Map<String, Value>,
    ) -> Result<Performed, Error> {
        let seen = records::view_seen(engine, &self.viewer, self.act.record)?;
        Ok(match seen {
            Some(record) => Performed::Done {
                record: Box::new(record),
                made: self.act.made,
            },
            None => self.act.told(written),
        })
    }
}

#[cfg(test)]
mod tests;
