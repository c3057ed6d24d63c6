//! Which step of the waiting round a decision counts for, and whose it is.

use super::{
    deciders::{parties_of, people_of},
    delegation, freeze, open_steps,
};
use crate::{
    error::{Error, text},
    perform::{engine::Engine, request},
    views::Verdict,
};
use access::Viewer;
use domain::{Label, PersonId};
use registers::{Facts, Party, Step};
use std::collections::BTreeSet;
use store::{ApprovalRow, DecisionRow, Tx};

/// The step a decision counts for.
#[derive(Clone, Copy)]
pub(super) struct Turn<'d> {
    pub(super) index: i64,
    pub(super) step: &'d Step,
    /// Whose decision it is, if somebody takes it for them.
    pub(super) for_person: Option<PersonId>,
    /// How many others could take it.
    others: usize,
}

/// The step a decision of this person counts for. Nobody decides on their own request, nobody
/// twice, only whom the step names or who stands in for them. Who was named when the round began may still
/// say no, even if what has changed since names somebody else.
pub(super) fn turn<'d>(
    engine: &mut Engine<'d, '_>,
    viewer: &Viewer,
    about: (&ApprovalRow, &Label),
    facts: &Facts<'_>,
    verdict: Verdict,
) -> Result<Turn<'d>, Error> {
    let (approval, _) = about;
    let decisions = engine.tx.decisions(approval.id)?;
    let turns = turns(engine, viewer, about, (facts, verdict), &decisions)?;
    if turns.is_empty() && freeze::is_asker(approval, viewer.account, viewer.person) {
        return Err(own_request());
    }
    let taken = Taken::by(viewer, approval, &decisions);
    let free = turns.iter().filter(|turn| !taken.has(turn));
    // what is one's own comes before what is another's, then what fewest others could take
    let first = free.min_by_key(|turn| (turn.for_person.is_some(), turn.others, turn.index));
    match first {
        Some(turn) => Ok(*turn),
        None if taken.own.is_empty() && turns.is_empty() => Err(not_yours()),
        None => Err(Error::conflict(
            "approval.twice",
            "您已作出决定",
            "you have decided already",
        )),
    }
}

/// Every open step that somebody may decide or sign.
fn turns<'d>(
    engine: &mut Engine<'d, '_>,
    viewer: &Viewer,
    (approval, label): (&ApprovalRow, &Label),
    (facts, verdict): (&Facts<'_>, Verdict),
    decisions: &[DecisionRow],
) -> Result<Vec<Turn<'d>>, Error> {
    let asks = freeze::is_asker(approval, viewer.account, viewer.person);
    let definition = engine.definition(&approval.register)?;
    let stored = engine.tx.deciders(approval.id)?;
    let mine = parties_of(viewer);
    let mut turns = Vec::new();
    for open in open_steps(definition, approval, decisions) {
        // who asked may have to sign; they decide nothing
        if asks && !open.signs() {
            continue;
        }
        let (index, step) = (open.index, open.step);
        let parties = step.who.resolve(facts).unwrap_or_default();
        let live = parties.iter().any(|party| request::is_party(viewer, party));
        let mut for_person = None;
        if !live
            && step.delegate
            && let Some(me) = viewer.person
        {
            let decided = |person| {
                let mut taken = decisions.iter();
                taken.any(|one| {
                    delegation::has_decided(one, person) && (approval.once || one.step == index)
                })
            };
            let about = (approval, label);
            for_person = delegation::stands_in(engine, about, &parties, &decided, me)?;
        }
        let was_named = verdict != Verdict::Approve
            && stored
                .iter()
                .any(|(at, party)| *at == index && mine.contains(party));
        if live || was_named || for_person.is_some() {
            turns.push(Turn {
                index,
                step,
                for_person,
                others: others(engine.tx, &parties, viewer)?,
            });
        }
    }
    Ok(turns)
}

/// What somebody has said already.
struct Taken {
    /// Nobody decides twice, on whatever step.
    once: bool,
    /// The steps they have decided or signed, or had decided.
    own: Vec<i64>,
    has_signed: bool,
    /// Steps of persons that are named, for whom they have signed in the inbox: one signature is for each of
    /// them at once, while a role is signed for step by step.
    signed_for: Vec<i64>,
}

impl Taken {
    fn by(viewer: &Viewer, approval: &ApprovalRow, decisions: &[DecisionRow]) -> Self {
        let me = viewer.person;
        let own = decisions.iter();
        let own = own.filter(|one| me.is_some_and(|me| delegation::has_decided(one, me)));
        let signed = super::signed_before(approval);
        let since = super::signed_since(approval, decisions);
        let signs_now = since.iter().any(|(one, _)| Some(*one) == me);
        let planned = super::plan(approval);
        let of_persons = planned.iter().filter(|one| {
            let signs = one.signs.as_ref();
            signs_now && signs.is_some_and(|signs| !signs.persons.is_empty())
        });
        Self {
            once: approval.once,
            own: own.map(|one| one.step).collect(),
            has_signed: me.is_some_and(|me| signed.contains(&me)),
            signed_for: of_persons.map(|one| one.step).collect(),
        }
    }

    fn has(&self, turn: &Turn<'_>) -> bool {
        let done = self.own.contains(&turn.index);
        match turn.step.signs {
            Some(_) => self.has_signed || done || self.signed_for.contains(&turn.index),
            None => done || (self.once && !self.own.is_empty()),
        }
    }
}

fn own_request() -> Error {
    Error::rule(
        "approval.own_request",
        "R-103",
        "invariant",
        "不能审批自己提出的申请",
        "nobody decides on their own request",
    )
}

/// How many others a step could be decided by.
fn others(tx: &mut Tx<'_>, parties: &[Party], viewer: &Viewer) -> Result<usize, Error> {
    let mut persons = BTreeSet::new();
    for party in parties {
        persons.extend(people_of(tx, party)?);
    }
    Ok(persons
        .iter()
        .filter(|person| Some(**person) != viewer.person)
        .count())
}

pub(super) fn not_yours() -> Error {
    Error::Denied {
        code: "approval.not_yours".to_owned(),
        rule: None,
        clause: None,
        say: text("该审批不由您办理", "this decision is not yours to take"),
    }
}
