//! Who has to sign an action: the persons a definition names, each of them; of a role, as many
//! different ones as it asks for; by the ways it allows; none of them somebody they must differ
//! from. Any signature that cannot be placed is left out of the record.

use super::{engine::Engine, signatures::wrong};
use crate::{
    error::{Error, text},
    limits,
};
use domain::{PersonId, Timestamp};
use registers::{
    Action, Facts, Party,
    model::{DistinctFrom, SignMethod, Signer},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::RecordRow;

/// A signature whose credential was right.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    pub(crate) person: PersonId,
    pub(crate) method: SignMethod,
    /// Book, page and line of a signature on paper.
    pub(crate) paper: Option<String>,
    /// A code's time step, to be used up with the commit.
    pub(crate) otp_step: Option<(domain::AccountId, i64)>,
    /// When it was given, if not with the act.
    pub(crate) at: Option<Timestamp>,
}

impl Signed {
    /// A signature that was given earlier and is kept; none where its method is not known.
    pub(super) fn of_record(person: PersonId, method: &str, paper: Option<&str>) -> Option<Self> {
        let method = SignMethod::ALL.iter().find(|(key, _)| *key == method)?.1;
        Some(Self {
            person,
            method,
            paper: paper.map(ToOwned::to_owned),
            otp_step: None,
            at: None,
        })
    }
}

type Persons = BTreeSet<PersonId>;

/// Who signed for each signer of an action.
#[derive(Clone, Debug, Default)]
pub(crate) struct Placed {
    pub(crate) seats: Vec<Seat>,
}

/// One signer of an action, by its place, and who signed for it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seat {
    pub(crate) place: usize,
    pub(crate) signed: Vec<Signed>,
    pub(crate) slips: Vec<String>,
    /// Signatures that are given in the inbox later.
    pub(crate) owed: Owed,
}

/// Signatures that are still to be given: by these persons, or by so many of a role.
#[derive(Clone, Debug, Default)]
pub(crate) struct Owed {
    pub(crate) many: usize,
    pub(crate) persons: BTreeSet<PersonId>,
}

impl Placed {
    /// Whether somebody has still to sign.
    pub(crate) fn is_owed(&self) -> bool {
        self.seats.iter().any(|seat| seat.owed.many > 0)
    }

    /// What is owed for a signer.
    pub(crate) fn owed(&self, place: usize) -> Option<&Owed> {
        let seat = self.seats.iter().find(|seat| seat.place == place);
        seat.map(|seat| &seat.owed).filter(|owed| owed.many > 0)
    }
}

/// Refuses an action that lacks a signature, and codes that were used before. What may be signed in the
/// inbox is owed.
pub(super) fn check(
    engine: &mut Engine<'_, '_>,
    action: &Action,
    facts: &Facts<'_>,
) -> Result<(), Error> {
    let given: Persons = engine.signed.iter().map(|signed| signed.person).collect();
    if given.len() < engine.signed.len() {
        return Err(Error::Malformed {
            code: "signature.twice",
            say: text("同一人不能签字两次", "one person cannot sign twice"),
        });
    }
    if engine.unsigned {
        return Ok(());
    }
    let mut result = Placed::default();
    let (mut persons, mut slips) = (Persons::new(), 0);
    for (place, signer) in action.sign.iter().enumerate() {
        if !applies(signer, facts) {
            continue;
        }
        let seat = one(engine, (place, signer), facts, (&persons, slips))?;
        persons.extend(seat.signed.iter().map(|signed| signed.person));
        slips += seat.slips.len();
        result.seats.push(seat);
    }
    engine
        .signed
        .retain(|signed| persons.contains(&signed.person));
    engine.slips.truncate(slips);
    let owed: usize = result.seats.iter().map(|seat| seat.owed.many).sum();
    if engine.signed.len() + slips + owed > limits::SIGNATURES {
        return Err(Error::conflict(
            "signature.too_many",
            "一次操作至多 20 人签字",
            "20 signatures are the most that one act takes",
        ));
    }
    engine.placed = result;
    let mut signed = std::mem::take(&mut engine.signed);
    use_up(engine, &mut signed)?;
    engine.signed = signed;
    Ok(())
}

