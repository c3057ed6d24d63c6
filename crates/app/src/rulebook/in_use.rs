//! What is in use: the regimes of the installation, every parameter with where it comes from, every rule with how
//! hard it holds, every register with the file it stands in.

use super::{check_reader, sources::Files};
use crate::{caller::Caller, core::App, error::Error, packs::OF_HOUSE, regimes};
use domain::Text;
use registers::{BASE, Catalogue, Parameter, Regime, Regimes, Severity, Span, SpanUnit, Stricter};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that is in use.
#[derive(Debug, Serialize)]
pub struct PacksView {
    /// What is kept of documents: `vault`, `fingerprint` or `none`.
    pub content: String,
    /// The regimes of all packs, the base first.
    pub regimes: Vec<RegimeView>,
    /// Every parameter.
    pub parameters: Vec<ParameterView>,
    /// Every rule of every register.
    pub rules: Vec<RuleView>,
    /// Every register.
    pub registers: Vec<RegisterView>,
    /// Files that the house has added.
    pub house: Vec<String>,
}

/// A regime.
#[derive(Debug, Serialize)]
pub struct RegimeView {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Text,
    /// What it is for.
    pub help: Option<Text>,
    /// The file it stands in.
    pub file: String,
    /// Whether it holds for the whole house.
    pub in_force: bool,
    /// Whether it is attached to some unit or project.
    pub attached: bool,
    /// What it says is kept of documents.
    pub content: Option<String>,
}

/// What one regime says.
#[derive(Debug, Serialize)]
pub struct RegimeWord {
    /// The key of the regime.
    pub regime: String,
    /// What it says.
    pub says: Text,
}

/// A parameter.
#[derive(Debug, Serialize)]
pub struct ParameterView {
    /// Its key.
    pub key: String,
    /// What it means.
    pub help: Option<Text>,
    /// The value that holds for the whole house.
    pub value: Text,
    /// The value of the base.
    pub base: Option<Text>,
    /// Whether that differs from the base.
    pub differs: bool,
    /// The rule it comes from.
    pub rule: String,
    /// Where the rule stands, if a definition says so.
    pub clause: Option<String>,
    /// `less`, `more` or `fixed`.
    pub stricter: &'static str,
    /// The keys of the regimes from which the value comes.
    pub set_by: Vec<String>,
    /// What each regime says.
    pub regimes: Vec<RegimeWord>,
    /// The smallest value a regime may set.
    pub min: Option<Text>,
    /// The largest.
    pub max: Option<Text>,
}

/// A rule of a register.
#[derive(Debug, Serialize)]
pub struct RuleView {
    /// Its id.
    pub id: String,
    /// The key of the register.
    pub register: String,
    /// The name of the register.
    pub register_name: Text,
    /// Where it stands.
    pub clause: String,
    /// How sure the source is.
    pub letter: &'static str,
    /// No regime loosens it.
    pub fixed: bool,
    /// `stop`, `warn` or `off`, for the whole house.
    pub severity: &'static str,
    /// What each regime makes of it, by its key.
    pub regimes: BTreeMap<String, &'static str>,
    /// The actions it holds on.
    pub on: Vec<String>,
    /// What it says.
    pub say: Text,
}

/// A register.
#[derive(Debug, Serialize)]
pub struct RegisterView {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Text,
    /// What it is for.
    pub help: Text,
    /// Its chapter.
    pub area: &'static str,
    /// The version of its definition.
    pub version: u32,
    /// The file it stands in.
    pub file: String,
    /// The house's own.
    pub own: bool,
    /// Files that extend it.
    pub extended_by: Vec<String>,
    /// How many rules it has.
    pub rules: usize,
}

impl App {
    /// The packs in use.
    pub async fn packs(&self, caller: &Caller) -> Result<PacksView, Error> {
        let (caller, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| {
            check_reader(inner, tx, &caller, now)?;
            let attached = regimes::attached(tx)?;
            let files = Files::of(&inner.packs)?;
            let catalogue = &inner.catalogue;
            let here = inner.regimes.installation();
            let base = catalogue.regime(BASE);
            let each: Vec<(&Regime, Regimes)> = catalogue
                .regimes()
                .filter(|one| one.key != BASE)
                .map(|one| (one, Regimes::combine(base, &[one])))
                .collect();
            let content = here.content.map_or("vault", content_word);
            Ok(PacksView {
                content: content.to_owned(),
                regimes: regimes_of(catalogue, here, &attached, &files),
                parameters: parameters(catalogue, here, &each),
                rules: rules(catalogue, here, &each),
                registers: registers(catalogue, &files),
                house: files.of_house(),
            })
        })
        .await
    }
}

fn content_word(content: registers::Content) -> &'static str {
    let mut all = registers::Content::ALL.iter();
    let found = all.find(|(_, one)| *one == content);
    found.map_or("", |(word, _)| *word)
}

fn regimes_of(
    catalogue: &Catalogue,
    here: &Regimes,
    attached: &BTreeSet<String>,
    files: &Files,
) -> Vec<RegimeView> {
    let view = |regime: &Regime| RegimeView {
        key: regime.key.clone(),
        name: regime.name.clone(),
        help: regime.help.clone(),
        file: files.regime(&regime.key),
        in_force: regime.key == BASE || here.keys.contains(&regime.key),
        attached: attached.contains(&regime.key),
        content: regime.content.map(|one| content_word(one).to_owned()),
    };
    let base = catalogue.regime(BASE).into_iter();
    let others = catalogue.regimes().filter(|one| one.key != BASE);
    base.chain(others).map(view).collect()
}

