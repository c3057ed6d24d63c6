//! The log: its files for verifiers, its entries for the auditor, proofs for whoever may know.

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::EntryId;
use wire::{LogOrder, LogPage, LogQuery, limits};

use crate::answer::{Json, Reply};
use crate::auth::Known;
use crate::refusal::Refusal;
use crate::request::{Path, Query};
use crate::site::Site;
use crate::views;

const TEXT: &str = "text/plain; charset=utf-8";
const PENDING: HeaderName = HeaderName::from_static("ruping-pending");
const BYTES: &str = "application/octet-stream";

/// The newest signed checkpoint (C2SP tlog-checkpoint); `ruping-pending` says how many entries are
/// committed but not yet under it.
#[utoipa::path(
    get, path = "/log/checkpoint", tag = "log",
    responses((status = 200, body = String, content_type = "text/plain")),
)]
pub(crate) async fn read_checkpoint(
    State(site): State<Site>,
    Known(_): Known,
) -> Result<Response, Refusal> {
    let checkpoint = site.app.checkpoint().await?;
    let pending = site.app.pending().await?;
    let mut response = ([(header::CONTENT_TYPE, TEXT)], checkpoint).into_response();
    let headers = response.headers_mut();
    headers.insert(PENDING, HeaderValue::from(pending));
    Ok(response)
}

/// A tile of the log for everybody, an entry bundle for those who read the log (C2SP tlog-tiles).
pub(crate) async fn read_tile(
    State(site): State<Site>,
    Known(caller): Known,
    Path(path): Path<String>,
) -> Result<Response, Refusal> {
    let file = site
        .app
        .log_file(&caller, &format!("tile/{path}"))
        .await?
        .ok_or_else(Refusal::not_found)?;
    Ok(([(header::CONTENT_TYPE, BYTES)], file).into_response())
}

/// A page of the log, for the auditor.
#[utoipa::path(
    get, path = "/log/entries", tag = "log", params(LogQuery),
    responses((status = 200, body = LogPage)),
)]
pub(crate) async fn list_entries(
    State(site): State<Site>,
    Known(caller): Known,
    Query(query): Query<LogQuery>,
) -> Reply<LogPage> {
    let input = app::LogInput {
        after: query.after,
        limit: Some(query.limit.unwrap_or(limits::PAGE_ENTRIES)),
        newest: matches!(query.order, Some(LogOrder::Newest)),
        from: query.from,
        until: query.until,
        action: query.action,
        register: query.register,
        record: query.record,
        account: query.account,
    };
    let page = site.app.entries(&caller, input).await?;
    Ok(Json(views::log_page(page)))
}

/// The proof file of an entry (`.tlog-proof`).
#[utoipa::path(
    get, path = "/log/proof/{entry}", tag = "log", params(("entry" = String, Path)),
    responses((status = 200, body = String, content_type = "text/plain")),
)]
pub(crate) async fn read_proof(
    State(site): State<Site>,
    Known(caller): Known,
    Path(entry): Path<EntryId>,
) -> Result<Response, Refusal> {
    let proof = site.app.proof(&caller, entry).await?;
    Ok(([(header::CONTENT_TYPE, TEXT)], proof).into_response())
}
