//! Who is awaited: the parties of the round that waits, and the duty ground it gives them.

use super::{
    APPROVED, about, cause, delegation,
    left::{self, Left},
    open_steps,
};
use crate::{
    error::Error,
    labels,
    perform::{engine::Engine, lines},
};
use access::{Granted, Ground, Role, Viewer};
use domain::{Label, PersonId, RecordId};
use registers::{Facts, Party};
use std::collections::BTreeSet;
use store::{AccountRow, ApprovalRow, DecisionRow, Tx};

/// Whether people are told that a round begins, or only that it goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Round {
    Begins,
    GoesOn,
}

/// Who is awaited on a round.
pub(super) struct Awaited {
    /// Steps and parties, as the inbox finds them.
    pub(super) parties: BTreeSet<(i64, String, bool)>,
    /// Who is given the ground to decide; staff at large are not.
    pub(super) persons: BTreeSet<PersonId>,
    /// The records they have it on.
    pub(super) records: BTreeSet<RecordId>,
    /// Whether so many are left that the round can end.
    pub(super) left: Left,
}

/// Who decides the waiting round, on these facts and with the accounts as they are.
pub(super) fn awaited(
    engine: &mut Engine<'_, '_>,
    (approval, label): (&ApprovalRow, &Label),
    facts: &Facts<'_>,
) -> Result<Awaited, Error> {
    let definition = engine.definition(&approval.register)?;
    let decisions = engine.tx.decisions(approval.id)?;
    let mut parties = BTreeSet::new();
    let mut persons = BTreeSet::new();
    let open = open_steps(definition, approval, &decisions);
    let mut round = left::Round::new(approval, label, &decisions, &open);
    let signed = super::signed_before(approval);
    for open in open {
        let mut who = open.step.who.resolve(facts).map_err(Error::internal)?;
        if open.signs() {
            let has_signed = |party: &Party| match party {
                Party::Person(id) => id.parse().is_ok_and(|id| signed.contains(&id)),
                Party::Role(_) | Party::Staff | Party::System => false,
            };
            who.retain(|party| !has_signed(party));
        }
        // who asked decides nothing and may sign; nobody is awaited for what they did
        let waited_for = |person: &PersonId| {
            let asks = Some(*person) == approval.requested_person;
            let done = |one: &DecisionRow| {
                delegation::has_decided(one, *person) && (!open.signs() || one.step == open.index)
            };
            let signs = !open.signs() || !signed.contains(person);
            signs && (open.signs() || !asks) && !decisions.iter().any(done)
        };
        for party in &who {
            parties.extend(party_key(party).map(|key| (open.index, key, open.signs())));
            let of_party = people_of(engine.tx, party)?;
            for person in of_party.into_iter().filter(waited_for) {
                persons.insert(person);
                if open.step.delegate && left::could(engine, (approval, label), person)? {
                    let deputies = delegation::from(engine, (approval, label), person)?;
                    let deputies = deputies.into_iter().map(|one| one.to);
                    for deputy in deputies.filter(waited_for) {
                        parties.insert((open.index, deputy_key(deputy), false));
                        persons.insert(deputy);
                    }
                }
            }
        }
        round.add(engine, open, &who)?;
    }
    Ok(Awaited {
        parties,
        persons,
        records: concerned(engine, approval)?,
        left: round.left(),
    })
}

/// Awaits whoever decides the waiting round, and gives them a ground on the record and on what it
/// refers to; whoever is awaited no longer loses theirs. Where nobody is left to decide, who asked
/// and the head of the office are told.
pub(super) fn assign(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    (approval, label): (&ApprovalRow, &Label),
    facts: &Facts<'_>,
    round: Round,
) -> Result<(), Error> {
    let awaited = awaited(engine, (approval, label), facts)?;
    let told = match round {
        Round::Begins => awaited.persons.clone(),
        Round::GoesOn => BTreeSet::new(),
    };
    put(engine, granted, approval, &awaited, &told)
}

/// Keeps who is awaited; `told` are told that they are.
pub(super) fn put(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    approval: &ApprovalRow,
    awaited: &Awaited,
    told: &BTreeSet<PersonId>,
) -> Result<(), Error> {
    let mut approval = approval.clone();
    let was = left::of(&approval);
    approval.reason = awaited.left.reason();
    let mut alarmed = BTreeSet::new();
    if awaited.left == Left::Nobody && was == Left::Somebody {
        alarmed.extend(approval.requested_person);
        let office = Party::Role(Role::OfficeHead.key().to_owned());
        alarmed.extend(people_of(engine.tx, &office)?);
    }
    let entry = crate::log::entry(
        engine.inner,
        granted,
        "approval.assigned",
        &about(&approval),
        engine.now,
    )?;
    let (cause, now) = (cause(approval.id), engine.now);
    engine.tx.write::<_, Error>(granted, |door| {
        if was != awaited.left {
            door.put_approval(&approval)?;
        }
        door.end_grounds(cause, now)?;
        door.set_deciders(approval.id, &awaited.parties)?;
        for person in &awaited.persons {
            for record in &awaited.records {
                door.add_ground(*record, *person, Ground::Decision.key(), cause, None)?;
            }
        }
        for person in told {
            door.put_notice(*person, approval.record, "decide", now)?;
        }
        for person in alarmed {
            door.put_notice(person, approval.record, "nobody_left", now)?;
        }
        Ok((entry, ()))
    })
}

