//! Reading bodies within bounds of size and time.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::{Stream, StreamExt};
use tokio::time::timeout;

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

/// A whole body of at most so many bytes, and within so much time; none if it is longer.
pub(crate) async fn whole<S, E>(
    parts: &mut S,
    limit: usize,
    patience: Duration,
) -> Result<Option<Vec<u8>>, Broken>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    // WHY: the time is that of the whole body; who sends a byte now and then is slow too
    timeout(patience, collect(parts, limit, patience))
        .await
        .unwrap_or(Err(Broken::Slow))
}

async fn collect<S, E>(
    parts: &mut S,
    limit: usize,
    patience: Duration,
) -> Result<Option<Vec<u8>>, Broken>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    let mut bytes = Vec::new();
    while let Some(part) = next(parts, patience).await? {
        if bytes.len() + part.len() > limit {
            return Ok(None);
        }
        bytes.extend_from_slice(&part);
    }
    Ok(Some(bytes))
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

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;
    use std::io;

    const PATIENCE: Duration = Duration::from_millis(40);

    async fn read(parts: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> String {
        let mut parts = Box::pin(parts);
        let read = whole(&mut parts, 8, PATIENCE).await;
        format!("{read:?}")
    }

    #[tokio::test]
    async fn a_body_is_whole_small_and_quick_or_refused() {
        let part = |text: &'static str| Ok(Bytes::from_static(text.as_bytes()));
        let small = read(stream::iter([part("ab"), part("c")])).await;
        assert_eq!(small, "Ok(Some([97, 98, 99]))");
        assert_eq!(
            read(stream::iter([part("12345"), part("6789")])).await,
            "Ok(None)"
        );
        let broken = stream::iter([part("ab"), Err(io::Error::other("cut off"))]);
        assert_eq!(read(broken).await, "Err(Off)");
        assert_eq!(read(stream::pending()).await, "Err(Slow)");
    }

    #[tokio::test]
    async fn who_sends_a_byte_now_and_then_is_slow_too() {
        let drip = stream::unfold((), |()| async {
            tokio::time::sleep(PATIENCE / 4).await;
            Some((Ok(Bytes::new()), ()))
        });
        assert_eq!(read(drip).await, "Err(Slow)");
    }
}
