//! Single records: reading them, and acting on them.

use app::{AcceptedWarning, Caller, Perform, SignatureInput, Target};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::RecordId;
use wire::{
    ActionRequest, Custody, DryRunQuery, File, Items, NamesQuery, NewRecord, Performed, Record,
    RecordName, Version,
};

use crate::answer::{Json, Reply};
use crate::auth::Known;
use crate::refusal::Refusal;
use crate::request::{IdempotencyKey, IfMatch, Path, Query};
use crate::secret::secret;
use crate::site::Site;
use crate::views;

/// One record.
#[utoipa::path(
    get, path = "/records/{id}", tag = "records", params(("id" = String, Path)),
    responses((status = 200, body = Record, headers(("ETag" = String)))),
)]
pub(crate) async fn read_record(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<RecordId>,
) -> Result<Response, Refusal> {
    let record = views::record(site.app.read(&caller, id).await?);
    Ok(([(header::ETAG, etag(record.version))], Json(record)).into_response())
}

/// What records are called that others link to; those that are hidden or absent are left out.
#[utoipa::path(
    get, path = "/names", tag = "records", params(NamesQuery),
    responses((status = 200, body = Items<RecordName>)),
)]
pub(crate) async fn list_names(
    State(site): State<Site>,
    Known(caller): Known,
    Query(NamesQuery { ids }): Query<NamesQuery>,
) -> Reply<Items<RecordName>> {
    let names = site.app.names(&caller, &ids).await?;
    Ok(Json(Items {
        items: names.into_iter().map(views::name).collect(),
    }))
}

/// Every version of a record.
#[utoipa::path(
    get, path = "/records/{id}/history", tag = "records", params(("id" = String, Path)),
    responses((status = 200, body = Items<Version>)),
)]
pub(crate) async fn read_history(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<RecordId>,
) -> Reply<Items<Version>> {
    let versions = site.app.history(&caller, id).await?;
    Ok(Json(Items {
        items: versions.into_iter().map(views::version).collect(),
    }))
}

/// Where every copy of an item is, and how it came there.
#[utoipa::path(
    get, path = "/records/{id}/custody", tag = "records", params(("id" = String, Path)),
    responses((status = 200, body = Custody)),
)]
pub(crate) async fn read_custody(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<RecordId>,
) -> Reply<Custody> {
    Ok(Json(views::custody(site.app.custody(&caller, id).await?)))
}

/// The files of a record.
#[utoipa::path(
    get, path = "/records/{id}/files", tag = "records", params(("id" = String, Path)),
    responses((status = 200, body = Items<File>)),
)]
pub(crate) async fn list_files(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<RecordId>,
) -> Reply<Items<File>> {
    let files = site.app.files(&caller, id).await?;
    Ok(Json(Items {
        items: files.into_iter().map(views::file).collect(),
    }))
}

/// Act on a record at the version that was seen.
#[expect(
    clippy::too_many_arguments,
    reason = "extractors, one per part of the request"
)]
#[utoipa::path(
    post, path = "/records/{id}/actions/{action}", tag = "records", request_body = ActionRequest,
    params(
        ("id" = String, Path), ("action" = String, Path), DryRunQuery,
        ("If-Match" = String, Header, description = "the version seen, in quotes"),
        ("Idempotency-Key" = Option<String>, Header, description = "a repeat gets the same answer"),
    ),
    responses(
        (status = 200, body = Performed, description = "done, or dry run"),
        (status = 202, body = Performed, description = "waits for decisions"),
    ),
)]
pub(crate) async fn perform_action(
    State(site): State<Site>,
    Known(caller): Known,
    Path((id, action)): Path<(RecordId, String)>,
    Query(query): Query<DryRunQuery>,
    IfMatch(version): IfMatch,
    IdempotencyKey(idempotency_key): IdempotencyKey,
    Json(act): Json<ActionRequest>,
) -> Result<Response, Refusal> {
    let request = Perform {
        target: Target::Existing { id, version },
        action: Some(action),
        input: act.input,
        accept_warnings: act
            .accept_warnings
            .into_iter()
            .map(accepted_warning)
            .collect(),
        signatures: act.signatures.into_iter().map(signature).collect(),
        occurred_at: act.occurred_at,
        comment: act.comment,
        dry_run: query.dry_run,
        idempotency_key,
    };
    perform((&site, &caller), request, query, Created::Nothing).await
}

/// Acts, or tells what would come of it.
pub(super) async fn perform(
    (site, caller): (&Site, &Caller),
    request: Perform,
    query: DryRunQuery,
    created: Created,
) -> Result<Response, Refusal> {
    if query.unfinished {
        let told = site.app.unfinished(caller, request).await?;
        return Ok(Json(views::unfinished(told)).into_response());
    }
    Ok(answer(created, site.app.perform(caller, request).await?))
}

/// A request to make a record or a line.
pub(super) fn making(
    target: Target,
    new: NewRecord,
    (dry_run, idempotency_key): (bool, Option<String>),
) -> Perform {
    Perform {
        target,
        action: new.action,
        input: new.fields,
        accept_warnings: new
            .accept_warnings
            .into_iter()
            .map(accepted_warning)
            .collect(),
        signatures: new.signatures.into_iter().map(signature).collect(),
        occurred_at: new.occurred_at,
        comment: new.comment,
        dry_run,
        idempotency_key,
    }
}

/// Whether an act that is done has made the record.
#[derive(Clone, Copy)]
pub(super) enum Created {
    New,
    Nothing,
}

/// The answer to an act: 201 where it made the record, 202 where it waits.
pub(super) fn answer(created: Created, performed: app::Performed) -> Response {
    let performed = views::performed(performed);
    let tag = performed
        .record()
        .map(|record| [(header::ETAG, etag(record.version))]);
    let status = match (&performed, created) {
        (Performed::Waiting(_), _) => StatusCode::ACCEPTED,
        (Performed::Done(_), Created::New) => StatusCode::CREATED,
        (Performed::Done(_), Created::Nothing)
        | (Performed::WouldHappen(_) | Performed::Unfinished(_), _) => StatusCode::OK,
    };
    match tag {
        Some(tag) => (status, tag, Json(performed)).into_response(),
        None => (status, Json(performed)).into_response(),
    }
}

fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

/// A warning the caller passes.
pub(super) fn accepted_warning(accepted: wire::AcceptedWarning) -> AcceptedWarning {
    AcceptedWarning {
        rule: accepted.rule,
        reason: accepted.reason,
    }
}

/// A signature given at the counter.
pub(super) fn signature(signature: wire::Signature) -> SignatureInput {
    let wire::Signature {
        person,
        method,
        credential,
    } = signature;
    SignatureInput {
        person,
        method,
        credential: secret(credential),
    }
}
