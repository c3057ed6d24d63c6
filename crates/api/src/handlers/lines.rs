//! The lines of a record: pages of them, new ones, and what is done by scanning. A line itself is read and acted
//! on like a record.

use app::{Perform, Scanned, Target};
use axum::extract::State;
use axum::response::Response;
use domain::RecordId;
use wire::{DryRunQuery, Line, NewRecord, Page, PageQuery, Performed, ScanRequest};

use super::records::{Created, accepted_warning, answer, making, perform, signature};
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

/// Act on the line that is meant by a label or a number. Whether one is on the list is told only by doing it.
#[utoipa::path(
    post, path = "/records/{id}/scan", tag = "records", request_body = ScanRequest,
    params(
        ("id" = String, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "a repeat gets the same answer"),
    ),
    responses(
        (status = 200, body = Performed, description = "done; the record is the line"),
        (status = 202, body = Performed, description = "waits for decisions"),
    ),
)]
pub(crate) async fn scan_line(
    State(site): State<Site>,
    Known(caller): Known,
    Path(of): Path<RecordId>,
    IdempotencyKey(idempotency_key): IdempotencyKey,
    Json(scan): Json<ScanRequest>,
) -> Result<Response, Refusal> {
    let request = Perform {
        target: Target::Scanned(Scanned {
            of,
            line: scan.line,
            code: scan.code,
        }),
        action: None,
        input: scan.input,
        accept_warnings: scan
            .accept_warnings
            .into_iter()
            .map(accepted_warning)
            .collect(),
        signatures: scan.signatures.into_iter().map(signature).collect(),
        occurred_at: scan.occurred_at,
        comment: scan.comment,
        dry_run: false,
        idempotency_key,
    };
    let performed = site.app.perform(&caller, request).await?;
    Ok(answer(Created::Nothing, performed))
}
