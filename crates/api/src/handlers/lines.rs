//! The lines of a record: pages of them, and new ones. A line itself is read and acted on like a record.

use app::Target;
use axum::extract::State;
use axum::response::Response;
use domain::RecordId;
use wire::{DryRunQuery, Line, NewRecord, Page, PageQuery, Performed};

use super::records::{Created, making, perform};
use crate::answer::{Json, Reply};
use crate::auth::Known;
use crate::refusal::Refusal;
use crate::request::{IdempotencyKey, Path, Query};
use crate::site::Site;
use crate::views;

/// A page of the lines of one kind.
#[utoipa::path(
    get, path = "/records/{id}/lines/{line}", tag = "records",
    params(("id" = String, Path), ("line" = String, Path), PageQuery),
    responses((status = 200, body = Page<Line>)),
)]
pub(crate) async fn list_lines(
    State(site): State<Site>,
    Known(caller): Known,
    Path((id, line)): Path<(RecordId, String)>,
    Query(query): Query<PageQuery>,
) -> Reply<Page<Line>> {
    let input = views::page_input(query);
    let page = site.app.lines(&caller, id, &line, input).await?;
    Ok(Json(views::page(page, views::line)))
}

/// Make a line by an initial action of its kind.
#[utoipa::path(
    post, path = "/records/{id}/lines/{line}", tag = "records", request_body = NewRecord,
    params(
        ("id" = String, Path), ("line" = String, Path), DryRunQuery,
        ("Idempotency-Key" = Option<String>, Header, description = "a repeat gets the same answer"),
    ),
    responses(
        (status = 201, body = Performed, description = "done"),
        (status = 200, body = Performed, description = "dry run"),
    ),
)]
pub(crate) async fn create_line(
    State(site): State<Site>,
    Known(caller): Known,
    Path((of, line)): Path<(RecordId, String)>,
    Query(query): Query<DryRunQuery>,
    IdempotencyKey(idempotency_key): IdempotencyKey,
    Json(new): Json<NewRecord>,
) -> Result<Response, Refusal> {
    let request = making(
        Target::Line { of, line },
        new,
        (query.dry_run, idempotency_key),
    );
    perform((&site, &caller), request, query, Created::New).await
}
