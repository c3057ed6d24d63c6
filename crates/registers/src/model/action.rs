//! Actions: named moves of a record or a line.

use domain::Text;
use serde::Serialize;

use super::{Assignments, is_false};
use crate::{Expr, Who, WhoSet};

/// The action by which a record lets go of something it holds among others, once that is lost.
pub const STRIKE: &str = "strike";
/// The action by which a record ends, once all it was about is lost.
pub const LOSE: &str = "lose";

/// One named move.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Action {
    /// Key, unique in its register or line.
    pub key: String,
    /// Name shown to people.
    pub name: Text,
    /// What it does and what happens next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<Text>,
    /// States it is possible in; empty for an action that creates the record.
    pub from: Vec<String>,
    /// State afterwards; `None` leaves it (or, creating, gives the initial one).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// States the person may choose from instead of `to`; only `take_over` has them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub to_any: Vec<String>,
    /// Who may do it.
    pub who: WhoSet,
    /// Possible only when this holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Expr>,
    /// Fields (and lines) it may set.
    pub input: Vec<String>,
    /// Fields it sets itself.
    #[serde(skip_serializing_if = "Assignments::is_empty")]
    pub set: Assignments,
    /// Needs a fresh second factor.
    #[serde(skip_serializing_if = "is_false")]
    pub step_up: bool,
    /// Who signs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sign: Vec<Signer>,
    /// Effect of the program, with its invariant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<String>,
    /// Records it creates in other registers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub creates: Vec<Creates>,
    /// Line actions it performs on the record's lines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fan_out: Vec<FanOut>,
    /// May be done on many records at once.
    #[serde(skip_serializing_if = "is_false")]
    pub bulk: bool,
    /// The action that undoes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undo: Option<String>,
    /// Whether a comment is asked for.
    #[serde(skip_serializing_if = "Comment::is_none")]
    pub comment: Comment,
    /// Which built-in action this is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub builtin: Option<Builtin>,
    /// The language added it; the definition does not write it.
    #[serde(skip)]
    pub added: bool,
}

impl Action {
    /// Whether it creates the record.
    pub fn is_initial(&self) -> bool {
        self.from.is_empty()
    }

    /// Whether it only sets what it is given, and the record stays where it is.
    pub(super) fn does_no_more_than_set(&self) -> bool {
        !self.is_initial()
            && self.to.is_none()
            && self.set.is_empty()
            && self.sign.is_empty()
            && self.effect.is_none()
            && self.creates.is_empty()
            && self.fan_out.is_empty()
    }

    /// Whether a record in this state can take it.
    pub fn is_from(&self, state: &str) -> bool {
        self.from.iter().any(|from| from == state)
    }
}

/// The actions every register has without writing them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Builtin {
    /// Corrects fields; the old value stays visible, with a reason.
    Correct,
    /// 作废: closes a record that nothing was done with yet; its number is kept.
    Cancel,
    /// Opening stock of a running office, marked for good: rules the old record never met do not
    /// hold, and what it says was decided or signed is what the old books say.
    TakeOver,
}

impl Builtin {
    /// Every built-in action with its key.
    pub const ALL: [(&'static str, Self); 3] = [
        ("correct", Self::Correct),
        ("cancel", Self::Cancel),
        ("take_over", Self::TakeOver),
    ];

    /// The key of the action.
    pub fn key(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, builtin)| *builtin == self)
            .map_or("", |(key, _)| key)
    }
}

/// Whether an action asks for a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Comment {
    /// No.
    #[default]
    None,
    /// It may be given.
    Optional,
    /// It must be given.
    Required,
}

impl Comment {
    /// Helps serde leave the key out.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }
}

/// Who signs an action, how, and from whom they must differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Signer {
    /// Who.
    pub who: WhoSet,
    /// How the signature may be given; at the counter when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub method: Vec<SignMethod>,
    /// How many different persons.
    pub count: u32,
    /// Persons the signer must not be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub distinct_from: Vec<DistinctFrom>,
    /// Asked for only when this holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Expr>,
    /// The signature field that shows who signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl Signer {
    /// Whether the signature may be given this way; at the counter unless the definition says.
    pub fn allows(&self, method: SignMethod) -> bool {
        if self.method.is_empty() {
            return method == SignMethod::Counter;
        }
        self.method.contains(&method)
    }
}

/// How a signature is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignMethod {
    /// At the counter, on the registrar's screen, with the signer's own factor.
    Counter,
    /// Later, in the signer's inbox.
    Inbox,
    /// On paper: book, page, line, scan.
    Paper,
    /// By return slip 回执, for outsiders.
    Slip,
}

impl SignMethod {
    /// Every method as a definition writes it.
    pub const ALL: [(&'static str, Self); 4] = [
        ("counter", Self::Counter),
        ("inbox", Self::Inbox),
        ("paper", Self::Paper),
        ("slip", Self::Slip),
    ];

    /// The word a definition and a record use for it.
    pub fn key(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, method)| *method == self)
            .map_or("", |(key, _)| key)
    }
}

/// Somebody a signer must not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DistinctFrom {
    /// Whoever approved.
    Approver,
    /// Whoever asked for the action.
    Proposer,
    /// Whoever wrote the record.
    Drafter,
    /// Whoever performs the action.
    Actor,
    /// The other signers.
    Signer,
    /// The person in a field, or the holder of a linked copy.
    Who(Who),
}

/// Records an action creates in another register.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Creates {
    /// The register.
    pub register: String,
    /// Its action.
    pub action: String,
    /// One record for each entry of this list; one record when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub each: Option<Expr>,
    /// Only when this holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Expr>,
    /// Field of the new record → expression; inside `each`, bare names are the entry's.
    pub set: Assignments,
}

/// A line action performed on the record's lines.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FanOut {
    /// Key of the lines.
    pub line: String,
    /// Their action.
    pub action: String,
    /// Only on lines for which this holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Expr>,
}
