//! Which regimes hold for a record: those of the installation, and those that are attached (by the register
//! `regime_use`) to a unit or a project it belongs to. The strictest wins.
//!
//! A record belongs to the units in its unit fields, to those of its drafter and of the persons it names, and to
//! those above them; to the projects in its label. A line belongs where its record does.

use crate::{
    core::Inner,
    error::{Error, text},
    labels, limits, people,
};
use domain::{RecordId, UnitId};
use registers::{Catalogue, Definition, FieldKind, Regimes};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use store::{RecordRow, Tx};

const REGISTER: &str = "regime_use";

/// The regimes of the installation alone, and with every set of those that can be attached. WHY made
/// beforehand: every act asks, and there are few of them.
#[derive(Debug)]
pub(crate) struct InForce {
    installation: Regimes,
    /// By the set of regimes besides: the first of `keys` is the lowest bit.
    with: BTreeMap<usize, Regimes>,
    keys: Vec<String>,
    /// Whether units may differ in when a review lapses.
    reviews_differ: bool,
    /// Whether anything may be attached. WHY: every act asks, and most houses attach nothing; where this
    /// program alone has the database, it knows.
    perhaps: AtomicBool,
}

impl InForce {
    /// Those of the installation, by key, and what can come beside them.
    pub(crate) fn new(catalogue: &Catalogue, own: &[String]) -> Result<Self, Error> {
        let others = catalogue.regimes().map(|regime| regime.key.as_str());
        let others = others.filter(|key| !own.iter().any(|own| own == key));
        let keys: Vec<String> = others
            .filter(|key| *key != "base")
            .map(str::to_owned)
            .collect();
        if keys.len() > limits::REGIMES {
            return Err(Error::malformed(
                "packs.regimes",
                "规则包中的制度过多：除全单位适用的以外至多 8 项",
                "too many regimes in the packs: 8 at most beside those of the installation",
            ));
        }
        let combine = |mask: usize| {
            let besides = keys.iter().enumerate();
            let besides = besides.filter(|(bit, _)| mask & (1 << bit) != 0);
            let besides = besides.map(|(_, key)| key.as_str());
            let own = own.iter().map(String::as_str);
            catalogue
                .in_force_beside(own, besides)
                .map_err(Error::internal)
        };
        let installation = combine(0)?;
        let mut with = BTreeMap::new();
        for mask in 1..1_usize << keys.len() {
            with.insert(mask, combine(mask)?);
        }
        let reviews = |regimes: &Regimes| -> Vec<(String, Value)> {
            let all = regimes.parameters.iter();
            let reviews = all.filter(|(key, _)| key.starts_with("rereview."));
            reviews
                .map(|(key, value)| (key.to_owned(), value.clone()))
                .collect()
        };
        let usual = reviews(&installation);
        let reviews_differ = with.values().any(|one| reviews(one) != usual);
        Ok(Self {
            installation,
            with,
            keys,
            reviews_differ,
            perhaps: AtomicBool::new(true),
        })
    }

    /// Asks no more as long as nothing is attached: no other program writes in this database, and nothing is
    /// attached now.
    pub(crate) fn rest(&mut self) {
        self.perhaps = AtomicBool::new(false);
    }

    /// An act is about to attach something. WHY it stays so, whatever becomes of the act: who reads meanwhile
    /// sees the one or the other.
    pub(crate) fn touched(&self, register: &str) {
        if register == REGISTER {
            self.perhaps.store(true, Ordering::SeqCst);
        }
    }

    /// Those of the whole house.
    pub(crate) fn installation(&self) -> &Regimes {
        &self.installation
    }

    fn besides(&self, mask: usize) -> &Regimes {
        self.with.get(&mask).unwrap_or(&self.installation)
    }
}

/// The regimes that something is attached to.
pub(crate) fn attached(tx: &mut Tx<'_>) -> Result<BTreeSet<String>, store::Error> {
    let rows = tx.open_records(REGISTER, limits::ATTACHMENTS)?;
    let keys = rows.iter().filter_map(|row| people::text_of(row, "regime"));
    Ok(keys.map(str::to_owned).collect())
}

/// Refuses to open a folder in which a regime is attached that the packs do not have.
pub(crate) fn refuse_unknown(
    catalogue: &Catalogue,
    attached: &BTreeSet<String>,
) -> Result<(), Error> {
    let unknown = attached.iter().find(|key| catalogue.regime(key).is_none());
    let Some(unknown) = unknown else {
        return Ok(());
    };
    Err(Error::Malformed {
        code: "packs.regime_missing",
        say: text(
            &format!("规则包中没有正在适用的制度 `{unknown}`：请使用含有该制度的规则包"),
            &format!(
                "the packs lack the regime `{unknown}`, which is in use: use packs that have it"
            ),
        ),
    })
}

/// What one attachment says.
#[derive(Debug)]
struct Attachment {
    bit: usize,
    unit: Option<UnitId>,
    compartment: Option<String>,
}

/// What is attached as a transaction sees it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attached(Arc<Vec<Attachment>>, Arc<Mutex<Belonging>>);

