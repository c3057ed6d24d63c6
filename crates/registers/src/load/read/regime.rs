//! Regimes.

use std::collections::BTreeMap;

use serde_json::Value;

use super::stand_in;
use crate::load::item::Item;
use crate::load::mistake::Mistake;
use crate::load::reader::Reader;
use crate::load::table::{At, Table};
use crate::model::Severity;
use crate::regime::{Content, Parameter, Regime, Stricter};

/// A regime with the places of what it sets.
pub(in crate::load) struct ReadRegime {
    pub(in crate::load) regime: Regime,
    /// Parameter key → where it stands.
    pub(in crate::load) parameters_at: BTreeMap<String, usize>,
    /// Rule id → where it stands.
    pub(in crate::load) severities_at: BTreeMap<String, usize>,
}

pub(in crate::load) fn regime<'t>(reader: &Reader<'t>, table: Table<'t>) -> Option<ReadRegime> {
    let key = reader.regime_key(&table);
    let name = stand_in(table.need_text("name"));
    let help = table.text("help");
    let content = table.word("content", &Content::ALL);
    let mut parameters = BTreeMap::new();
    let mut parameters_at = BTreeMap::new();
    if let Some(set) = table.table("parameters", "[parameters]") {
        for (key, item) in set.entries() {
            if let Some(parameter) = parameter(item) {
                parameters_at.insert(key.value.clone(), key.at);
                parameters.insert(key.value, parameter);
            }
        }
    }
    let mut severities = BTreeMap::new();
    let mut severities_at = BTreeMap::new();
    if let Some(set) = table.table("severities", "[severities]") {
        for (rule, item) in set.entries() {
            if let Some(severity) = item.word(&Severity::ALL) {
                severities_at.insert(rule.value.clone(), rule.at);
                severities.insert(rule.value, severity);
            }
        }
    }
    table.close();
    let regime = Regime {
        key: key?.value,
        name,
        help,
        content,
        parameters,
        severities,
    };
    Some(ReadRegime {
        regime,
        parameters_at,
        severities_at,
    })
}

/// `{ value = …, rule = "R-606", stricter = "less" }`.
fn parameter(item: Item<'_>) -> Option<Parameter> {
    let table = item.table("a parameter")?;
    let value = table.need("value").and_then(|item| scalar(&table, item));
    let rule = table.need_string("rule");
    let stricter = table
        .word("stricter", &Stricter::ALL)
        .unwrap_or(Stricter::Fixed);
    let min = table.item("min").and_then(|item| scalar(&table, item));
    let max = table.item("max").and_then(|item| scalar(&table, item));
    let help = table.text("help");
    table.close();
    let At { value: rule, .. } = rule?;
    Some(Parameter {
        value: value?,
        rule,
        stricter,
        min,
        max,
        help,
    })
}

/// A number, a text, a flag, or a list of these.
fn scalar(table: &Table<'_>, item: Item<'_>) -> Option<Value> {
    let value = item.scalar();
    if value.is_none() {
        let wanted = "number, a string or a list of these";
        table.note(
            item.at,
            Mistake::WrongType {
                wanted,
                given: item.type_name(),
            },
        );
    }
    value
}
