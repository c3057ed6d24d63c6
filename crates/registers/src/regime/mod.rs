//! Regimes: the parameters and severities an installation or a unit works under.
//!
//! A regime file never changes a definition; it sets how hard S and D rules hold and which
//! numbers they use. Several regimes may hold at once, and the strictest wins. What the law fixes
//! (P rules, invariants, `fixed` parameters) no regime loosens: that is a load error.

mod combine;

use std::collections::BTreeMap;

use domain::Text;
use serde::Serialize;
use serde_json::Value;

use crate::Span;
use crate::model::Severity;

pub use combine::{Parameters, Regimes};

/// One regime: `packs/<key>/regime.toml`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Regime {
    /// Unique key; `base` declares every parameter.
    pub key: String,
    /// Name shown to people.
    pub name: Text,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<Text>,
    /// What an installation under this regime keeps of documents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// Parameters it sets, by key.
    pub parameters: BTreeMap<String, Parameter>,
    /// Severities it sets, by rule id.
    pub severities: BTreeMap<String, Severity>,
}

impl Regime {
    /// One that sets nothing.
    pub(crate) fn silent() -> Self {
        Self {
            key: BASE.to_owned(),
            name: Text::new("基准", "Base"),
            help: None,
            content: None,
            parameters: BTreeMap::new(),
            severities: BTreeMap::new(),
        }
    }
}

/// What an installation keeps of the documents themselves. The order is by strictness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// The encrypted documents.
    Vault,
    /// Register facts and keyed fingerprints.
    Fingerprint,
    /// Register facts only.
    None,
}

impl Content {
    /// Every word a regime file uses.
    pub const ALL: [(&'static str, Self); 3] = [
        ("vault", Self::Vault),
        ("fingerprint", Self::Fingerprint),
        ("none", Self::None),
    ];
}

/// The key of the regime that declares the parameters.
pub const BASE: &str = "base";

/// One parameter and where its value comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Parameter {
    /// The value: a number, a length of time as text, a text, or a list of texts.
    pub value: Value,
    /// The rule it comes from, `R-606`.
    pub rule: String,
    /// Which way is stricter; the base's word counts.
    pub stricter: Stricter,
    /// Smallest value a regime may set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<Value>,
    /// Largest value a regime may set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Value>,
    /// What it means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<Text>,
}

/// Which way a parameter is stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stricter {
    /// The smaller value: a deadline, a maximum period.
    Less,
    /// The larger value: hours of training, a pass mark.
    More,
    /// The law fixes it; every regime has the same value.
    Fixed,
}

impl Stricter {
    /// Every word a regime file uses.
    pub const ALL: [(&'static str, Self); 3] = [
        ("less", Self::Less),
        ("more", Self::More),
        ("fixed", Self::Fixed),
    ];
}

/// The size of a parameter's value, to see which of two is stricter: numbers by themselves,
/// lengths by time. Other values have no size.
pub(crate) fn size_of(value: &Value) -> Option<f64> {
    let length = value.as_str().and_then(Span::parse);
    #[expect(
        clippy::cast_precision_loss,
        reason = "lengths are far below 2^52 minutes"
    )]
    let minutes = length.map(|span| span.approximate_minutes() as f64);
    value.as_f64().or(minutes)
}