/// Nobody is awaited any more; the grounds end.
pub(super) fn release(
    engine: &mut Engine<'_, '_>,
    granted: &Granted,
    approval: &ApprovalRow,
) -> Result<(), Error> {
    let entry = crate::log::entry(
        engine.inner,
        granted,
        "approval.released",
        &about(approval),
        engine.now,
    )?;
    let (cause, now) = (cause(approval.id), engine.now);
    engine.tx.write::<_, Error>(granted, |door| {
        door.set_deciders(approval.id, &BTreeSet::new())?;
        door.end_grounds(cause, now)?;
        Ok((entry, ()))
    })
}

/// The record and everything it refers to, as it is asked.
fn concerned(
    engine: &mut Engine<'_, '_>,
    approval: &ApprovalRow,
) -> Result<BTreeSet<RecordId>, Error> {
    let definition = engine.definition(&approval.register)?;
    let mut row = engine.tx.record(approval.record)?.ok_or(Error::NotFound)?;
    row.body.extend(super::frozen_map(approval, "input"));
    // a line is seen on the grounds of its record
    let mut records = BTreeSet::from([row.root()]);
    let links = definition
        .fields
        .iter()
        .filter(|field| field.target().is_some());
    for field in links {
        records.extend(labels::ids(row.body.get(&field.key)));
    }
    records.extend(lines::named(engine, definition, &row)?.into_keys());
    Ok(records)
}

/// A party as the inbox finds it.
fn party_key(party: &Party) -> Option<String> {
    match party {
        Party::Person(id) => Some(format!("person:{id}")),
        Party::Role(role) => Some(format!("role:{role}")),
        Party::Staff => Some("staff".to_owned()),
        Party::System => None,
    }
}

/// Who stands in for somebody, as the inbox finds them. WHY not as a person: who was named by a step may say no
/// even if others are named by now, who stood in may not.
fn deputy_key(person: PersonId) -> String {
    format!("deputy:{person}")
}

/// Every party an account can be awaited as, by its roles.
pub(super) fn parties_of_account(account: &AccountRow) -> Vec<String> {
    let roles = account.roles.iter().map(|role| format!("role:{role}"));
    let person = account.person.map(|person| format!("person:{person}"));
    let deputy = account.person.map(deputy_key);
    let staff = ["staff".to_owned()];
    roles.chain(person).chain(deputy).chain(staff).collect()
}

/// Every party somebody is awaited as.
pub(in crate::perform) fn parties_of(viewer: &Viewer) -> Vec<String> {
    let mut parties: Vec<String> = viewer
        .roles
        .iter()
        .map(|role| format!("role:{}", role.key()))
        .collect();
    parties.extend(viewer.person.map(|person| format!("person:{person}")));
    if viewer.is_business() && viewer.person.is_some() {
        parties.push("staff".to_owned());
    }
    parties
}

/// The same with whom they stand in for.
pub(crate) fn awaited_as(viewer: &Viewer) -> Vec<String> {
    let mut parties = parties_of(viewer);
    parties.extend(viewer.person.map(deputy_key));
    parties
}

pub(super) fn people_of(tx: &mut Tx<'_>, party: &Party) -> Result<Vec<PersonId>, Error> {
    match party {
        Party::Person(id) => Ok(id.parse().into_iter().collect()),
        Party::Role(role) => {
            let accounts = tx.accounts()?.into_iter();
            let holders = accounts.filter(|row| !row.disabled && row.roles.contains(role));
            Ok(holders.filter_map(|row| row.person).collect())
        }
        Party::Staff | Party::System => Ok(Vec::new()),
    }
}

/// Everybody who ever approved something of a record.
pub(in crate::perform) fn approvers(
    tx: &mut Tx<'_>,
    record: RecordId,
) -> Result<Vec<PersonId>, Error> {
    let mut persons = Vec::new();
    for approval in tx.approvals(record)? {
        let decisions = tx.decisions(approval.id)?;
        let approving = decisions
            .iter()
            .filter(|one| one.verdict == APPROVED && !super::is_signature(&approval, one.step));
        // one who had somebody decide for them has approved as well
        persons.extend(
            approving
                .flat_map(|one| [Some(one.person), one.for_person])
                .flatten(),
        );
    }
    persons.sort_unstable();
    persons.dedup();
    Ok(persons)
}
