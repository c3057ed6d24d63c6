//! Who has to sign an action: the persons a definition names, each of them; of a role, as many
//! different ones as it asks for; by the ways it allows; none of them somebody they must differ
//! from. Any signature that cannot be placed is left out of the record.

use super::{engine::Engine, signatures::wrong};
use crate::error::{Error, text};
use domain::PersonId;
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
        })
    }
}

type Persons = BTreeSet<PersonId>;

/// Who signed for each signer of an action, by the signer's place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Placed {
    /// Who signed, and how.
    pub(crate) by: Vec<(usize, Vec<Signed>)>,
    /// Signatures that are given in the inbox later: how many for which signer.
    pub(crate) owed: Vec<(usize, usize)>,
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
    let mut seats = Seats::default();
    let mut result = Placed::default();
    for (place, signer) in action.sign.iter().enumerate() {
        if !applies(signer, facts) {
            continue;
        }
        let owed = one(engine, signer, facts, &mut seats)?;
        if owed > 0 {
            result.owed.push((place, owed));
        }
        let signed = engine.signed.iter();
        let signed = signed
            .filter(|one| seats.last.contains(&one.person))
            .cloned();
        result.by.push((place, signed.collect()));
        seats.persons.append(&mut seats.last);
    }
    engine
        .signed
        .retain(|signed| seats.persons.contains(&signed.person));
    engine.slips.truncate(seats.slips);
    engine.placed = result;
    for signed in engine.signed.clone() {
        if let Some((account, step)) = signed.otp_step
            && !engine.tx.keep().use_otp(account, step)?
        {
            return Err(wrong());
        }
    }
    Ok(())
}

/// Who signed so far, and how many slips were counted.
#[derive(Default)]
struct Seats {
    persons: Persons,
    /// For the signer that is looked at.
    last: Persons,
    slips: usize,
}

/// A condition that cannot be decided asks for the signature.
fn applies(signer: &Signer, facts: &Facts<'_>) -> bool {
    signer
        .when
        .as_ref()
        .is_none_or(|when| when.eval_bool(facts) != Ok(false))
}

/// Who signs for one signer of the definition; gives how many are still to sign in their inbox.
fn one(
    engine: &mut Engine<'_, '_>,
    signer: &Signer,
    facts: &Facts<'_>,
    seats: &mut Seats,
) -> Result<usize, Error> {
    let parties = signer.who.resolve(facts).map_err(Error::internal)?;
    let by_slip = signer.allows(SignMethod::Slip);
    let mut named = Persons::new();
    for party in &parties {
        let Party::Person(id) = party else { continue };
        // who signs a slip may be a name, or somebody of the directory of outsiders
        if !by_slip || is_insider(engine, id)? {
            named.insert(person(id)?);
        }
    }
    let outsiders = by_slip
        && parties
            .iter()
            .all(|party| matches!(party, Party::Person(_)));
    let must_differ = must_differ(engine, signer, facts, &seats.persons)?;
    if named.iter().any(|person| must_differ.contains(person)) {
        return Err(not_distinct());
    }
    let mut able = Persons::new();
    for signed in engine.signed.clone() {
        let is_one = named.contains(&signed.person) || has_role(engine, signed.person, &parties)?;
        if is_one && signer.allows(signed.method) && !must_differ.contains(&signed.person) {
            able.insert(signed.person);
        }
    }
    let count = usize::try_from(signer.count).unwrap_or(usize::MAX).max(1);
    // persons who are named sign, all of them; of a role it is enough that as many do as are asked
    let only_named = !outsiders && parties.len() == named.len();
    let mut missing = count.saturating_sub(able.len());
    if only_named {
        missing = missing.max(named.difference(&able).count());
    }
    if outsiders && named.is_empty() {
        let free = engine.slips.len().saturating_sub(seats.slips);
        let taken = missing.min(free);
        seats.slips += taken;
        missing -= taken;
    }
    seats.last = able;
    let somebody = !only_named || !named.is_empty();
    if missing > 0 && !(signer.allows(SignMethod::Inbox) && somebody) {
        return Err(missing_signature());
    }
    Ok(missing)
}

/// Writes who signed into the fields that show it.
pub(super) fn show(engine: &Engine<'_, '_>, action: &Action, row: &mut RecordRow) {
    for (place, signed) in &engine.placed.by {
        let signer = action.sign.get(*place);
        let Some(field) = signer.and_then(|signer| signer.field.as_ref()) else {
            continue;
        };
        let mut shown: Vec<Value> = signed
            .iter()
            .map(
                |one| json!({ "person": one.person, "method": one.method.key(), "at": engine.now }),
            )
            .collect();
        if signer.is_some_and(|signer| signer.allows(SignMethod::Slip)) {
            let slips = engine.slips.iter();
            shown.extend(
                slips.map(|place| json!({ "slip": place, "method": "slip", "at": engine.now })),
            );
        }
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
