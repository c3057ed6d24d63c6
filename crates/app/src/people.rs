//! People as the engine sees them: who they are, where they belong, what they are cleared for today.
//!
//! Clearance is a projection: the post's grade counts only while review, training and pledge stand and
//! the person is active and not in the cooling-off period; where the regime says
//! so, an overdue review takes it away. It is computed from
//! the current records in the same transaction, so what was taken away a moment ago is gone.

use crate::{
    accounts,
    caller::Caller,
    core::Inner,
    error::{Error, text},
    regimes,
};
use access::{Ground, Role, Viewer};
use domain::{Clearance, Compartment, Date, Level, Levels, PersonId, RecordId, Timestamp, UnitId};
use registers::{Regimes, Span};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use store::{AccountStanding, RecordRow, Tx};

/// How far up the units of an organisation are followed.
const UNIT_DEPTH: usize = 32;

/// A person with everything decisions need.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) row: RecordRow,
    pub(crate) unit: Option<RecordRow>,
    pub(crate) post: Option<RecordRow>,
    pub(crate) units: BTreeSet<UnitId>,
    pub(crate) clearance: Clearance,
    pub(crate) cooling_off: bool,
}

pub(crate) fn text_of<'r>(row: &'r RecordRow, field: &str) -> Option<&'r str> {
    row.body.get(field).and_then(Value::as_str)
}

pub(crate) fn linked(
    tx: &mut Tx<'_>,
    row: &RecordRow,
    field: &str,
) -> Result<Option<RecordRow>, Error> {
    match text_of(row, field).and_then(|id| id.parse::<RecordId>().ok()) {
        Some(id) => Ok(tx.record(id)?),
        None => Ok(None),
    }
}

/// Loads a person.
pub(crate) fn load(
    inner: &Inner,
    tx: &mut Tx<'_>,
    id: PersonId,
    today: Date,
) -> Result<Option<Person>, Error> {
    let Some(row) = tx.record(id.into())?.filter(|row| row.register == "person") else {
        return Ok(None);
    };
    let unit = linked(tx, &row, "unit")?;
    let post = linked(tx, &row, "post")?;
    let units = ancestors(tx, unit.as_ref())?;
    let cooling_off = date_of(&row, "cooling_off_until").is_some_and(|until| today < until);
    let regimes = regimes::of_person(inner, tx, &units)?;
    let standing = Standing {
        today,
        cooling_off,
        lapsed: review_lapsed(inner, regimes, (&row, post.as_ref()), today),
    };
    let clearance = clearance(&row, post.as_ref(), &standing);
    Ok(Some(Person {
        row,
        unit,
        post,
        units,
        clearance,
        cooling_off,
    }))
}

/// A unit with those above it.
pub(crate) fn ancestors(
    tx: &mut Tx<'_>,
    unit: Option<&RecordRow>,
) -> Result<BTreeSet<UnitId>, Error> {
    let mut units = BTreeSet::new();
    let mut next = unit.cloned();
    while let Some(unit) = next {
        // a unit that is its own ancestor ends the climb
        if !units.insert(UnitId::from(unit.id)) || units.len() >= UNIT_DEPTH {
            break;
        }
        next = linked(tx, &unit, "upper")?;
    }
    Ok(units)
}

pub(crate) fn date_of(row: &RecordRow, field: &str) -> Option<Date> {
    text_of(row, field).and_then(|text| text.parse().ok())
}

/// What a clearance hangs on besides the record itself.
struct Standing {
    today: Date,
    cooling_off: bool,
    /// The review is overdue, and the regime lets the clearance lapse.
    lapsed: bool,
}

/// whether the next review of the post's grade was due before today, where the regime takes
/// the clearance away for it. A length that cannot be read takes it away too.
fn review_lapsed(
    inner: &Inner,
    regimes: &Regimes,
    (row, post): (&RecordRow, Option<&RecordRow>),
    today: Date,
) -> bool {
    let parameters = &regimes.parameters;
    let lapses = parameters
        .get("rereview.lapse")
        .and_then(Value::as_i64)
        .is_some_and(|lapse| lapse > 0);
    let grade = post.and_then(|post| text_of(post, "grade"));
    let (Some(passed), Some(grade), true) = (date_of(row, "review_passed_on"), grade, lapses)
    else {
        return false;
    };
    let Some(every) = parameters.get(&format!("rereview.{grade}")) else {
        return false;
    };
    let due = every.as_str().and_then(Span::parse).and_then(|every| {
        let passed = inner.zone.to_timestamp(passed.at(0, 0, 0, 0)).ok()?;
        registers::clocks::after(passed, every, &inner.calendar, &inner.zone)?.day
    });
    due.is_none_or(|day| day < today)
}

