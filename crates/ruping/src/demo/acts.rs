//! Acts of people: making records, acting on them, deciding, each tried or required.

use super::house::{House, PASSWORD};
use anyhow::{Context, Result, bail};
use client::{Act, Error, Version};
use domain::{PersonId, RecordId};
use serde_json::Value;
use wire::{ActionRequest, ApprovalDecision, NewRecord, Performed, Record, Signature, Verdict};

/// What became of an act: the record, and the approval it waits for.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) record: Record,
    pub(super) approval: Option<domain::ApprovalId>,
    pub(super) made: Vec<wire::Made>,
}

impl House<'_> {
    pub(super) fn rid(&self, key: &str) -> Result<RecordId> {
        self.ids
            .get(key)
            .copied()
            .with_context(|| format!("{key} is not registered"))
    }

    /// An id as a field value; empty, and so refused by the server, if it is not registered.
    pub(super) fn id(&self, key: &str) -> String {
        self.ids
            .get(key)
            .map(ToString::to_string)
            .unwrap_or_default()
    }

    pub(super) fn record(&self, who: &str, id: RecordId) -> Result<Record> {
        Ok(self.client(who)?.read_record(id)?)
    }

    fn signatures(&self, signers: &[&str]) -> Vec<Signature> {
        let persons = signers.iter().filter_map(|who| self.ids.get(*who));
        persons
            .map(|id| Signature::by_password(PersonId::from(*id), PASSWORD))
            .collect()
    }

    /// Makes a record, or says why not.
    pub(super) fn try_make(
        &self,
        who: &str,
        register: &str,
        action: &str,
        fields: Value,
        signers: &[&str],
    ) -> Result<Outcome, Error> {
        let new = NewRecord {
            comment: Some("按规定办理".to_owned()),
            ..NewRecord::by(action, fields, self.signatures(signers))
        };
        self.client(who)?
            .create_record(register, &new, &Act::default())
            .and_then(outcome)
    }

    pub(super) fn make(
        &self,
        who: &str,
        register: &str,
        action: &str,
        fields: Value,
        signers: &[&str],
    ) -> Result<Outcome> {
        self.try_make(who, register, action, fields, signers)
            .with_context(|| format!("{who}: {register}.{action}"))
    }

    /// Acts on a record, or says why not.
    pub(super) fn try_act(
        &self,
        who: &str,
        record: &Record,
        action: &str,
        input: Value,
        signers: &[&str],
    ) -> Result<Outcome, Error> {
        let client = self.client(who)?;
        let seen = client.read_record(record.id)?;
        let request = ActionRequest::with(input, self.signatures(signers), "按规定办理");
        client
            .perform_action(Version::from(&seen), action, &request, &Act::default())
            .and_then(outcome)
    }

    pub(super) fn act(
        &self,
        who: &str,
        record: &Record,
        action: &str,
        input: Value,
        signers: &[&str],
    ) -> Result<Outcome> {
        self.try_act(who, record, action, input, signers)
            .with_context(|| format!("{who}: {}.{action}", record.register))
    }

    /// Approves what waits, or says why not.
    pub(super) fn try_approve(&self, who: &str, waiting: &Outcome) -> Result<Outcome, Error> {
        let approval = waiting.approval.ok_or_else(|| impossible("approval"))?;
        let decision = ApprovalDecision::from(Verdict::Approve);
        self.client(who)?
            .decide_approval(approval, &decision)
            .and_then(outcome)
    }

    pub(super) fn approve(&self, who: &str, waiting: &Outcome) -> Result<Outcome> {
        if waiting.approval.is_none() {
            bail!("{} does not wait for a decision", waiting.record.register);
        }
        self.try_approve(who, waiting)
            .with_context(|| format!("{who} approves"))
    }
}

fn outcome(performed: Performed) -> Result<Outcome, Error> {
    match performed {
        Performed::Done(done) => Ok(Outcome {
            record: done.record,
            approval: None,
            made: done.made,
        }),
        Performed::Waiting(waiting) => Ok(Outcome {
            record: waiting.record,
            approval: Some(waiting.approval),
            made: Vec::new(),
        }),
        Performed::WouldHappen(_) | Performed::Unfinished(_) => {
            Err(impossible("a dry run that nobody asked for"))
        }
    }
}

/// A step of the demonstration that cannot even be asked.
fn impossible(what: &str) -> Error {
    Error::Unexpected {
        status: 0,
        path: what.to_owned(),
    }
}
