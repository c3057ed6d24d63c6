//! Whether anybody is left to decide. Roles are taken away, people leave, units lose their heads:
//! a request that nobody can decide any more says so to who asked and to the head of the office,
//! and whoever may not decide any more loses what they knew of it for that.

use super::{
    Case, Open,
    deciders::{self, Awaited},
    delegation, gone, ready,
};
use crate::{core::App, error::Error, limits, people, perform::engine::Engine, visibility};
use access::{Act, Grant, Ground, SystemReason};
use domain::{ApprovalId, Label, PersonId, RecordId};
use registers::Party;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use store::{AccountRow, ApprovalRow, DecisionRow};

/// Why a request waits in vain.
const NOBODY_LEFT: &str = "approval.nobody_left";

/// Whether the waiting round can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    Somebody,
    Nobody,
}

impl Left {
    /// What an approval that waits says of it.
    pub(super) fn reason(self) -> Option<Value> {
        (self == Self::Nobody).then(|| json!({ "code": NOBODY_LEFT }))
    }
}

/// What a waiting approval said so far.
pub(super) fn of(approval: &ApprovalRow) -> Left {
    if approval.state == "pending" && approval.reason.is_some() {
        Left::Nobody
    } else {
        Left::Somebody
    }
}

/// The seats of a round, each with those who could take it.
pub(super) struct Round<'r> {
    approval: &'r ApprovalRow,
    label: &'r Label,
    decisions: &'r [DecisionRow],
    /// So many fill every seat there is, whoever else could.
    enough: usize,
    seats: Vec<BTreeSet<PersonId>>,
    /// Whether each of its steps for itself finds enough.
    each: bool,
}

impl<'r> Round<'r> {
    pub(super) fn new(
        approval: &'r ApprovalRow,
        label: &'r Label,
        decisions: &'r [DecisionRow],
        steps: &[Open<'_>],
    ) -> Self {
        Self {
            approval,
            label,
            decisions,
            enough: steps.iter().map(|open| open.needed).sum(),
            seats: Vec::new(),
            each: true,
        }
    }

    /// A step that lacks decisions, and whom it names.
    pub(super) fn add(
        &mut self,
        engine: &mut Engine<'_, '_>,
        open: Open<'_>,
        who: &[Party],
    ) -> Result<(), Error> {
        let needed = open.needed.saturating_sub(open.agreed);
        let mut able = BTreeSet::new();
        for account in engine.tx.accounts()? {
            if able.len() >= self.enough {
                break;
            }
            if let Some(person) = self.able(engine, &account, open, who)? {
                able.insert(person);
            }
        }
        self.each &= able.len() >= needed;
        // who decides once may sign as well
        let seats = if open.signs() {
            0
        } else {
            needed.min(able.len())
        };
        self.seats.extend(std::iter::repeat_n(able, seats));
        Ok(())
    }

    /// Who somebody with this account is, if they can decide on a step.
    fn able(
        &self,
        engine: &mut Engine<'_, '_>,
        account: &AccountRow,
        open: Open<'_>,
        who: &[Party],
    ) -> Result<Option<PersonId>, Error> {
        let approval = self.approval;
        let asks =
            account.id == approval.requested_by || account.person == approval.requested_person;
        let asked = asks && !open.signs();
        let Some(person) = account.person.filter(|_| !account.disabled && !asked) else {
            return Ok(None);
        };
        if open.signs() && super::signed_before(approval).contains(&person) {
            return Ok(None);
        }
        let once = approval.once && !open.signs();
        let done = |one: &DecisionRow| {
            delegation::has_decided(one, person) && (once || one.step == open.index)
        };
        if self.decisions.iter().any(done) {
            return Ok(None);
        }
        let has = |role: &str| account.roles.iter().any(|key| key == role);
        let named = |party: &Party| match party {
            Party::Person(id) => *id == person.to_string(),
            Party::Role(role) => has(role),
            Party::Staff | Party::System => false,
        };
        let is_named = who.iter().any(named);
        let is_staff = who.contains(&Party::Staff) && has("staff");
        if !is_named && !is_staff {
            return Ok(None);
        }
        let knows = knows(engine, (approval, self.label), account, is_named)?;
        Ok(knows.then_some(person))
    }

    /// Whether every seat finds somebody; nobody takes two where nobody decides twice.
    pub(super) fn left(&self) -> Left {
        let filled = self.each && (!self.approval.once || seated(&self.seats));
        if filled { Left::Somebody } else { Left::Nobody }
    }
}

/// Whether somebody with this account may know what is asked; who is named has the ground to.
fn knows(
    engine: &mut Engine<'_, '_>,
    (approval, label): (&ApprovalRow, &Label),
    account: &AccountRow,
    is_named: bool,
) -> Result<bool, Error> {
    let viewer = people::viewer_of(engine.inner, engine.tx, &account.into(), engine.now)?;
    let row = engine.tx.record(approval.record)?.ok_or(Error::NotFound)?;
    let mut grounds = people::grounds(engine.tx, &viewer, &row, engine.now)?;
    if is_named {
        grounds.push(Ground::Decision);
    }
    let definition = engine.definition(&approval.register)?;
    let nature = visibility::nature(definition);
    let class = label.class();
    Ok(access::may_know(
        &viewer,
        &class,
        nature,
        &grounds,
        Grant::Handle,
    ))
}

/// Whether somebody whom a step names could decide: they have an account, and may know what is asked.
pub(super) fn could(
    engine: &mut Engine<'_, '_>,
    about: (&ApprovalRow, &Label),
    person: PersonId,
) -> Result<bool, Error> {
    let accounts = engine.tx.accounts()?;
    let mut own = accounts
        .iter()
        .filter(|one| !one.disabled && one.person == Some(person));
    match own.next() {
        Some(account) => knows(engine, about, account, true),
        None => Ok(false),
    }
}

fn seated(seats: &[BTreeSet<PersonId>]) -> bool {
    let mut taken = BTreeMap::new();
    (0..seats.len()).all(|seat| take(seat, seats, &mut taken, &mut BTreeSet::new()))
}

/// Seats somebody, moving those who could sit elsewhere.
fn take(
    seat: usize,
    seats: &[BTreeSet<PersonId>],
    taken: &mut BTreeMap<PersonId, usize>,
    tried: &mut BTreeSet<PersonId>,
) -> bool {
    for person in seats.get(seat).into_iter().flatten() {
        if !tried.insert(*person) {
            continue;
        }
        let free = match taken.get(person).copied() {
            None => true,
            Some(other) => take(other, seats, taken, tried),
        };
        if free {
            taken.insert(*person, seat);
            return true;
        }
    }
    false
}

impl App {
    /// Looks at every request that waits: who may decide on it today. Tells how many it changed.
    pub async fn reassess(&self) -> Result<usize, Error> {
        let mut changed = 0;
        let mut after = None;
        loop {
            let page = self
                .read_tx(move |_, tx| Ok(tx.approvals_pending(after, limits::APPROVALS)?))
                .await?;
            let Some((last, _)) = page.last() else {
                return Ok(changed);
            };
            after = Some(*last);
            changed += self.reassess_these(page).await?;
        }
    }

