//! The label of a record, as its definition says: open, as secret as what it is about, its own, or
//! what its fields propose. Derived labels never fall below their sources.

use crate::{core::Inner, error::Error, people};
use domain::{Date, Ends, Label, Level, Levels, Mark, PersonId, RecordId, Scope, Term, UnitId};
use registers::{Definition, LabelRule, model::WITHDRAWN};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use store::{RecordRow, Tx};

/// JSON of a label; it has no map keys that JSON cannot hold.
pub(crate) fn to_value(label: &Label) -> Value {
    serde_json::to_value(label).unwrap_or_default()
}

/// Works out the label of a record from its fields.
pub(crate) fn of(
    tx: &mut Tx<'_>,
    definition: &Definition,
    row: &RecordRow,
) -> Result<Label, Error> {
    match &definition.label {
        LabelRule::Open => Ok(Label::open()),
        LabelRule::Join(sources) => {
            let label = joined(tx, definition, sources, row)?;
            if definition.label.proposes() {
                return Ok(label.join(&proposed(&row.body, row.drafter)));
            }
            Ok(label)
        }
        LabelRule::Proposed => Ok(proposed(&row.body, row.drafter)),
        LabelRule::Parent(fields) => {
            let of = tx.record(row.root())?.filter(|_| row.line.is_some());
            let of = of.ok_or_else(|| Error::defect("a line's record is gone"))?;
            let named = fields.iter().flat_map(|field| ids(row.body.get(field)));
            // what was withdrawn counts no more
            let named = named.filter(|_| row.state != WITHDRAWN);
            join_all(tx, of.label, named)
        }
    }
}

fn joined(
    tx: &mut Tx<'_>,
    definition: &Definition,
    sources: &[String],
    row: &RecordRow,
) -> Result<Label, Error> {
    let mut label = Label::open();
    for source in sources {
        let line = source
            .split_once('.')
            .and_then(|(line, field)| Some((definition.line(line)?, field)));
        let named = match line {
            None => ids(row.body.get(source)),
            Some((line, field)) => {
                let register = line.register_key(&definition.key);
                for of_line in tx.labels_of_lines(row.id, &register, field, WITHDRAWN)? {
                    label = label.join(&of_line);
                }
                let given = line.given(&row.body);
                given.flat_map(|body| ids(body.get(field))).collect()
            }
        };
        label = join_all(tx, label, named)?;
    }
    Ok(label)
}

/// A label joined with those of records.
fn join_all(
    tx: &mut Tx<'_>,
    mut label: Label,
    records: impl IntoIterator<Item = RecordId>,
) -> Result<Label, Error> {
    for id in records {
        if let Some(source) = tx.record(id)? {
            label = label.join(&source.label);
        }
    }
    Ok(label)
}

/// Ids in a link or links value.
pub(crate) fn ids(value: Option<&Value>) -> Vec<RecordId> {
    match value {
        Some(Value::String(text)) => text.parse().into_iter().collect(),
        Some(Value::Array(list)) => list
            .iter()
            .filter_map(|one| one.as_str()?.parse().ok())
            .collect(),
        _ => Vec::new(),
    }
}

/// A label from the fields level, term, dates, compartments and scope. It follows from the record
/// alone: the same record has the same label on every day.
pub(crate) fn proposed(body: &Map<String, Value>, drafter: Option<PersonId>) -> Label {
    let level = level(body);
    let lifted = body.get("declassified_on").is_some_and(|on| !on.is_null());
    let levels = match level {
        Some(level) if !lifted => Levels::new().with(level),
        _ => Levels::new(),
    };
    let ends = match (level, term(body)) {
        (Some(level), Some(term)) => ends(&term, start(body), level),
        _ => Ends::none(),
    };
    Label {
        levels,
        ends,
        compartments: people::compartments(body.get("compartments").and_then(Value::as_str)),
        scope: scope(body, drafter),
    }
}

/// the period runs from the marked issue date, without one from the written notice.
fn start(body: &Map<String, Value>) -> Option<Date> {
    date(body, "issue_date").or_else(|| date(body, "notice_date"))
}

/// When a term ends; a draft that was not issued yet has no day from which it could be counted.
fn ends(term: &Term, start: Option<Date>, level: Level) -> Ends {
    match (start, term) {
        (Some(start), _) => term.ends(start, level),
        (None, Term::Until(day)) => Ends::on(*day),
        (None, Term::Condition(event)) => Ends::when(event.clone()),
        (None, Term::LongTerm) => Ends::long_term(),
        (None, Term::Years(_) | Term::Months(_) | Term::Days(_) | Term::Unmarked) => Ends::none(),
    }
}

/// Named persons and units; a draft that names nobody yet is its drafter's alone.
fn scope(body: &Map<String, Value>, drafter: Option<PersonId>) -> Scope {
    let persons: BTreeSet<PersonId> = ids(body.get("scope_persons"))
        .into_iter()
        .map(PersonId::from)
        .collect();
    let units: BTreeSet<UnitId> = ids(body.get("scope_units"))
        .into_iter()
        .map(UnitId::from)
        .collect();
    if persons.is_empty() && units.is_empty() {
        return drafter.map_or_else(Scope::nobody, |person| {
            Scope::named([person], BTreeSet::new())
        });
    }
    Scope::named(persons, units)
}

/// The level a body states.
pub(crate) fn level(body: &Map<String, Value>) -> Option<Level> {
    body.get("level")
        .and_then(Value::as_str)
        .and_then(|key| Level::parse_key(key).ok())
}

/// The term a body states.
pub(crate) fn term(body: &Map<String, Value>) -> Option<Term> {
    body.get("term")
        .and_then(|value| serde_json::from_value(value.clone()).ok())
}

fn date(body: &Map<String, Value>, field: &str) -> Option<Date> {
    body.get(field)
        .and_then(Value::as_str)
        .and_then(|text| text.parse().ok())
}

/// The printed mark of what states its own level and term.
pub(crate) fn own_mark(label: &Label, body: &Map<String, Value>) -> Option<String> {
    let (level, term) = level(body).zip(term(body))?;
    // a proposal below what it is about is marked like that, until it is decided
    if !label.levels.iter().any(|one| one == level) {
        return None;
    }
    let owner = body.get("owner").and_then(Value::as_str);
    Some(Mark::for_level(level, term, owner).to_string())
}

/// The printed mark of a record: from its own level and term, or from what it is about.
pub(crate) fn mark(
    inner: &Inner,
    tx: &mut Tx<'_>,
    row: &RecordRow,
) -> Result<Option<String>, Error> {
    let mut source = row.clone();
    for _ in 0..4 {
        if source.label.levels.is_open() {
            return Ok(None);
        }
        if let Some(mark) = own_mark(&source.label, &source.body) {
            return Ok(Some(mark));
        }
        let Some(definition) = inner.catalogue.kept_as(&source.register) else {
            return Ok(None);
        };
        let next = match &definition.label {
            LabelRule::Parent(_) => Some(source.root()),
            LabelRule::Join(fields) => fields
                .iter()
                .find_map(|field| ids(source.body.get(field)).into_iter().next()),
            LabelRule::Open | LabelRule::Proposed => None,
        };
        let Some(next) = next else { return Ok(None) };
        let Some(row) = tx.record(next)? else {
            return Ok(None);
        };
        source = row;
    }
    Ok(None)
}
