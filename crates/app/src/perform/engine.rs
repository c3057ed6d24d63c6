//! One run of the engine: the transaction, the moment, what was signed and what was made on the way.

use super::{Placed, Signed};
use crate::{
    core::Inner,
    error::Error,
    facts::{Around, Collector},
    regimes::Attached,
    views::MadeView,
};
use domain::{AccountId, Date, PersonId, RecordId, Timestamp};
use registers::{Definition, Facts, Regimes};
use store::{RecordRow, Tx};

/// One run inside one transaction.
#[derive(Debug)]
pub(crate) struct Engine<'e, 'a> {
    pub(crate) inner: &'e Inner,
    pub(crate) tx: &'e mut Tx<'a>,
    pub(crate) now: Timestamp,
    pub(crate) today: Date,
    pub(crate) signed: Vec<Signed>,
    /// Return slips that came back signed by outsiders: where each is kept.
    pub(crate) slips: Vec<String>,
    /// It is only tried, and nobody is asked to sign for that.
    pub(crate) unsigned: bool,
    /// Who signed for each signer of the action, once that was checked.
    pub(crate) placed: Placed,
    pub(crate) made: Vec<MadeView>,
    /// Who acts, for facts.
    pub(crate) actor: Option<PersonId>,
    pub(crate) account: Option<AccountId>,
    /// How deep nested acts are.
    pub(crate) depth: u8,
    attached: Option<Attached>,
}

impl<'e, 'a> Engine<'e, 'a> {
    pub(crate) fn new(
        inner: &'e Inner,
        tx: &'e mut Tx<'a>,
        now: Timestamp,
        signed: Vec<Signed>,
    ) -> Self {
        Self {
            inner,
            tx,
            now,
            today: inner.today(now),
            signed,
            slips: Vec::new(),
            unsigned: false,
            placed: Placed::default(),
            made: Vec::new(),
            actor: None,
            account: None,
            depth: 0,
            attached: None,
        }
    }

    /// What regimes are attached to; no act changes that for itself.
    fn attached(&mut self) -> Result<Attached, Error> {
        let attached = match &self.attached {
            Some(attached) => attached.clone(),
            None => Attached::load(self.inner, self.tx)?,
        };
        self.attached = Some(attached.clone());
        Ok(attached)
    }

    /// The regimes that hold for a record as it would be.
    pub(crate) fn regimes(
        &mut self,
        definition: &Definition,
        row: &RecordRow,
    ) -> Result<&'e Regimes, Error> {
        let attached = self.attached()?;
        attached.of(self.inner, self.tx, definition, row)
    }

    /// Facts of a record as it would be. Fresh each time: what this run changed must be seen.
    pub(crate) fn facts(
        &mut self,
        definition: &Definition,
        row: &RecordRow,
        around: &Around,
    ) -> Result<Facts<'e>, Error> {
        let attached = self.attached()?;
        let mut collector = Collector::new(self.inner, self.now).under(attached);
        collector.facts(self.tx, definition, row, around)
    }

    /// The definition of a stored record.
    pub(crate) fn definition(&self, register: &str) -> Result<&'e Definition, Error> {
        self.inner
            .catalogue
            .kept_as(register)
            .ok_or_else(|| Error::defect("a record belongs to a register that is not loaded"))
    }

    /// An empty record about to be made.
    pub(crate) fn blank(&self, register: &str, occurred_at: Timestamp) -> Result<RecordRow, Error> {
        Ok(RecordRow {
            id: RecordId::new(self.now, self.inner.random()?),
            register: register.to_owned(),
            number: None,
            state: String::new(),
            version: 0,
            class: 0,
            label: domain::Label::open(),
            body: serde_json::Map::new(),
            drafter: self.actor,
            created_by: self.account,
            created_at: self.now,
            updated_at: self.now,
            occurred_at,
            open: true,
            line: None,
        })
    }
}
