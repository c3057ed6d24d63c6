//! Whether the server lives and can work, for whoever supervises it; and what it can be asked.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::refusal::Refusal;
use crate::site::Site;

/// The process answers.
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// The database answers too.
pub(crate) async fn readyz(State(site): State<Site>) -> Result<&'static str, Refusal> {
    site.app.ready().await?;
    Ok("ready\n")
}

/// The description of this interface.
pub(crate) async fn document(State(site): State<Site>) -> Response {
    let json = site.document.as_bytes().to_vec();
    ([(header::CONTENT_TYPE, "application/json")], json).into_response()
}
