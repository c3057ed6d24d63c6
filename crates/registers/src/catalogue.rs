//! Everything that was loaded: registers and regimes, by key.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Definition, Purpose, Trigger, UsesFor};
use crate::regime::{self, Regime, Regimes};
use crate::{Error, model};

/// The registers and regimes of all packs.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    definitions: BTreeMap<String, Definition>,
    /// The lines of registers, each kind as a register of its own.
    lines: BTreeMap<String, Definition>,
    /// Of each register. WHY: every act asks, and finding out takes a walk through all expressions.
    uses: BTreeMap<String, UsesFor>,
    /// The registers with a clock that an act starts or stops elsewhere. WHY: every act asks.
    /// By the register and the action of the act.
    listeners: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    pub(crate) regimes: BTreeMap<String, Regime>,
}

impl Catalogue {
    /// Takes a register in, in the place of one with its key.
    pub(crate) fn add(&mut self, definition: Definition) {
        for line in &definition.lines {
            let lines = line.as_register(&definition);
            let uses = UsesFor::of(&lines, &definition);
            self.uses.insert(lines.key.clone(), uses);
            self.lines.insert(lines.key.clone(), lines);
        }
        self.listen(&definition);
        let uses = UsesFor::of(&definition, &definition);
        self.uses.insert(definition.key.clone(), uses);
        self.definitions.insert(definition.key.clone(), definition);
    }

    fn listen(&mut self, definition: &Definition) {
        for clock in &definition.clocks {
            for trigger in clock.start.iter().chain(&clock.stop) {
                if let Trigger::Event(event) = trigger {
                    let of_register = self.listeners.entry(event.register.clone()).or_default();
                    let registers = of_register.entry(event.action.clone()).or_default();
                    registers.insert(definition.key.clone());
                }
            }
        }
    }

    /// The registers with a clock that this act starts or stops.
    pub fn listeners(&self, register: &str, action: &str) -> impl Iterator<Item = &Definition> {
        let of_register = self.listeners.get(register);
        let keys = of_register.and_then(|acts| acts.get(action));
        let keys = keys.into_iter().flatten();
        keys.filter_map(|key| self.definition(key))
    }

    /// Whether what is evaluated on a record of a register for a purpose calls a function
    /// (`open_items`).
    pub fn calls(&self, register: &str, purpose: Purpose<'_>, function: &str) -> bool {
        let uses = self.uses.get(register);
        uses.is_some_and(|uses| uses.calls(purpose, function))
    }

    /// Whether what is evaluated on a record of a register for a purpose may read what goes by this name:
    /// a variable ([`crate::BEFORE`]), a field, a kind of lines or one of their fields.
    pub fn reads(&self, register: &str, purpose: Purpose<'_>, name: &str) -> bool {
        let uses = self.uses.get(register);
        uses.is_some_and(|uses| uses.reads(purpose, name))
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

    /// All registers and kinds of lines, as their records are kept.
    pub fn all_kept(&self) -> impl Iterator<Item = &Definition> {
        self.definitions.values().chain(self.lines.values())
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

    /// The same with regimes beside those of a house. WHY not all alike: a house under the base alone keeps the
    /// base's word where what comes beside is looser.
    pub fn in_force_beside<'k>(
        &self,
        own: impl IntoIterator<Item = &'k str>,
        besides: impl IntoIterator<Item = &'k str>,
    ) -> Result<Regimes, Error> {
        let find = |key: &str| {
            let regime = self.regimes.get(key);
            regime.ok_or_else(|| Error::Regime(key.to_owned()))
        };
        let own = own.into_iter().filter(|key| *key != regime::BASE);
        let mut chosen = own.map(find).collect::<Result<Vec<&Regime>, Error>>()?;
        let silent = Regime::silent();
        let besides = besides
            .into_iter()
            .map(find)
            .collect::<Result<Vec<&Regime>, Error>>()?;
        if chosen.is_empty() && !besides.is_empty() {
            chosen.push(&silent);
        }
        chosen.extend(besides);
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