/// Uses up the codes of signatures; one that was used before is no signature.
pub(crate) fn use_up(engine: &mut Engine<'_, '_>, signed: &mut [Signed]) -> Result<(), Error> {
    for one in signed {
        if let Some((account, step)) = one.otp_step.take()
            && !engine.tx.keep().use_otp(account, step)?
        {
            return Err(wrong());
        }
    }
    Ok(())
}

/// A condition that cannot be decided asks for the signature.
fn applies(signer: &Signer, facts: &Facts<'_>) -> bool {
    signer
        .when
        .as_ref()
        .is_none_or(|when| when.eval_bool(facts) != Ok(false))
}

/// Whom a signer names.
struct Named {
    /// People of the house.
    insiders: Persons,
    /// How many from outside.
    outsiders: usize,
    parties: Vec<Party>,
}

impl Named {
    fn of(engine: &mut Engine<'_, '_>, signer: &Signer, facts: &Facts<'_>) -> Result<Self, Error> {
        let parties = signer.who.resolve(facts).map_err(Error::internal)?;
        let (mut insiders, mut outsiders) = (Persons::new(), 0);
        for party in &parties {
            let Party::Person(id) = party else { continue };
            // who signs a slip may be a name, or somebody of the directory of outsiders
            if signer.allows(SignMethod::Slip) && !is_insider(engine, id)? {
                outsiders += 1;
            } else {
                insiders.insert(person(id)?);
            }
        }
        Ok(Self {
            insiders,
            outsiders,
            parties,
        })
    }

    /// Whether it is a role, of which nobody is named.
    fn is_role(&self) -> bool {
        let named = |party: &Party| matches!(party, Party::Person(_));
        self.parties.iter().any(|party| !named(party))
    }
}

/// Who signs for one signer of the definition; `before` are who signed for those before it, and how many slips
/// were taken.
fn one(
    engine: &mut Engine<'_, '_>,
    (place, signer): (usize, &Signer),
    facts: &Facts<'_>,
    (before, taken): (&Persons, usize),
) -> Result<Seat, Error> {
    let named = Named::of(engine, signer, facts)?;
    let must_differ = must_differ(engine, signer, facts, before)?;
    if named.insiders.iter().any(|one| must_differ.contains(one)) {
        return Err(not_distinct());
    }
    let mut signed = Vec::new();
    for one in engine.signed.clone() {
        let is_one =
            named.insiders.contains(&one.person) || has_role(engine, one.person, &named.parties)?;
        if is_one && signer.allows(one.method) && !must_differ.contains(&one.person) {
            signed.push(one);
        }
    }
    let able: Persons = signed.iter().map(|one| one.person).collect();
    let count = usize::try_from(signer.count).unwrap_or(usize::MAX).max(1);
    let nobody = named.insiders.is_empty() && !named.is_role();
    let slips = if signer.allows(SignMethod::Slip) && nobody {
        named.outsiders.max(count)
    } else {
        named.outsiders
    };
    let free = engine.slips.get(taken..).unwrap_or_default();
    if free.len() < slips {
        return Err(missing_signature());
    }
    let slips = free.iter().take(slips).cloned().collect();
    // persons who are named sign, all of them; of a role it is enough that as many do as are asked
    let absent: Persons = named.insiders.difference(&able).copied().collect();
    let many = if nobody && signer.allows(SignMethod::Slip) {
        0
    } else if named.is_role() {
        count.saturating_sub(able.len())
    } else {
        let fewer = count.saturating_sub(able.len() + named.outsiders);
        absent.len().max(fewer)
    };
    let may_wait = signer.allows(SignMethod::Inbox)
        && (named.is_role() || (!absent.is_empty() && absent.len() == many));
    if many > 0 && !may_wait {
        return Err(missing_signature());
    }
    let persons = if named.is_role() {
        Persons::new()
    } else {
        absent
    };
    Ok(Seat {
        place,
        signed,
        slips,
        owed: Owed { many, persons },
    })
}