fn parameters(
    catalogue: &Catalogue,
    here: &Regimes,
    each: &[(&Regime, Regimes)],
) -> Vec<ParameterView> {
    let mut declared: BTreeMap<&str, &Parameter> = BTreeMap::new();
    for regime in catalogue.regimes() {
        for (key, parameter) in &regime.parameters {
            if regime.key == BASE || !declared.contains_key(key.as_str()) {
                declared.insert(key, parameter);
            }
        }
    }
    let clauses: BTreeMap<&str, &str> = catalogue
        .rules()
        .map(|(_, rule)| (rule.id.as_str(), rule.clause.as_str()))
        .collect();
    let base = catalogue.regime(BASE);
    let view = |(key, parameter): (&str, &Parameter)| {
        let based = base.and_then(|base| base.parameters.get(key));
        let value = here.parameters.get(key);
        let own = each
            .iter()
            .filter(|(regime, _)| here.keys.contains(&regime.key));
        let set_by = own.filter(|(regime, _)| {
            let set = regime.parameters.get(key).map(|one| &one.value);
            set.is_some() && set == value
        });
        let mut set_by: Vec<String> = set_by.map(|(regime, _)| regime.key.clone()).collect();
        if set_by.is_empty() && value == based.map(|one| &one.value) {
            set_by.push(BASE.to_owned());
        }
        let word = |(regime, _): &(&Regime, Regimes)| {
            let set = regime.parameters.get(key)?;
            Some(RegimeWord {
                regime: regime.key.clone(),
                says: said(&set.value),
            })
        };
        ParameterView {
            key: key.to_owned(),
            help: parameter.help.clone(),
            value: value.map_or_else(|| Text::new("—", "—"), said),
            base: based.map(|one| said(&one.value)),
            differs: value != based.map(|one| &one.value),
            rule: parameter.rule.clone(),
            clause: clauses
                .get(parameter.rule.as_str())
                .map(|one| (*one).to_owned()),
            stricter: stricter_word(parameter.stricter),
            set_by,
            regimes: each.iter().filter_map(word).collect(),
            min: parameter.min.as_ref().map(said),
            max: parameter.max.as_ref().map(said),
        }
    };
    declared.into_iter().map(view).collect()
}

fn stricter_word(stricter: Stricter) -> &'static str {
    let mut all = Stricter::ALL.iter();
    let found = all.find(|(_, one)| *one == stricter);
    found.map_or("", |(word, _)| *word)
}

fn severity_word(severity: Severity) -> &'static str {
    let mut all = Severity::ALL.iter();
    let found = all.find(|(_, one)| *one == severity);
    found.map_or("", |(word, _)| *word)
}

fn rules(catalogue: &Catalogue, here: &Regimes, each: &[(&Regime, Regimes)]) -> Vec<RuleView> {
    let mut all: Vec<RuleView> = catalogue
        .rules()
        .map(|(definition, rule)| RuleView {
            id: rule.id.clone(),
            register: definition.key.clone(),
            register_name: definition.name.clone(),
            clause: rule.clause.clone(),
            letter: rule.letter.word(),
            fixed: rule.letter.is_fixed(),
            severity: severity_word(here.severity(rule)),
            regimes: each
                .iter()
                .map(|(regime, alone)| (regime.key.clone(), severity_word(alone.severity(rule))))
                .collect(),
            on: rule.on.clone(),
            say: rule.say.clone(),
        })
        .collect();
    all.sort_by(|one, other| (&one.id, &one.register).cmp(&(&other.id, &other.register)));
    all
}

fn registers(catalogue: &Catalogue, files: &Files) -> Vec<RegisterView> {
    let view = |definition: &registers::Definition| {
        let file = files.register(&definition.key);
        let lines = definition.lines.iter().map(|line| line.rules.len());
        RegisterView {
            key: definition.key.clone(),
            name: definition.name.clone(),
            help: definition.help.clone(),
            area: definition.area.key(),
            version: definition.version,
            own: file.starts_with(OF_HOUSE),
            file,
            extended_by: files.extending(&definition.key),
            rules: definition.rules.len() + lines.sum::<usize>(),
        }
    };
    catalogue.definitions().map(view).collect()
}

/// A value in words: lengths of time with their unit.
fn said(value: &Value) -> Text {
    match value {
        Value::String(text) => match Span::parse(text) {
            Some(span) => length(span),
            None => Text::new(text, text),
        },
        Value::Array(list) => {
            let all: Vec<Text> = list.iter().map(said).collect();
            let (zh, en): (Vec<&str>, Vec<&str>) = all
                .iter()
                .map(|one| (one.zh.as_str(), one.en.as_str()))
                .unzip();
            Text::new(zh.join("、"), en.join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
            Text::new(value.to_string(), value.to_string())
        }
    }
}

fn length(span: Span) -> Text {
    let count = span.count;
    let (zh, en) = match span.unit {
        SpanUnit::Minutes => ("分钟", "minute"),
        SpanUnit::Hours => ("小时", "hour"),
        SpanUnit::Days => ("日", "day"),
        SpanUnit::Workdays => ("个工作日", "working day"),
        SpanUnit::Months => ("个月", "month"),
        SpanUnit::Years => ("年", "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    Text::new(format!("{count} {zh}"), format!("{count} {en}{plural}"))
}
