//! Handing files out, part by part; each part is decided on anew.

use std::io;

use app::{App, Caller, FileContent};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::FileId;
use futures_util::stream::{self, Stream};

use crate::auth::Known;
use crate::refusal::Refusal;
use crate::request::{Path, Range};
use crate::site::Site;

/// A file's content, or the range of it that is asked for.
#[utoipa::path(
    get, path = "/files/{id}/content", tag = "files",
    params(("id" = String, Path), ("Range" = Option<String>, Header, description = "`bytes=a-b`")),
    responses(
        (status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 206, content_type = "application/octet-stream", body = Vec<u8>),
    ),
)]
pub(crate) async fn read_file(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<FileId>,
    Ok(Range(range)): Result<Range, std::convert::Infallible>,
) -> Result<Response, Refusal> {
    let content = site.app.open_file(&caller, id, range).await?;
    let size = u64::try_from(content.file.size).unwrap_or(0);
    let headers = describe(&content)?;
    if range.is_none() {
        let length = [(header::CONTENT_LENGTH, HeaderValue::from(size))];
        let body = Body::from_stream(rest(site.app, caller, content, size));
        return Ok((headers, length, body).into_response());
    }
    let place = place(&content, size)?;
    Ok((
        StatusCode::PARTIAL_CONTENT,
        headers,
        [(header::CONTENT_RANGE, place)],
        content.bytes,
    )
        .into_response())
}

/// Where a part lies in its file; a part with nothing in it lies outside.
fn place(content: &FileContent, size: u64) -> Result<HeaderValue, Refusal> {
    let Some(last) = (content.bytes.len() as u64).checked_sub(1) else {
        let (zh, en) = ("请求的范围超出文件", "the range lies outside the file");
        let refusal = Refusal::new(StatusCode::RANGE_NOT_SATISFIABLE, "file.range", zh, en);
        return Err(refusal.header(header::CONTENT_RANGE, value(&format!("bytes */{size}"))?));
    };
    let start = content.start;
    value(&format!("bytes {start}-{}/{size}", start + last))
}

/// Headers of any part. A file is always handed out to be saved: shown inside our own pages, a
/// hostile document could speak as one of them.
fn describe(content: &FileContent) -> Result<[(HeaderName, HeaderValue); 4], Refusal> {
    let file = &content.file;
    let media_type = HeaderValue::try_from(file.media_type.as_str())
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let disposition = attachment(&file.name);
    Ok([
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_DISPOSITION, value(&disposition)?),
        (header::ACCEPT_RANGES, HeaderValue::from_static("bytes")),
        (header::ETAG, value(&format!("\"{}\"", file.sha256))?),
    ])
}

/// A file to be saved under its name.
pub(super) fn attachment(name: &str) -> String {
    format!("attachment; filename*=UTF-8''{}", percent(name))
}

pub(super) fn value(text: &str) -> Result<HeaderValue, Refusal> {
    HeaderValue::try_from(text).map_err(|error| Refusal::internal(Box::new(error)))
}

/// A name as RFC 5987 writes it into a header.
fn percent(name: &str) -> String {
    let mut out = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The part at hand, then the others as they are asked for.
fn rest(
    app: App,
    caller: Caller,
    first: FileContent,
    size: u64,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    let id = first.file.id;
    stream::try_unfold((0, Some(first.bytes)), move |(at, ready)| {
        let (app, caller) = (app.clone(), caller.clone());
        async move {
            if at >= size {
                return Ok(None);
            }
            let bytes = match ready {
                Some(bytes) => bytes,
                None => part(&app, &caller, id, at).await?,
            };
            if bytes.is_empty() {
                return Err(io::Error::other("a stored file is shorter than it says"));
            }
            let next = at + bytes.len() as u64;
            Ok(Some((Bytes::from(bytes), (next, None))))
        }
    })
}

async fn part(app: &App, caller: &Caller, id: FileId, at: u64) -> io::Result<Vec<u8>> {
    match app.open_file(caller, id, Some((at, None))).await {
        Ok(content) => Ok(content.bytes),
        Err(error) => {
            tracing::error!(%error, "a file broke off while it was handed out");
            Err(io::Error::other("the file broke off"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_their_way_through_a_header() {
        assert_eq!(percent("方案 v1.docx"), "%E6%96%B9%E6%A1%88%20v1.docx");
        assert_eq!(percent("a\"\r\nb"), "a%22%0D%0Ab");
    }
}
