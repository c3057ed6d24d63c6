//! Policies as people read them, what each role may do by them, and who would gain or lose what by others.

use super::{
    GATE, Mistake, PackFile, check_reader,
    text_diff::{TextLine, text_diff},
    tried,
};
use crate::{
    accounts,
    caller::Caller,
    core::{App, Inner},
    error::Error,
    limits,
    packs::{self, OF_HOUSE, POLICY, Packs},
    people,
};
use access::{Kind, Nature, Policies, RegisterFacts, Role, Shift, Verdict, Viewer, of_role};
use domain::{AccountId, Text, Timestamp};
use registers::{Catalogue, Source};
use serde::Serialize;
use std::sync::Arc;
use store::Tx;

/// The policies in use.
#[derive(Debug, Serialize)]
pub struct PoliciesView {
    /// Each of them.
    pub policies: Vec<PolicyText>,
    /// What each role may do.
    pub roles: Vec<RoleDuties>,
    /// The files they stand in, the house's own last.
    pub files: Vec<PackFile>,
}

/// A policy.
#[derive(Debug, Serialize)]
pub struct PolicyText {
    /// Its id.
    pub id: String,
    /// The file it stands in.
    pub file: String,
    /// The house's own.
    pub own: bool,
    /// It forbids; else it permits.
    pub forbids: bool,
    /// A second proof of identity lifts it.
    pub by_proof: bool,
    /// The rule behind it.
    pub rule: String,
    /// Where the rule stands.
    pub clause: String,
    /// What it says.
    pub say: Option<Text>,
    /// The kinds of acts it speaks of.
    pub kinds: Vec<Text>,
    /// As it is written.
    pub text: String,
}

/// What a role may do.
#[derive(Debug, Serialize)]
pub struct RoleDuties {
    /// The role.
    pub role: &'static str,
    /// By which policies.
    pub duties: Vec<DutyView>,
}

/// What a role may do by one policy.
#[derive(Debug, Serialize)]
pub struct DutyView {
    /// The policy.
    pub policy: String,
    /// Its rule.
    pub rule: String,
    /// What it says.
    pub say: Option<Text>,
    /// The acts, always.
    pub always: Vec<Text>,
    /// The acts, in some situations only.
    pub sometimes: Vec<Text>,
    /// Of all of these, those that ask for a second proof of identity.
    pub proof: Vec<Text>,
}

/// What came of a what-if.
#[derive(Debug, Serialize)]
pub struct WhatIfView {
    /// Every mistake of the files; with one there is no comparison.
    pub mistakes: Vec<Mistake>,
    /// Files of the program among them: those are changed by no house.
    pub of_program: Vec<String>,
    /// What each file changes in the one in use.
    pub files: Vec<TriedText>,
    /// Accounts that were asked for.
    pub accounts: usize,
    /// Roles that were asked for.
    pub roles: usize,
    /// Questions that both sets were asked.
    pub compared: usize,
    /// How many there would be.
    pub of: usize,
    /// Answers that stay but come from another policy.
    pub otherwise: usize,
    /// Who gains or loses what.
    pub shifts: Vec<ShiftView>,
}

/// The difference of one file.
#[derive(Debug, Serialize)]
pub struct TriedText {
    /// Its name.
    pub name: String,
    /// Line by line.
    pub lines: Vec<TextLine>,
}

/// A kind of act whose answer changes for some.
#[derive(Debug, Serialize)]
pub struct ShiftView {
    /// The key of the kind.
    pub kind: &'static str,
    /// Its name.
    pub name: Text,
    /// They gain it; else they lose it.
    pub gains: bool,
    /// Roles, each for itself.
    pub roles: Vec<&'static str>,
    /// Accounts.
    pub accounts: Vec<WhoView>,
    /// What is said today.
    pub before: VerdictView,
    /// What would be said.
    pub after: VerdictView,
    /// When; no more than some. Empty where it is always so.
    pub situations: Vec<Text>,
    /// In how many situations.
    pub count: usize,
}

/// An account.
#[derive(Clone, Debug, Serialize)]
pub struct WhoView {
    /// Its id.
    pub account: AccountId,
    /// Its name.
    pub name: String,
}

