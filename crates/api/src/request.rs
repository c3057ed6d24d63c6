//! Our own extractors, so that whatever is wrong with a request has one error shape.

pub(crate) mod body;
mod depth;
mod headers;
mod json;
mod path;
mod query;

pub(crate) use headers::{IdempotencyKey, IfMatch, Range};
pub(crate) use path::Path;
pub(crate) use query::Query;
