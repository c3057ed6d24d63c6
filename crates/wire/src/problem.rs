//! The one shape of every error (RFC 9457). `code` is the contract: dotted, lower case, stable for
//! ever; everything else is for people. What may not be known is `not_found`, like what never was.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Text;

/// Why a request was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// The kind of problem as a URI: `urn:ruping:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of problem in English, the same for every problem of this status.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Stable dotted code; programs decide by it.
    pub code: String,
    /// What happened, in English.
    pub detail: String,
    /// The same in both languages, where a rule, a field or the product speaks to people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub say: Option<Text>,
    /// What to do next, in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The rule behind a denial (`R-184`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Where that rule stands (`LAW 20`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// Every field that is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
    /// Every rule that objects.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleProblem>,
    /// Finds this answer in the server's log.
    pub request_id: String,
}

impl Problem {
    /// The media type of problem documents.
    pub const MEDIA_TYPE: &'static str = "application/problem+json";

    /// A problem of this code; the request id is filled in where the answer leaves the server.
    #[must_use]
    pub fn new(status: u16, title: &str, code: &str, detail: &str) -> Self {
        Self {
            kind: format!("urn:ruping:problem:{code}"),
            title: title.to_owned(),
            status,
            code: code.to_owned(),
            detail: detail.to_owned(),
            say: None,
            hint: None,
            rule: None,
            clause: None,
            fields: Vec::new(),
            rules: Vec::new(),
            request_id: String::new(),
        }
    }
}

/// One field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldProblem {
    /// Key of the field (`list[2].title` inside a table).
    pub field: String,
    /// Stable code.
    pub code: String,
    /// What is wrong and how to mend it.
    pub say: Text,
}

/// One rule that objects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RuleProblem {
    /// Rule id (`R-184`).
    pub id: String,
    /// Where it stands (`LAW 20`).
    pub clause: String,
    /// How well it is founded: `P`, `P*`, `S`, `D`, `U` or `invariant`.
    pub letter: String,
    /// `stop`, or `warn`: a warning can be accepted with a reason.
    pub severity: String,
    /// What is wrong.
    pub say: Text,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_only_what_it_has_to_say() {
        let problem = Problem::new(404, "not found", "not_found", "there is no such thing");
        let json = serde_json::to_value(&problem).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "type": "urn:ruping:problem:not_found", "title": "not found", "status": 404,
                "code": "not_found", "detail": "there is no such thing", "request_id": "",
            })
        );
        assert_eq!(serde_json::from_value::<Problem>(json).unwrap(), problem);
    }
}
