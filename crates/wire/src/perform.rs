//! Acting on records: the requests to the waist, and what came of them.

use domain::{ApprovalId, PersonId, RecordId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use crate::{Credential, LabelView, Record, RowProblem, RuleProblem, Text};

/// Makes a record by an initial action of its register.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRecord {
    /// Key of the initial action; none: the register's only (or first) one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub action: Option<String>,
    /// Field values.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub fields: Map<String, Value>,
    /// Warnings passed, each with its reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accept_warnings: Vec<AcceptedWarning>,
    /// Signatures given at the counter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<Signature>,
    /// When it happened, if not now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    pub occurred_at: Option<Timestamp>,
    /// A remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub comment: Option<String>,
}

/// Acts on an existing record; the version the caller has seen goes into `If-Match`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionRequest {
    /// Field values.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub input: Map<String, Value>,
    /// Warnings passed, each with its reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accept_warnings: Vec<AcceptedWarning>,
    /// Signatures given at the counter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<Signature>,
    /// When it happened, if not now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    pub occurred_at: Option<Timestamp>,
    /// A remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub comment: Option<String>,
}

/// Acts on the line of a record that is meant by what was scanned, as the definition says. No version: whoever
/// scans need not have seen the line.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScanRequest {
    /// What was scanned: a label, or a number of the line that was typed.
    pub code: String,
    /// Key of the kind of lines; none: the only one that is done by scanning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub line: Option<String>,
    /// Field values.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub input: Map<String, Value>,
    /// Warnings passed, each with its reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accept_warnings: Vec<AcceptedWarning>,
    /// Signatures given at the counter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<Signature>,
    /// When it happened, if not now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    pub occurred_at: Option<Timestamp>,
    /// A remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub comment: Option<String>,
}

impl ScanRequest {
    /// Of this code, with this input (a JSON object).
    #[must_use]
    pub fn of(code: &str, input: Value) -> Self {
        Self {
            code: code.to_owned(),
            input: object(input),
            ..Self::default()
        }
    }
}

impl NewRecord {
    /// By this action, with these fields (a JSON object) and signatures.
    #[must_use]
    pub fn by(action: &str, fields: Value, signatures: Vec<Signature>) -> Self {
        Self {
            action: Some(action.to_owned()),
            fields: object(fields),
            signatures,
            ..Self::default()
        }
    }
}

impl ActionRequest {
    /// With this input (a JSON object), these signatures and this remark.
    #[must_use]
    pub fn with(input: Value, signatures: Vec<Signature>, comment: &str) -> Self {
        Self {
            input: object(input),
            signatures,
            comment: Some(comment.to_owned()),
            ..Self::default()
        }
    }
}

/// The members of an object; none of anything else.
fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    }
}

/// A warning the caller passes, with the reason that is recorded.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptedWarning {
    /// Rule id.
    pub rule: String,
    /// Why it may be passed.
    pub reason: String,
}

/// A signature given with the act: the credential is checked and forgotten. What may be signed in the inbox is
/// signed there by whoever has not signed here.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Who signs; nobody of the house for a return slip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid", nullable = false)]
    pub person: Option<PersonId>,
    /// `password` or `totp` at the counter, `paper`, or `slip` for somebody from outside.
    pub method: String,
    /// The signer's own password or code; on paper, book, page and line; of a slip, which it is and by whom.
    pub credential: Credential,
}

impl Signature {
    /// By the signer's own password.
    #[must_use]
    pub fn by_password(person: PersonId, password: &str) -> Self {
        Self {
            person: Some(person),
            method: "password".to_owned(),
            credential: password.into(),
        }
    }
}

/// Whether to act, or only to tell what would happen.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DryRunQuery {
    /// `true`: nothing is changed.
    #[serde(default)]
    #[param(required = false)]
    pub dry_run: bool,
    /// `true`: the form is still being written; nothing is changed either, and what is missing is told and
    /// refuses nothing.
    #[serde(default)]
    #[param(required = false)]
    pub unfinished: bool,
}

