//! Why a request was not done. A refusal travels inside the response until the outermost layer
//! ([`crate::answer`]) gives it its request id, logs its cause once and writes it down; a cause
//! never leaves the server.

mod from_app;

use std::error::Error as StdError;
use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use wire::{Problem, Text};

/// A problem without its request id, and what only the log may know.
#[derive(Clone, Debug)]
pub(crate) struct Refusal(Arc<Content>);

#[derive(Debug)]
struct Content {
    problem: Problem,
    cause: Option<Box<dyn StdError + Send + Sync>>,
    header: Option<(HeaderName, HeaderValue)>,
}

impl Refusal {
    /// A refusal in both languages.
    pub(crate) fn new(status: StatusCode, code: &str, zh: &str, en: &str) -> Self {
        let mut problem = Problem::new(status.as_u16(), title(status), code, en);
        problem.say = Some(Text::new(zh, en));
        Self::from_problem(problem)
    }

    fn from_problem(problem: Problem) -> Self {
        Self(Arc::new(Content {
            problem,
            cause: None,
            header: None,
        }))
    }

    /// Absent, hidden, or not even an id: all look alike.
    pub(crate) fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "没有找到",
            "there is no such thing",
        )
    }

    /// A defect of ours.
    pub(crate) fn internal(cause: Box<dyn StdError + Send + Sync>) -> Self {
        let (zh, en) = (
            "系统内部错误，请把请求编号告知管理员",
            "something went wrong inside; the log has it under the request id",
        );
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", zh, en).with_cause(cause)
    }

    /// Adds what only the log may know.
    fn with_cause(self, cause: Box<dyn StdError + Send + Sync>) -> Self {
        let (problem, header) = (self.0.problem.clone(), self.0.header.clone());
        Self(Arc::new(Content {
            problem,
            cause: Some(cause),
            header,
        }))
    }

    /// Adds what to do next.
    pub(crate) fn hint(self, hint: &str) -> Self {
        let mut problem = self.0.problem.clone();
        problem.hint = Some(hint.to_owned());
        Self(Arc::new(Content {
            problem,
            cause: None,
            header: self.0.header.clone(),
        }))
    }

    /// Adds a header of the answer.
    pub(crate) fn header(self, name: HeaderName, value: HeaderValue) -> Self {
        let problem = self.0.problem.clone();
        Self(Arc::new(Content {
            problem,
            cause: None,
            header: Some((name, value)),
        }))
    }

    /// The problem, as it will be once it has its request id.
    pub(crate) fn problem(&self, request_id: &str) -> Problem {
        Problem {
            request_id: request_id.to_owned(),
            ..self.0.problem.clone()
        }
    }

    /// What only the log may know.
    pub(crate) fn cause(&self) -> Option<&(dyn StdError + Send + Sync)> {
        self.0.cause.as_deref()
    }

    /// The stable code.
    pub(crate) fn code(&self) -> &str {
        &self.0.problem.code
    }

    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub(crate) fn extra_header(&self) -> Option<(HeaderName, HeaderValue)> {
        self.0.header.clone()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The English title every problem of a status has.
fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "the request is not understood",
        StatusCode::UNAUTHORIZED => "nobody is logged in",
        StatusCode::FORBIDDEN => "this is not allowed",
        StatusCode::NOT_FOUND => "not found",
        StatusCode::METHOD_NOT_ALLOWED => "the method does not belong here",
        StatusCode::REQUEST_TIMEOUT => "the request took too long to arrive",
        StatusCode::CONFLICT => "the state of things does not allow it",
        StatusCode::GONE => "the content has been destroyed",
        StatusCode::PRECONDITION_FAILED => "the record has changed",
        StatusCode::PAYLOAD_TOO_LARGE => "the body is too large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "the media type is not understood",
        StatusCode::RANGE_NOT_SATISFIABLE => "the range lies outside the file",
        StatusCode::UNPROCESSABLE_ENTITY => "fields or rules object",
        StatusCode::PRECONDITION_REQUIRED => "the version seen must be named",
        StatusCode::TOO_MANY_REQUESTS => "a limit was reached",
        StatusCode::SERVICE_UNAVAILABLE => "not available now",
        _ => "internal failure",
    }
}

/// A body that is larger than it may be.
pub(crate) fn too_large(code: &str, zh: &str, en: &str) -> Refusal {
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, code, zh, en)
        .header(header::CONNECTION, HeaderValue::from_static("close"))
}
