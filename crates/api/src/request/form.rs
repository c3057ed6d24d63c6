//! A file that comes as a part of a form, read as it comes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, poll_fn};
use futures_util::{Stream as _, StreamExt};
use tokio::time::timeout;

use super::body;
use crate::limits::{FORM_HEAD_BYTES, UPLOAD_PAUSE};
use crate::refusal::Refusal;

/// The form of a file from a page.
#[derive(utoipa::ToSchema)]
#[expect(
    dead_code,
    reason = "only its schema is used: the parts are read as they come"
)]
pub(crate) struct FileForm {
    /// The one file; its part brings the name.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// What a form says of its file.
pub(crate) struct Sent {
    /// Its name; `upload` where the form has none.
    pub(crate) name: String,
    /// Its media type.
    pub(crate) media_type: String,
}

/// The bytes of the file, as they come.
pub(crate) type Parts<'p> = BoxStream<'p, Result<Bytes, axum::extract::multipart::MultipartError>>;

/// Gives the part `file` of a form to `take`.
pub(crate) async fn file<T>(
    request: Request,
    take: impl for<'p> FnOnce(Sent, Parts<'p>) -> BoxFuture<'p, Result<T, Refusal>>,
) -> Result<T, Refusal> {
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
        let sent = Sent {
            name: field.file_name().unwrap_or("upload").to_owned(),
            media_type: field
                .content_type()
                .unwrap_or("application/octet-stream")
                .to_owned(),
        };
        in_file.store(true, Ordering::Relaxed);
        let parts = poll_fn(|context| std::pin::Pin::new(&mut field).poll_next(context));
        return take(sent, parts.boxed()).await;
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