/// What came of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Performed {
    /// Done (201 for a new record, else 200).
    Done(Done),
    /// Waits for decisions (202).
    Waiting(Waiting),
    /// Dry run (200): nothing was changed.
    WouldHappen(WouldHappen),
    /// Dry run of an unfinished form (200): nothing was changed.
    Unfinished(Unfinished),
}

/// The record as it is after the act.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Done {
    /// The record.
    #[serde(flatten)]
    pub record: Record,
    /// Records that were made on the way (copies, items).
    #[serde(default)]
    pub made: Vec<Made>,
}

/// The act waits for decisions.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Waiting {
    /// The approval.
    #[schema(value_type = String, format = "uuid")]
    pub approval: ApprovalId,
    /// The record as it is now.
    pub record: Record,
}

/// What would happen.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WouldHappen {
    /// State afterwards.
    pub state: String,
    /// Whether decisions would be waited for.
    pub needs_approval: bool,
    /// Rules that object or warn.
    pub rules: Vec<RuleProblem>,
}

/// What an unfinished form comes to.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct Unfinished {
    /// State afterwards; none where whoever asks may not do it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The fields that apply or are asked for depending on others; of the rest the definition says all.
    #[serde(default)]
    pub fields: Vec<FieldStanding>,
    /// What is wrong with what was written, and what is not written yet (`register.field_required`).
    #[serde(default)]
    pub problems: Vec<RowProblem>,
    /// What fields hold by their default where the form leaves them out.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub filled: Map<String, Value>,
    /// Computed fields, as they would be.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub computed: Map<String, Value>,
    /// How secret it would be, with its mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<LabelView>,
    /// Rules that object or warn.
    #[serde(default)]
    pub rules: Vec<RuleProblem>,
    /// Rules that cannot be decided on what is written.
    #[serde(default)]
    pub undecided: Vec<RuleProblem>,
    /// The decisions it would wait for, in their order.
    #[serde(default)]
    pub decisions: Vec<DecisionAhead>,
    /// Why it cannot be done at all.
    #[serde(default)]
    pub refused: Vec<RowProblem>,
}

/// How a field stands on what is written so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldStanding {
    /// The field; `rows.2.amount` inside the third row of a table or line.
    pub field: String,
    /// Whether it applies.
    pub shown: bool,
    /// Whether it has to be filled.
    pub required: bool,
}

/// A decision that would be waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DecisionAhead {
    /// Its place among the steps of the definition, from 0.
    pub step: usize,
    /// What the definition calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
}

/// A record made on the way.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Made {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: RecordId,
    /// Key of its register.
    pub register: String,
    /// Its number.
    pub number: Option<String>,
}

impl Performed {
    /// The record as it is now; none after a dry run.
    #[must_use]
    pub fn record(&self) -> Option<&Record> {
        match self {
            Self::Done(done) => Some(&done.record),
            Self::Waiting(waiting) => Some(&waiting.record),
            Self::WouldHappen(_) | Self::Unfinished(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_refuse_what_they_do_not_know() {
        let known = r#"{"action":"add","fields":{"name":"甲"},"comment":"x"}"#;
        assert!(serde_json::from_str::<NewRecord>(known).is_ok());
        for unknown in [
            r#"{"fields":{},"state":"lent"}"#,
            r#"{"signatures":[{"person":"0195-x","method":"password","credential":"a"}]}"#,
            r#"{"accept_warnings":[{"rule":"R-1","reason":"x","by":"me"}]}"#,
        ] {
            assert!(
                serde_json::from_str::<NewRecord>(unknown).is_err(),
                "{unknown}"
            );
        }
        assert!(serde_json::from_str::<ActionRequest>(r#"{"fields":{}}"#).is_err());
        assert!(serde_json::from_str::<ScanRequest>(r#"{"code":"1","action":"x"}"#).is_err());
    }

    #[test]
    fn an_outcome_names_itself() {
        let would = Performed::WouldHappen(WouldHappen {
            state: "lent".to_owned(),
            needs_approval: false,
            rules: Vec::new(),
        });
        let json = serde_json::to_value(&would).unwrap();
        assert_eq!(json["outcome"], "would_happen");
        assert!(
            serde_json::from_value::<Performed>(json)
                .unwrap()
                .record()
                .is_none()
        );
    }
}
