//! What is wrong with one of many requests, as it is kept and told beside the others.

use crate::error::{DAMAGED_PAGE, Error, RuleProblem, text};
use domain::Text;
use serde::{Deserialize, Serialize};

/// Something that is wrong with one of many requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The field, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The rule, where one objects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Stable code.
    pub code: String,
    /// What is wrong and how to mend it.
    pub say: Text,
}

impl Problem {
    /// About a row as a whole.
    pub(crate) fn row(code: &str, zh: &str, en: &str) -> Self {
        Self {
            field: None,
            rule: None,
            code: code.to_owned(),
            say: text(zh, en),
        }
    }

    pub(crate) fn field(field: &str, code: &str, zh: &str, en: &str) -> Self {
        Self {
            field: Some(field.to_owned()),
            rule: None,
            code: code.to_owned(),
            say: text(zh, en),
        }
    }
}

/// What is wrong with the request; an error where it is not the request's fault.
pub(crate) fn of(error: Error) -> Result<Vec<Problem>, Error> {
    let one = |code: &str, say: Text| {
        vec![Problem {
            field: None,
            rule: None,
            code: code.to_owned(),
            say,
        }]
    };
    Ok(match error {
        Error::Fields(fields) => fields
            .into_iter()
            .map(|problem| Problem {
                field: Some(problem.field),
                rule: None,
                code: problem.code,
                say: problem.say,
            })
            .collect(),
        Error::Rules(rules) => of_rules(&rules),
        Error::Denied {
            code, rule, say, ..
        } => vec![Problem {
            field: None,
            rule,
            code,
            say,
        }],
        Error::Malformed { code, say }
        | Error::Conflict { code, say }
        | Error::Unauthenticated { code, say }
        | Error::Limited { code, say } => one(code, say),
        Error::NotFound => one("not_found", Text::new("没有找到", "there is no such thing")),
        Error::StepUpNeeded => one(
            "session.step_up_needed",
            text(
                "此操作须再次认证",
                "this needs a fresh proof of who you are",
            ),
        ),
        Error::Internal(_) | Error::Erased(_) => internal(&error),
        // one object is damaged; a damaged page is everybody's trouble
        Error::Damaged { code, say, .. } if code != DAMAGED_PAGE => one(code, say),
        // nothing will be different for the next one
        Error::Damaged { .. } | Error::Unavailable(_) => return Err(error),
    })
}

/// The rules that object.
pub(crate) fn of_rules(rules: &[RuleProblem]) -> Vec<Problem> {
    let problem = |rule: &RuleProblem| Problem {
        field: None,
        rule: Some(rule.id.clone()),
        code: "record.rules".to_owned(),
        say: rule.say.clone(),
    };
    rules.iter().map(problem).collect()
}

/// What is told of a request that failed by no fault of its own.
fn internal(error: &Error) -> Vec<Problem> {
    tracing::error!(%error, cause = ?std::error::Error::source(error), "one of many requests failed");
    vec![Problem {
        field: None,
        rule: None,
        code: "internal".to_owned(),
        say: text("系统内部错误", "something went wrong inside"),
    }]
}
