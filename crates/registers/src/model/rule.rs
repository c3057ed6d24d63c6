//! Rules: checks that carry their source, and how hard they hold.

use domain::Text;
use serde::Serialize;

use crate::Expr;

/// One check with its source.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rule {
    /// Id in the rule table, `R-184`; the product's own invariants are `I-…`.
    pub id: String,
    /// Law and article, or where the rule was read.
    pub clause: String,
    /// How sure the source is.
    pub letter: Letter,
    /// What happens when it does not hold, before a regime changes it.
    pub severity: Severity,
    /// Actions it holds on.
    pub on: Vec<String>,
    /// Only when this holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Expr>,
    /// The check.
    #[serde(flatten)]
    pub test: RuleTest,
    /// What to tell the person when it does not hold.
    pub say: Text,
    /// Field the message belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// How a rule is checked.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleTest {
    /// An expression; true means fine.
    Check(Expr),
    /// A check of the program, for what needs more than the facts of one record.
    By(String),
}

/// How sure the source of a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Letter {
    /// Primary text, read in full.
    P,
    /// Primary text, read in part.
    #[serde(rename = "P*")]
    PPart,
    /// Secondary source: a sound default.
    S,
    /// Derived by us from the rules.
    D,
    /// Without a source.
    U,
    /// The product's own invariant.
    #[serde(rename = "invariant")]
    Invariant,
}

impl Letter {
    /// Every letter as a definition writes it.
    pub const ALL: [(&'static str, Self); 6] = [
        ("P", Self::P),
        ("P*", Self::PPart),
        ("S", Self::S),
        ("D", Self::D),
        ("U", Self::U),
        ("invariant", Self::Invariant),
    ];

    /// Whether no regime may loosen it.
    pub const fn is_fixed(self) -> bool {
        matches!(self, Self::P | Self::PPart | Self::Invariant)
    }

    /// The letter as a definition writes it.
    pub fn word(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, letter)| *letter == self)
            .map_or("", |(word, _)| word)
    }
}

/// What happens when a rule does not hold. The order is by strictness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing.
    Off,
    /// The person may go on and says why.
    Warn,
    /// The action is refused.
    Stop,
}

impl Severity {
    /// Every severity as a definition writes it.
    pub const ALL: [(&'static str, Self); 3] = [
        ("stop", Self::Stop),
        ("warn", Self::Warn),
        ("off", Self::Off),
    ];
}
