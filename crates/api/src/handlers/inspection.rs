//! Contents inspected for who sends them.

use axum::extract::{Request, State};
use futures_util::Stream;
use tokio::time::timeout;
use wire::Inspection;
use wire::limits::INSPECTION_BYTES;

use super::uploads::media_type;
use crate::answer::{Json, Reply};
use crate::auth::Known;
use crate::limits::{FORM_BYTES, INSPECTION_BODY};
use crate::refusal::{Refusal, too_large};
use crate::request::body;
use crate::request::form::{self, FileForm};
use crate::site::Site;
use crate::views::written;

/// Inspect a content, up to 64 MiB: what secrets stand in it, where, and why. Nothing of it is kept; the log says that it
/// was done and which level was found. A bare body has no name.
#[utoipa::path(
    post, path = "/inspect", tag = "inspection",
    request_body(content(
        (Vec<u8> = "application/octet-stream"), (FileForm = "multipart/form-data"),
    )),
    responses((status = 200, body = Inspection)),
)]
pub(crate) async fn inspect_content(
    State(site): State<Site>,
    Known(caller): Known,
    request: Request,
) -> Reply<Inspection> {
    let announced = body::announced(request.headers()).unwrap_or(0);
    if announced > INSPECTION_BYTES as u64 + FORM_BYTES {
        return Err(too_large_content());
    }
    let room = site.app.inspection_room(&caller).await?;
    let (name, bytes) = if media_type(request.headers()).starts_with("multipart/form-data") {
        let file = form::file(request, |sent, mut parts| {
            Box::pin(async move { Ok((sent.name, content(&mut parts).await?)) })
        });
        // WHY of all of the form: what comes before its file holds the room too
        timeout(INSPECTION_BODY, file)
            .await
            .map_err(|_| body::Broken::Slow)??
    } else {
        let mut parts = request.into_body().into_data_stream();
        (String::new(), content(&mut parts).await?)
    };
    let view = site.app.inspect(&caller, (&name, bytes, room)).await?;
    Ok(Json(written(&view)?))
}

async fn content<S, E>(parts: &mut S) -> Result<Vec<u8>, Refusal>
where
    S: Stream<Item = Result<axum::body::Bytes, E>> + Unpin,
{
    let bytes = body::whole(parts, INSPECTION_BYTES, INSPECTION_BODY).await?;
    bytes.ok_or_else(too_large_content)
}

fn too_large_content() -> Refusal {
    too_large(
        "inspect.too_large",
        "内容超过 64 MiB，请用 ruping scan 检查",
        "the content is larger than 64 MiB: use `ruping scan` for it",
    )
}
