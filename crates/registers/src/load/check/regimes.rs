//! Regimes: they set what the base declares, and loosen nothing the law fixes.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::Catalogue;
use crate::load::file::File;
use crate::load::mistake::{Mistake, Thing};
use crate::load::read::ReadRegime;
use crate::model::{Choice, ChoicesOf, Definition, Letter, Severity};
use crate::regime::{BASE, Parameter, Regime, Stricter, size_of};

/// Puts the regimes into the catalogue and notes what they may not do.
pub(super) fn settle(catalogue: &mut Catalogue, regimes: Vec<(ReadRegime, &File<'_>)>) {
    let base = regimes.iter().find(|(read, _)| read.regime.key == BASE);
    let base: Option<Regime> = base.map(|(read, _)| read.regime.clone());
    let letters = letters(catalogue);
    for (read, file) in regimes {
        check_severities(&read, file, &letters);
        if let (Some(base), true) = (&base, read.regime.key != BASE) {
            check_parameters(&read, file, base);
        }
        let key = read.regime.key.clone();
        match catalogue.regimes.entry(key.clone()) {
            Entry::Vacant(place) => {
                place.insert(read.regime);
            }
            Entry::Occupied(_) => {
                let what = "the regime";
                file.note(0, Mistake::Duplicate { what, key });
            }
        }
    }
}

/// Fills in the choices of fields that choose a regime.
pub(super) fn choices(definition: &mut Definition, regimes: &[(ReadRegime, &File<'_>)]) {
    let lines = definition.lines.iter_mut();
    let fields = lines.flat_map(|line| &mut line.fields);
    for field in definition.fields.iter_mut().chain(fields) {
        let Some(ChoicesOf::Regimes) = field.choices_of else {
            continue;
        };
        let known: BTreeMap<&str, &Regime> = regimes
            .iter()
            .map(|(read, _)| (read.regime.key.as_str(), &read.regime))
            .filter(|(key, _)| *key != BASE)
            .collect();
        let choices = known.into_iter().map(|(key, regime)| Choice {
            key: key.to_owned(),
            name: regime.name.clone(),
        });
        field.choices = choices.collect();
    }
}

/// Rule id → the strongest letter it carries in any register.
fn letters(catalogue: &Catalogue) -> BTreeMap<String, Letter> {
    let mut letters = BTreeMap::new();
    for (_, rule) in catalogue.rules() {
        let letter = letters.entry(rule.id.clone()).or_insert(rule.letter);
        if rule.letter.is_fixed() {
            *letter = rule.letter;
        }
    }
    letters
}

fn check_severities(read: &ReadRegime, file: &File<'_>, letters: &BTreeMap<String, Letter>) {
    for (rule, at) in &read.severities_at {
        let severity = read.regime.severities.get(rule).copied();
        match letters.get(rule) {
            None if letters.is_empty() => {}
            None => {
                let known = letters.keys().map(String::as_str);
                file.note(*at, Mistake::no_such(Thing::Rule, rule, known));
            }
            Some(letter) if letter.is_fixed() && severity != Some(Severity::Stop) => {
                let letter = letter.word();
                file.note(
                    *at,
                    Mistake::RegimeLoosens {
                        rule: rule.clone(),
                        letter,
                    },
                );
            }
            Some(_) => {}
        }
    }
}

fn check_parameters(read: &ReadRegime, file: &File<'_>, base: &Regime) {
    for (key, at) in &read.parameters_at {
        let Some(own) = read.regime.parameters.get(key) else {
            continue;
        };
        let mistake = match base.parameters.get(key) {
            None => {
                let known = base.parameters.keys().map(String::as_str);
                Some(Mistake::no_such(Thing::Parameter, key, known))
            }
            Some(declared) => against(key, own, declared),
        };
        if let Some(mistake) = mistake {
            file.note(*at, mistake);
        }
    }
}

fn against(key: &str, own: &Parameter, declared: &Parameter) -> Option<Mistake> {
    let key = key.to_owned();
    let (own_size, size) = (size_of(&own.value), size_of(&declared.value));
    let same_kind = std::mem::discriminant(&own.value) == std::mem::discriminant(&declared.value);
    if !same_kind || own_size.is_some() != size.is_some() {
        return Some(Mistake::RegimeValue { key });
    }
    if declared.stricter == Stricter::Fixed && own.value != declared.value {
        return Some(Mistake::RegimeFixed { key });
    }
    let below = |bound: &Option<_>| bound.as_ref().and_then(size_of).zip(own_size);
    let too_small = below(&declared.min).is_some_and(|(min, own)| own < min);
    let too_large = below(&declared.max).is_some_and(|(max, own)| own > max);
    (too_small || too_large).then_some(Mistake::RegimeBounds { key })
}