/// What policies say.
#[derive(Debug, Serialize)]
pub struct VerdictView {
    /// `allowed`, `proof`, `refused` or `unsettled`.
    pub says: &'static str,
    /// By which policies; none where nothing permits it.
    pub policies: Vec<String>,
}

impl App {
    /// The policies in use, and what each role may do by them.
    pub async fn policies(&self, caller: &Caller) -> Result<PoliciesView, Error> {
        let (caller, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| {
            check_reader(inner, tx, &caller, now)?;
            let facts = facts(&inner.catalogue);
            let files = inner.packs.sources(POLICY)?.into_iter();
            Ok(PoliciesView {
                policies: texts(&inner.policies),
                roles: Role::ALL
                    .into_iter()
                    .map(|role| duties(&inner.policies, role, &facts))
                    .collect(),
                files: files.map(PackFile::from).collect(),
            })
        })
        .await
    }

    /// What these policies would change, each file in the place of the one in use with its name; an empty text
    /// takes a file away. Nothing takes effect by it.
    pub async fn what_if(
        &self,
        caller: &Caller,
        files: Vec<PackFile>,
    ) -> Result<WhatIfView, Error> {
        let now = self.inner.now();
        let caller = caller.clone();
        let reader = caller.clone();
        self.read_tx(move |inner, tx| check_reader(inner, tx, &reader, now))
            .await?;
        let given = tried(files, ".cedar")?;
        let turn = GATE.enter().await?;
        let who = self
            .read_tx(move |inner, tx| everybody(inner, tx, &caller, now))
            .await?;
        let inner = Arc::clone(&self.inner);
        let compared = tokio::task::spawn_blocking(move || {
            // WHY: the turn is with the work, not with a request that may be gone
            let _turn = turn;
            let facts = facts(&inner.catalogue);
            compare((&inner.packs, &inner.policies), given, &who, &facts)
        });
        compared.await.map_err(Error::internal)?
    }
}

/// Tries policies beside those of the program, for every role; needs no house.
pub fn try_policies(files: Vec<PackFile>) -> Result<WhatIfView, Error> {
    let given = tried(files, ".cedar")?;
    let packs = Packs::Shipped;
    let (catalogue, policies) = (packs.catalogue()?, packs.policies()?);
    compare((&packs, &policies), given, &[], &facts(&catalogue))
}

/// The accounts that work, for those who see accounts; the others ask for roles only.
fn everybody(
    inner: &Inner,
    tx: &mut Tx<'_>,
    caller: &Caller,
    now: Timestamp,
) -> Result<Vec<(WhoView, Viewer)>, Error> {
    if accounts::overseer(inner, tx, caller, now).is_err() {
        return Ok(Vec::new());
    }
    let mut who = Vec::new();
    for row in tx.accounts()? {
        if row.disabled || who.len() >= limits::WHAT_IF_ACCOUNTS {
            continue;
        }
        let viewer = people::viewer_of(inner, tx, &(&row).into(), now)?;
        let view = WhoView {
            account: row.id,
            name: row.name,
        };
        who.push((view, viewer));
    }
    Ok(who)
}

fn facts(catalogue: &Catalogue) -> Vec<RegisterFacts> {
    let one = |definition: &registers::Definition| RegisterFacts {
        key: definition.key.clone(),
        area: definition.area.key().to_owned(),
        nature: match definition.nature {
            registers::Nature::Business => Nature::Business,
            registers::Nature::Directory => Nature::Directory,
        },
    };
    catalogue.definitions().map(one).collect()
}

