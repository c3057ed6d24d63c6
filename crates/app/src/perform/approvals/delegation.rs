//! Delegation: for a time somebody decides what would be another's to decide, in their own name and told to
//! be for the other. It is read from the register `delegation` whenever it is asked about, so that one that
//! ended counts no more; it reaches only steps that say `delegate`, and nobody passes it on.

use super::{deciders::people_of, left};
use crate::{core::App, error::Error, perform::engine::Engine, views::Performed};
use domain::{Date, Label, Level, PersonId, RecordId};
use registers::{Definition, Party};
use serde_json::Value;
use std::collections::BTreeSet;
use store::{ApprovalRow, DecisionRow, RecordRow};

const REGISTER: &str = "delegation";

impl App {
    /// Looks again at what waits for who has delegated it, or does so no more: whoever stands in finds it at
    /// once. WHY: in transactions of its own, after the act; what fails here is made up for in the next round.
    pub(in crate::perform) async fn deputies_anew(
        &self,
        action: Option<&str>,
        performed: &Performed,
    ) {
        if action == Some("correct") {
            return;
        }
        let Performed::Done { record, .. } = performed else {
            return;
        };
        let delegator = record.fields.get("delegator").and_then(Value::as_str);
        let delegator = delegator.and_then(|id| id.parse::<PersonId>().ok());
        let Some(delegator) = delegator.filter(|_| record.register == REGISTER) else {
            return;
        };
        let done = match self.read_tx(|_, tx| Ok(tx.accounts()?)).await {
            Ok(mut accounts) => {
                accounts.retain(|account| account.person == Some(delegator));
                self.reassess_for(&accounts).await
            }
            Err(error) => Err(error),
        };
        if let Err(error) = done {
            tracing::error!(%error, "who decides for somebody is not known yet");
        }
    }
}

/// One of them, from whom to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Delegation {
    pub(super) from: PersonId,
    pub(super) to: PersonId,
}

/// Who has this person decide for them what is asked, today.
pub(super) fn to(
    engine: &mut Engine<'_, '_>,
    (approval, label): (&ApprovalRow, &Label),
    deputy: PersonId,
) -> Result<Vec<Delegation>, Error> {
    in_force(engine, (approval, label), deputy, "deputy")
}

/// Who decides for this person what is asked, today.
pub(super) fn from(
    engine: &mut Engine<'_, '_>,
    (approval, label): (&ApprovalRow, &Label),
    delegator: PersonId,
) -> Result<Vec<Delegation>, Error> {
    in_force(engine, (approval, label), delegator, "delegator")
}

fn in_force(
    engine: &mut Engine<'_, '_>,
    (approval, label): (&ApprovalRow, &Label),
    person: PersonId,
    field: &str,
) -> Result<Vec<Delegation>, Error> {
    let Some(rules) = engine.inner.catalogue.definition(REGISTER) else {
        return Ok(Vec::new());
    };
    let begun = rules.initial_state().map(|state| state.key.as_str());
    let about = engine.definition(&approval.register)?;
    let rows = engine
        .tx
        .open_linked(RecordId::from(person), REGISTER, field)?;
    let today = engine.today;
    let counts = |row: &&RecordRow| {
        row.open && Some(row.state.as_str()) == begun && reaches(row, about, label, today)
    };
    Ok(rows.iter().filter(counts).filter_map(read).collect())
}

fn read(row: &RecordRow) -> Option<Delegation> {
    let person = |field: &str| row.body.get(field)?.as_str()?.parse().ok();
    Some(Delegation {
        from: person("delegator")?,
        to: person("deputy")?,
    })
}

/// Whether it reaches a request by its days, areas and level. What cannot be read reaches nothing.
fn reaches(row: &RecordRow, about: &Definition, label: &Label, today: Date) -> bool {
    let day =
        |end: &str| -> Option<Date> { row.body.get("days")?.get(end)?.as_str()?.parse().ok() };
    let in_time =
        day("from").is_some_and(|from| from <= today) && day("to").is_some_and(|to| today <= to);
    let areas = row.body.get("areas").and_then(Value::as_array);
    let in_area = areas.is_none_or(|areas| {
        areas.is_empty()
            || areas
                .iter()
                .any(|area| area.as_str() == Some(about.area.key()))
    });
    let in_level = match row.body.get("level_max") {
        None | Some(Value::Null) => true,
        Some(max) => covers(max, label),
    };
    in_time && in_area && in_level
}

/// Whether nothing of a label is above a level; another family is not covered by it.
fn covers(max: &Value, label: &Label) -> bool {
    match max.as_str() {
        Some("open") => label.levels.iter().next().is_none(),
        Some(key) => Level::parse_key(key).is_ok_and(|max| {
            let mut levels = label.levels.iter();
            levels.all(|level| max.family() == level.family() && max.at_least(level))
        }),
        None => false,
    }
}

/// Whether somebody's decision is there already: their own, or one that was taken for them.
pub(super) fn has_decided(decision: &DecisionRow, person: PersonId) -> bool {
    decision.person == person || decision.for_person == Some(person)
}

/// For whom somebody decides on a step that names others: the first of them who could decide on it themselves
/// and has not. Who asked has nobody decide for them.
pub(super) fn stands_in(
    engine: &mut Engine<'_, '_>,
    (approval, label): (&ApprovalRow, &Label),
    parties: &[Party],
    decided: &dyn Fn(PersonId) -> bool,
    deputy: PersonId,
) -> Result<Option<PersonId>, Error> {
    let delegations = to(engine, (approval, label), deputy)?;
    if delegations.is_empty() {
        return Ok(None);
    }
    let mut named = BTreeSet::new();
    for party in parties {
        named.extend(people_of(engine.tx, party)?);
    }
    for Delegation { from, .. } in delegations {
        let asks = Some(from) == approval.requested_person;
        if !asks
            && named.contains(&from)
            && !decided(from)
            && left::could(engine, (approval, label), from)?
        {
            return Ok(Some(from));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_covers_its_own_family_up_to_itself() {
        let labelled = |level: Level| Label {
            levels: [level].into_iter().collect(),
            ..Label::open()
        };
        for (max, level, covered) in [
            ("state.secret", Level::Secret, true),
            ("state.secret", Level::Confidential, true),
            ("state.secret", Level::TopSecret, false),
            ("state.top_secret", Level::Internal, false),
            ("open", Level::Internal, false),
            ("state.nothing", Level::Confidential, false),
        ] {
            let found = covers(&Value::from(max), &labelled(level));
            assert_eq!(found, covered, "{max} {level:?}");
        }
        assert!(covers(&Value::from("open"), &Label::open()));
        assert!(covers(&Value::from("state.confidential"), &Label::open()));
        assert!(!covers(&Value::from(3), &Label::open()));
    }
}
