//! Files that come in parts: begun, sent from wherever the last part ended, finished.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::ObjectId;
use tokio::time::{Instant, timeout};
use wire::limits::UPLOAD_BYTES;
use wire::{File, NewUpload, PartQuery, PartialUpload};

use super::uploads::{begin, too_large_upload};
use crate::answer::{Json, Reply};
use crate::auth::Known;
use crate::limits::{UPLOAD_PAUSE, UPLOAD_WHOLE};
use crate::partial::Held;
use crate::refusal::Refusal;
use crate::request::{Path, Query, body};
use crate::site::Site;
use crate::views;

/// Begin a file that comes in parts, so that it goes on after a connection that broke. It is kept for an hour after its
/// last part, by this server alone.
#[utoipa::path(
    post, path = "/uploads", tag = "files", request_body = NewUpload,
    responses((status = 201, body = PartialUpload)),
)]
pub(crate) async fn begin_upload(
    State(site): State<Site>,
    Known(caller): Known,
    Json(new): Json<NewUpload>,
) -> Result<Response, Refusal> {
    if new.size > UPLOAD_BYTES {
        return Err(too_large_upload());
    }
    site.partial.check_room(caller.account())?;
    let media_type = new.media_type.as_deref();
    let media_type = media_type.unwrap_or("application/octet-stream");
    let upload = begin(&site, &caller, &new.name, media_type).await?;
    let id = site.partial.keep(upload, new.size);
    let told = PartialUpload {
        id,
        offset: 0,
        size: new.size,
    };
    Ok((StatusCode::CREATED, Json(told)).into_response())
}

/// How far it is.
#[utoipa::path(
    get, path = "/uploads/{id}", tag = "files", params(("id" = String, Path)),
    responses((status = 200, body = PartialUpload)),
)]
pub(crate) async fn read_upload(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<ObjectId>,
) -> Reply<PartialUpload> {
    let held = site.partial.find(id, caller.account())?;
    // WHY: a part whose connection has died would keep its sender waiting
    drop(held.take_turn());
    let upload = held.upload.lock().await;
    let offset = upload.as_ref().ok_or_else(Refusal::not_found)?.size();
    Ok(Json(told(id, offset, &held)))
}

/// Send the next part: any number of bytes from `offset` on. What came of a part that broke off counts.
#[utoipa::path(
    put, path = "/uploads/{id}", tag = "files", params(("id" = String, Path), PartQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = PartialUpload)),
)]
pub(crate) async fn send_part(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<ObjectId>,
    Query(query): Query<PartQuery>,
    request: Request,
) -> Reply<PartialUpload> {
    let held = site.partial.find(id, caller.account())?;
    let mut others = held.take_turn();
    let mut kept = held.upload.lock().await;
    let upload = kept.as_mut().ok_or_else(Refusal::not_found)?;
    if upload.size() != query.offset {
        let at = upload.size();
        return Err(Refusal::new(
            StatusCode::CONFLICT,
            "upload.offset",
            &format!("已收到 {at} 字节，请从此处继续发送"),
            &format!("{at} bytes have come: go on from there"),
        ));
    }
    let result = tokio::select! {
        // the turn is somebody else's: what came so far counts
        _ = others.changed() => Err(body::Broken::Off.into()),
        result = take(upload, &held, request.into_body()) => result,
    };
    let offset = upload.size();
    drop(kept);
    if let Err(error) = result {
        if offset > held.size {
            site.partial.let_go(id);
        }
        return Err(error);
    }
    Ok(Json(told(id, offset, &held)))
}

async fn take(upload: &mut app::Upload, held: &Held, body: Body) -> Result<(), Refusal> {
    let begun = Instant::now();
    let mut parts = body.into_data_stream();
    loop {
        let left = UPLOAD_WHOLE.saturating_sub(begun.elapsed());
        let Some(part) = body::next(&mut parts, UPLOAD_PAUSE.min(left)).await? else {
            return Ok(());
        };
        held.hear();
        upload.push(&part).await?;
        if upload.size() > held.size {
            let (zh, en) = (
                "文件超过开始时所报的大小",
                "the file is larger than was said when it began",
            );
            return Err(Refusal::new(
                StatusCode::BAD_REQUEST,
                "upload.longer",
                zh,
                en,
            ));
        }
    }
}

/// End it: from here on it is the sender's own until an act gives it to a record.
#[utoipa::path(
    post, path = "/uploads/{id}/finish", tag = "files", params(("id" = String, Path)),
    responses((status = 201, body = File)),
)]
pub(crate) async fn finish_upload(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<ObjectId>,
) -> Result<Response, Refusal> {
    let held = site.partial.find(id, caller.account())?;
    let mut kept = timeout(UPLOAD_PAUSE, held.upload.lock())
        .await
        .map_err(|_| body::Broken::Slow)?;
    let came = kept.as_ref().ok_or_else(Refusal::not_found)?.size();
    if came != held.size {
        let size = held.size;
        return Err(Refusal::new(
            StatusCode::CONFLICT,
            "upload.incomplete",
            &format!("文件应有 {size} 字节，只收到 {came} 字节"),
            &format!("the file has {size} bytes, of which {came} have come"),
        ));
    }
    let upload = kept.take().ok_or_else(Refusal::not_found)?;
    site.partial.let_go(id);
    let view = upload.finish().await?;
    Ok((StatusCode::CREATED, Json(views::file(view))).into_response())
}

/// Let it go; what has come of it is gone.
#[utoipa::path(
    delete, path = "/uploads/{id}", tag = "files", params(("id" = String, Path)),
    responses((status = 204)),
)]
pub(crate) async fn drop_upload(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<ObjectId>,
) -> Result<StatusCode, Refusal> {
    let held = site.partial.find(id, caller.account())?;
    drop(held.take_turn());
    site.partial.let_go(id);
    Ok(StatusCode::NO_CONTENT)
}

fn told(id: ObjectId, offset: u64, held: &Held) -> PartialUpload {
    PartialUpload {
        id,
        offset,
        size: held.size,
    }
}