/// Where persons and units belong, once it was asked. WHY: lists ask it of every row.
type Belonging = HashMap<RecordId, BTreeSet<UnitId>>;

impl Attached {
    pub(crate) fn load(inner: &Inner, tx: &mut Tx<'_>) -> Result<Self, Error> {
        let regimes = &inner.regimes;
        if !regimes.perhaps.load(Ordering::SeqCst) || regimes.keys.is_empty() {
            return Ok(Self::default());
        }
        let rows = tx.open_records(REGISTER, limits::ATTACHMENTS)?;
        let read = |row: &RecordRow| {
            let key = people::text_of(row, "regime")?;
            Some(Attachment {
                bit: inner.regimes.keys.iter().position(|known| known == key)?,
                unit: people::text_of(row, "unit").and_then(|id| id.parse().ok()),
                compartment: people::text_of(row, "compartment").map(str::to_owned),
            })
        };
        let attached = rows.iter().filter_map(read).collect();
        Ok(Self(Arc::new(attached), Arc::default()))
    }

    /// Those that hold for a record.
    pub(crate) fn of<'i>(
        &self,
        inner: &'i Inner,
        tx: &mut Tx<'_>,
        definition: &Definition,
        row: &RecordRow,
    ) -> Result<&'i Regimes, Error> {
        if self.0.is_empty() {
            return Ok(&inner.regimes.installation);
        }
        let mut of = match row.line {
            Some(_) => tx.record(row.root())?,
            None => None,
        };
        // the record follows what its line names, as it will be
        if let Some(of) = &mut of {
            of.label = of.label.join(&labels::of(tx, definition, row)?);
        }
        let (definition, row) = match &of {
            Some(of) => {
                let register = inner.catalogue.definition(&of.register);
                (register.unwrap_or(definition), of)
            }
            None => (definition, row),
        };
        // what is only proposed counts already
        let mut compartments = row.label.compartments.clone();
        if definition.label.proposes() {
            compartments.extend(labels::proposed(&row.body, row.drafter).compartments);
        }
        let mut units = BTreeSet::new();
        if self.0.iter().any(|one| one.unit.is_some()) {
            units = self.units_of(tx, definition, row)?;
        }
        let holds = |one: &&Attachment| {
            let in_unit = one.unit.is_some_and(|unit| units.contains(&unit));
            let in_project = one.compartment.as_ref().is_some_and(|name| {
                let mut projects = compartments.iter();
                projects.any(|compartment| compartment.as_str() == name)
            });
            in_unit || in_project
        };
        Ok(self.besides(inner, self.0.iter().filter(holds)))
    }

    /// The units of a record: those in its unit fields, those of its drafter and of the persons it names, and
    /// those above them.
    fn units_of(
        &self,
        tx: &mut Tx<'_>,
        definition: &Definition,
        row: &RecordRow,
    ) -> Result<BTreeSet<UnitId>, Error> {
        let is_one = |kind: FieldKind| {
            matches!(
                kind,
                FieldKind::Unit | FieldKind::Units | FieldKind::Person | FieldKind::Persons
            )
        };
        let fields = definition.fields.iter().filter(|field| is_one(field.kind));
        let mut named: BTreeSet<RecordId> = fields
            .flat_map(|field| labels::ids(row.body.get(&field.key)))
            .collect();
        if definition.key == "unit" {
            named.insert(row.id);
        }
        named.extend(row.drafter.map(RecordId::from));
        let mut units = BTreeSet::new();
        for id in named {
            units.extend(self.belonging(tx, id)?);
        }
        Ok(units)
    }

    /// The units of a person, or a unit with those above it.
    fn belonging(&self, tx: &mut Tx<'_>, id: RecordId) -> Result<BTreeSet<UnitId>, Error> {
        let lock = || self.1.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&id) {
            return Ok(known.clone());
        }
        let row = tx.record(id)?;
        let unit = match &row {
            Some(person) if person.register == "person" => people::linked(tx, person, "unit")?,
            _ => row,
        };
        let units = people::ancestors(tx, unit.as_ref())?;
        lock().insert(id, units.clone());
        Ok(units)
    }

    fn besides<'i, 'a>(
        &self,
        inner: &'i Inner,
        held: impl Iterator<Item = &'a Attachment>,
    ) -> &'i Regimes {
        let mask = held.fold(0, |mask, one| mask | 1 << one.bit);
        inner.regimes.besides(mask)
    }
}

/// Those that hold for a person of these units, where units may differ in what is asked of persons.
pub(crate) fn of_person<'i>(
    inner: &'i Inner,
    tx: &mut Tx<'_>,
    units: &BTreeSet<UnitId>,
) -> Result<&'i Regimes, Error> {
    if !inner.regimes.reviews_differ {
        return Ok(&inner.regimes.installation);
    }
    let attached = Attached::load(inner, tx)?;
    let of_units = attached.0.iter();
    let of_units = of_units.filter(|one| one.unit.is_some_and(|unit| units.contains(&unit)));
    Ok(attached.besides(inner, of_units))
}
