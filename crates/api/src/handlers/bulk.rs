//! The same act on many records: tried, done, looked at, stopped, undone.

use app::{BulkInput, ListInput};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::JobId;
use wire::{Bulk, BulkOutcome, BulkRequest, BulkUndo, ImportRowsQuery, Items};

use super::records::{accepted_warning, signature};
use crate::answer::{Json, Reply};
use crate::auth::Known;
use crate::refusal::Refusal;
use crate::request::{IdempotencyKey, Path, Query};
use crate::site::Site;
use crate::views;

/// Act on many records by one action: up to 500 at once, more in the background; all or none, or each by itself.
#[utoipa::path(
    post, path = "/registers/{key}/bulk", tag = "bulk", request_body = BulkRequest,
    params(
        ("key" = String, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "a repeat gets the same answer"),
    ),
    responses(
        (status = 200, body = Bulk, description = "over, tried or refused"),
        (status = 202, body = Bulk, description = "in the background"),
    ),
)]
pub(crate) async fn begin_bulk(
    State(site): State<Site>,
    Known(caller): Known,
    Path(key): Path<String>,
    IdempotencyKey(idempotency_key): IdempotencyKey,
    Json(wanted): Json<BulkRequest>,
) -> Result<Response, Refusal> {
    let items = wanted.items.into_iter().map(|one| (one.id, one.version));
    let accepted = wanted.accept_warnings.into_iter();
    let input = BulkInput {
        action: wanted.action,
        items: items.collect(),
        list: wanted.query.map(|query| ListInput {
            filter: query.filter,
            q: query.q,
            ..ListInput::default()
        }),
        input: wanted.input,
        accept_warnings: accepted.map(accepted_warning).collect(),
        comment: wanted.comment,
        occurred_at: wanted.occurred_at,
        dry_run: wanted.dry_run,
        atomic: wanted.atomic,
        signatures: wanted.signatures.into_iter().map(signature).collect(),
        idempotency_key,
    };
    Ok(answer(site.app.bulk(&caller, &key, input).await?))
}

/// The caller's bulk acts of the last days, newest first.
#[utoipa::path(
    get, path = "/bulk", tag = "bulk", responses((status = 200, body = Items<Bulk>)),
)]
pub(crate) async fn list_bulk(
    State(site): State<Site>,
    Known(caller): Known,
) -> Reply<Items<Bulk>> {
    let items = site.app.bulk_acts(&caller).await?;
    Ok(Json(Items {
        items: items.into_iter().map(views::bulk).collect(),
    }))
}

/// One of them, and how far it is.
#[utoipa::path(
    get, path = "/bulk/{id}", tag = "bulk", params(("id" = String, Path)),
    responses((status = 200, body = Bulk)),
)]
pub(crate) async fn read_bulk(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<JobId>,
) -> Reply<Bulk> {
    Ok(Json(views::bulk(site.app.bulk_act(&caller, id).await?)))
}

/// Its records, and what became of each.
#[utoipa::path(
    get, path = "/bulk/{id}/rows", tag = "bulk",
    params(("id" = String, Path), ImportRowsQuery), responses((status = 200, body = Items<BulkOutcome>)),
)]
pub(crate) async fn list_bulk_rows(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<JobId>,
    Query(query): Query<ImportRowsQuery>,
) -> Reply<Items<BulkOutcome>> {
    let wanted = (query.outcome, query.after.unwrap_or(0));
    let lines = site.app.bulk_lines(&caller, id, wanted).await?;
    Ok(Json(Items {
        items: lines.into_iter().map(views::bulk_outcome).collect(),
    }))
}

/// End the work on it; what was done stays.
#[utoipa::path(
    post, path = "/bulk/{id}/stop", tag = "bulk", params(("id" = String, Path)),
    responses((status = 200, body = Bulk)),
)]
pub(crate) async fn stop_bulk(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<JobId>,
) -> Reply<Bulk> {
    Ok(Json(views::bulk(site.app.stop_bulk(&caller, id).await?)))
}

/// Undo it by acts of its own, where every record is still as it left it; on all of them or none.
#[utoipa::path(
    post, path = "/bulk/{id}/undo", tag = "bulk", params(("id" = String, Path)),
    request_body = BulkUndo,
    responses(
        (status = 200, body = Bulk, description = "over, tried or refused"),
        (status = 202, body = Bulk, description = "in the background"),
    ),
)]
pub(crate) async fn undo_bulk(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<JobId>,
    Json(undo): Json<BulkUndo>,
) -> Result<Response, Refusal> {
    let undo = app::BulkUndo {
        comment: undo.comment,
        dry_run: undo.dry_run,
    };
    Ok(answer(site.app.undo_bulk(&caller, id, undo).await?))
}

fn answer(view: app::BulkView) -> Response {
    let status = if view.state == "running" {
        StatusCode::ACCEPTED
    } else {
        StatusCode::OK
    };
    (status, Json(views::bulk(view))).into_response()
}
