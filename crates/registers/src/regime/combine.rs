//! Several regimes at once: the strictest wins.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Content, Parameter, Regime, Stricter, size_of};
use crate::model::{Rule, Severity};

/// Parameters by key, as expressions and clocks read them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parameters {
    values: BTreeMap<String, Value>,
}

impl Parameters {
    /// The value of a parameter.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.values.get(key)
    }

    /// Sets a parameter, such as `installation.max_level`, which no pack knows.
    #[must_use]
    pub fn with(mut self, key: &str, value: Value) -> Self {
        self.values.insert(key.to_owned(), value);
        self
    }

    /// All of them, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values.iter().map(|(key, value)| (key.as_str(), value))
    }
}

/// The regimes in force for a unit or project.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Regimes {
    /// Keys of the regimes in force.
    pub keys: Vec<String>,
    /// The strictest word on what is kept of documents.
    pub content: Option<Content>,
    /// The strictest value of every parameter.
    pub parameters: Parameters,
    /// What each regime says about a rule; a regime that is silent leaves the definition's word.
    severities: Vec<BTreeMap<String, Severity>>,
    /// What the base says, for the regimes that are silent.
    default: BTreeMap<String, Severity>,
}

impl Regimes {
    /// Puts regimes together; `base` supplies what the others leave open.
    pub fn combine(base: Option<&Regime>, regimes: &[&Regime]) -> Self {
        let mut values = BTreeMap::new();
        let mut keys: Vec<&str> = Vec::new();
        for regime in base.iter().chain(regimes) {
            keys.extend(regime.parameters.keys().map(String::as_str));
        }
        for key in keys {
            let declared = base.and_then(|base| base.parameters.get(key));
            let set: Vec<&Parameter> = regimes
                .iter()
                .filter_map(|regime| regime.parameters.get(key))
                .collect();
            // a regime that does not set it stays with the declared value
            let silent = set.len() < regimes.len() || regimes.is_empty();
            let candidates = set.into_iter().chain(declared.filter(|_| silent));
            let stricter = declared.map(|parameter| parameter.stricter);
            if let Some(value) = strictest(candidates, stricter) {
                values.insert(key.to_owned(), value);
            }
        }
        Self {
            content: base
                .into_iter()
                .chain(regimes.iter().copied())
                .filter_map(|r| r.content)
                .max(),
            keys: regimes.iter().map(|regime| regime.key.clone()).collect(),
            parameters: Parameters { values },
            severities: regimes
                .iter()
                .map(|regime| regime.severities.clone())
                .collect(),
            default: base.map(|base| base.severities.clone()).unwrap_or_default(),
        }
    }

    /// How hard a rule holds: the strictest word of all regimes; P rules and invariants always
    /// stop, whatever a file says.
    pub fn severity(&self, rule: &Rule) -> Severity {
        if rule.letter.is_fixed() {
            return Severity::Stop;
        }
        let default = self.default.get(&rule.id).copied().unwrap_or(rule.severity);
        let words = self.severities.iter();
        words
            .map(|severities| severities.get(&rule.id).copied().unwrap_or(default))
            .max()
            .unwrap_or(default)
    }
}

fn strictest<'p>(
    candidates: impl Iterator<Item = &'p Parameter>,
    stricter: Option<Stricter>,
) -> Option<Value> {
    candidates
        .reduce(|best, other| {
            let stricter = stricter.unwrap_or(best.stricter);
            let (Some(a), Some(b)) = (size_of(&best.value), size_of(&other.value)) else {
                return best;
            };
            let takes_other = match stricter {
                Stricter::Less => b < a,
                Stricter::More => b > a,
                Stricter::Fixed => false,
            };
            if takes_other { other } else { best }
        })
        .map(|parameter| parameter.value.clone())
}
