//! Our own extractors, so that whatever is wrong with a request has one error shape.

pub(crate) mod body;
mod depth;
pub(crate) mod form;
mod headers;
mod json;
mod path;
mod query;
mod strict;
pub(crate) mod unread;

pub(crate) use headers::{IdempotencyKey, IfMatch, Range};
pub(crate) use path::Path;
pub(crate) use query::Query;

use crate::refusal::Refusal;
use axum::http::StatusCode;

/// The character NUL, which not every database can hold.
fn nul() -> Refusal {
    let (zh, en) = (
        "文本中有不允许的 NUL 字符",
        "a text holds the character NUL",
    );
    Refusal::new(StatusCode::BAD_REQUEST, "request.nul_character", zh, en)
}
