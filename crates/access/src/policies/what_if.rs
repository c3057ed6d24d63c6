//! What another set of policies would change: who gains what, who loses what. And what a role may do, in the
//! policies' own words.
//!
//! A policy sees nothing of a record but its register, its levels and why it may be known, so nothing else need
//! be tried: every kind of act is asked about in every situation that some policy of either set tells apart
//! ([`situation`]), for everybody whom they tell apart. What is not named by any policy cannot change an answer.

mod situation;

use std::collections::{BTreeMap, BTreeSet};

use domain::{AccountId, PersonId, Text, UnitId};

use super::{Known, Policies};
use crate::limits::{SITUATIONS_TOLD, WHAT_IF_QUESTIONS};
use crate::{Act, Denied, Ground, Group, Kind, Nature, Role, Viewer};
use situation::{Situation, Situations};

/// A register, as policies see it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RegisterFacts {
    /// Its key.
    pub key: String,
    /// The chapter it stands in.
    pub area: String,
    /// Its nature.
    pub nature: Nature,
}

/// What policies say to an act, and which of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// No: this policy forbids it; none where nothing permits it.
    Refused(Option<String>),
    /// No: a policy could not be evaluated.
    Unsettled(String),
    /// After a second proof of identity, which this policy asks for.
    Proof(String),
    /// Yes, by these policies.
    Allowed(Vec<String>),
}

impl Verdict {
    fn of(answer: Result<Vec<String>, Denied>) -> Self {
        match answer {
            Ok(policies) => Self::Allowed(policies),
            Err(Denied::StepUp(refusal)) => Self::Proof(refusal.policy),
            Err(Denied::Policy(refusal)) => Self::Refused(Some(refusal.policy)),
            Err(Denied::Unsettled { policy }) => Self::Unsettled(policy),
            Err(
                Denied::Role { .. }
                | Denied::Hidden
                | Denied::RoleConflict(_)
                | Denied::NotBySystem { .. },
            ) => Self::Refused(None),
        }
    }

    /// How much it lets somebody do; a change of policies alone does not change it.
    pub const fn weight(&self) -> u8 {
        match self {
            Self::Refused(_) | Self::Unsettled(_) => 0,
            Self::Proof(_) => 1,
            Self::Allowed(_) => 2,
        }
    }
}

/// One kind of act whose answer changes for some, in the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// What is done.
    pub kind: Kind,
    /// For whom, as places in the list that was given.
    pub who: Vec<usize>,
    /// What is said today.
    pub before: Verdict,
    /// What would be said.
    pub after: Verdict,
    /// When; no more than some. An empty text means always.
    pub situations: Vec<Text>,
    /// In how many situations.
    pub count: usize,
}

impl Shift {
    /// Whether they would gain something; else they would lose it.
    pub const fn gains(&self) -> bool {
        self.after.weight() > self.before.weight()
    }
}

/// What came of a what-if.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhatIf {
    /// How many questions both sets were asked.
    pub compared: usize,
    /// How many there would be; more than were asked where they are too many.
    pub of: usize,
    /// How many answers stay what they are but come from other policies.
    pub otherwise: usize,
    /// What changes, by kind.
    pub shifts: Vec<Shift>,
}

/// Asks two sets of policies everything that either could tell apart, and tells where they differ.
#[must_use]
pub fn what_if(
    before: &Policies,
    after: &Policies,
    who: &[Viewer],
    registers: &[RegisterFacts],
) -> WhatIf {
    let alike = alike(&[before, after], who);
    let mut asked: Vec<(Kind, Situations)> = Vec::new();
    for kind in Kind::ALL {
        let asks = [before.asks(*kind), after.asks(*kind)].concat();
        asked.push((*kind, Situations::of(*kind, &asks, registers)));
    }
    let each = |(_, situations): &(Kind, Situations)| situations.count() * alike.len();
    let of: usize = asked.iter().map(each).sum();
    // WHY odd: a stride that shares a factor with the situations would leave some out for everybody
    let stride = of.div_ceil(WHAT_IF_QUESTIONS).max(1) | usize::from(of > WHAT_IF_QUESTIONS);
    let (mut compared, mut otherwise, mut first) = (0, 0, 0_usize);
    let mut found: BTreeMap<(Kind, Verdict, Verdict, usize), Vec<Text>> = BTreeMap::new();
    for (kind, situations) in &asked {
        let (count, all) = (situations.count(), situations.count() * alike.len());
        // WHY stepped over: there may be very many more situations than are asked
        for number in (first.next_multiple_of(stride)..first + all).step_by(stride) {
            let (group, n) = ((number - first) / count, (number - first) % count);
            let Some((viewer, _)) = alike.get(group) else {
                continue;
            };
            let situation = situations.nth(n);
            let (one, other) = (
                before.verdict(viewer, *kind, &situation),
                after.verdict(viewer, *kind, &situation),
            );
            compared += 1;
            if one.weight() != other.weight() {
                let key = (*kind, one, other, group);
                found.entry(key).or_default().push(situation.told);
            } else if one != other {
                otherwise += 1;
            }
        }
        first += all;
    }
    WhatIf {
        compared,
        of,
        otherwise,
        shifts: together(found, &alike),
    }
}