fn compare(
    (packs, before): (&Packs, &Policies),
    given: Vec<Source>,
    accounts: &[(WhoView, Viewer)],
    facts: &[RegisterFacts],
) -> Result<WhatIfView, Error> {
    let mut all = packs.sources(POLICY)?;
    let mut told = WhatIfView {
        mistakes: Vec::new(),
        of_program: Vec::new(),
        files: Vec::new(),
        accounts: accounts.len(),
        roles: Role::ALL.len(),
        compared: 0,
        of: 0,
        otherwise: 0,
        shifts: Vec::new(),
    };
    for source in given {
        let was = all.iter_mut().find(|one| one.path == source.path);
        let text = was.as_ref().map_or("", |one| one.text.as_str());
        let lines = text_diff(text, &source.text);
        told.files.push(TriedText {
            name: source.path.clone(),
            lines,
        });
        match was {
            Some(was) => {
                if !was.path.starts_with(OF_HOUSE) {
                    told.of_program.push(was.path.clone());
                }
                was.text = source.text;
            }
            None => all.push(source),
        }
    }
    let after = match packs::policies_of(&all) {
        Ok(after) => after,
        Err(reports) => {
            told.mistakes = reports.into_iter().map(Mistake::from).collect();
            return Ok(told);
        }
    };
    let viewers = accounts.iter().map(|(_, viewer)| viewer.clone());
    let viewers: Vec<Viewer> = viewers.chain(Role::ALL.into_iter().map(of_role)).collect();
    let found = access::what_if(before, &after, &viewers, facts);
    told.compared = found.compared;
    told.of = found.of;
    told.otherwise = found.otherwise;
    told.shifts = found
        .shifts
        .into_iter()
        .map(|one| shift(one, accounts))
        .collect();
    Ok(told)
}

fn shift(shift: Shift, accounts: &[(WhoView, Viewer)]) -> ShiftView {
    let gains = shift.gains();
    let Shift {
        kind,
        who,
        before,
        after,
        situations,
        count,
    } = shift;
    let of_account = |place: &usize| accounts.get(*place).map(|(who, _)| who.clone());
    let of_role = |place: &usize| {
        let role = place.checked_sub(accounts.len())?;
        Role::ALL.get(role).map(|role| role.key())
    };
    let always = situations.iter().all(|one| one.zh.is_empty());
    ShiftView {
        kind: kind.key(),
        name: kind.name(),
        gains,
        roles: who.iter().filter_map(of_role).collect(),
        accounts: who.iter().filter_map(of_account).collect(),
        before: verdict(before),
        after: verdict(after),
        situations: if always { Vec::new() } else { situations },
        count,
    }
}

fn verdict(verdict: Verdict) -> VerdictView {
    let (says, policies) = match verdict {
        Verdict::Allowed(policies) => ("allowed", policies),
        Verdict::Proof(policy) => ("proof", vec![policy]),
        Verdict::Refused(policy) => ("refused", policy.into_iter().collect()),
        Verdict::Unsettled(policy) => ("unsettled", vec![policy]),
    };
    VerdictView { says, policies }
}

fn texts(policies: &Policies) -> Vec<PolicyText> {
    let text = |view: access::PolicyView<'_>| PolicyText {
        id: view.id.to_owned(),
        file: view.file.to_owned(),
        own: view.file.starts_with(OF_HOUSE),
        forbids: view.forbids,
        by_proof: view.by_proof,
        rule: view.rule.to_owned(),
        clause: view.clause.to_owned(),
        say: view.say.cloned(),
        kinds: policies
            .kinds_of(view.id)
            .into_iter()
            .map(Kind::name)
            .collect(),
        text: view.text.to_owned(),
    };
    policies.each().map(text).collect()
}

fn duties(policies: &Policies, role: Role, facts: &[RegisterFacts]) -> RoleDuties {
    let duty = |duty: access::Duty| {
        let policy = policies.each().find(|one| one.id == duty.policy);
        let named = |wanted: fn(&access::DutyKind) -> bool| {
            let kinds = duty.kinds.iter().filter(|one| wanted(one));
            kinds.map(|one| one.kind.name()).collect()
        };
        DutyView {
            rule: policy.map(|one| one.rule.to_owned()).unwrap_or_default(),
            say: policy.and_then(|one| one.say.cloned()),
            always: named(|one| !one.sometimes),
            sometimes: named(|one| one.sometimes),
            proof: named(|one| one.proof),
            policy: duty.policy,
        }
    };
    RoleDuties {
        role: role.key(),
        duties: policies.duties(role, facts).into_iter().map(duty).collect(),
    }
}
