//! Reading bodies within bounds of size and time.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::{Stream, StreamExt};
use tokio::time::timeout;

use crate::limits::{DISCARD, DISCARD_BYTES};
use crate::refusal::Refusal;

/// Why the next part of a body did not come.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    Off,
    Slow,
}

/// The next part of a body; none at its end.
pub(crate) async fn next<S, E>(parts: &mut S, patience: Duration) -> Result<Option<Bytes>, Broken>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    match timeout(patience, parts.next()).await {
        Err(_) => Err(Broken::Slow),
        Ok(None) => Ok(None),
        Ok(Some(Ok(bytes))) => Ok(Some(bytes)),
        Ok(Some(Err(_))) => Err(Broken::Off),
    }
}

/// A whole body of at most so many bytes; none if it is longer.
pub(crate) async fn whole(body: Body, limit: usize) -> Result<Option<Vec<u8>>, Broken> {
    let mut parts = body.into_data_stream();
    let mut bytes = Vec::new();
    while let Some(part) = next(&mut parts, crate::limits::JSON_BODY).await? {
        if bytes.len() + part.len() > limit {
            discard(parts).await;
            return Ok(None);
        }
        bytes.extend_from_slice(&part);
    }
    Ok(Some(bytes))
}

/// Reads and throws away the rest of a body. WHY: a connection that is closed while the other side
/// still sends is reset, and the refusal is lost with it.
pub(crate) async fn discard<S, E>(mut parts: S)
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    let rest = async {
        let mut left = DISCARD_BYTES;
        while let Some(Ok(part)) = parts.next().await {
            left = left.saturating_sub(part.len() as u64);
            if left == 0 {
                break;
            }
        }
    };
    // a body that does not end in time is simply cut off
    let _cut = timeout(DISCARD, rest).await;
}

/// The length a client announces.
pub(crate) fn announced(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

/// Whether the client waits for our word before it sends the body.
pub(crate) fn waits(headers: &HeaderMap) -> bool {
    headers.contains_key(header::EXPECT)
}

impl From<Broken> for Refusal {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Off => {
                let (zh, en) = ("请求没有完整到达", "the request broke off");
                Self::new(StatusCode::BAD_REQUEST, "request.broken_off", zh, en)
            }
            Broken::Slow => {
                let (zh, en) = ("请求到达过慢", "the request took too long to arrive");
                Self::new(StatusCode::REQUEST_TIMEOUT, "request.timeout", zh, en)
            }
        }
    }
}
