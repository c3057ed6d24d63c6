//! How the closed set of failures of the use cases becomes statuses: the only place that knows.

use app::Error;
use axum::http::{HeaderValue, StatusCode, header};
use domain::Text;
use wire::Problem;

use super::{Refusal, title};
use crate::views;

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::Malformed { code, say } => speaking(malformed(code), code, &say),
            Error::Fields(fields) => fields_wrong(fields),
            Error::Rules(rules) => rules_object(rules),
            Error::Unauthenticated { code, say } => speaking(StatusCode::UNAUTHORIZED, code, &say),
            Error::Denied {
                code,
                rule,
                clause,
                say,
            } => denied(&code, rule, clause, say),
            Error::StepUpNeeded => step_up_needed(),
            Error::NotFound => Self::not_found(),
            Error::Conflict { code, say } => conflict(code, &say),
            Error::Limited { code, say } => limited(code, &say),
            Error::Erased(_) => erased(),
            Error::Damaged { code, say, cause } => damaged(code, &say).with_cause(cause),
            Error::Unavailable(cause) => unavailable().with_cause(cause),
            Error::Internal(cause) => Self::internal(cause),
        }
    }
}

fn speaking(status: StatusCode, code: &str, say: &Text) -> Refusal {
    Refusal::new(status, code, &say.zh, &say.en)
}

fn malformed(code: &str) -> StatusCode {
    match code {
        "file.range" => StatusCode::RANGE_NOT_SATISFIABLE,
        _ => StatusCode::BAD_REQUEST,
    }
}

fn unprocessable(code: &str, zh: &str, en: &str) -> Problem {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let mut problem = Problem::new(status.as_u16(), title(status), code, en);
    problem.say = Some(wire::Text::new(zh, en));
    problem
}

fn fields_wrong(fields: Vec<app::FieldProblem>) -> Refusal {
    let mut problem = unprocessable("record.fields", "有字段填写不正确", "some fields are wrong");
    problem.fields = fields.into_iter().map(views::field_problem).collect();
    Refusal::from_problem(problem)
}

fn rules_object(rules: Vec<app::RuleProblem>) -> Refusal {
    let mut problem = unprocessable("record.rules", "有规则不允许此操作", "rules object");
    let only_warnings = rules.iter().all(|rule| rule.severity == "warn");
    if only_warnings {
        problem.hint = Some("a warning is passed with a reason, in `accept_warnings`".to_owned());
    }
    problem.rules = rules.into_iter().map(views::rule_problem).collect();
    Refusal::from_problem(problem)
}

fn denied(code: &str, rule: Option<String>, clause: Option<String>, say: Text) -> Refusal {
    let status = StatusCode::FORBIDDEN;
    let mut problem = Problem::new(status.as_u16(), title(status), code, &say.en);
    (problem.rule, problem.clause, problem.say) = (rule, clause, Some(say.into()));
    Refusal::from_problem(problem)
}

fn step_up_needed() -> Refusal {
    let (zh, en) = (
        "此操作须再次认证",
        "this needs a fresh proof of who you are",
    );
    Refusal::new(StatusCode::FORBIDDEN, "session.step_up_needed", zh, en)
        .hint("prove it at POST /api/v1/session/step-up, then ask again")
}

fn conflict(code: &str, say: &Text) -> Refusal {
    if code == "record.stale" {
        return speaking(StatusCode::PRECONDITION_FAILED, code, say)
            .hint("read the record again and send its new version in If-Match");
    }
    if code == "clock.moved_back" {
        return speaking(StatusCode::SERVICE_UNAVAILABLE, code, say);
    }
    speaking(StatusCode::CONFLICT, code, say)
}

fn limited(code: &str, say: &Text) -> Refusal {
    if code.ends_with("too_large") {
        return super::too_large(code, &say.zh, &say.en);
    }
    // what lies here too long is looked for every hour; other limits are over in a moment
    let seconds = if code.starts_with("upload.quota") {
        "3600"
    } else {
        "1"
    };
    speaking(StatusCode::TOO_MANY_REQUESTS, code, say)
        .header(header::RETRY_AFTER, HeaderValue::from_static(seconds))
}

fn erased() -> Refusal {
    let (zh, en) = (
        "内容已销毁，密钥已不存在",
        "the content has been destroyed, its key is gone",
    );
    Refusal::new(StatusCode::GONE, "vault.key_gone", zh, en)
}

/// A damaged database serves nobody; a damaged object is that object's trouble alone.
fn damaged(code: &str, say: &Text) -> Refusal {
    let status = match code {
        "store.damaged_page" => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    speaking(status, code, say)
}

fn unavailable() -> Refusal {
    let (zh, en) = (
        "系统暂时不可用，请稍后重试",
        "not available now, try again in a moment",
    );
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    fn say() -> Text {
        Text::new("说明", "words")
    }

    fn everything() -> Vec<Error> {
        let rule = |severity: &str| app::RuleProblem {
            id: "R-184".to_owned(),
            clause: "EMARK".to_owned(),
            letter: "S".to_owned(),
            severity: severity.to_owned(),
            say: say(),
        };
        let field = app::FieldProblem {
            field: "name".to_owned(),
            code: "register.field_required".to_owned(),
            say: say(),
        };
        let record = "019cc5ce-f280-7d09-9138-84632025f651".parse().unwrap();
        let limited = |code| Error::Limited { code, say: say() };
        let conflict = |code| Error::Conflict { code, say: say() };
        let malformed = |code| Error::Malformed { code, say: say() };
        let damaged = |code| Error::Damaged {
            code,
            say: say(),
            cause: "a title in the clear".into(),
        };
        vec![
            malformed("occurred_at.future"),
            malformed("file.range"),
            Error::Fields(vec![field]),
            Error::Rules(vec![rule("stop"), rule("warn")]),
            Error::Rules(vec![rule("warn")]),
            Error::Unauthenticated {
                code: "session.ended",
                say: say(),
            },
            Error::Denied {
                code: "access.denied".to_owned(),
                rule: Some("R-184".to_owned()),
                clause: Some("EMARK".to_owned()),
                say: say(),
            },
            Error::StepUpNeeded,
            Error::NotFound,
            conflict("record.stale"),
            conflict("idempotency.other_body"),
            conflict("clock.moved_back"),
            limited("store.busy"),
            limited("upload.too_large"),
            limited("upload.quota"),
            Error::Erased(record),
            damaged("vault.wrong_object"),
            damaged("store.damaged_page"),
            Error::Unavailable("the password of the database".into()),
            Error::Internal("a title in the clear".into()),
        ]
    }

    #[test]
    fn every_failure_has_its_problem_document() {
        let mut catalogue = String::new();
        for error in everything() {
            let refusal = Refusal::from(error);
            let problem = refusal.problem("…");
            let json = serde_json::to_string_pretty(&problem).unwrap();
            writeln!(catalogue, "{json}").unwrap();
            assert!(problem.say.is_some(), "{json}");
            assert!(
                !json.contains("password") && !json.contains("in the clear"),
                "{json}"
            );
        }
        insta::assert_snapshot!("problems", catalogue);
    }
}
