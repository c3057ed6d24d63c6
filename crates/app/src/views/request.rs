//! What is asked of the waist.

use domain::{PersonId, RecordId, Timestamp};
use serde_json::{Map, Value};
use vault::SecretString;

/// What is acted on.
#[derive(Clone, Debug)]
pub enum Target {
    /// A new record of a register.
    New {
        /// Key of the register.
        register: String,
    },
    /// A new line of a record.
    Line {
        /// The record.
        of: RecordId,
        /// Key of the kind of line.
        line: String,
    },
    /// An existing record of a register, at the version the caller has seen.
    Of {
        /// Key of the register.
        register: String,
        /// Its id.
        id: RecordId,
        /// The version that was seen.
        version: i64,
    },
    /// An existing record or line, at the version the caller has seen.
    Existing {
        /// Its id.
        id: RecordId,
        /// The version from `If-Match`.
        version: i64,
    },
    /// A line of a record, by what was scanned: the definition says what is done to it.
    Scanned(Scanned),
}

/// What was scanned, and of which record it is meant to be a line.
#[derive(Clone, Debug)]
pub struct Scanned {
    /// The record.
    pub of: RecordId,
    /// Key of the kind of line; none = the only one that is done by scanning.
    pub line: Option<String>,
    /// A label, or a number of the line.
    pub code: String,
}

/// A signature as it arrives: the credential is checked and forgotten.
#[derive(Debug)]
pub struct SignatureInput {
    /// Who signs; nobody of the house for a return slip.
    pub person: Option<PersonId>,
    /// `password`, `totp` (at the counter), `paper` or `slip`.
    pub method: String,
    /// Password or code; for paper: book, page and line; for a slip: which, and by whom.
    pub credential: SecretString,
}

/// A warning the caller passes, with the reason that is recorded.
#[derive(Clone, Debug)]
pub struct AcceptedWarning {
    /// Rule id.
    pub rule: String,
    /// Why it may be passed.
    pub reason: String,
}

/// A request to the waist.
#[derive(Debug)]
pub struct Perform {
    /// What is acted on.
    pub target: Target,
    /// Key of the action; none = the register's only (or first) initial action.
    pub action: Option<String>,
    /// Field values.
    pub input: Map<String, Value>,
    /// Warnings passed.
    pub accept_warnings: Vec<AcceptedWarning>,
    /// Signatures given at the counter.
    pub signatures: Vec<SignatureInput>,
    /// When it happened, if not now.
    pub occurred_at: Option<Timestamp>,
    /// A remark.
    pub comment: Option<String>,
    /// Only tell what would happen.
    pub dry_run: bool,
    /// Key under which a repeat is answered and not carried out again.
    pub idempotency_key: Option<String>,
}

impl Perform {
    /// A request that says nothing but what is to be done to what.
    #[must_use]
    pub fn new(target: Target, action: &str, input: Map<String, Value>) -> Self {
        Self {
            target,
            action: Some(action.to_owned()),
            input,
            accept_warnings: Vec::new(),
            signatures: Vec::new(),
            occurred_at: None,
            comment: None,
            dry_run: false,
            idempotency_key: None,
        }
    }
}
