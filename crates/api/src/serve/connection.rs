//! One connection: HTTP/1.1 with bounds on heads, ended gracefully when the server stops.

use std::pin::pin;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;

use crate::limits::{HEAD, HEAD_BYTES, HEADERS};

/// Answers requests until either side ends the connection.
pub(super) async fn run<S>(stream: S, router: Router, stop: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    attend(stream, router, stop, HEAD).await;
}

async fn attend<S>(stream: S, router: Router, mut stop: watch::Receiver<bool>, patience: Duration)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_headers(HEADERS)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut connection = pin!(connection);
    let stopping = async move { stop.wait_for(|stop| *stop).await.is_ok() };
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = stopping => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended badly");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    #[tokio::test]
    async fn a_head_that_does_not_come_ends_the_connection() {
        let (mut client, server) = duplex(1024);
        let (_go, stop) = watch::channel(false);
        let router = Router::new();
        let served = tokio::spawn(attend(server, router, stop, Duration::from_millis(40)));
        client
            .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n")
            .await
            .unwrap();
        let mut said = Vec::new();
        client.read_to_end(&mut said).await.unwrap();
        assert!(
            !said.starts_with(b"HTTP/1.1 200"),
            "nothing was asked for yet"
        );
        served.await.unwrap();
    }
}
