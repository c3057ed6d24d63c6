//! What came of a request: told as it is, or done and looked up after the commit.

use super::engine::Engine;
use crate::{
    error::Error,
    records,
    views::{MadeView, Performed},
};
use access::Viewer;
use domain::RecordId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a transaction gives to whoever asked for it.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The whole answer.
    Told(Performed),
    /// The act is done; what the record is now is looked up once it is committed.
    Done(Done),
}

/// An act that was carried out.
#[derive(Debug)]
pub(super) struct Done {
    /// Who did it, as the act found them.
    pub(super) viewer: Viewer,
    pub(super) act: Act,
}

/// The record an act was done to, and the records it made on the way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Act {
    pub(super) record: RecordId,
    pub(super) made: Vec<MadeView>,
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
    pub(super) fn kept(&self) -> Kept<'_> {
        match self {
            Self::Told(performed) => Kept::Told(performed),
            Self::Done(done) => Kept::Act(&done.act),
        }
    }
}

impl Done {
    /// The record as it is now, and as whoever acted may see it; `written` is what they wrote.
    pub(super) fn view(
        self,
        engine: &mut Engine<'_, '_>,
        written: &Map<String, Value>,
    ) -> Result<Performed, Error> {
        let record = records::view_written(engine, &self.viewer, self.act.record, written)?;
        Ok(Performed::Done {
            record: Box::new(record),
            made: self.act.made,
        })
    }
}