    /// The same for what waits for an account as it was or as it is now.
    pub(crate) async fn reassess_for(&self, accounts: &[AccountRow]) -> Result<usize, Error> {
        let parties: BTreeSet<String> = accounts
            .iter()
            .flat_map(deciders::parties_of_account)
            .collect();
        let parties: Vec<String> = parties.into_iter().collect();
        let waiting = self.read_tx(move |_, tx| Ok(tx.approvals_awaiting(&parties)?));
        self.reassess_these(waiting.await?).await
    }

    async fn reassess_these(&self, these: Vec<(ApprovalId, RecordId)>) -> Result<usize, Error> {
        let mut changed = 0;
        for (approval, record) in these {
            let now = self.inner.now();
            let one = self.transact_anew(move |inner, tx| {
                let mut engine = Engine::new(inner, tx, now, Vec::new());
                reassess(&mut engine, approval, record)
            });
            match one.await {
                Ok(one) => changed += usize::from(one),
                // WHY: one that cannot be worked out must not keep the grounds of all others
                Err(error) => tracing::error!(%approval, %error, "who decides is not known"),
            }
        }
        Ok(changed)
    }
}

/// Whether something has changed about who decides, which then is kept.
fn reassess(
    engine: &mut Engine<'_, '_>,
    approval: ApprovalId,
    record: RecordId,
) -> Result<bool, Error> {
    let locked = super::lock(engine, (record, approval))?;
    let Some((row, approval)) = locked.filter(|(_, approval)| approval.state == "pending") else {
        return Ok(false);
    };
    if gone::is_gone(engine, &approval)? {
        gone::send_back(engine, approval)?;
        return Ok(true);
    }
    let case = Case::load(engine, approval, row)?;
    let around = ready::asking(engine, &case)?;
    let facts = engine.facts(case.definition, &case.proposed, &around)?;
    let label = case.label();
    let awaited = deciders::awaited(engine, (&case.approval, &label), &facts)?;
    let known = known(engine, &case.approval)?;
    if is_kept(engine, &case.approval, &awaited, &known)? {
        return Ok(false);
    }
    let act = Act::new("approval.reassess", &case.definition.key, "office");
    let granted = access::decide_system(&act, SystemReason::Job);
    let granted = granted.map_err(|denied| Error::denied(&denied))?;
    let newly = awaited.persons.difference(&known).copied().collect();
    deciders::put(engine, granted.as_ref(), &case.approval, &awaited, &newly)?;
    Ok(true)
}

/// Who has the ground to decide on an approval's record.
fn known(engine: &mut Engine<'_, '_>, approval: &ApprovalRow) -> Result<BTreeSet<PersonId>, Error> {
    let row = engine.tx.record(approval.record)?.ok_or(Error::NotFound)?;
    let grounds = engine
        .tx
        .deciding_grounds(super::cause(approval.id), engine.now)?;
    let of_record = grounds
        .into_iter()
        .filter(|(record, _)| *record == row.root());
    Ok(of_record.map(|(_, person)| person).collect())
}

fn is_kept(
    engine: &mut Engine<'_, '_>,
    approval: &ApprovalRow,
    awaited: &Awaited,
    known: &BTreeSet<PersonId>,
) -> Result<bool, Error> {
    let parties = engine.tx.deciders(approval.id)?;
    let parties: BTreeSet<_> = parties.into_iter().collect();
    let awaited_parties: BTreeSet<_> = awaited
        .parties
        .iter()
        .map(|(step, party, _)| (*step, party.clone()))
        .collect();
    Ok(parties == awaited_parties && *known == awaited.persons && of(approval) == awaited.left)
}
