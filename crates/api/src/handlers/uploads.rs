//! Taking files in: as the bare body of a request or as a part of a form, sealed as they come.

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use tokio::time::Instant;
use wire::limits::UPLOAD_BYTES;
use wire::{File, UploadQuery};

use crate::answer::Json;
use crate::auth::Known;
use crate::limits::{FILE_NAME_BYTES, FORM_BYTES, UPLOAD_PAUSE, UPLOAD_WHOLE};
use crate::refusal::{Refusal, too_large};
use crate::request::form::{self, FileForm};
use crate::request::{Query, body};
use crate::site::Site;
use crate::views;

/// Send a file, up to 256 MiB; it is the sender's own until an act gives it to a record.
#[utoipa::path(
    post, path = "/files", tag = "files", params(UploadQuery),
    request_body(content(
        (Vec<u8> = "application/octet-stream"), (FileForm = "multipart/form-data"),
    )),
    responses((status = 201, body = File)),
)]
pub(crate) async fn upload_file(
    State(site): State<Site>,
    Known(caller): Known,
    Query(query): Query<UploadQuery>,
    request: Request,
) -> Result<Response, Refusal> {
    refuse_oversize(request.headers())?;
    let media_type = media_type(request.headers());
    let view = if media_type.starts_with("multipart/form-data") {
        let file = form::file(request, move |sent, mut parts| {
            Box::pin(async move {
                let upload = begin(&site, &caller, &sent.name, &sent.media_type).await?;
                fill(upload, &mut parts).await
            })
        });
        file.await?
    } else {
        let name = query.name.unwrap_or_else(|| "upload".to_owned());
        let upload = begin(&site, &caller, &name, &media_type).await?;
        fill(upload, &mut request.into_body().into_data_stream()).await?
    };
    Ok((StatusCode::CREATED, Json(views::file(view))).into_response())
}

/// What announces itself as too large is not even begun.
fn refuse_oversize(headers: &HeaderMap) -> Result<(), Refusal> {
    if body::announced(headers).unwrap_or(0) <= UPLOAD_BYTES + FORM_BYTES {
        return Ok(());
    }
    Err(too_large_upload())
}

pub(super) fn too_large_upload() -> Refusal {
    too_large(
        "upload.too_large",
        "文件超过 256 MiB",
        "the file is larger than 256 MiB",
    )
}

pub(super) fn media_type(headers: &HeaderMap) -> String {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    value.unwrap_or("application/octet-stream").to_owned()
}

pub(super) async fn begin(
    site: &Site,
    caller: &app::Caller,
    name: &str,
    media_type: &str,
) -> Result<app::Upload, Refusal> {
    if name.len() > FILE_NAME_BYTES {
        let (zh, en) = ("文件名过长", "the file's name is too long");
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "upload.name_too_long",
            zh,
            en,
        ));
    }
    Ok(site.app.begin_upload(caller, name, media_type).await?)
}

/// Takes the parts as they come; what does not end well is dropped, which discards it.
async fn fill<S, E>(mut upload: app::Upload, parts: &mut S) -> Result<app::FileView, Refusal>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    let begun = Instant::now();
    loop {
        let left = UPLOAD_WHOLE.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return Err(body::Broken::Slow.into());
        }
        let Some(part) = body::next(parts, UPLOAD_PAUSE.min(left)).await? else {
            break;
        };
        if let Err(error) = upload.push(&part).await {
            return Err(error.into());
        }
    }
    Ok(upload.finish().await?)
}
