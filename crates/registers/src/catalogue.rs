//! Everything that was loaded: registers and regimes, by key.

use std::collections::BTreeMap;

use crate::model::{Definition, Uses};
use crate::regime::{self, Regime, Regimes};
use crate::{Error, model};

/// The registers and regimes of all packs.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    definitions: BTreeMap<String, Definition>,
    /// The lines of registers, each kind as a register of its own.
    lines: BTreeMap<String, Definition>,
    /// Of each register. WHY: every act asks, and finding out takes a walk through all expressions.
    uses: BTreeMap<String, Uses>,
    pub(crate) regimes: BTreeMap<String, Regime>,
}

impl Catalogue {
    /// Takes a register in, in the place of one with its key.
    pub(crate) fn add(&mut self, definition: Definition) {
        let uses = definition.uses();
        for line in &definition.lines {
            let lines = line.as_register(&definition);
            // WHY: what is said of a line may read the record, and the record's all of its lines
            self.uses.insert(lines.key.clone(), uses.clone());
            self.lines.insert(lines.key.clone(), lines);
        }
        self.uses.insert(definition.key.clone(), uses);
        self.definitions.insert(definition.key.clone(), definition);
    }

    /// Whether anything that is evaluated on records of a register calls a function (`open_items`).
    pub fn calls(&self, register: &str, function: &str) -> bool {
        self.uses
            .get(register)
            .is_some_and(|uses| uses.functions.contains(function))
    }

    /// Whether anything that is evaluated on records of a register reads a variable
    /// ([`crate::BEFORE`]).
    pub fn reads(&self, register: &str, variable: &str) -> bool {
        self.uses
            .get(register)
            .is_some_and(|uses| uses.variables.contains(variable))
    }

    /// The register of this key.
    pub fn definition(&self, key: &str) -> Option<&Definition> {
        self.definitions.get(key)
    }

    /// What the records kept under this key are: those of a register, or the lines of some.
    pub fn kept_as(&self, key: &str) -> Option<&Definition> {
        self.definition(key).or_else(|| self.lines.get(key))
    }

    /// All registers, by key.
    pub fn definitions(&self) -> impl Iterator<Item = &Definition> {
        self.definitions.values()
    }

    /// The regime of this key.
    pub fn regime(&self, key: &str) -> Option<&Regime> {
        self.regimes.get(key)
    }

    /// All regimes, by key.
    pub fn regimes(&self) -> impl Iterator<Item = &Regime> {
        self.regimes.values()
    }

    /// The regimes in force for a unit or project, put together; none means the base alone.
    pub fn in_force<'k>(&self, keys: impl IntoIterator<Item = &'k str>) -> Result<Regimes, Error> {
        let mut chosen = Vec::new();
        for key in keys.into_iter().filter(|key| *key != regime::BASE) {
            let regime = self.regimes.get(key);
            chosen.push(regime.ok_or_else(|| Error::Regime(key.to_owned()))?);
        }
        Ok(Regimes::combine(self.regimes.get(regime::BASE), &chosen))
    }

    /// Every rule of every register with the register it stands in, for the table of rules.
    pub fn rules(&self) -> impl Iterator<Item = (&Definition, &model::Rule)> {
        self.definitions.values().flat_map(|definition| {
            let lines = definition.lines.iter().flat_map(|line| &line.rules);
            definition
                .rules
                .iter()
                .chain(lines)
                .map(move |rule| (definition, rule))
        })
    }
}