/// the grade of the post, if all gates stand. A gate in the future does not stand yet.
fn clearance(row: &RecordRow, post: Option<&RecordRow>, standing: &Standing) -> Clearance {
    let gates = ["review_passed_on", "trained_on", "pledged_on"];
    let passed = |gate: &&str| date_of(row, gate).is_some_and(|day| day <= standing.today);
    let ready = row.state == "active"
        && !standing.cooling_off
        && !standing.lapsed
        && gates.iter().all(passed);
    let Some(post) = post.filter(|post| ready && post.state == "active") else {
        return Clearance::none();
    };
    let mut levels = Levels::new();
    let state = match text_of(post, "grade") {
        Some("core") => Some(Level::TopSecret),
        Some("important") => Some(Level::Secret),
        Some("general") => Some(Level::Confidential),
        _ => None,
    };
    let trade = match text_of(post, "trade") {
        Some("core") => Some(Level::Core),
        Some("ordinary") => Some(Level::Ordinary),
        _ => None,
    };
    let work = post
        .body
        .get("work")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    for level in [state, trade, work.then_some(Level::Internal)]
        .into_iter()
        .flatten()
    {
        levels = levels.with(level);
    }
    Clearance {
        levels,
        compartments: compartments(text_of(row, "compartments")),
    }
}

/// Compartments as they are written in a text field.
pub(crate) fn compartments(text: Option<&str>) -> BTreeSet<Compartment> {
    text.unwrap_or_default()
        .split([',', '，', '、'])
        .filter_map(|name| Compartment::parse(name.trim()).ok())
        .collect()
}

/// The caller as the access decision sees them, from current records.
pub(crate) fn viewer(
    inner: &Inner,
    tx: &mut Tx<'_>,
    caller: &Caller,
    now: Timestamp,
) -> Result<Viewer, Error> {
    let account = accounts::live_account(tx, caller)?;
    viewer_of(inner, tx, &account, now)
}

/// Whether the caller brings in or does business, which administrators have no part in.
pub(crate) fn check_business(
    inner: &Inner,
    tx: &mut Tx<'_>,
    caller: &Caller,
    now: Timestamp,
) -> Result<(), Error> {
    if viewer(inner, tx, caller, now)?.is_business() {
        return Ok(());
    }
    Err(Error::Denied {
        code: "access.denied".to_owned(),
        rule: Some("R-407".to_owned()),
        clause: Some("SANYUAN".to_owned()),
        say: text(
            "业务数据由业务人员办理",
            "business is done by those whose business it is",
        ),
    })
}

/// An account as the access decision sees it.
pub(crate) fn viewer_of(
    inner: &Inner,
    tx: &mut Tx<'_>,
    account: &AccountStanding,
    now: Timestamp,
) -> Result<Viewer, Error> {
    let roles: BTreeSet<Role> = account
        .roles
        .iter()
        .filter_map(|key| Role::parse_key(key).ok())
        .collect();
    let person = match account.person {
        Some(id) => load(inner, tx, id, inner.today(now))?,
        None => None,
    };
    Ok(Viewer {
        account: account.id,
        person: account.person,
        units: person
            .as_ref()
            .map(|person| person.units.clone())
            .unwrap_or_default(),
        clearance: person.map_or_else(Clearance::none, |person| person.clearance),
        roles,
    })
}

/// The grounds that a record itself gives a viewer at this moment.
pub(crate) fn grounds(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    row: &RecordRow,
    now: Timestamp,
) -> Result<Vec<Ground>, Error> {
    let Some(person) = viewer.person else {
        return Ok(Vec::new());
    };
    let kinds = tx.grounds(row.root(), person, now)?;
    Ok(kinds
        .iter()
        .filter_map(|kind| Ground::parse_key(kind).ok())
        .collect())
}

/// A person's name.
pub(crate) fn name(tx: &mut Tx<'_>, id: PersonId) -> Result<String, Error> {
    let row = tx.record(id.into())?;
    Ok(row
        .as_ref()
        .and_then(|row| text_of(row, "name"))
        .unwrap_or_default()
        .to_owned())
}

/// Refuses ids that are no person.
pub(crate) fn must_exist(tx: &mut Tx<'_>, id: PersonId) -> Result<(), Error> {
    let known = tx
        .record(id.into())?
        .is_some_and(|row| row.register == "person");
    if known {
        Ok(())
    } else {
        Err(Error::malformed(
            "person.unknown",
            "没有这个人员",
            "there is no such person",
        ))
    }
}

/// The facts of a person that expressions may ask about.
pub(crate) fn facts(person: &Person) -> Map<String, Value> {
    let mut map = person.row.body.clone();
    map.insert("id".into(), person.row.id.to_string().into());
    map.insert("state".into(), person.row.state.clone().into());
    map.insert(
        "unit".into(),
        person.unit.as_ref().map_or(Value::Null, plain),
    );
    map.insert(
        "post".into(),
        person.post.as_ref().map_or(Value::Null, plain),
    );
    let units: Vec<Value> = person
        .units
        .iter()
        .map(|id| id.to_string().into())
        .collect();
    map.insert("unit_ids".into(), units.into());
    map.insert(
        "clearance".into(),
        serde_json::to_value(&person.clearance).unwrap_or_default(),
    );
    let decides = person
        .row
        .body
        .get("classifier_level")
        .cloned()
        .unwrap_or(Value::Null);
    map.insert("decides".into(), decides);
    map.insert("cooling_off".into(), person.cooling_off.into());
    map
}

/// A record as a map of its raw values.
fn plain(row: &RecordRow) -> Value {
    let mut map = row.body.clone();
    map.insert("id".into(), row.id.to_string().into());
    map.insert("state".into(), row.state.clone().into());
    Value::Object(map)
}

#[cfg(test)]
mod tests;
