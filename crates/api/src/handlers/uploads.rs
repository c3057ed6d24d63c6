//! Taking files in: as the bare body of a request or as a part of a form, sealed as they come.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::poll_fn;
use futures_util::{Stream, StreamExt};
use tokio::time::{Instant, timeout};
use wire::limits::UPLOAD_BYTES;
use wire::{File, UploadQuery};

use crate::answer::Json;
use crate::auth::Known;
use crate::limits::{FILE_NAME_BYTES, FORM_BYTES, FORM_HEAD_BYTES, UPLOAD_PAUSE, UPLOAD_WHOLE};
use crate::refusal::{Refusal, too_large};
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
        from_form(&site, &caller, request).await?
    } else {
        let name = query.name.unwrap_or_else(|| "upload".to_owned());
        let upload = begin(&site, &caller, &name, &media_type).await?;
        fill(upload, &mut request.into_body().into_data_stream()).await?
    };
    Ok((StatusCode::CREATED, Json(views::file(view))).into_response())
}

/// The form of an upload from a page.
#[derive(utoipa::ToSchema)]
#[expect(
    dead_code,
    reason = "only its schema is used: the parts are read as they come"
)]
struct FileForm {
    /// The one file; its part brings the name.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
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

fn media_type(headers: &HeaderMap) -> String {
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

async fn from_form(
    site: &Site,
    caller: &app::Caller,
    request: Request,
) -> Result<app::FileView, Refusal> {
    let in_file = Arc::new(AtomicBool::new(false));
    let mut form = Multipart::from_request(with_short_head(request, &in_file), &())
        .await
        .map_err(|_| bad_form())?;
    while let Some(mut field) = timeout(UPLOAD_PAUSE, form.next_field())
        .await
        .map_err(|_| body::Broken::Slow)?
        .map_err(|_| bad_form())?
    {
        if field.name() != Some("file") {
            continue;
        }
        // WHY: a name that is no text would otherwise count as no name at all
        let disposition = field.headers().get(header::CONTENT_DISPOSITION);
        if disposition.is_some_and(|value| std::str::from_utf8(value.as_bytes()).is_err()) {
            return Err(bad_form());
        }
        let name = field.file_name().unwrap_or("upload").to_owned();
        let media_type = field
            .content_type()
            .unwrap_or("application/octet-stream")
            .to_owned();
        let upload = begin(site, caller, &name, &media_type).await?;
        in_file.store(true, Ordering::Relaxed);
        let mut parts = poll_fn(|context| std::pin::Pin::new(&mut field).poll_next(context));
        return fill(upload, &mut parts).await;
    }
    Err(bad_form())
}

/// Cuts a form off that goes on and on before its file begins. WHY: its parser keeps a part's head
/// in memory, however long it is.
fn with_short_head(request: Request, in_file: &Arc<AtomicBool>) -> Request {
    let in_file = Arc::clone(in_file);
    let mut head = 0;
    let (parts, body) = request.into_parts();
    let body = body.into_data_stream().map(move |part| {
        let part = part?;
        if !in_file.load(Ordering::Relaxed) {
            head += part.len();
        }
        if head > FORM_HEAD_BYTES {
            return Err(axum::Error::new(std::io::Error::other("the form's head")));
        }
        Ok(part)
    });
    Request::from_parts(parts, Body::from_stream(body))
}

fn bad_form() -> Refusal {
    let (zh, en) = (
        "表单中没有文件，或表单不完整",
        "the form holds no part `file`, or is broken",
    );
    Refusal::new(StatusCode::BAD_REQUEST, "upload.form", zh, en)
}