/// Who shifts in the same way in the same situations is told once.
fn together(
    found: BTreeMap<(Kind, Verdict, Verdict, usize), Vec<Text>>,
    alike: &[(Viewer, Vec<usize>)],
) -> Vec<Shift> {
    let mut shifts: Vec<Shift> = Vec::new();
    for ((kind, before, after, group), mut situations) in found {
        let members = alike.get(group).map(|(_, members)| members.as_slice());
        let members = members.unwrap_or_default();
        let count = situations.len();
        situations.truncate(SITUATIONS_TOLD);
        let same = shifts.iter_mut().find(|one| {
            one.kind == kind
                && one.before == before
                && one.after == after
                && one.count == count
                && one.situations == situations
        });
        match same {
            Some(shift) => shift.who.extend_from_slice(members),
            None => shifts.push(Shift {
                kind,
                who: members.to_vec(),
                before,
                after,
                situations,
                count,
            }),
        }
    }
    for shift in &mut shifts {
        shift.who.sort_unstable();
    }
    shifts
}

/// Whom the policies of these sets cannot tell apart, each once with all of their places.
fn alike(sets: &[&Policies], who: &[Viewer]) -> Vec<(Viewer, Vec<usize>)> {
    type Told = (
        BTreeSet<Role>,
        Option<bool>,
        Option<BTreeSet<UnitId>>,
        Option<AccountId>,
    );
    let names = |word: &str| {
        let mut policies = sets.iter().flat_map(|set| set.annotated.values());
        policies.any(|policy| policy.asks.contains(word))
    };
    let (person, units, account) = (
        names("\"has_person\""),
        names("\"units\""),
        names("\"User\""),
    );
    let mut groups: BTreeMap<Told, (Viewer, Vec<usize>)> = BTreeMap::new();
    for (place, viewer) in who.iter().enumerate() {
        let told = (
            viewer.roles.clone(),
            person.then_some(viewer.person.is_some()),
            units.then(|| viewer.units.clone()),
            account.then_some(viewer.account),
        );
        let group = groups.entry(told);
        let (_, members) = group.or_insert_with(|| (viewer.clone(), Vec::new()));
        members.push(place);
    }
    groups.into_values().collect()
}

/// What a role may do by one policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// The policy that permits it.
    pub policy: String,
    /// The kinds of acts, in their order.
    pub kinds: Vec<DutyKind>,
}

/// One kind of act that a role may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DutyKind {
    /// What.
    pub kind: Kind,
    /// Not always: it depends on the register, the label, or why the record may be known.
    pub sometimes: bool,
    /// Some of the time only after a second proof of identity.
    pub proof: bool,
}

impl Policies {
    /// What somebody of this role alone may do, by the policy that permits it. What a record then allows is
    /// decided by its label and by its register.
    #[must_use]
    pub fn duties(&self, role: Role, registers: &[RegisterFacts]) -> Vec<Duty> {
        let viewer = of_role(role);
        let mut found: BTreeMap<String, Vec<DutyKind>> = BTreeMap::new();
        for kind in Kind::ALL {
            let situations = Situations::of(*kind, &self.asks(*kind), registers);
            let mut by: BTreeSet<String> = BTreeSet::new();
            let (mut refused, mut proof) = (false, false);
            for n in 0..situations.count() {
                let mut situation = situations.nth(n);
                let mut verdict = self.verdict(&viewer, *kind, &situation);
                if let Verdict::Proof(_) = verdict {
                    proof = true;
                    situation.step_up = true;
                    verdict = self.verdict(&viewer, *kind, &situation);
                }
                match verdict {
                    Verdict::Allowed(policies) => by.extend(policies),
                    Verdict::Refused(_) | Verdict::Unsettled(_) | Verdict::Proof(_) => {
                        refused = true;
                    }
                }
            }
            for policy in by {
                found.entry(policy).or_default().push(DutyKind {
                    kind: *kind,
                    sometimes: refused,
                    proof,
                });
            }
        }
        let duty = |(policy, kinds)| Duty { policy, kinds };
        found.into_iter().map(duty).collect()
    }

    /// What the policies of a kind ask about, as text to look for names in.
    fn asks(&self, kind: Kind) -> String {
        let policies = self.by_kind.get(&kind).into_iter();
        let policies = policies.flat_map(|of_kind| of_kind.set.policies());
        let asks = policies.filter_map(|policy| {
            let id: &str = policy.id().as_ref();
            self.annotated.get(id).map(|policy| policy.asks.as_str())
        });
        asks.collect()
    }

    fn verdict(&self, viewer: &Viewer, kind: Kind, situation: &Situation) -> Verdict {
        // WHY by effect: its words mean the same in every chapter
        let effect = format!("custody.{}", kind.key());
        let act = Act {
            effect: Some(&effect),
            nature: situation.register.nature,
            step_up: situation.step_up,
            at_expiry: situation.at_expiry,
            outside: situation.outside,
            channel: situation.channel,
            hour: situation.hour,
            ..Act::new(
                kind.key(),
                &situation.register.key,
                &situation.register.area,
            )
        };
        let known = match kind.group() {
            Group::Business => Known {
                grant: Some(situation.grant),
                grounds: &situation.grounds,
                levels: Some(&situation.levels),
            },
            Group::Administration | Group::Oversight => Known {
                grant: None,
                grounds: &[Ground::Office],
                levels: None,
            },
        };
        Verdict::of(self.permits_knowing(viewer, &act, known))
    }
}

/// Somebody of this role and no other, of no unit.
#[must_use]
pub fn of_role(role: Role) -> Viewer {
    let nobody = [0; 10];
    Viewer {
        account: AccountId::new(domain::Timestamp::UNIX_EPOCH, nobody),
        person: Some(PersonId::new(domain::Timestamp::UNIX_EPOCH, nobody)),
        units: BTreeSet::new(),
        clearance: domain::Clearance::none(),
        roles: BTreeSet::from([role]),
    }
}

#[cfg(test)]
mod tests;
