//! Bodies that nobody read to their end: a refusal often comes before the body was looked at.
//!
//! WHY: a connection that is closed while the other side still sends is reset, and the refusal is lost
//! with it; and a connection that would be kept alive has to say when it is not. So what is left is read
//! and thrown away within limits, and where that does not reach the end the answer says `close`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, BodyDataStream, Bytes, HttpBody};
use axum::extract::Request;
use futures_util::Stream;
use futures_util::stream::poll_fn;
use tokio::time::timeout;

use super::body::{next, waits};
use crate::limits::{DISCARD, DISCARD_BYTES, DISCARD_PAUSE};

/// How far a body was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Read {
    Nothing,
    Some,
    All,
}

struct Lent {
    parts: BodyDataStream,
    read: Read,
}

impl Lent {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, axum::Error>>> {
        let polled = std::pin::Pin::new(&mut self.parts).poll_next(context);
        self.read = match polled {
            Poll::Ready(None) => Read::All,
            Poll::Ready(Some(_)) | Poll::Pending => Read::Some,
        };
        polled
    }
}

/// What is left of a body that was lent to whoever answers.
pub(crate) struct Unread {
    lent: Arc<Mutex<Lent>>,
    waits: bool,
}

/// Lends the body of a request; nothing is left of one that has none.
pub(crate) fn lend(request: Request) -> (Request, Option<Unread>) {
    if request.body().is_end_stream() {
        return (request, None);
    }
    let waits = waits(request.headers());
    let (head, body) = request.into_parts();
    let lent = Arc::new(Mutex::new(Lent {
        parts: body.into_data_stream(),
        read: Read::Nothing,
    }));
    let body = Body::from_stream(stream(Arc::clone(&lent)));
    (
        Request::from_parts(head, body),
        Some(Unread { lent, waits }),
    )
}

fn stream(lent: Arc<Mutex<Lent>>) -> impl Stream<Item = Result<Bytes, axum::Error>> + Unpin {
    poll_fn(move |context| lock(&lent).poll(context))
}

fn lock(lent: &Mutex<Lent>) -> MutexGuard<'_, Lent> {
    lent.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Unread {
    /// Reads and throws away what is left; false if it does not end, so that nothing can follow it.
    pub(crate) async fn clear(self) -> bool {
        let read = lock(&self.lent).read;
        match read {
            Read::All => return true,
            // the client asked first and has been told no: the body will not come
            Read::Nothing if self.waits => return false,
            Read::Nothing | Read::Some => {}
        }
        let mut rest = stream(self.lent);
        let end = async {
            let mut left = DISCARD_BYTES;
            while let Ok(part) = next(&mut rest, DISCARD_PAUSE).await {
                let Some(part) = part else { return true };
                left = left.saturating_sub(part.len() as u64);
                if left == 0 {
                    break;
                }
            }
            false
        };
        timeout(DISCARD, end).await.unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header;
    use futures_util::{StreamExt, stream};
    use std::io;

    fn parts(number: usize) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
        stream::iter((0..number).map(|_| Ok(Bytes::from_static(b"part"))))
    }

    async fn cleared(body: Body, expects: bool, read: usize) -> Option<bool> {
        let mut request = Request::new(body);
        if expects {
            let value = header::HeaderValue::from_static("100-continue");
            request.headers_mut().insert(header::EXPECT, value);
        }
        let (request, unread) = lend(request);
        let mut stream = request.into_body().into_data_stream();
        for _ in 0..read {
            stream.next().await.unwrap().unwrap();
        }
        drop(stream);
        Some(unread?.clear().await)
    }

    #[tokio::test]
    async fn gap_5_what_is_left_of_a_body_is_read_or_said_to_be_left() {
        assert_eq!(cleared(Body::empty(), false, 0).await, None);
        let endless = |number| Body::from_stream(parts(number).chain(stream::pending()));
        for read in 0..3 {
            let ends = cleared(Body::from_stream(parts(3)), false, read).await;
            assert_eq!(ends, Some(true), "{read} read");
            let stands_still = cleared(endless(3), false, read).await;
            assert_eq!(stands_still, Some(false), "{read} read");
        }
        let broken = parts(1).chain(stream::iter([Err(io::Error::other("cut off"))]));
        assert_eq!(
            cleared(Body::from_stream(broken), false, 0).await,
            Some(false)
        );
        let asked = cleared(Body::from_stream(parts(3)), true, 0).await;
        assert_eq!(
            asked,
            Some(false),
            "who waits for our word is not read from"
        );
        let taken = cleared(Body::from_stream(parts(3)), true, 1).await;
        assert_eq!(taken, Some(true));
    }
}
