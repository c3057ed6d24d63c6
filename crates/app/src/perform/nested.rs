//! Acts that follow from another: a loan moves its copy, a decision classifies its document. They run
//! under the grant of what they follow from, obey state and rules like any other, and leave their own
//! version and entry, with the cause named.

use super::{effects::Terms, engine::Engine, objections, request};
use crate::{
    error::Error,
    facts::{Around, For},
    labels,
    views::MadeView,
};
use access::Granted;
use domain::{PersonId, RecordId, Timestamp};
use registers::Severity;
use serde_json::{Map, Value};
use store::RecordRow;

/// A nested act.
#[derive(Debug)]
pub(crate) struct Nested<'n> {
    /// Key of the action.
    pub(crate) action: &'n str,
    /// Field values it sets.
    pub(crate) set: Map<String, Value>,
    /// The record it follows from.
    pub(crate) cause: RecordId,
    /// When it happened.
    pub(crate) occurred_at: Timestamp,
}

impl Engine<'_, '_> {
    /// Acts on an existing record.
    pub(crate) fn act_on(
        &mut self,
        granted: &Granted,
        id: RecordId,
        nested: Nested<'_>,
    ) -> Result<RecordRow, Error> {
        let gone = || Error::defect("a linked record");
        // whatever locks both locks the record before its line
        let root = self.tx.record(id)?.ok_or_else(gone)?.root();
        if root != id {
            self.tx.lock_record(root)?;
        }
        let before = self.hold(id)?.ok_or_else(gone)?;
        let definition = self.definition(&before.register)?;
        let action = definition.action(nested.action).ok_or_else(unwired)?;
        if !action.is_from(&before.state) {
            return Err(Error::conflict(
                "action.wrong_state",
                "相关载体或文件的当前状态不允许此操作",
                "the state of the copy or document it concerns does not allow this",
            ));
        }
        let mut row = before.clone();
        row.occurred_at = nested.occurred_at;
        self.run_nested(granted, Some(before), row, nested)
    }

    /// Makes a record.
    pub(crate) fn make(
        &mut self,
        granted: &Granted,
        register: &str,
        nested: Nested<'_>,
    ) -> Result<RecordRow, Error> {
        self.make_for(granted, register, nested, None)
    }

    /// Makes a record that somebody is to know as its drafter.
    pub(crate) fn make_for(
        &mut self,
        granted: &Granted,
        register: &str,
        nested: Nested<'_>,
        drafter: Option<PersonId>,
    ) -> Result<RecordRow, Error> {
        let mut row = self.blank(register, nested.occurred_at)?;
        row.drafter = drafter;
        // WHY: after a decision that is the decider, whose act the entry tells
        row.created_by = granted.actor().account();
        let made = self.run_nested(granted, None, row, nested)?;
        self.made.push(MadeView {
            id: made.id,
            register: made.register.clone(),
            number: made.number.clone(),
        });
        Ok(made)
    }

    fn run_nested(
        &mut self,
        granted: &Granted,
        before: Option<RecordRow>,
        mut row: RecordRow,
        nested: Nested<'_>,
    ) -> Result<RecordRow, Error> {
        let definition = self.definition(&row.register)?;
        let action = definition.action(nested.action).ok_or_else(unwired)?;
        row.body.extend(nested.set);
        row.body.retain(|_, value| !value.is_null());
        let around = Around {
            asked: For::act(action),
            actor: self.actor,
            proposer: self.actor,
            before: before.clone(),
            ..Around::default()
        };
        request::set(self, (definition, action), &mut row, &around)?;
        row.label = labels::of(self.tx, definition, &row)?;
        self.check_nested((definition, action), &row, &around)?;
        let terms = Terms {
            cause: Some(nested.cause),
            ..Terms::default()
        };
        let found = request::Found {
            definition,
            action,
            before,
            row,
        };
        self.depth += 1;
        let done = if self.depth > 8 {
            Err(Error::defect(
                "acts that follow from each other without end",
            ))
        } else {
            super::effects::execute(self, granted, found, &terms)
        };
        self.depth -= 1;
        self.tx.record(done?.id)?.ok_or(Error::NotFound)
    }

    /// Stops hold for what follows as they do for what is asked; nobody is there to pass a warning.
    fn check_nested(
        &mut self,
        (definition, action): (&registers::Definition, &registers::Action),
        row: &RecordRow,
        around: &Around,
    ) -> Result<(), Error> {
        if !self.inner.within_installation(&row.label) {
            return Err(Error::rule(
                "R-421",
                "LAW 36",
                "invariant",
                "密级超过本系统允许登记的最高密级",
                "the level is above the highest level of this installation",
            ));
        }
        // WHY: an act that fans out to many lines asks for each of them
        if action.when.is_none() && definition.rules_on(&action.key).next().is_none() {
            return Ok(());
        }
        let facts = self.facts(definition, row, around)?;
        request::check_when(action, &facts)?;
        let regimes = self.regimes(definition, row)?;
        let stops: Vec<_> = registers::rules::evaluate(definition, &action.key, &facts, regimes)
            .iter()
            .filter(|hit| hit.severity == Severity::Stop)
            .map(objections::rule_problem)
            .collect();
        if stops.is_empty() {
            Ok(())
        } else {
            Err(Error::Rules(stops))
        }
    }
}

fn unwired() -> Error {
    Error::defect("a definition lacks an action that code performs")
}