/// Writes who signed into the fields that show it.
pub(super) fn show(engine: &Engine<'_, '_>, action: &Action, row: &mut RecordRow) {
    for seat in &engine.placed.seats {
        let signer = action.sign.get(seat.place);
        let Some(field) = signer.and_then(|signer| signer.field.as_ref()) else {
            continue;
        };
        let people = seat.signed.iter().map(|one| {
            let at = one.at.unwrap_or(engine.now);
            json!({ "person": one.person, "method": one.method.key(), "at": at })
        });
        let slips = seat.slips.iter();
        let slips = slips.map(|place| json!({ "slip": place, "method": "slip", "at": engine.now }));
        let shown: Vec<Value> = people.chain(slips).collect();
        if !shown.is_empty() {
            row.body.insert(field.clone(), shown.into());
        }
    }
}

/// A signature that an act cannot do without.
pub(super) fn missing_signature() -> Error {
    Error::conflict(
        "signature.missing",
        "缺少签字：须由规定的人员本人签字",
        "a signature is missing: the person named must sign in their own right",
    )
}

fn is_insider(engine: &mut Engine<'_, '_>, id: &str) -> Result<bool, Error> {
    let Ok(id) = id.parse() else {
        return Ok(false);
    };
    let row = engine.tx.record(id)?;
    Ok(row.is_some_and(|row| row.register == "person"))
}

fn not_distinct() -> Error {
    Error::conflict(
        "signature.not_distinct",
        "签字人不得兼任：须由另一人签字",
        "who signs here must be somebody else",
    )
}

/// Whether somebody has one of the roles, or is staff, by their account as it is now.
fn has_role(
    engine: &mut Engine<'_, '_>,
    person: PersonId,
    parties: &[Party],
) -> Result<bool, Error> {
    let wanted = |party: &Party| matches!(party, Party::Role(_) | Party::Staff);
    if !parties.iter().any(wanted) {
        return Ok(false);
    }
    let account = engine.tx.account_of(person)?.filter(|one| !one.disabled);
    let roles = account.map(|account| account.roles).unwrap_or_default();
    Ok(parties.iter().any(|party| match party {
        Party::Role(role) => roles.contains(role),
        Party::Staff => roles.iter().any(|role| role == "staff"),
        Party::Person(_) | Party::System => false,
    }))
}

/// The persons a signer must not be.
fn must_differ(
    engine: &Engine<'_, '_>,
    signer: &Signer,
    facts: &Facts<'_>,
    placed: &Persons,
) -> Result<Persons, Error> {
    let mut persons = Persons::new();
    for distinct in &signer.distinct_from {
        match distinct {
            DistinctFrom::Approver => persons.extend(listed(facts.get("approvers"))?),
            DistinctFrom::Proposer => persons.extend(listed(facts.get("proposer"))?),
            DistinctFrom::Drafter => persons.extend(listed(facts.get("drafter"))?),
            DistinctFrom::Actor => persons.extend(engine.actor),
            DistinctFrom::Signer => persons.extend(placed),
            DistinctFrom::Who(who) => {
                for party in who.resolve(facts) {
                    if let Party::Person(id) = party {
                        persons.insert(person(&id)?);
                    }
                }
            }
        }
    }
    Ok(persons)
}

/// The persons of a variable: a person, or a list of ids.
fn listed(value: Option<&Value>) -> Result<Persons, Error> {
    let ids: Vec<&str> = match value {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        Some(Value::Object(map)) => map.get("id").and_then(Value::as_str).into_iter().collect(),
        _ => Vec::new(),
    };
    ids.into_iter().map(person).collect()
}

fn person(id: &str) -> Result<PersonId, Error> {
    id.parse().map_err(|_| Error::defect("a stored person id"))
}

/// Acts with signatures whose credentials are taken as right.
#[cfg(test)]
pub(crate) async fn perform_signed(
    app: &crate::App,
    caller: crate::Caller,
    request: crate::Perform,
    signed: Vec<Signed>,
) -> Result<crate::Performed, Error> {
    use super::outcome::Outcome;
    let now = app.inner.now();
    app.transact(move |inner, tx| {
        let mut engine = Engine::new(inner, tx, now, signed);
        match super::request::run(&mut engine, &caller, &request)? {
            Outcome::Told(performed) => Ok(performed),
            Outcome::Done(done) => done.view(&mut engine, &request.input),
        }
    })
    .await
}
