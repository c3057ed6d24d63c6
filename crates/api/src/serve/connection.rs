//! One connection: HTTP/1.1 with bounds on heads, ended gracefully when the server stops.

use std::pin::pin;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;

use super::patient::{Pace, Patient};
use crate::limits::{HEAD, HEAD_BYTES, HEADERS, TAKE, TAKE_BYTES};

/// How long a client is waited for.
#[derive(Clone, Copy, Debug)]
struct Patience {
    /// Over the head of a request.
    head: Duration,
    /// Over taking an answer.
    take: Pace,
}

/// Answers requests until either side ends the connection.
pub(super) async fn run<S>(stream: S, router: Router, stop: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let patience = Patience {
        head: HEAD,
        take: Pace {
            patience: TAKE,
            least_bytes: TAKE_BYTES,
        },
    };
    attend(stream, router, stop, patience).await;
}

async fn attend<S>(stream: S, router: Router, mut stop: watch::Receiver<bool>, patience: Patience)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .max_headers(HEADERS)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(
            TokioIo::new(Patient::new(stream, patience.take)),
            TowerToHyperService::new(router),
        );
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

    const SHORT: Patience = Patience {
        head: Duration::from_millis(40),
        take: Pace {
            patience: Duration::from_millis(40),
            least_bytes: 1024,
        },
    };

    #[tokio::test]
    async fn gap_5_a_client_that_never_reads_its_answer_loses_the_connection() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut client = tokio::net::TcpStream::connect(address).await.unwrap();
        let (server, _) = listener.accept().await.unwrap();
        // more than any system keeps for a reader
        let endless = || async {
            let part = axum::body::Bytes::from_static(&[b'x'; 65536]);
            let parts =
                futures_util::stream::repeat_with(move || Ok::<_, std::io::Error>(part.clone()));
            axum::body::Body::from_stream(parts)
        };
        let router = Router::new().route("/", axum::routing::get(endless));
        let (_go, stop) = watch::channel(false);
        let served = tokio::spawn(attend(server, router, stop, SHORT));
        let ask = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        client.write_all(ask).await.unwrap();
        let ended = tokio::time::timeout(Duration::from_secs(20), served).await;
        ended.expect("it is not waited for for ever").unwrap();
        drop(client);
    }

    #[tokio::test]
    async fn a_head_that_does_not_come_ends_the_connection() {
        let (mut client, server) = duplex(1024);
        let (_go, stop) = watch::channel(false);
        let router = Router::new();
        let served = tokio::spawn(attend(server, router, stop, SHORT));
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
