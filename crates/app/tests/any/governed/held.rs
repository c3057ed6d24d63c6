//! What the language says of several regimes at once: of each rule and each parameter the strictest word of those in
//! force, where one that is silent leaves what the base says, or the definition.

use super::said::{
    Check, Content, PARAMETERS, Regime, Register, Rule, Said, Severity, Stricter, Value, is_fixed,
};
use std::collections::{BTreeMap, BTreeSet};

/// What holds for a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) severities: BTreeMap<String, Severity>,
    pub(super) parameters: BTreeMap<&'static str, Value>,
}

impl Said {
    /// The regimes in force: those of the house and these besides. A house without any is under the base, which is
    /// none of them.
    pub(super) fn in_force(&self, besides: &BTreeSet<usize>) -> Vec<Option<&Regime>> {
        let mut all: BTreeSet<usize> = (0..self.own).collect();
        all.extend(besides);
        let base = (self.own == 0).then_some(None);
        let all = all.into_iter().map(|one| Some(&self.regimes[one]));
        base.into_iter().chain(all).collect()
    }

    /// What is said of a rule where nothing else is said.
    pub(super) fn unless_said(&self, rule: &Rule) -> Severity {
        self.base.get(&rule.id).copied().unwrap_or(rule.severity)
    }

    /// What each regime in force says of a rule.
    pub(super) fn words(&self, rule: &Rule, besides: &BTreeSet<usize>) -> Vec<Severity> {
        let unless = self.unless_said(rule);
        let says = |regime: Option<&Regime>| regime?.severities.get(&rule.id).copied();
        let in_force = self.in_force(besides).into_iter();
        in_force
            .map(|regime| says(regime).unwrap_or(unless))
            .collect()
    }

    fn severity(&self, rule: &Rule, besides: &BTreeSet<usize>) -> Severity {
        if is_fixed(rule.letter) {
            return Severity::Stop;
        }
        self.words(rule, besides).into_iter().max().unwrap()
    }

    /// What each regime in force says of a parameter.
    pub(super) fn values(&self, key: &str, besides: &BTreeSet<usize>) -> Vec<Value> {
        let says = |regime: Option<&Regime>| regime?.parameters.get(key).copied();
        let in_force = self.in_force(besides).into_iter();
        in_force
            .map(|regime| says(regime).unwrap_or(self.declared[key]))
            .collect()
    }

    pub(super) fn parameter(&self, key: &str, besides: &BTreeSet<usize>) -> Value {
        let (_, stricter, _) = PARAMETERS.into_iter().find(|one| one.0 == key).unwrap();
        let values = self.values(key, besides).into_iter();
        let strictest = match stricter {
            Stricter::Less => values.min_by_key(|value| value.size()),
            Stricter::More => values.max_by_key(|value| value.size()),
            Stricter::Fixed => Some(self.declared[key]),
        };
        strictest.unwrap()
    }

    /// Whether the documents themselves are kept.
    pub(super) fn keeps(&self, besides: &BTreeSet<usize>) -> bool {
        let in_force = self.in_force(besides).into_iter().flatten();
        let strictest = in_force.filter_map(|regime| regime.content).max();
        strictest.is_none_or(|strictest| strictest == Content::Vault)
    }

    /// What holds for a record of a register; of what has no rules that could be loosened, the parameters.
    pub(super) fn word(&self, register: Option<&Register>, besides: &BTreeSet<usize>) -> Word {
        let rules = register.into_iter().flat_map(|register| &register.rules);
        let severities = rules.map(|rule| (rule.id.clone(), self.severity(rule, besides)));
        let keys = PARAMETERS.iter().map(|(key, _, _)| *key);
        Word {
            severities: severities.collect(),
            parameters: keys
                .map(|key| (key, self.parameter(key, besides)))
                .collect(),
        }
    }
}

impl Check {
    pub(super) fn holds(self, amount: i64, word: &Word) -> bool {
        let parameter = self.parameter().map(|key| word.parameters[key].size());
        match (self, parameter) {
            (Self::Below(most), _) => amount < most,
            (Self::Most, Some(most)) => amount <= most,
            (Self::Least, Some(least)) => amount >= least,
            (Self::Law, Some(law)) => amount != law,
            (_, None) => panic!("a parameter that nobody declares"),
        }
    }
}

impl Register {
    /// The rules on an act that do not hold, and how hard each does.
    pub(super) fn broken(&self, action: &str, amount: i64, word: &Word) -> Vec<(&Rule, Severity)> {
        let on = self.rules.iter().filter(|rule| rule.on.contains(&action));
        let broken = on.filter(|rule| !rule.check.holds(amount, word));
        broken
            .map(|rule| (rule, word.severities[&rule.id]))
            .collect()
    }
}
